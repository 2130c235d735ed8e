"""Checks of chapter 04, walking downhill."""

from typing import Any

import torch
from torch import Tensor

from dlbook.data import Samples, line
from dlbook.descent import descend_line
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import shown

X, Y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
STEPS, LOW_COST = 50, 1.4e-3


@exercise("4.1", OnPage(slips=(3.93333,)))
def one_step(answer: Any) -> None:
    """Where one step with learning rate 0.1 leads from w = 3, on the three points."""
    slope = (2 * X * (X * 3 - Y)).mean().item()
    value = expect.number(answer)
    if abs(value - (3 + 0.1 * slope)) < 1e-3:
        raise NotYet(f"{value:g} is where a step *along* the gradient leads. Mind the sign.")
    hint = f"The slope at w = 3 is {slope:.4f}; walk 0.1 times as far, against it."
    expect.close(value, 3 - 0.1 * slope, hint=hint, tolerance=1e-3)


@exercise("4.2")
def gradient(answer: Any) -> None:
    """Ask for `line_slopes`: both partial derivatives of the mean squared error, shape (2,)."""

    def both(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
        error = x * w + b - y
        return 2 * torch.stack(((x * error).mean(), error.mean()))

    samples = line(15, seed=4)
    x, y = samples.x.flatten(), samples.y.flatten()
    cases = [(1.0, 0.0, X, Y), (0.5, -2.0, X, Y), (-1.0, 3.0, x, y)]
    expect.same_for_all(answer, both, cases, name="line_slopes")


@exercise("4.3")
def border(answer: Any) -> None:
    """Ask for `border_of`: the learning rate at which descent on ŷ = xw begins to diverge."""

    def two_over_curvature(x: Tensor) -> Tensor:
        return 2 / (2 * x.square().mean())

    cases = [(X,), (torch.arange(1.0, 6.0),), (torch.tensor([10.0, -10.0]),)]
    expect.same_for_all(answer, two_over_curvature, cases, name="border_of")


@exercise("4.4")
def minimize(answer: Any) -> None:
    """Ask for `minimize`: a walk until the gradient is short, as (point, steps)."""
    cases: list[tuple[Any, float, float, float]] = [
        (lambda w: 2 * (w - 3), 0.0, 0.1, 1e-3),
        (lambda w: 2 * (w - 3), 0.0, 0.1, 6.0),
        (lambda w: 4 * w**3, 1.0, 0.05, 1e-2),
    ]
    for slope, start, lr, tolerance in cases:
        call = f"minimize(gradient, {start:g}, {lr:g}, {tolerance:g})"
        got = expect.result(answer, slope, start, lr, tolerance, call=call)
        asked = f"{call} should return a pair: the point and the number of steps"
        point, count = expect.several(got, 2, asked)
        w, steps = start, 0
        while abs(slope(w)) > tolerance:
            w, steps = w - lr * slope(w), steps + 1
        hint = "Test the gradient before each step, and count the steps."
        for part, value, want in (("point", point, w), ("number of steps", count, steps)):
            what = f"the {part} of {call}"
            expect.close(expect.number(value, what), want, call=what, hint=hint, tolerance=1e-6)


@exercise("4.5")
def saddle_or_not(answer: Any) -> None:
    """Ask for `kind`: the name of a stationary point, from its Hessian."""
    cases = [
        ("minimum", torch.tensor([[2.0, 1.0], [1.0, 4.0]])),
        ("maximum", torch.diag(torch.tensor([-1.0, -2.0, -0.5]))),
        ("saddle", torch.tensor([[1.0, 3.0], [3.0, 1.0]])),
        ("saddle", torch.diag(torch.tensor([1.0, -2.0, -0.5]))),
    ]
    for kind, hessian in cases:
        call = f"kind({hessian.tolist()})"
        got = expect.result(answer, hessian, call=call)
        if not (isinstance(got, str) and got == kind):
            raise NotYet(
                f"{call} should be {kind!r}, got {shown(got)}. Look at the signs of eigvalsh."
            )


@exercise("4.6")
def fastest_rate(answer: Any) -> None:
    """A learning rate with which 50 steps from (0, 0) on the three points end below 0.0014."""
    rate = expect.number(answer)
    if not 0 < rate < 1:
        raise NotYet(f"{rate:g} is no learning rate for this problem; look between 0 and 0.18.")
    cost = descend_line(Samples(X, Y), rate, epochs=STEPS)["cost"].iloc[-1]
    if not cost < LOW_COST:
        raise NotYet(
            f"with {rate:g} the cost after {STEPS} steps is {cost:.3g}. It can be below "
            f"{LOW_COST:g}: try many rates below the border 0.1803, a few thousandths apart."
        )
