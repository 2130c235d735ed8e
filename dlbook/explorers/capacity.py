"""Explorer: how flexible a model is, and how well it does on data that it has not seen."""

from typing import Any

import altair as alt
import pandas as pd
import torch
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider, plain
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES
from dlbook.explorers.runs import Runs, at
from dlbook.plots.style import COLORS

KEYS = ("n", "noise", "draw")
PARTS = {"train": "training", "val": "validation"}
ERRORS = (0.003, 30.0)  # what the chart of errors shows; beyond, lines leave it
MOST = 999  # an error beyond is not worth its digits
ACCEPTED = 2  # an error up to so many times the variance of the noise is fine


def capacity(
    fits: pd.DataFrame,
    samples: pd.DataFrame,
    truth: Samples,
    *,
    start: tuple[int, int, float, int],
    caption: str,
) -> Explorer:
    """A polynomial through noisy points, beside its errors against the degree (chapter 01).

    Args:
        fits: a row per fit: ``degree``, ``n`` (training samples), ``noise`` (its standard
            deviation), ``draw`` (which random sample), the mean squared errors ``train`` and
            ``val``, and in ``y_hat`` a list: the fitted curve at the x of ``truth``.
        samples: a row per training set: ``n``, ``noise``, ``draw``, and lists ``x`` and ``y``.
        truth: the curve without noise, at evenly spaced x, shape (m,).
        start: degree, n, noise and draw shown first.
        caption: below the figure.
    """
    heights = samples["y"].explode().astype(float)
    low, high = heights.min() - 0.3, heights.max() + 0.3
    # A curve that has left the picture needs no more digits than one that is about to.
    drawn = fits.explode("y_hat").astype({"y_hat": float})
    drawn["y_hat"] = drawn["y_hat"].clip(3 * low, 3 * high).round(2)
    curves = Runs(drawn, (*KEYS, "degree"), ("y_hat",))
    points = Runs(samples.explode(["x", "y"]).round({"x": 2, "y": 2}), KEYS, ("x", "y"))
    errors = Runs(fits, (*KEYS, "degree"), tuple(PARTS), digits=6)
    degrees = errors.choices["degree"]
    of = torch.tensor(degrees)
    curve = {"x": truth.x, "y": truth.y}

    def figure(degree: Tensor, n: Tensor, noise: Tensor, draw: Tensor) -> dict[str, Any]:
        keys = {"n": n, "noise": noise, "draw": draw}
        every = {part: error[:, 0] for part, error in errors(**keys).items()}
        here = at(every, errors.place("degree", degree))
        accepted = ACCEPTED * noise**2
        good = every["val"] <= accepted
        flexible = torch.where(here["val"] > accepted, 2, 1)
        return {
            "truth": curve,
            "samples": points(**keys),
            "fit": {"x": truth.x, **curves(**keys, degree=degree)},
            "errors": every | {"of": of},
            "here": here | {"of": degree},
            "floor": {"error": noise**2},
            "degree": degree,
            **{part: here[part].clamp(max=MOST) for part in PARTS},
            **{f"{part}_more": (here[part] > MOST).long() for part in PARTS},
            "verdict": torch.where((good & (of <= degree)).any(), flexible, 0),
        }

    choices = errors.choices
    return Explorer(
        [
            Slider("degree", "degree", degrees, start[0], say=str, play=True),
            Menu("n", "training samples", choices["n"], start[1], say=str),
            Menu("noise", "noise", choices["noise"], start[2], say=plain),
            Menu("draw", "random sample", choices["draw"], start[3], say="no. {}".format),
        ],
        figure,
        [_curve(truth, (low, high)), _errors(degrees[-1])],
        caption=caption,
        alt_text="First: the training samples as dots, the curve that they come from as a dashed "
        "line, and the polynomial fitted to them. Second: training error and validation error "
        "against the degree on a logarithmic axis, with the chosen degree and the variance of "
        "the noise marked.",
        sentence="Degree {degree:.0f}: training error {train:.3g}{train_more}, validation error "
        "{val:.3g}{val_more}: {verdict}.",
        phrases={
            **{f"{part}_more": ["", " or more"] for part in PARTS},
            "verdict": [
                "too simple, underfitting",
                "as good as the noise allows, or nearly",
                "too flexible, overfitting",
            ],
        },
    )


def _curve(truth: Samples, heights: tuple[float, float]) -> alt.LayerChart:
    return charts.panel(
        charts.line("truth", "x", "y", color="gray", dash=(4, 3), width=1.5),
        charts.line("fit", "x", "y_hat", color=COLORS[1], smooth=True),
        charts.dots("samples", "x", "y", color=COLORS[0], size=32),
        x=charts.Axis("x", (truth.x[0].item(), truth.x[-1].item())),
        y=charts.Axis("y", heights),
    )


def _errors(largest: int) -> alt.LayerChart:
    looks = list(zip(PARTS.items(), COLORS, DASHES, strict=False))
    return charts.panel(
        charts.rules("floor", y="error", name="variance of the noise", dash=(2, 3)),
        *(
            charts.line("errors", "of", part, color=color, dash=dash, name=name)
            for (part, name), color, dash in looks
        ),
        *(charts.dots("here", "of", part, color=color) for (part, _), color, _ in looks),
        x=charts.Axis("degree", (0, largest)),
        y=charts.Axis("mean squared error", ERRORS, log=True),
    )
