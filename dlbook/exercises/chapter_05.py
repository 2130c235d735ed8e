"""Checks of chapter 05, gradients without algebra."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from dlbook.data import Samples, line
from dlbook.descent import descend_line
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind

X, Y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
CURVATURE = 28 / 3
PERIOD = 12
# Rates at which 1, 2, …, 5 turns take twelve steps; with 2, 3 and 4 the walk repeats sooner.
TURNS = tuple(2 / CURVATURE * (1 - math.cos(math.tau * k / PERIOD)) for k in range(1, 6))


@exercise("5.1", OnPage(slips=(4.0, 2.772589)))
def slope_of_a_power(answer: Any) -> None:
    """The slope of w to the power w at 2: w^w (ln w + 1)."""
    value = expect.number(answer)
    slips: dict[float, str] = {
        4.0: "is the slope with a constant exponent, w · w^(w − 1). Both uses of w count.",
        4 * math.log(2): "is the slope with a constant base, w^w · ln w. Both uses of w count.",
    }
    expect.no_slip(value, slips)
    hint = "Let w = torch.tensor(2.0, requires_grad=True) and differentiate w**w, both uses of w."
    expect.close(value, 4 * (math.log(2) + 1), hint=hint, tolerance=1e-3)


@exercise("5.2", OnPage(slips=(12, 24)))
def three_passes(answer: Any) -> None:
    """What three backward passes of w³ at w = 2 leave in w.grad."""
    value = expect.number(answer)
    one_pass = 3 * 2**2
    slips: dict[float, str] = {
        one_pass: "is what one pass gives. Nothing was zeroed between the three.",
        2 * one_pass: "is two slopes, or three times the value w³. Three slopes add up.",
    }
    if value in slips:
        raise NotYet(f"{value:g} {slips[value]}")
    hint = "The slope of w³ is 3w². Gradients add up."
    expect.close(value, 3 * one_pass, hint=hint, tolerance=1e-6)


@exercise("5.3")
def small_weights(answer: Any) -> None:
    """Ask for `small_weights`: n normal random numbers times a scale, as a leaf."""
    for n, scale in ((2000, 0.1), (3000, 2.0)):
        call = f"small_weights({n}, {scale:g})"
        weights = expect.result(answer, n, scale, call=call)
        expect.tensor(weights, (n,), call=call)
        if not weights.is_leaf:
            raise NotYet(f"{call} is no leaf: it was computed from a tensor that requires grad.")
        if not weights.requires_grad:
            raise NotYet(f"{call} does not require a gradient.")
        spread = weights.detach().std().item()
        if not 0.9 * scale < spread < 1.1 * scale:
            normal = "" if abs(spread - 1) > 0.1 else " Multiply by the scale."
            raise NotYet(
                f"{call} has the standard deviation {spread:.3g}, not about {scale:g}.{normal}"
            )


@exercise("5.4")
def fit_line(answer: Any) -> None:
    """Ask for `fit_line`: gradient descent for w and b with gradients from autograd."""
    for samples, lr, steps in ((Samples(X, Y), 0.05, 1), (line(30, seed=2), 0.1, 25)):
        x, y = samples.x.flatten(), samples.y.flatten()
        call = f"fit_line(x, y, {lr:g}, {steps}) on {len(x)} samples"
        got = expect.tensor(expect.result(answer, x, y, lr, steps, call=call), (2,), call=call)
        last = descend_line(samples, lr, epochs=steps).iloc[-1]
        want = torch.tensor(last[["w", "b"]].tolist())
        slips = {
            "Is the gradient removed before each backward pass?": _fitted(x, y, lr, steps, keep=1),
            "The step goes against the gradient.": _fitted(x, y, -lr, steps),
            "The cost is the mean of the squares, not the sum.": _fitted(x, y, lr * len(x), steps),
            "w comes first, then b.": want.flip(0),
        }
        told = (words for words, slip in slips.items() if expect.alike(got, slip, tolerance=1e-4))
        hint = next(told, "Each step: forget the old gradient, forward, backward, update.")
        expect.close(got, want, call=call, hint=hint, tolerance=1e-4)


def _fitted(x: Tensor, y: Tensor, lr: float, steps: int, *, keep: float = 0) -> Tensor:
    """Slope and intercept after some steps, each with a part of the gradients before it."""
    w, held = torch.zeros(2), torch.zeros(2)
    for _ in range(steps):
        error = x * w[0] + w[1] - y
        held = keep * held + 2 * torch.stack(((x * error).mean(), error.mean()))
        w = w - lr * held
    return w


@exercise("5.5")
def gradient_in_pieces(answer: Any) -> None:
    """Ask for `gradient_in_pieces`: the gradient of the whole mean, with graphs of one piece."""
    samples = line(11, seed=5)
    x, y = samples.x.flatten(), samples.y.flatten()
    for size in (4, 11):
        call = f"gradient_in_pieces(w, x, y, {size}) on 11 samples"
        w, kept = torch.tensor(0.5, requires_grad=True), _Kept()
        with saved_tensors_hooks(kept.pack, lambda tensor: tensor):
            got = expect.number(expect.result(answer, w, x, y, size, call=call), call)
        if kept.largest > size:
            raise NotYet(f"{call} made a graph that keeps {kept.largest} numbers in one tensor.")
        want = (2 * x * (0.5 * x - y)).mean()
        hint = "Each sample must count the same, also those of the last piece."
        expect.close(got, want, call=call, hint=hint, tolerance=1e-4)
        if w.grad is None:
            raise NotYet(
                "the number is right, but w.grad is empty. Call backward() for each piece."
            )


class _Kept:
    """Notes the largest tensor that a graph keeps."""

    def __init__(self) -> None:
        self.largest = 0

    def pack(self, tensor: Tensor) -> Tensor:
        """Let the tensor pass, and remember its size."""
        self.largest = max(self.largest, tensor.numel())
        return tensor.detach()


@exercise("5.6")
def leaves_of(answer: Any) -> None:
    """Ask for `leaves_of`: the leaves that backward would reach, each once."""
    w, b, x = (torch.tensor(value, requires_grad=need) for value, need in
               ((1.0, True), (2.0, True), (3.0, False)))  # fmt: skip
    cases = {"w**3": (w**3, {"w": w}), "(x * w + b) * w": ((x * w + b) * w, {"w": w, "b": b}),
             "x * w + b.detach()": (x * w + b.detach(), {"w": w})}  # fmt: skip
    for formula, (result, leaves) in cases.items():
        call = f"leaves_of({formula})"
        got = expect.result(answer, result, call=call)
        if not isinstance(got, list | tuple) or not all(isinstance(t, Tensor) for t in got):
            raise NotYet(f"{call} should be a list of tensors, got {kind(got)}.")
        if len(got) > len({id(t) for t in got}):
            raise NotYet(f"{call} holds a leaf twice. Remember which notes you have visited.")
        if {id(t) for t in got} != {id(t) for t in leaves.values()}:
            raise NotYet(
                f"{call} should hold exactly {' and '.join(leaves)}, the leaves themselves, got "
                f"{len(got)} tensors. Leave out what is detached."
            )


@exercise("5.7", OnPage(slips=TURNS))
def period_of_twelve(answer: Any) -> None:
    """A learning rate with which the walk that never zeroes repeats itself every 12 steps."""
    rate = expect.number(answer)
    if not 0 < rate < 4 / CURVATURE:
        raise NotYet(f"with {rate:g} the walk does not swing; look between 0 and 0.4286.")
    distances = _never_zeroed(rate)
    if not _repeats(distances, PERIOD):
        raise NotYet(
            f"with {rate:g} steps {PERIOD} and {PERIOD + 1} are at {2 - distances[PERIOD]:.4f} and "
            f"{2 - distances[PERIOD + 1]:.4f}, steps 0 and 1 at 1 and {2 - distances[1]:.4f}. "
            "Twelve times the angle θ must be a whole number of turns."
        )
    early = [t for t in range(1, PERIOD) if _repeats(distances, t)]
    if early:
        raise NotYet(f"with {rate:g} the walk repeats itself already at step {early[0]}.")


def _never_zeroed(rate: float) -> list[float]:
    """The distances 2 − w, divided by the first, of the walk whose gradients add up."""
    distances, total = [1.0], 0.0
    for _ in range(PERIOD + 1):
        total += CURVATURE * distances[-1]
        distances.append(distances[-1] - rate * total)
    return distances


def _repeats(distances: list[float], step: int) -> bool:
    """Whether place and speed are those of the start, so that the motion repeats."""
    return abs(distances[step] - 1) < 1e-3 and abs(distances[step + 1] - distances[1]) < 1e-3
