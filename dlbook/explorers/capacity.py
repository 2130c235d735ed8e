"""Explorer: how flexible a model is, and how well it does on data that it has not seen."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dlbook.data import Samples
from dlbook.explorers.controls import Control, Menu, Slider, plain
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.style import COLORS

KEYS = ("degree", "n", "noise", "draw")
PARTS = ("train", "val")
ERRORS = (0.003, 30.0)  # what the chart of errors shows; beyond, lines leave it
MANY = 1000  # an error beyond is not worth its digits
ACCEPTED = 2  # an error up to so many times the variance of the noise is fine


def capacity(
    fits: pd.DataFrame,
    samples: pd.DataFrame,
    truth: Samples,
    *,
    start: tuple[int, int, float, int],
    caption: str,
) -> RunExplorer:
    """A polynomial through noisy points, beside its errors against the degree (chapter 01).

    Args:
        fits: a row per fit: ``degree``, ``n`` (training samples), ``noise`` (its standard
            deviation), ``draw`` (which random sample), the mean squared errors ``train`` and
            ``val``, and in ``y_hat`` a list: the fitted curve at the x of ``truth``.
        samples: a row per training set: ``n``, ``noise``, ``draw``, and lists ``x`` and ``y``.
        truth: the curve without noise, at evenly spaced x, shape (m,).
        start: degree, n, noise and draw shown first.
        caption: below the figure.

    Raises:
        ValueError: start is not among the fits.
    """
    controls = _controls(fits, start)
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    charts = [_curve(fits, samples, truth), _errors(fits)]
    return RunExplorer(
        [chart.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for chart in charts],
        controls,
        caption=caption,
        alt_text="Left: the training samples as dots, the curve that they come from as a dashed "
        "line, and the polynomial fitted to them. Right: training error and validation error "
        "against the degree on a logarithmic axis, with the chosen degree and the variance of "
        "the noise marked.",
        outcomes=_outcomes(fits),
    )


def _controls(fits: pd.DataFrame, start: tuple[int, int, float, int]) -> list[Control]:
    degrees, sizes, noises, draws = (sorted(fits[key].unique().tolist()) for key in KEYS)
    return [
        Slider("degree", "degree", degrees, start[0], say=str, play=True),
        Menu("n", "training samples", sizes, start[1], say=str),
        Menu("noise", "noise", noises, start[2], say=plain),
        Menu("draw", "random sample", draws, start[3], say=lambda draw: f"no. {draw}"),
    ]


def _outcomes(fits: pd.DataFrame) -> dict[tuple[int, int, float, int], str]:
    outcomes: dict[tuple[int, int, float, int], str] = {}
    for row in fits.to_dict("records"):
        accepted = ACCEPTED * row["noise"] ** 2
        verdict = "as good as the noise allows, or nearly"
        if row["train"] > accepted:
            verdict = "too simple, underfitting"
        elif row["val"] > accepted:
            verdict = "too flexible, overfitting"
        outcomes[row["degree"], row["n"], row["noise"], row["draw"]] = (
            f"Degree {row['degree']}: training error {_said(row['train'])}, "
            f"validation error {_said(row['val'])}: {verdict}."
        )
    return outcomes


def _said(error: float) -> str:
    return f"{few_digits(error, 2):g}" if error < MANY else f"over {MANY:,}"


def _curve(fits: pd.DataFrame, samples: pd.DataFrame, truth: Samples) -> alt.LayerChart:
    low, high = samples["y"].explode().min() - 0.3, samples["y"].explode().max() + 0.3
    left, right = truth.x[0].item(), truth.x[-1].item()
    step = (right - left) / (len(truth) - 1)
    x = alt.X("x:Q", title="x", axis=alt.Axis(tickCount=5))
    y = alt.Y("y:Q", title="y", scale=alt.Scale(domain=[few_digits(low, 2), few_digits(high, 2)]))
    # A curve that has left the picture needs no more digits than one that is about to.
    heights = [[round(min(max(v, 3 * low), 3 * high), 2) for v in curve] for curve in fits["y_hat"]]
    line = (
        alt.Chart(rows(**{key: fits[key].tolist() for key in KEYS}, y=heights))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(["y"])
        .transform_window(row="row_number()")
        .transform_calculate(x=f"{left} + {step} * (datum.row - 1)")
        .mark_line(color=COLORS[1], clip=True, interpolate="monotone")
        .encode(x=x, y=y)
    )
    places = {name: [[round(v, 2) for v in row] for row in samples[name]] for name in ("x", "y")}
    dots = (
        alt.Chart(rows(**{key: samples[key].tolist() for key in KEYS[1:]}, **places))
        .transform_filter(chosen(*KEYS[1:]))
        .transform_flatten(["x", "y"])
        .mark_circle(color=COLORS[0], opacity=0.8, size=32)
        .encode(x=x, y=y)
    )
    dashed = (
        alt.Chart(rows(x=truth.x.tolist(), y=truth.y.tolist()))
        .mark_line(color="gray", strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=x, y=y)
    )
    return dashed + line + dots


def _errors(fits: pd.DataFrame) -> alt.LayerChart:
    scale = alt.Scale(type="log", domain=list(ERRORS))
    ticks = alt.Axis(values=[0.01, 0.1, 1, 10])
    y = alt.Y("error:Q", title="mean squared error", scale=scale, axis=ticks)
    base = (
        alt.Chart(_fits(fits))
        .transform_filter(chosen(*KEYS[1:]))
        .transform_flatten(["degree_", *PARTS])
        .transform_fold(list(PARTS), as_=["part", "error"])
        .encode(
            x=alt.X("degree_:Q", title="degree", axis=alt.Axis(tickMinStep=1)),
            y=y,
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=[COLORS[0], COLORS[1]]),
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    labelExpr="datum.label == 'train' ? 'training' : 'validation'",
                ),
            ),
        )
    )
    lines = base.mark_line(clip=True).encode(strokeDash=alt.StrokeDash("part:N", legend=None))
    here = base.transform_filter("datum.degree_ == degree").mark_point(
        filled=True, size=90, clip=True
    )
    noises = sorted(fits["noise"].unique().tolist())
    floor = (
        alt.Chart(rows(noise=noises, error=[noise**2 for noise in noises]))
        .transform_filter(chosen("noise"))
        .mark_rule(strokeDash=[2, 3])
        .encode(y=y)
    )
    name = floor.mark_text(text="variance of the noise", align="right", dx=WIDTH / 2, dy=9)
    return floor + name + lines + here


def _fits(fits: pd.DataFrame) -> alt.Data:
    """The errors of all degrees in one row for each set of training samples."""
    tidy = fits.sort_values("degree").assign(degree_=fits["degree"])
    columns: Sequence[str] = ["degree_", *PARTS]
    return runs(tidy, KEYS[1:], columns)
