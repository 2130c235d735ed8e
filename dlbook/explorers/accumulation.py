"""Explorer: when gradients are zeroed, and what the walk does then."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial, Menu
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.walk import State, Walk
from dlbook.plots.style import COLORS

STEPS, LATE = 40, 20
FAR = (1e-4, 1e4)  # what the chart of all runs shows
LIMITS = (1e-3, 1e3)  # of the distance; between them a walk neither settles nor diverges
VERDICTS = ("it settles", "it has not settled", "it diverges")


def accumulation(
    slope: Callable[[Tensor], Tensor],
    moments: Mapping[str, int],
    *,
    answer: float,
    first: float,
    rates: tuple[float, float, int],
    start: tuple[float, str],
    caption: str,
) -> Explorer:
    """A walk whose gradients are zeroed at a chosen moment: w, its gradient, and all the runs.

    Args:
        slope: of the cost, at each of the numbers that it gets.
        moments: in words, when the gradient is zeroed: before each step whose number is a multiple.
        answer: where the cost is lowest.
        first: where the walk begins.
        rates: the smallest and the largest learning rate, and the steps between them.
        start: learning rate and moment shown first.
        caption: below the figure.
    """
    grid = torch.linspace(rates[0], rates[1], rates[2] + 1, dtype=torch.float64)

    def begin(lr: Tensor, zeroing: str) -> State:
        w = first + 0 * lr
        return {"w": w, "held": slope(w), "step": 0 * lr}

    def step(at: State, lr: Tensor, zeroing: str) -> State:
        w, number = at["w"] - lr * at["held"], at["step"] + 1
        kept = torch.where(number % moments[zeroing] == 0, 0, at["held"])
        return {"w": w, "held": kept + slope(w), "step": number}

    def farthest(w: Tensor) -> Tensor:
        distance = (w[-LATE:] - answer).abs()
        return distance.amax(dim=0).clamp(min=FAR[0])

    walk_of = Walk(begin, step, STEPS)
    all_runs = {
        name: farthest(walk_of.columns({"lr": grid, "zeroing": name})["w"]).clamp(max=FAR[1])
        for name in moments
    }
    curves = {f"run{i}": far for i, far in enumerate(all_runs.values())}

    def figure(lr: Tensor, zeroing: str, walk: State) -> dict[str, Any]:
        far = farthest(walk["w"])
        return {
            "walk": walk | {"slope": slope(walk["w"])},
            "answer": {"w": answer + 0 * lr},
            "rates": curves | {"lr": grid, "chosen": all_runs[zeroing]},
            "here": {"lr": lr, "far": far.clamp(max=FAR[1])},
            "far": far,
            "verdict": (far > torch.tensor(LIMITS, dtype=torch.float64)).sum(),
        }

    steps = charts.Axis("step", (0, STEPS))
    return Explorer(
        [
            Dial("lr", "learning rate", rates[0], rates[1], start[0], steps=rates[2], form=".3f"),
            Menu("zeroing", "zero the gradient", list(moments), start[1]),
        ],
        figure,
        [
            charts.panel(
                *charts.dotted("walk", "step", "w", color=COLORS[1]),
                charts.rules("answer", y="w"),
                x=steps,
                y=charts.Axis("w", (answer - 3, answer + 3)),
            ),
            charts.panel(
                charts.line("walk", "step", "held", color=COLORS[1], name="in w.grad"),
                charts.line(
                    "walk", "step", "slope", color=COLORS[0], name="slope at w", dash=(5, 4)
                ),
                x=steps,
                y=charts.Axis("gradient", (-45, 45)),
            ),
            charts.panel(
                *(charts.line("rates", "lr", run, color="gray") for run in curves),
                charts.line("rates", "lr", "chosen", color=COLORS[1]),
                charts.dots("here", "lr", "far", color=COLORS[1]),
                x=charts.Axis("learning rate", rates[:2]),
                y=charts.Axis(f"farthest from {answer:g}, last {LATE} steps", FAR, log=True),
            ),
        ],
        caption=caption,
        alt_text=f"First: w after each step of the chosen run, and a line at {answer:g}. "
        "Second: what w.grad holds at each step, and the slope of the cost there. Third: the "
        f"largest distance from the answer in the last {LATE} steps against the learning "
        "rate, with a curve for each moment of zeroing and a dot at the chosen run.",
        sentence=f"In the last {LATE} steps w is at most {{far:.3g}} away from {answer:g}: "
        "{verdict}.",
        phrases={"verdict": VERDICTS},
        walks={"walk": walk_of},
    )
