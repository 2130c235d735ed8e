"""Checks of chapter 03, a model with one knob."""

import math
from typing import Any

import torch
from torch import Tensor

from dlbook.data import Samples, line
from dlbook.descent import line_cost
from dlbook.exercises import expect
from dlbook.exercises.endless import counted
from dlbook.exercises.registry import OnPage, exercise

X, Y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
FEWER_THAN = 1000  # calls of f
COSTS = {  # answers to 3.1
    3.5: "is the sum of the three losses; the cost is their mean.",
    1.0: "is the mean of the errors without their signs. Square each error first, then average.",
    -1.0: "is the mean of the errors. Square each error first, then average.",
    1.0801234: "is the root of the mean squared error. Leave the root out.",
    0.5833333: "is half of the mean squared error. There is no factor 1/2 in it.",
    9.0: "is the square of the sum. Square each error first, then average.",
}
SLOPES = {  # answers to 3.4
    20.0: "is the place in the grid. Which slope stands there?",
    5.6: "is where the errors cancel: they add up to 0. Take the absolute value of each.",
    0.0: "makes the errors negative, not small. Take the absolute value of each.",
    4.9: "minimizes the mean squared error; take absolute values instead.",
}


@exercise("3.1", OnPage(slips=tuple(COSTS)))
def cost_at_one_and_a_half(answer: Any) -> None:
    """The mean squared error of w = 1.5 on the three points."""
    expected = line_cost(Samples(X, Y), torch.tensor(1.5)).item()
    value = expect.number(answer)
    expect.no_slip(value, COSTS)
    near = abs(value - expected) < 0.04
    rounded = "It is close: three digits after the point are needed."
    hint = rounded if near else "Take the three errors, square each, and average."
    expect.close(value, expected, hint=hint, tolerance=1e-3)


@exercise("3.2")
def cost_of_many(answer: Any) -> None:
    """Ask for `many_costs`: the costs of k slopes at once, shape (k,)."""

    def errors(w: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return x * w[:, None] - y

    def cost(w: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return errors(w, x, y).square().mean(dim=1)

    slips: expect.Slips = {
        "This averages over the slopes. The samples are in dim=1.": lambda *case: (
            errors(*case).square().mean(dim=0)
        ),
        "These are sums. The cost is a mean over the samples.": lambda *case: (
            errors(*case).square().sum(dim=1)
        ),
        "Each slope has met one sample only. w[:, None] lets it meet all of them.": (
            lambda w, x, y: (x * w - y).square() if len(w) == len(x) else math.nan
        ),
        "These are means of the errors. Square them first.": lambda *case: errors(*case).mean(
            dim=1
        ),
        "These are means of absolute errors. Square the errors.": lambda *case: (
            errors(*case).abs().mean(dim=1)
        ),
        "Square the errors before they are averaged, not their mean.": lambda *case: (
            errors(*case).mean(dim=1).square()
        ),
        "These are the roots of the costs.": lambda *case: cost(*case).sqrt(),
        "There is no factor 1/2 in the mean squared error.": lambda *case: cost(*case) / 2,
    }
    cases = [
        (torch.tensor([1.0, 2.0, -1.0]), X, torch.tensor([2.0, 4.0, 1.0])),
        (torch.linspace(0, 4, 5), X, Y),
        (torch.tensor([1.0, -2.0]), torch.arange(7.0), torch.linspace(6, 3, 7)),
    ]
    expect.same_for_all(answer, cost, cases, name="many_costs", slips=slips)


@exercise("3.3")
def best_slope(answer: Any) -> None:
    """The slope Σxy / Σx² that minimizes the mean squared error without an intercept."""

    def slope(x: Tensor, y: Tensor) -> Tensor:
        return (x * y).sum() / (x * x).sum()

    slips: expect.Slips = {
        "That is the mean of y / x, another number where the samples do not lie on one line.": (
            lambda x, y: (y / x).mean()
        ),
        "The fraction stands upside down: it is B/A.": lambda x, y: 1 / slope(x, y),
        "That is the slope to predict x from y. Divide by the mean of x².": lambda x, y: slope(
            y, x
        ),
        "That is the mean of y over the mean of x. Take the means of xy and of x².": (
            lambda x, y: y.mean() / x.mean()
        ),
        "A is the mean of the squares, not the square of the mean.": lambda x, y: (
            (x * y).mean() / x.mean().square()
        ),
        "That is B, the mean of xy. Divide it by A, the mean of x².": lambda x, y: (x * y).mean(),
        "That is the sum of xy. Divide it by the sum of x².": lambda x, y: (x * y).sum(),
        "That line has an intercept. This one goes through the origin.": lambda x, y: slope(
            x - x.mean(), y - y.mean()
        ),
    }
    noisy = line(20, seed=3)
    cases = [(X, torch.tensor([1.0, 5.0, 2.0])), (X, Y), (noisy.x.flatten(), noisy.y.flatten())]
    expect.same_for_all(answer, slope, cases, name="best_slope", slips=slips)


@exercise("3.4", OnPage(slips=tuple(SLOPES)))
def absolute_error(answer: Any) -> None:
    """The slope on the grid 0, 0.1, …, 6 that minimizes the mean absolute error with an outlier."""
    y = torch.tensor([2.0, 4.0, 60.0, 8.0, 10.0])
    x = torch.arange(1.0, 6.0)
    grid = torch.arange(61) * 0.1
    errors = x * grid[:, None] - y
    value = expect.number(answer)
    expect.no_slip(value, SLOPES)
    expected = grid[errors.abs().mean(dim=1).argmin()].item()
    hint = "Use (x * w - y).abs().mean() for each w of the grid, then argmin."
    expect.close(value, expected, hint=hint, tolerance=1e-3)


@exercise("3.5")
def ternary_search(answer: Any) -> None:
    """Ask for `search`: the minimum of a function with one valley, to 1e-4."""
    valleys = {-0.7: (-5.0, 1.0), 2.0: (0.0, 4.0), 3.25: (3.0, 9.0)}
    for place, (low, high) in valleys.items():

        def f(w: float, place: float = place) -> float:
            return abs(w - place) + (w - place) ** 2

        call = f"search(f, {low:g}, {high:g}) with the valley at {place:g}"
        f_counted = counted(f, most=FEWER_THAN - 1)
        got = expect.number(expect.result(answer, f_counted, low, high, call=call), call)
        hint = _slip_of_search(got, place, low, high)
        expect.close(got, place, call=call, hint=hint, tolerance=1e-4)


def _slip_of_search(got: float, place: float, low: float, high: float) -> str:
    """What to tell who has found another place than that of the valley."""
    if abs(got - place) < (high - low) / 50:
        return "It is close, but not to 0.0001. Go on until the interval is shorter than that."
    if min(abs(got - low), abs(got - high)) < (high - low) / 50:
        return "That is an end of the interval. Keep the side on which the cost is lower."
    if abs(got) < 1e-3:  # the lowest cost is 0, and no valley lies there
        return "That is the lowest cost. Asked is the place where it lies."
    return "Throw away the third of the interval beside the higher cost."
