"""Explorer: three scores and a temperature, their softmax, the loss and its gradient."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import few_digits, rows
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

WIDE, HIGH = 270, 170
SCORES = ("z0", "z1", "z2")
_SCALED = "({} - max(z0, z1, z2)) / temperature"
_TOTAL = "(" + " + ".join(f"exp({_SCALED.format(z)})" for z in SCORES) + ")"
_SHARE = f"exp({_SCALED.format('{z}')}) / {_TOTAL}"
FORMULAS = {
    "score": "{z} / temperature",
    "probability": _SHARE,
    "loss": f"log({_TOTAL}) - {_SCALED.format('{z}')}",
    "gradient": f"({_SHARE} - {{y}}) / temperature",
}
"""What is drawn for a class with the score ``{z}`` and the target ``{y}``, as Vega computes it."""


@checked()
def softmax(
    classes: tuple[str, str, str],
    scores: Sequence[float],
    temperatures: Sequence[float],
    *,
    start: tuple[float, float, float, float, str],
    caption: str,
) -> RunExplorer:
    """Three scores, their softmax, the loss −log p of each class, and its gradient (chapter 15).

    The gradient is that of the target's loss by the scores: (p − y) / temperature.

    Args:
        classes: names of the three classes.
        scores: what each score can be, rising.
        temperatures: what the scores can be divided by, rising, all above zero.
        start: the three scores, the temperature and the target class shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: not three classes, a temperature that is not positive, or start is not among
            the choices.
    """
    if len(set(classes)) != len(SCORES):
        raise ValueError(f"classes must be three different names, got {list(classes)}")
    if not all(t > 0 for t in temperatures):
        raise ValueError(f"temperatures must be positive, got {list(temperatures)}")
    names = zip(SCORES, classes, start[:3], strict=True)
    controls = [
        *(Slider(z, f"score of {c}", scores, s, say=_signed) for z, c, s in names),
        Slider("temperature", "temperature", temperatures, start[3]),
        Menu("target", "true class", classes, start[4]),
    ]
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    losses = _losses(scores, temperatures)
    tall, coldest = max(map(abs, scores)), min(temperatures)
    charts = [
        _around_zero(classes, "score", "score / temperature", tall / coldest, "~g"),
        _probabilities(classes),
        _losses_of_each(classes, float(losses.max())),
        _around_zero(classes, "gradient", "gradient by the score", 1 / coldest, ".4f"),
    ]
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDE, height=HIGH) for c in charts],
        controls,
        caption=caption,
        alt_text="Four bar charts with one bar for each class. First: the scores divided by the "
        "temperature. Second: the probabilities, with a dashed frame of height one around the true "
        "class. Third: the loss that each class would cause if it were the true one; the true "
        "one's bar is solid. Fourth: the gradient of the loss by the scores, negative for the true "
        "class and positive for the others.",
        outcomes=_outcomes(classes, scores, temperatures, losses),
    )


def _losses(scores: Sequence[float], temperatures: Sequence[float]) -> Tensor:
    """−log p of every class, for all settings: shape (scores, scores, scores, temperatures, 3)."""
    axis = torch.tensor(scores, dtype=torch.float64)
    z = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), dim=-1).unsqueeze(-2)
    t = torch.tensor(temperatures, dtype=torch.float64).unsqueeze(-1)
    return -F.log_softmax(z / t, dim=-1)


def _outcomes(
    classes: Sequence[str], scores: Sequence[float], temperatures: Sequence[float], losses: Tensor
) -> dict[Any, str]:
    settings = itertools.product(scores, scores, scores, temperatures, classes)
    return {
        (*numbers, name): f"{name}: probability {math.exp(-loss):.4f}, loss {loss:.4f}."
        for (*numbers, name), loss in zip(settings, losses.flatten().tolist(), strict=True)
    }


def _each_class(classes: Sequence[str], quantity: str) -> alt.Chart:
    """One row per class with its score z, its target y, and the quantity that is drawn."""
    return (
        alt.Chart(rows(name=list(classes), place=[0, 1, 2]))
        .transform_calculate(
            z=f"[{', '.join(SCORES)}][datum.place]", y="datum.name == target ? 1 : 0"
        )
        .transform_calculate(value=FORMULAS[quantity].format(z="datum.z", y="datum.y"))
    )


def _along(classes: Sequence[str]) -> alt.X:
    axis = alt.Axis(labelAngle=0, labelExpr="datum.value")
    return alt.X("name:N", title=None, sort=list(classes), axis=axis)


def _bars(
    classes: Sequence[str],
    quantity: str,
    title: str,
    domain: tuple[float, float],
    *,
    others: float = 1.0,
    digits: str = ".4f",
) -> list[alt.Chart]:
    """A bar and its number for each class; those that are not the target fade to ``others``."""
    base = _each_class(classes, quantity)
    x = _along(classes)
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=list(domain), nice=False))
    is_target = alt.datum.y == 1
    bars = base.mark_bar(size=36).encode(
        x=x,
        y=y,
        color=alt.condition(is_target, alt.value(COLORS[1]), alt.value(COLORS[0])),
        opacity=alt.condition(is_target, alt.value(1.0), alt.value(others)),
    )
    number = f"replace(format(datum.value, '{digits}'), '-', '−')"
    numbers = base.transform_calculate(number=number)
    above = numbers.transform_filter("datum.value >= 0").mark_text(dy=-8)
    below = numbers.transform_filter("datum.value < 0").mark_text(dy=9)
    return [bars, *(text.encode(x=x, y=y, text="number:N") for text in (above, below))]


def _around_zero(
    classes: Sequence[str], quantity: str, title: str, largest: float, digits: str
) -> alt.LayerChart:
    reach = 1.3 * largest  # with room for the numbers
    zero = alt.Chart(rows(zero=[0])).mark_rule(strokeWidth=1).encode(y="zero:Q")
    return alt.LayerChart(
        layer=[*_bars(classes, quantity, title, (-reach, reach), digits=digits), zero]
    )


def _probabilities(classes: Sequence[str]) -> alt.LayerChart:
    frame = (
        _each_class(classes, "probability")
        .transform_filter("datum.y == 1")
        .mark_bar(size=42, filled=False, stroke="gray", strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=_along(classes), y=alt.Y("y:Q"))
    )
    return alt.LayerChart(layer=[*_bars(classes, "probability", "probability", (0, 1.15)), frame])


def _losses_of_each(classes: Sequence[str], largest: float) -> alt.LayerChart:
    domain = (0.0, few_digits(1.15 * largest, 2))
    title = "loss if it is the true class"
    return alt.LayerChart(layer=_bars(classes, "loss", title, domain, others=0.35))


def _signed(number: float) -> str:
    return f"{number:g}".replace("-", "−")
