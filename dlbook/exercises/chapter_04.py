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
SLIPS = {  # learning rates of 4.6
    0.0901: " At 1/λ of the steep direction the flat one loses only 2 % in a step.",
    0.1803: " On the border the steep direction never comes to rest.",
    0.1765: " In the long run it is the best, but 50 steps are too few for the steep direction.",
}


@exercise("4.1", OnPage(slips=(3.93333, 0.2, -0.933333, 0.933333)))
def one_step(answer: Any) -> None:
    """Where one step with learning rate 0.1 leads from w = 3, on the three points."""
    slope = (2 * X * (X * 3 - Y)).mean().item()
    value = expect.number(answer)
    slips = {
        3 + 0.1 * slope: "is where a step along the gradient leads. Mind the sign.",
        3 - 0.1 * 3 * slope: "is where the gradient of the sum leads. The cost is a mean.",
        -0.1 * slope: "is the step. Where does it lead from w = 3?",
        0.1 * slope: "is the length of the step. Where does it lead from w = 3?",
    }
    expect.no_slip(value, slips)
    hint = f"The slope at w = 3 is {slope:.4f}; walk 0.1 times as far, against it."
    expect.close(value, 3 - 0.1 * slope, hint=hint, tolerance=1e-3)


@exercise("4.2")
def gradient(answer: Any) -> None:
    """Ask for `line_slopes`: both partial derivatives of the mean squared error, shape (2,)."""

    def both(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
        error = x * w + b - y
        return 2 * torch.stack(((x * error).mean(), error.mean()))

    def without_model(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
        return both(1.0, 0.0, x, y)

    slips = {
        "It is half of that: the derivative of a square brings a factor 2.": lambda *case: (
            both(*case) / 2
        ),
        "That is the gradient of the sum. The cost is a mean over the samples.": lambda *case: (
            both(*case) * len(case[2])
        ),
        "The derivative by w comes first, then that by b.": lambda *case: both(*case).flip(0),
        "The sign is turned round: the error is prediction minus target.": lambda *case: (
            -both(*case)
        ),
        "The prediction is w * x + b, not x.": without_model,
    }
    samples = line(15, seed=4)
    x, y = samples.x.flatten(), samples.y.flatten()
    cases = [(0.5, -2.0, X, Y), (1.0, 0.0, X, Y), (-1.0, 3.0, x, y)]
    expect.same_for_all(answer, both, cases, name="line_slopes", slips=slips)


@exercise("4.3")
def border(answer: Any) -> None:
    """Ask for `border_of`: the learning rate at which descent on ŷ = xw begins to diverge."""

    def curvature(x: Tensor) -> Tensor:
        return 2 * x.square().mean()

    slips = {
        "That is the curvature λ. The border is 2/λ.": curvature,
        "With 1/λ one step lands on the minimum. The border is twice as large.": lambda x: (
            1 / curvature(x)
        ),
        "The square brings a factor 2 into the curvature: λ = 2 · mean of x².": lambda x: (
            4 / curvature(x)
        ),
        "The cost is a mean over the samples, not a sum.": lambda x: 2 / (curvature(x) * len(x)),
        "The mean of the squares is needed, not the square of the mean.": lambda x: (
            1 / x.mean().square()
        ),
    }
    cases = [(X,), (torch.arange(1.0, 6.0),), (torch.tensor([10.0, -10.0]),)]
    expect.same_for_all(answer, lambda x: 2 / curvature(x), cases, name="border_of", slips=slips)


@exercise("4.4")
def minimize(answer: Any) -> None:
    """Ask for `minimize`: a walk until the gradient is short, as (point, steps)."""
    before = "Test the gradient before each step: this start needs none, for 6 is not above 6."
    cases: list[tuple[Any, float, float, float, str]] = [
        (lambda w: 2 * (w - 3), 0.0, 0.1, 6.0, before),
        (lambda w: 2 * (w - 3), 0.0, 0.1, 1e-3, "Go on as long as |gradient| > tolerance."),
        (lambda w: 2 * (w - 3), 6.0, 0.1, 1e-3, "Test the *absolute value* of the gradient."),
        (lambda w: 4 * w**3, 1.0, 0.05, 1e-2, "Compute the gradient anew for each step."),
    ]
    for slope, start, lr, tolerance, hint in cases:
        call = f"minimize(gradient, {start:g}, {lr:g}, {tolerance:g})"
        got = expect.result(answer, slope, start, lr, tolerance, call=call)
        asked = f"{call} should return a pair: the point and the number of steps"
        point, count = expect.several(got, 2, asked)
        w, steps = start, 0
        while abs(slope(w)) > tolerance:
            w, steps = w - lr * slope(w), steps + 1
        for part, value, want in (("point", point, w), ("number of steps", count, steps)):
            what = f"the {part} of {call}"
            expect.close(expect.number(value, what), want, call=what, hint=hint, tolerance=1e-6)


@exercise("4.5")
def saddle_or_not(answer: Any) -> None:
    """Ask for `kind`: the name of a stationary point, from its Hessian."""
    cases = [
        ("minimum", [[2.0, 1.0], [1.0, 4.0]], "Both eigenvalues are positive."),
        ("saddle", [[1.0, 3.0], [3.0, 1.0]], "The diagonal is not enough: eigenvalues are 4, −2."),
        ("maximum", [[-1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, -0.5]], "All are negative."),
        (
            "saddle",
            [[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, -0.5]],
            "Eigenvalues of both signs make a saddle; the determinant does not show it here.",
        ),
    ]
    for kind, rows, why in cases:
        call = f"kind({rows})"
        got = expect.result(answer, torch.tensor(rows), call=call)
        if not (isinstance(got, str) and got == kind):
            raise NotYet(
                f"{call} should be {kind!r}, got {shown(got)}. {why} Look at the signs of eigvalsh."
            )


@exercise("4.6", OnPage(slips=tuple(SLIPS)))
def fastest_rate(answer: Any) -> None:
    """A learning rate with which 50 steps from (0, 0) on the three points end below 0.0014."""
    rate = expect.number(answer)
    if not 0 < rate < 1:
        raise NotYet(f"{rate:g} is no learning rate for this problem; look between 0 and 0.18.")
    cost = descend_line(Samples(X, Y), rate, epochs=STEPS)["cost"].iloc[-1]
    if not cost < LOW_COST:
        words = next((words for slip, words in SLIPS.items() if abs(rate - slip) < 1e-4), "")
        raise NotYet(
            f"with {rate:g} the cost after {STEPS} steps is {cost:.3g}. A cost below {LOW_COST:g} "
            f"is possible: try many rates below the border 0.1803, a few thousandths apart.{words}"
        )
