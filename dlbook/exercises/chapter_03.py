"""Checks of chapter 03, a model with one knob."""

from typing import Any

import torch
from torch import Tensor

from dlbook.data import Samples, line
from dlbook.descent import line_cost
from dlbook.exercises import expect
from dlbook.exercises.endless import counted
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise

X, Y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
FEWER_THAN = 1000  # calls of f


@exercise("3.1")
def cost_at_one_and_a_half(answer: Any) -> None:
    """The mean squared error of w = 1.5 on the three points."""
    expected = line_cost(Samples(X, Y), torch.tensor(1.5)).item()
    value = expect.number(answer)
    if abs(value - 3 * expected) < 1e-3:
        raise NotYet(f"{value:g} is the sum of the three losses; the cost is their mean.")
    hint = "Take the three errors, square each, and average."
    expect.close(value, expected, hint=hint, tolerance=1e-3)


@exercise("3.2")
def cost_of_many(answer: Any) -> None:
    """Ask for `many_costs`: the costs of k slopes at once, shape (k,)."""

    def cost(w: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return ((x * w[:, None] - y) ** 2).mean(dim=1)

    cases = [
        (torch.linspace(0, 4, 5), X, Y),
        (torch.tensor([1.0, -2.0]), torch.arange(7.0), torch.linspace(6, 3, 7)),
        (torch.tensor([1.0, 2.0, -1.0]), X, Y),
    ]
    expect.same_for_all(answer, cost, cases, name="many_costs")


@exercise("3.3")
def best_slope(answer: Any) -> None:
    """The slope Σxy / Σx² that minimizes the mean squared error without an intercept."""

    def slope(x: Tensor, y: Tensor) -> Tensor:
        return (x * y).sum() / (x * x).sum()

    noisy = line(20, seed=3)
    cases = [(X, Y), (noisy.x.flatten(), noisy.y.flatten()), (X, torch.tensor([1.0, 5.0, 2.0]))]
    expect.same_for_all(answer, slope, cases, name="best_slope")


@exercise("3.4", OnPage(slips=(4.9,)))
def absolute_error(answer: Any) -> None:
    """The slope on the grid 0, 0.1, …, 6 that minimizes the mean absolute error with an outlier."""
    y = torch.tensor([2.0, 4.0, 60.0, 8.0, 10.0])
    x = torch.arange(1.0, 6.0)
    grid = torch.arange(61) * 0.1
    errors = x * grid[:, None] - y
    value = expect.number(answer)
    by_squares = grid[errors.square().mean(dim=1).argmin()].item()
    if abs(value - by_squares) < 1e-3:
        raise NotYet(f"{value:g} minimizes the mean *squared* error; take absolute values instead.")
    expected = grid[errors.abs().mean(dim=1).argmin()].item()
    hint = "Use (x * w - y).abs().mean() for each w of the grid, then argmin."
    expect.close(value, expected, hint=hint, tolerance=1e-3)


@exercise("3.5")
def ternary_search(answer: Any) -> None:
    """Ask for `search`: the minimum of a function with one valley, to 1e-4."""
    valleys = {2.0: (0.0, 4.0), -0.7: (-5.0, 1.0), 3.25: (3.0, 9.0)}
    for place, (low, high) in valleys.items():

        def f(w: float, place: float = place) -> float:
            return abs(w - place) + (w - place) ** 2

        call = f"search(f, {low:g}, {high:g}) with the valley at {place:g}"
        f_counted = counted(f, most=FEWER_THAN - 1)
        got = expect.number(expect.result(answer, f_counted, low, high, call=call), call)
        hint = "Throw away the third of the interval beside the higher cost."
        expect.close(got, place, call=call, hint=hint, tolerance=1e-4)
