"""Explorer: the learning rate on a cost of one parameter."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.walk import State, Walk
from dlbook.plots.style import COLORS

START, STEPS = 0.0, 20  # of the walk
COSTS = (1e-6, 1e3)  # what the logarithmic axes show
FARTHEST = 1.1  # of the borders
LIMITS = (1e-9, -1e-9, 1e-9 - 1, -1e-9 - 1)  # of a step's factor; each begins another verdict
VERDICTS = (
    "approaches from one side",
    "one step lands on the minimum",
    "jumps across the minimum and comes closer",
    "on the border, jumps across and comes no closer",
    "above the border, jumps across and moves away",
)

OfPoints = Callable[[Tensor], Tensor]


def learning_rate(
    cost: OfPoints,
    gradient: OfPoints,
    *,
    window: tuple[float, float],
    border: float,
    share: float = 0.1,
    caption: str,
) -> Explorer:
    """Steps on a parabola, the cost over the steps, and the last cost against the learning rate.

    Args:
        cost: takes points of shape (…, 1), as `dlbook.descent.descend` does; returns shape (…).
        gradient: of the cost, of the shape of the points.
        window: the part of the parabola that is drawn.
        border: the learning rate at which descent begins to diverge, two over the curvature.
        share: the learning rate shown first, as a share of the border, in steps of 0.01.
        caption: below the figure.
    """
    places = torch.linspace(*window, 121, dtype=torch.float64)
    rates = border * torch.linspace(0.01, FARTHEST, 219, dtype=torch.float64)
    limits = torch.tensor(LIMITS, dtype=torch.float64)

    def shown(w: Tensor) -> Tensor:
        return cost(w[:, None]).clamp(*COSTS)

    def stepped(w: Tensor, lr: Tensor) -> Tensor:
        return w - lr * gradient(w[..., None])[..., 0]

    ends = torch.full_like(rates, START)
    for _ in range(STEPS):
        ends = stepped(ends, rates)

    def figure(lr: Tensor, walk: State) -> dict[str, Any]:
        factor = 1 - 2 * lr / border
        costs = shown(walk["w"])
        return {
            "curve": {"w": places, "cost": cost(places[:, None])},
            "steps": {"w": walk["w"], "cost": cost(walk["w"][:, None])},
            "beyond": charts.beyond((walk["w"], window)),
            "walk": {"step": torch.arange(STEPS + 1), "cost": costs},
            "rates": {"lr": rates, "cost": shown(ends)},
            "border": {"lr": border + 0 * lr},
            "here": {"lr": lr, "cost": costs[-1]},
            "factor": torch.where(factor.abs() < LIMITS[0], 0, factor),
            "verdict": (factor < limits).sum(),
            "end": walk["w"][-1],
        }

    across = charts.Axis("learning rate", (0, rates[-1].item()))
    ends_of_dial = border / 100, FARTHEST * border
    return Explorer(
        [Dial("lr", "learning rate", *ends_of_dial, share * border, steps=109, form=".4f")],
        figure,
        [
            charts.panel(
                charts.line("curve", "w", "cost"),
                *charts.dotted("steps", "w", "cost", color=COLORS[1]),
                charts.remark("beyond", "steps lie beyond this chart"),
                x=charts.Axis("w", window),
                y=charts.Axis("cost", (0, cost(places[:, None]).max().item())),
            ),
            charts.panel(
                *charts.dotted("walk", "step", "cost", color=COLORS[1]),
                x=charts.Axis("step", (0, STEPS)),
                y=charts.Axis("cost", COSTS, log=True),
            ),
            charts.panel(
                charts.line("rates", "lr", "cost", color=COLORS[0]),
                charts.rules("border", x="lr"),
                charts.dots("here", "lr", "cost", color=COLORS[1]),
                x=across,
                y=charts.Axis(f"cost after {STEPS} steps", COSTS, log=True),
            ),
        ],
        caption=caption,
        alt_text="First: the steps of gradient descent on the curve of the cost. Second: the cost "
        "after each step on a logarithmic axis. Third: the cost after the last step against the "
        f"learning rate, with a dashed line at {border:.4g}, the border of divergence.",
        sentence="Each step multiplies the distance by {factor:.2f}: {verdict}. "
        f"After {STEPS} steps w = {{end:.4f}}.",
        phrases={"verdict": VERDICTS},
        walks={
            "walk": Walk(
                lambda lr: {"w": START + 0 * lr},
                lambda state, lr: {"w": stepped(state["w"], lr)},
                STEPS,
            )
        },
    )
