"""Explorer: training and validation curves, the fit at every epoch, and early stopping."""

from typing import Any

import altair as alt
import pandas as pd
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES
from dlbook.explorers.runs import Runs
from dlbook.plots.style import COLORS

PARTS = {"train_loss": "training", "val_loss": "validation"}


def training_curves(
    losses: pd.DataFrame,
    fits: pd.DataFrame,
    stops: pd.DataFrame,
    samples: Samples,
    *,
    start: tuple[int, int, int],
    caption: str,
) -> Explorer:
    """Losses over the epochs with the stopping point, and the fitted curve at one epoch.

    Args:
        losses: columns ``units``, ``epoch``, ``train_loss``, ``val_loss``.
        fits: columns ``units``, ``epoch``, ``x``, ``y_hat``: the model at some of the epochs, the
            same for all.
        stops: columns ``units``, ``patience``, ``best``, ``stop``, ``val_loss``: the best epoch
            that early stopping with this patience has seen, the epoch after which it stops (the
            last one if it never does), and the validation loss at the best.
        samples: the training samples, one number x and one number y each.
        start: hidden units, patience and epoch shown first.
        caption: below the figure.

    Raises:
        ValueError: losses, fits and stops differ in their units.
    """
    runs = Runs(losses, ("units",), ("epoch", *PARTS))
    curves = Runs(fits, ("units", "epoch"), ("x", "y_hat"))
    epochs = int(losses["epoch"].max())
    last = losses[losses["epoch"] == epochs].set_index("units")["val_loss"]
    stops = stops.assign(last=stops["units"].map(last))
    ends = Runs(stops, ("units", "patience"), ("best", "stop", "val_loss", "last"), digits=6)
    if not runs.choices["units"] == curves.choices["units"] == ends.choices["units"]:
        raise ValueError("losses, fits and stops must have the same units")

    def figure(units: Tensor, patience: Tensor, epoch: Tensor) -> dict[str, Any]:
        end = ends(units=units, patience=patience)
        return {
            "run": runs(units=units),
            "end": end,
            "here": {"epoch": epoch},
            "fit": curves(units=units, epoch=epoch),
            "samples": {"x": samples.x.flatten(), "y": samples.y.flatten()},
            "units": units,
            "patience": patience,
            "best": end["best"][0],
            "lowest": end["val_loss"][0],
            "stop": end["stop"][0],
            "ends": (end["stop"][0] == epochs).long(),
            "last": end["last"][0],
        }

    return Explorer(
        [
            Menu("units", "hidden units", runs.choices["units"], start[0]),
            Slider("patience", "patience", ends.choices["patience"], start[1]),
            Slider("epoch", "epoch", curves.choices["epoch"], start[2], play=True),
        ],
        figure,
        [_losses(losses, epochs), _fit(samples, fits["x"].tolist())],
        caption=caption,
        alt_text="First: training and validation loss over the epochs on a logarithmic axis, with "
        "a diamond at the epoch that early stopping keeps, a dashed line where it stops and a "
        "dotted line at the epoch chosen. Second: the training points and the model's curve at "
        "that epoch.",
        sentence="{units:.0f} hidden units, patience {patience:.0f}: {ends} {stop:.0f} and keeps "
        f"epoch {{best:.0f}}. Validation loss there {{lowest:.3f}}, after epoch {epochs} "
        "{last:.3f}.",
        phrases={"ends": ["stops after epoch", "has not stopped by epoch"]},
    )


def _losses(losses: pd.DataFrame, epochs: int) -> alt.LayerChart:
    looks = zip(PARTS.items(), COLORS, DASHES, strict=False)
    return charts.panel(
        *(
            charts.line("run", "epoch", part, color=color, dash=dash, name=name)
            for (part, name), color, dash in looks
        ),
        charts.rules("here", x="epoch", color=COLORS[3], dash=(2, 2), width=2),
        charts.rules("end", x="stop"),
        charts.dots("end", "best", "val_loss", color=COLORS[2], shape="diamond", size=130),
        x=charts.Axis("epoch", (0, epochs)),
        y=charts.Axis(
            "loss", charts.spanning(losses[[*PARTS]].to_numpy().flatten().tolist()), log=True
        ),
    )


def _fit(samples: Samples, places: list[float]) -> alt.LayerChart:
    low, high = (end.item() for end in samples.y.aminmax())
    margin = 0.3 * (high - low)
    return charts.panel(
        charts.dots("samples", "x", "y", color=COLORS[0]),
        charts.line("fit", "x", "y_hat", color=COLORS[1]),
        x=charts.Axis("x", (min(places), max(places))),
        y=charts.Axis("y", (low - margin, high + margin)),
    )
