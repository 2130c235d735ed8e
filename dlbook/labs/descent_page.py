"""The descent lab on a published page: the same walks, as tapes for each landscape and rule."""

import json
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import altair as alt
import torch
from torch import Tensor
from torch.func import grad_and_value

from dlbook.descent import LANDSCAPES, Landscape
from dlbook.explorers import charts
from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Dial, Menu
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import HEIGHT, INK, WIDTH
from dlbook.explorers.walk import State, Walk
from dlbook.labs.page_parts import (
    RUNAWAY,
    RUNS_OFF,
    WIDE,
    costs,
    momentum_dial,
    near,
    path,
    rate_dial,
)

MOST_STEPS = 200
MAPS = tuple(name for name, place in LANDSCAPES.items() if place.dimension == 2)
GRID = 101
EPSILON, SMOOTH, SQUARES = 1e-8, 0.99, 0.999  # torch's defaults


def descent_page(landscape: str, lr: float, steps: int, *, start: float, caption: str) -> Explorer:
    """The lab as a figure that walks again at each move.

    Args:
        landscape: name of the first one.
        lr: the first learning rate; the dial takes its step that is nearest.
        steps: how many steps are shown first.
        start: where the walk begins, as a share of the map in each direction.
        caption: what there is to see.
    """
    return Explorer(
        [
            Menu("landscape", "landscape", list(LANDSCAPES), landscape),
            Menu("rule", "optimizer", list(CHANGES), next(iter(CHANGES))),
            Dial("across", "start, across", 0, 1, start, form=".0%"),
            Dial("up", "start, up", 0, 1, start, form=".0%", only=("landscape", MAPS)),
            rate_dial(lr),
            momentum_dial(),
            Dial("steps", "steps", 1, MOST_STEPS, steps, MOST_STEPS - 1, form=".0f"),
        ],
        _figure,
        [_map(landscape), costs("step", "step", charts.Axis("cost", moves=True))],
        walks={"walk": Walk(_start, _step, MOST_STEPS, until=lambda steps, **_: steps)},
        caption=caption,
        alt_text="First: the landscape, a curve or lines of equal cost, with the walk on it. "
        "Second: the cost after each step.",
        sentence="After step {steps:.0f}: cost {cost:.4g}, length of the gradient {slope:.2g}."
        "{verdict}",
        phrases={"verdict": ["", f" {RUNS_OFF}"]},
    )


def _start(landscape: str, across: Tensor, up: Tensor, **_: Any) -> State:
    place = LANDSCAPES[landscape]
    ends = zip((across, up), place.domain, strict=False)
    w = torch.stack([low + share * (high - low) for share, (low, high) in ends])
    still = across * 0
    return _state(place, w, Memory(0 * w, 0 * w, still + 1, still + 1))


def _step(state: State, landscape: str, rule: str, lr: Tensor, momentum: Tensor, **_: Any) -> State:
    memory = Memory(*(state[part] for part in Memory._fields))
    change, memory = CHANGES[rule](state["gradient"], memory, momentum)
    return _state(LANDSCAPES[landscape], state["w"] - lr * change, memory)


class Memory(NamedTuple):
    """What optimizers remember: running means of slopes and squares, powers of their factors."""

    mean: Tensor
    square: Tensor
    faded: Tensor
    fading: Tensor


def _state(place: Landscape, w: Tensor, memory: Memory) -> State:
    gradient, cost = grad_and_value(place.cost)(w)
    told = {"w": w, "gradient": gradient, "cost": cost, "slope": gradient.square().sum().sqrt()}
    return told | memory._asdict()


def _descent(slope: Tensor, memory: Memory, momentum: Tensor) -> tuple[Tensor, Memory]:
    mean = momentum * memory.mean + slope
    return mean, memory._replace(mean=mean)


def _rmsprop(slope: Tensor, memory: Memory, momentum: Tensor) -> tuple[Tensor, Memory]:
    square = SMOOTH * memory.square + (1 - SMOOTH) * slope**2
    mean = momentum * memory.mean + slope / (square.sqrt() + EPSILON)
    return mean, memory._replace(mean=mean, square=square)


