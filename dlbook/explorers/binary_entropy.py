"""Explorer: the entropy of two outcomes, and the areas that it is made of."""

import math
from collections.abc import Sequence

import altair as alt
import torch

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import rows
from dlbook.information import BASES, Unit, entropy, surprise
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

CURVE_POINTS, TOP = 101, 7.0
# What one bit is in the chosen unit, as a Vega expression.
FACTOR = (
    "(" + " : ".join(f"unit == '{u}' ? {math.log(2, b):.5f}" for u, b in BASES.items()) + " : 1)"
)


@checked()
def binary_entropy(
    p: Sequence[float],
    *,
    start: tuple[float, Unit],
    caption: str,
    names: tuple[str, str] = ("pass", "fail"),
) -> RunExplorer:
    """The entropy of two outcomes against p; probability × information as rectangles (chapter 10).

    Args:
        p: the probabilities of the first outcome on the slider, rising, from 0 to 1.
        start: the probability and the unit shown first.
        caption: below the figure.
        names: of the two outcomes.

    Raises:
        TypeError: an argument of another type.
        ValueError: a p outside [0, 1], or start is not among the choices.
    """
    if not all(0 <= value <= 1 for value in p):
        raise ValueError(f"p must hold numbers from 0 to 1, got {list(p)}")
    parameters = [alt.param(name="p", value=start[0]), alt.param(name="unit", value=start[1])]
    return RunExplorer(
        [
            chart.add_params(*parameters).properties(width=WIDTH, height=HEIGHT)
            for chart in (_curve(names[0]), _areas(names))
        ],
        [
            Slider("p", f"probability of a {names[0]}", p, start[0], say=lambda v: f"{v:g}"),
            Menu("unit", "unit", list(BASES), start[1]),
        ],
        caption=caption,
        alt_text=f"Left: the entropy against the probability of a {names[0]}, an arch that is zero "
        "at both ends and highest in the middle, with a dot at the chosen probability. Right: a "
        "rectangle for each outcome, as wide as it is probable and as high as its information; a "
        "dashed line marks the mean height, the entropy.",
        outcomes={(v, unit): _outcome(v, unit, names) for v in p for unit in BASES},
    )


def _outcome(p: float, unit: Unit, names: tuple[str, str]) -> str:
    both = torch.tensor([p, 1 - p], dtype=torch.float64)
    told = [
        f"a {name} tells {amount:.3g}" if math.isfinite(amount) else f"a {name} is impossible"
        for name, amount in zip(names, surprise(both, unit=unit).tolist(), strict=True)
    ]
    return f"{told[0].capitalize()}, {told[1]}; on average {entropy(both, unit=unit):.3f} {unit}."


def _curve(name: str) -> alt.LayerChart:
    grid = torch.linspace(0, 1, CURVE_POINTS, dtype=torch.float64)
    bits = entropy(torch.stack((grid, 1 - grid), dim=-1), unit="bits")
    x = alt.X("at:Q", title=f"probability of a {name}")
    y = alt.Y("entropy:Q", title="entropy, in the chosen unit", scale=alt.Scale(domain=[0, 1]))
    line = (
        alt.Chart(rows(at=grid.tolist(), bits=bits.tolist()))
        .transform_calculate(entropy=f"datum.bits * {FACTOR}")
        .mark_line(color=COLORS[0])
        .encode(x=x, y=y)
    )
    dot = (
        alt.Chart(rows(place=[0]))
        .transform_calculate(at="p", bits=f"{_term('p')} + {_term('(1 - p)')}")
        .transform_calculate(entropy=f"datum.bits * {FACTOR}")
        .mark_point(filled=True, size=90, color=COLORS[1])
        .encode(x=x, y=y)
    )
    return line + dot


def _term(p: str) -> str:
    return f"({p} > 0 ? -{p} * log({p}) / LN2 : 0)"


def _areas(names: tuple[str, str]) -> alt.LayerChart:
    x = alt.X("left:Q", title="probability", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y(
        "height:Q",
        title="information, in the chosen unit",
        scale=alt.Scale(domain=[0, TOP]),
    )
    both = alt.Chart(rows(outcome=list(names), first=[True, False])).transform_calculate(
        left="datum.first ? 0 : p",
        right="datum.first ? p : 1",
        share="datum.first ? p : 1 - p",
    )
    # An impossible outcome has no width; its height, which is infinite, is never drawn.
    boxes = (
        both.transform_filter("datum.share > 0")
        .transform_calculate(height=f"-log(datum.share) / LN2 * {FACTOR}")
        .mark_rect(opacity=0.75)
        .encode(
            x=x,
            x2="right:Q",
            y=y,
            y2=alt.datum(0),
            color=alt.Color(
                "outcome:N",
                scale=alt.Scale(domain=list(names), range=[COLORS[0], COLORS[4]]),
                legend=alt.Legend(title=None, orient="top"),
            ),
        )
    )
    mean = (
        alt.Chart(rows(place=[0]))
        .transform_calculate(height=f"({_term('p')} + {_term('(1 - p)')}) * {FACTOR}")
        .mark_rule(strokeDash=[5, 3], strokeWidth=2)
        .encode(y=y)
    )
    return boxes + mean
