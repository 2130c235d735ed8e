"""Explorer: a run that was stopped and resumed, beside the one that went through."""

from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.runs import Runs, at
from dlbook.plots.style import COLORS

NONE, LARGEST_GAP = 1e-5, 1.0  # where the logarithmic axis ends; no gap at all is drawn at NONE
POWERS = {10.0**k: f"{10.0**k:g}" for k in range(-4, 1)}
COMPARED = ("epoch", "loss", "loss_through", "gap", "moved")


def resume(
    table: pd.DataFrame, through: pd.DataFrame, *, start: tuple[str, int], caption: str
) -> Explorer:
    """Training losses of resumed runs, and their gap to the uninterrupted run (chapter 18).

    Args:
        table: the columns ``restored``, in words, ``stop``, ``epoch`` and ``loss``: for every
            choice of what was restored and every epoch after which the run was stopped, the
            epochs that were trained afterwards.
        through: the columns ``epoch``, from 1, and ``loss``: the run that went through.
        start: what was restored, and the stop, that are shown first.
        caption: below the figure.
    """
    table = table.merge(through, on="epoch", suffixes=("", "_through"))
    table["gap"] = (table["loss"] - table["loss_through"]).abs()
    table["moved"] = table["loss"] != table["loss_through"]
    runs = Runs(table, ("restored", "stop"), COMPARED)
    whole = {name: torch.tensor(through[name].tolist()).double() for name in ("epoch", "loss")}

    def figure(restored: Tensor, stop: Tensor) -> dict[str, Any]:
        run = runs(restored=restored, stop=stop)
        last = len(whole["epoch"]) - 1 - stop
        return {
            "through": whole,
            "run": run | {"gap": run["gap"].clamp(min=NONE)},
            "stopped": {"epoch": stop + 0.5},
            "stop": stop,
            "restored": restored,
            **at(run, last[None]),
            "moved": (run["moved"] == 1).any().long(),
        }

    epochs = charts.Axis("epoch", (0.5, len(through) + 0.5))
    seen = charts.spanning([*table["loss"], *through["loss"]])
    return Explorer(
        [
            runs.menu("restored", "restored", start[0]),
            Slider("stop", "stopped after epoch", runs.choices["stop"], start[1], say=str),
        ],
        figure,
        [
            charts.panel(
                charts.line("through", "epoch", "loss", color=COLORS[0], width=8, opacity=0.35),
                charts.rules("stopped", x="epoch"),
                *charts.dotted("run", "epoch", "loss", color=COLORS[1]),
                x=epochs,
                y=charts.Axis("training loss", seen, log=True),
            ),
            charts.panel(
                *charts.dotted("run", "epoch", "gap", color=COLORS[1]),
                x=epochs,
                y=charts.Axis(
                    "gap to the run that went through",
                    (NONE, LARGEST_GAP),
                    log=True,
                    labels={NONE: "none"} | POWERS,
                ),
            ),
        ],
        caption=caption,
        alt_text="First: the training loss over the epochs, of the run that went through as a wide "
        "pale line, and of the resumed run as a line with points that begins after a dashed "
        "marker. Second: the absolute difference of the two at each epoch after the stop. Both "
        "vertical axes are logarithmic.",
        sentence="Stopped after epoch {stop:.0f}, {restored} restored: after epoch {epoch:.0f} the "
        "loss is {loss:.4f}, and {loss_through:.4f} in the run that went through{moved}.",
        phrases={
            "restored": runs.choices["restored"],
            "moved": [", the same bit for bit in all epochs", ""],
        },
    )
