"""Explorer: learning rate and batch size of a classifier, trained over a grid."""

from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider, plain
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES
from dlbook.explorers.runs import Runs
from dlbook.plots.style import COLORS

KEYS = ("lr", "batch_size")
PARTS = {"train_loss": "training", "val_loss": "held out"}


def training_grid(table: pd.DataFrame, *, start: tuple[float, int], caption: str) -> Explorer:
    """Loss and accuracy over the epochs of the chosen run, and the final accuracy of all runs.

    Args:
        table: a table of `dlbook.sweeps.sweep_training`.
        start: learning rate and batch size shown first.
        caption: below the figure.
    """
    runs = Runs(table, KEYS, ("epoch", *PARTS, "val_accuracy"))
    rates, sizes = (runs.choices[key] for key in KEYS)
    final = runs()["val_accuracy"][..., -1]
    columns, rows = torch.meshgrid(*map(torch.arange, final.shape), indexing="ij")

    def figure(lr: Tensor, batch_size: Tensor) -> dict[str, Any]:
        run = runs(lr=lr, batch_size=batch_size)
        return {
            "run": run,
            "grid": charts.squares(columns - 0.5, rows - 0.5)
            # Half the strength, so that numbers are read in the light and in the dark.
            | {"x": columns, "y": rows, "accuracy": final, "shade": final / 2},
            "here": charts.squares(
                runs.place("lr", lr) - 0.5, runs.place("batch_size", batch_size) - 0.5
            ),
            "accuracy": run["val_accuracy"][-1],
        }

    last = int(table["epoch"].max())
    epochs = charts.Axis(
        "epoch", (0.8, last + 0.2), labels={n + 1: f"{n + 1}" for n in range(last)}
    )
    top = 1.2 * float(table.loc[table["epoch"] == 1, "val_loss"].min()) + 2
    looks = zip(PARTS.items(), COLORS, DASHES, strict=False)
    lines = [
        layer
        for (part, name), color, dash in looks
        for layer in charts.dotted("run", "epoch", part, color=color, dash=dash, name=name)
    ]
    return Explorer(
        [
            Slider("lr", "learning rate", rates, start[0]),
            Menu("batch_size", "batch size", sizes, start[1]),
        ],
        figure,
        [
            charts.panel(*lines, x=epochs, y=charts.Axis("loss", (0, top))),
            charts.panel(
                *charts.dotted("run", "epoch", "val_accuracy", color=COLORS[1]),
                x=epochs,
                y=charts.Axis("held-out accuracy", (0, 1), form=".0%"),
            ),
            charts.panel(
                charts.cells("grid", *charts.SIDES, value="shade", colors=(COLORS[5], COLORS[5])),
                charts.words("grid", "x", "y", text="accuracy", form=".0%"),
                charts.frames("here", *charts.SIDES, color=COLORS[1]),
                x=charts.Axis("learning rate", labels=dict(enumerate(map(plain, rates)))),
                y=charts.Axis("batch size", labels=dict(enumerate(map(plain, sizes)))),
            ),
        ],
        caption=caption,
        alt_text="First: training and held-out loss over the epochs of the chosen run. Second: its "
        "held-out accuracy. Third: the final accuracy of every run of the grid as a shaded table, "
        "with the chosen run framed.",
        sentence=f"Accuracy on the held-out images after {last} epochs: {{accuracy:.1%}}.",
    )
