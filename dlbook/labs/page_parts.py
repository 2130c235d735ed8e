"""What the labs of a published page share."""

import math
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial
from dlbook.explorers.look import HEIGHT, NUMBERS, WIDTH
from dlbook.plots.style import COLORS

LEARNING_RATES, STEPS_A_DECADE = (1e-4, 10.0), 50
RUNAWAY = 1e6  # numbers beyond it are not drawn
RUNS_OFF = "The walk runs off: the learning rate is too large, or the cost has no bottom."
# Pixels that are kept free for the numbers of an axis that moves.
WIDE = alt.Axis(minExtent=34, labelExpr=NUMBERS)
# Without an order of its own, Vega-Lite joins the rows from left to right.
WALK: dict[str, Any] = {
    "color": COLORS[1],
    "strokeWidth": 1,
    "clip": True,
    "order": False,
    "point": {"size": 16, "color": COLORS[1]},
}


def rate_dial(lr: float) -> Dial:
    """The learning rate, in small steps over five powers of ten, from the step nearest to lr."""
    low, high = LEARNING_RATES
    nearest = 10 ** (round(STEPS_A_DECADE * math.log10(lr)) / STEPS_A_DECADE)
    steps = round(STEPS_A_DECADE * math.log10(high / low))
    return Dial("lr", "learning rate", low, high, nearest, steps, log=True, form=".3g")


def momentum_dial() -> Dial:
    """From none to 0.98."""
    return Dial("momentum", "momentum", 0, 0.98, 0, 49)


def near(numbers: Tensor) -> Tensor:
    """The numbers, without those that have run away."""
    return torch.where(numbers.abs() < RUNAWAY, numbers, math.nan)


def path(**channels: Any) -> alt.Chart:
    """The dots of a walk, in their order, from the table ``path``."""
    dots: alt.Chart = charts.chart("path").mark_line(**WALK).encode(**channels)
    return dots


def costs(x: str, title: str, axis: charts.Axis, *layers: alt.Chart) -> alt.LayerChart:
    """The column ``cost`` of the table ``costs`` on an axis, with further layers below it.

    While the column ``on`` of the table ``gone`` is above 0, it is said that the cost runs off.
    """
    drawn = (
        charts.chart("costs")
        .mark_line(**WALK)
        .encode(
            x=alt.X(f"{x}:Q", title=title, scale=alt.Scale(nice=False)),
            y=alt.Y("cost:Q", **axis.encoding()),
        )
    )
    gone = charts.remark("gone", "the cost runs off this chart").mark
    return alt.LayerChart(layer=[*layers, drawn, gone], width=WIDTH, height=HEIGHT)
