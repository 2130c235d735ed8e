"""Explorer: optimizers that race on one surface."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import altair as alt
import torch
from torch import Tensor
from torch.func import grad_and_value

from dlbook.explorers import charts
from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Dial, Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES, TALL
from dlbook.explorers.walk import State, Walk
from dlbook.plots.style import COLORS

COSTS = (1e-6, 1e3)  # what the logarithmic axis shows
FAR = 10.0  # places farther out are not drawn
AXES = ("w0", "w1")
PARTS = ("w", "gradient", "mean", "square", "cost")

Cost = Callable[[Tensor], Tensor]
Rule = Callable[[Tensor, Tensor, Tensor, Any], tuple[Tensor, Tensor, Tensor]]


def race(
    surfaces: Mapping[str, tuple[Cost, Tensor]],
    rules: Mapping[str, Rule],
    span: Tensor,
    *,
    surface: str,
    rates: Sequence[float],
    lr: float,
    steps: int,
    caption: str,
) -> Explorer:
    """The paths of several optimizers on a contour map, beside their costs (chapter 08).

    Args:
        surfaces: by name the cost, which takes points of shape (…, 2) and is not below 0, and the
            point where all begin, of shape (2,).
        rules: at most four; each takes the gradient, its two memories and the number of the step,
            and returns the direction and the new memories.
        span: values on both axes of the map, shape (n,).
        surface: the one shown first.
        rates: the learning rates on offer, rising.
        lr: the one shown first.
        steps: how many there are.
        caption: below the figure.
    """
    names, ends = list(rules), (span[0].item(), span[-1].item())

    def start(surface: str, lr: Tensor, **_: Any) -> State:
        t = 0 * lr
        return _joined({name: _start(*surfaces[surface], t) for name in names}) | {"t": t}

    def one_step(state: State, surface: str, lr: Tensor, **_: Any) -> State:
        cost, t = surfaces[surface][0], state["t"] + 1
        each = _apart(state, names).items()
        moved = {name: _step(run, cost, rules[name], lr, t) for name, run in each}
        return _joined(moved) | {"t": t}

    def figure(step: Tensor, lr: Tensor, surface: str, race: State) -> dict[str, Any]:
        reached = torch.minimum(torch.arange(steps + 1), step.long())
        runs = _apart(race, names)
        walked = {name: _shown(run, reached) for name, run in runs.items()}
        costs = torch.stack([run["cost"] for run in runs.values()])
        last = costs[:, -1].nan_to_num(math.inf)
        ways = torch.stack([run[name] for run in walked.values() for name in AXES])
        return walked | {
            "beyond": charts.beyond((ways, ends)),
            "below": {"on": (costs < COSTS[0]).any().double()},
            "step": step,
            "first": torch.where(last.isinf().all(), len(names), last.argmin()),
            "cost": last.min(),
            "gone": ((last > COSTS[1]) * 2 ** torch.arange(len(names))).sum(),
        }

    return Explorer(
        [
            Menu("surface", "surface", list(surfaces), surface),
            Slider("lr", "learning rate", rates, lr),
            Dial("step", "step", 1, steps, steps, steps - 1, form=".0f", play=True),
        ],
        figure,
        [_plane(surfaces, names, span, surface), _curves(names, steps)],
        caption=caption,
        alt_text="First: contour lines of the chosen surface with one path for each optimizer. "
        "Second: the cost of each after every step, on a logarithmic axis.",
        sentence="After step {step:.0f} the lowest cost is {cost:.2g}, {first}.{gone}",
        phrases={
            "first": [*(f"that of {name}" for name in names), "for all have diverged"],
            "gone": _above(names),
        },
        walks={"race": Walk(start, one_step, steps, until=lambda step, **_: step)},
    )


def _joined(runs: Mapping[str, State]) -> State:
    """The states of all optimizers as one."""
    return {f"{name} {part}": number for name, run in runs.items() for part, number in run.items()}


def _apart(state: State, names: Sequence[str]) -> dict[str, State]:
    """The state of each optimizer."""
    return {name: {part: state[f"{name} {part}"] for part in PARTS} for name in names}


def _start(cost: Cost, first: Tensor, t: Tensor) -> State:
    """The first state of one optimizer: its place, the slope and cost there, and its memories."""
    w = first + 0 * t
    return _state(cost, w, 0 * w, 0 * w)


def _step(state: State, cost: Cost, rule: Rule, lr: Tensor, t: Tensor) -> State:
    """The next state of one optimizer."""
    direction, *memories = rule(state["gradient"], state["mean"], state["square"], t)
    return _state(cost, state["w"] - lr * direction, *memories)


def _state(cost: Cost, w: Tensor, *memories: Tensor) -> State:
    gradient, height = grad_and_value(cost)(w)
    return dict(zip(PARTS, (w, gradient, *memories, height), strict=True))


def _shown(run: State, reached: Tensor) -> dict[str, Tensor]:
    places = torch.where(run["w"].abs() < FAR, run["w"], math.nan)
    cost = run["cost"].nan_to_num(math.inf).clamp(max=10 * COSTS[1])
    cost = torch.where(cost < COSTS[0], math.nan, cost)
    return dict(zip(AXES, places.T, strict=True)) | {"step": reached, "cost": cost}


def _above(names: list[str]) -> list[str]:
    """What is said of each set of runs above the axis; the first name is the lowest bit."""
    found = []
    for marks in range(2 ** len(names)):
        gone = [name for i, name in enumerate(names) if marks >> i & 1]
        found.append(f" Above {COSTS[1]:,.0f}: {', '.join(gone)}." if gone else "")
    return found


def _plane(
    surfaces: Mapping[str, tuple[Cost, Tensor]], names: list[str], span: Tensor, surface: str
) -> alt.LayerChart:
    """The chosen surface's lines of equal cost, with the paths."""
    points = torch.stack(torch.meshgrid(span, span, indexing="xy"), dim=-1)
    ends = (span[0].item(), span[-1].item())
    maps = [
        contour_map(span, span, cost(points), height=TALL).transform_filter(f"surface == '{name}'")
        for name, (cost, _) in surfaces.items()
    ]
    looks = zip(names, COLORS, DASHES, strict=False)
    paths = [charts.line(n, *AXES, color=color, dash=dash) for n, color, dash in looks]
    paths.append(charts.remark("beyond", "a path leaves this chart"))
    over = charts.panel(*paths, x=charts.Axis("w₀", ends), y=charts.Axis("w₁", ends), height=TALL)
    return reduce(add, [*maps, over]).add_params(alt.param(name="surface", value=surface))


def _curves(names: list[str], steps: int) -> alt.LayerChart:
    looks = zip(names, COLORS, DASHES, strict=False)
    return charts.panel(
        *(
            charts.line(name, "step", "cost", color=color, dash=dash, name=name)
            for name, color, dash in looks
        ),
        charts.remark("below", "a cost falls below this chart"),
        x=charts.Axis("step", (0, steps)),
        y=charts.Axis("cost", COSTS, log=True),
        height=TALL,
    )