def _adam(slope: Tensor, memory: Memory, momentum: Tensor) -> tuple[Tensor, Memory]:
    mean = momentum * memory.mean + (1 - momentum) * slope
    square = SQUARES * memory.square + (1 - SQUARES) * slope**2
    faded, fading = memory.faded * momentum, memory.fading * SQUARES
    change = (mean / (1 - faded)) / ((square / (1 - fading)).sqrt() + EPSILON)
    return change, Memory(mean, square, faded, fading)


Rule = Callable[[Tensor, Memory, Tensor], tuple[Tensor, Memory]]
CHANGES: dict[str, Rule] = {"gradient descent": _descent, "RMSprop": _rmsprop, "Adam": _adam}


def _figure(landscape: str, steps: Tensor, walk: State, **_: Any) -> dict[str, Any]:
    place = LANDSCAPES[landscape]
    shown = torch.minimum(torch.arange(MOST_STEPS + 1), steps.long())
    cost = near(walk["cost"])
    w = torch.linspace(*place.domain[0], GRID, dtype=torch.float64)
    flat = place.dimension == 1
    # A map has no curve: it is drawn far outside.
    height = place.cost(w[:, None]) if flat else 0 * w + RUNAWAY
    last = {name: walk[name][-1].nan_to_num(math.inf, math.inf) for name in ("cost", "slope")}
    x, y = near(walk["w"][:, 0]), cost if flat else near(walk["w"][:, 1])
    return {
        "beyond": charts.beyond(*zip((x, y), ENDS[landscape], strict=True)),
        "curve": {"w": w, "height": height},
        "path": {"w": x, "height": y},
        "costs": {"step": shown, "cost": cost},
        "steps": steps,
        "verdict": (~(last["cost"].abs() < RUNAWAY)).long(),
        "gone": {"on": cost.isnan().any().double()},
        **last,
    }


def _map(landscape: str) -> alt.LayerChart:
    """The chosen landscape with the walk; the ends of its axes are those of its domain."""
    chosen = alt.param(name="landscape", value=landscape)
    axes = {
        "x": _axis(alt.X, "w:Q", "w or w₀", {name: pair[0] for name, pair in ENDS.items()}),
        "y": _axis(alt.Y, "height:Q", "cost or w₁", {name: pair[1] for name, pair in ENDS.items()}),
    }
    maps = [_contours(place) for place in LANDSCAPES.values() if place.dimension == 2]
    curve = charts.chart("curve").mark_line(color=INK, strokeWidth=1.5, clip=True)
    leaves = charts.remark("beyond", "the walk leaves this chart").mark
    layers = [*maps, curve.encode(**axes), path(**axes), leaves]
    drawn = alt.LayerChart(layer=layers, width=WIDTH, height=HEIGHT)
    return drawn.add_params(chosen)


def _ends(place: Landscape) -> tuple[tuple[float, float], tuple[float, float]]:
    """What a landscape spans from left to right and from bottom to top."""
    if place.dimension == 2:
        return place.domain[0], place.domain[1]
    w = torch.linspace(*place.domain[0], GRID, dtype=torch.float64)[:, None]
    low, high = (end.item() for end in place.cost(w).aminmax())
    room = 0.05 * (high - low)
    return place.domain[0], (low - room, high + room)


ENDS = {name: _ends(place) for name, place in LANDSCAPES.items()}


def _axis(channel: Any, column: str, title: str, ends: dict[str, tuple[float, float]]) -> Any:
    """An axis whose ends follow the chosen landscape."""
    low, high = (
        alt.ExprRef(f"({json.dumps({name: pair[i] for name, pair in ends.items()})})[landscape]")
        for i in (0, 1)
    )
    scale = alt.Scale(domainMin=low, domainMax=high, nice=False, zero=False)
    return channel(column, title=title, scale=scale, axis=WIDE)


def _contours(place: Landscape) -> alt.Chart:
    """Lines of equal cost, drawn while their landscape is chosen."""
    across, up = (torch.linspace(*ends, GRID, dtype=torch.float64) for ends in place.domain)
    plane = torch.stack(torch.meshgrid(across, up, indexing="xy"), dim=-1)
    lines = contour_map(across, up, place.cost(plane))
    middle = {"x": alt.value(WIDTH / 2), "y": alt.value(HEIGHT / 2)}
    return lines.encode(**middle).transform_filter(f"landscape == '{place.name}'")
