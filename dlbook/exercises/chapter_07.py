"""Checks of chapter 07, the chain rule, organized."""

import math
from typing import Any

import torch

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise
from dlbook.exercises.words import shown

Edges = list[tuple[str, str, float]]
GRAPHS: list[tuple[list[str], Edges]] = [
    (["a", "b", "c"], [("a", "b", 2.0), ("b", "c", -3.0)]),
    (
        ["a", "b", "c", "d", "e"],
        [("a", "c", 1.0), ("b", "c", 1.0), ("b", "d", 1.0), ("c", "e", 2.0), ("d", "e", 3.0)],
    ),
    (
        ["w", "x", "u", "s", "y"],
        [("u", "y", 0.5), ("w", "u", 2.0), ("x", "u", 4.0), ("s", "y", 3.0), ("u", "s", 0.25)],
    ),
    (["x", "y", "aside", "end"], [("x", "y", 2.0), ("x", "y", 5.0), ("y", "end", 1.5)]),
]

HINTS = {
    "W": "Write W2 (W1 x + b1) + b2 without the brackets: which matrix stands on the left?",
    "b": "Write W2 (W1 x + b1) + b2 without the brackets: what becomes of b1, and of b2?",
}
SOFTPLUS = {
    "result": "The result is log(1 + e^z). Take e^z out of the sum where z is large.",
    "local derivative": "Differentiate log(1 + e^z) by the chain rule, and compare with sigmoid.",
}
COLLECT = (
    "A node gets, from each node that uses it, the slope times the gradient of that node; "
    "start at the end, and add with +=."
)


@exercise("7.1")
def two_paths(answer: Any) -> None:
    """The derivative of (a + b)(b + 1) by b at a = 3, b = 4."""
    value, (a, b) = expect.number(answer), (3, 4)
    through_c, through_d = b + 1, a + b
    if value in (through_c, through_d):
        raise NotYet(f"{value:g} is what one of the two paths from b contributes. Add the other.")
    if value == through_c * through_d:
        raise NotYet(f"{value:g} is e itself, or the product of two paths; paths add up.")
    hint = "Two paths lead from b to e. Multiply along each, then add."
    expect.close(value, through_c + through_d, hint=hint, tolerance=1e-6)


@exercise("7.2")
def softplus(answer: Any) -> None:
    """Ask for `softplus`: a number to (log(1 + exp(z)), the local derivative)."""
    for z in (0.0, 1.5, -3.0, 1000.0, -1000.0):
        call = f"softplus({z:g})"
        got = expect.result(answer, z, call=call)
        asked = f"{call} should return a pair: the result and the local derivative"
        pair, exact = expect.several(got, 2, asked), torch.tensor(z, dtype=torch.float64)
        wants = (torch.logaddexp(exact, torch.zeros_like(exact)), torch.sigmoid(exact))
        slips = {
            "This falls as z grows, but softplus gets ever steeper.": 1 - wants[1],
            "This is the derivative of the sigmoid itself.": wants[1] * (1 - wants[1]),
        }
        for value, want, (name, hint) in zip(pair, wants, SOFTPLUS.items(), strict=True):
            what = f"the {name} of {call}"
            number = expect.number(value, what)
            if name == "local derivative" and abs(z) < 10:  # beyond, slips are right numbers
                made = (
                    w for w, slip in slips.items() if expect.alike(number, slip, tolerance=1e-6)
                )
                hint = next(made, hint)
            expect.close(number, want, call=what, hint=hint, tolerance=1e-6)


@exercise("7.3")
def hat(answer: Any) -> None:
    """The three weights that make a hat of ReLUs with corners at 0, 1 and 2."""
    v = expect.tensor(answer, (3,)).double()
    if v.tolist() == [1, -1, 0]:
        raise NotYet("these are the slopes of the pieces. A weight is the change of slope.")
    if v.tolist() == [0, 1, 0]:
        raise NotYet("these are the heights at the corners. A weight is the change of slope.")
    x = torch.tensor([-1.0, 0.5, 1.0, 1.5, 2.0, 5.0], dtype=torch.float64)
    heights = torch.relu(x[:, None] - torch.arange(3)) @ v
    for at, got, want in zip(x, heights, torch.relu(1 - (x - 1).abs()), strict=True):
        hint = f"That is the height at x = {at:g}, where the hat has {want:g}. A weight is the "
        expect.close(got, want, hint=hint + "change of slope at its corner.", tolerance=1e-6)


@exercise("7.4")
def merge(answer: Any) -> None:
    """Ask for `merge`: weight and bias of the one layer that replaces two linear ones."""
    generator = torch.Generator().manual_seed(7)
    for inputs, hidden, outputs in ((2, 3, 1), (4, 4, 4)):
        W1, W2 = (
            torch.randn(shape, generator=generator, dtype=torch.float64)
            for shape in ((hidden, inputs), (outputs, hidden))
        )
        b1, b2 = (
            torch.randn(size, generator=generator, dtype=torch.float64)
            for size in (hidden, outputs)
        )
        call = f"merge for {inputs} → {hidden} → {outputs}"
        right = (W2 @ W1, W2 @ b1 + b2)
        got = expect.result(answer, W1, b1, W2, b2, call=call)
        parts = expect.several(got, 2, f"{call} should return a pair: the weights and the bias")
        for part, want, name in zip(parts, right, ("W", "b"), strict=True):
            what, hint = f"{name} of {call}", HINTS[name]
            part = expect.tensor(part, tuple(want.shape), call=what)
            expect.close(part, want, call=what, hint=hint, tolerance=1e-5)


@exercise("7.5")
def gradients_of(answer: Any) -> None:
    """Ask for `gradients_of`: backpropagation on a graph that is given as data."""
    for order, edges in GRAPHS:
        call = f"gradients_of({order}, …)"
        got = expect.result(answer, order, edges, call=call)
        if not isinstance(got, dict) or set(got) != set(order):
            raise NotYet(
                f"{call} should be a dictionary with the keys {', '.join(order)}, got {shown(got)}."
            )
        for name, want in _gradients(order, edges).items():
            what = f"the gradient of {name!r} in {call}"
            value = expect.number(got[name], what)
            expect.close(value, want, call=what, hint=COLLECT, tolerance=1e-9)


@exercise("7.6")
def weight_factor(answer: Any) -> None:
    """The factor that makes ReLU layers keep the length of a gradient: about the root of 2."""
    value = expect.number(answer)
    if abs(value - 2) < 0.05:
        raise NotYet(
            "with 2 the squared length grows by 4 · ½ in every layer. Which factor gives 1?"
        )
    if abs(value - math.sqrt(0.5)) < 0.02:
        raise NotYet(f"{value:.3g} is what a layer leaves of the length. Make up for it.")
    hint = "The squared length is halved by ReLU and multiplied by the factor squared. Run it."
    expect.close(value, math.sqrt(2), hint=hint, tolerance=0.01)


def _gradients(order: list[str], edges: Edges) -> dict[str, float]:
    grads = dict.fromkeys(order[:-1], 0.0) | {order[-1]: 1.0}
    for name in reversed(order):
        for source, target, slope in edges:
            if target == name:
                grads[source] += slope * grads[name]
    return grads
