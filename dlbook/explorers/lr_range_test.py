"""Explorer: the learning-rate range test, and the training run with the rate that you pick."""

import math
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.runs import Runs
from dlbook.plots.style import COLORS

LARGEST_LOSS = 4.0  # where the vertical axes end; worse losses leave the charts
LAST = 10  # steps whose mean loss is told


def lr_range_test(
    test: pd.DataFrame,
    table: pd.DataFrame,
    *,
    start: tuple[str, float],
    chance: float,
    caption: str,
) -> Explorer:
    """Loss against a growing learning rate, and training with the rate at the marker (chapter 19).

    Args:
        test: the columns ``network``, ``lr`` and ``loss``: one range test per network, the losses
            in the order of the rates.
        table: the columns ``network``, ``lr``, ``step`` and ``loss``: training runs with a fixed
            rate, the same rates and steps for every network.
        start: network and rate shown first.
        chance: the loss of guessing, drawn as a line.
        caption: below the figure.

    Raises:
        ValueError: test and table differ in their networks.
    """
    tests = Runs(test, ("network",), ("lr", "loss"))
    runs = Runs(table, ("network", "lr"), ("step", "loss"))
    names, rates = runs.choices["network"], runs.choices["lr"]
    if tests.choices["network"] != names:
        raise ValueError(f"test must have the networks of table in their order, {names}")
    steps = int(table["step"].nunique())

    def figure(network: Tensor, lr: Tensor) -> dict[str, Any]:
        run = runs(network=network, lr=lr)
        last = run["loss"][-LAST:].mean().nan_to_num(math.inf, math.inf)
        better = (last <= 0.95 * chance).long()
        return {
            "test": tests(network=network),
            "run": run,
            "here": {"lr": lr},
            "guessing": {"loss": torch.tensor(chance)},
            "network": network,
            "lr": lr,
            "loss": last,
            "verdict": torch.where(last < LARGEST_LOSS, better, 2),
        }

    loss = charts.Axis("loss", (0, LARGEST_LOSS))
    ends = test["lr"].min().item(), test["lr"].max().item()
    return Explorer(
        [
            runs.menu("network", "network", start[0]),
            Slider("lr", "learning rate", rates, start[1]),
        ],
        figure,
        [
            charts.panel(
                charts.rules("guessing", y="loss"),
                charts.line("test", "lr", "loss", color=COLORS[0]),
                charts.rules("here", x="lr", color=COLORS[1], dash=(1, 0), width=3),
                x=charts.Axis("learning rate", ends, log=True),
                y=loss,
            ),
            charts.panel(
                charts.rules("guessing", y="loss"),
                charts.line("run", "step", "loss", color=COLORS[1]),
                x=charts.Axis("step"),
                y=loss,
            ),
        ],
        caption=caption,
        alt_text="First: the loss of a range test against the learning rate on a logarithmic axis, "
        "with a vertical marker at the chosen rate. Second: the loss over the steps of a training "
        "run with that rate. A dashed line in both shows the loss of guessing.",
        sentence=f"{{network}}, learning rate {{lr:.3g}}: loss {{loss:.3g}} after {steps} steps, "
        "{verdict}.",
        phrases={
            "network": names,
            "verdict": [
                "about that of guessing",
                f"guessing would have {chance:.3g}",
                "far above guessing: the rate is too large",
            ],
        },
    )
