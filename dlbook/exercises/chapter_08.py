"""Checks of chapter 08, full batch, mini-batch, one sample."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from dlbook.descent import descend, optimize
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise

STEPS, LOW_COST = 60, 1e-6


@exercise("8.1")
def updates(answer: Any) -> None:
    """Updates in ten epochs over 60,000 samples at batch size 128, partial batches kept."""
    value = expect.number(answer)
    samples, batch_size, epochs = 60_000, 128, 10
    batches = math.ceil(samples / batch_size)
    if value == batches:
        raise NotYet(f"{value:g} is one epoch; there are ten.")
    if value == epochs * (samples // batch_size):
        raise NotYet(f"{value:g} drops the last batch of each epoch. Here it is kept: round up.")
    hint = "One epoch has 60,000 / 128 batches, rounded up."
    expect.close(value, epochs * batches, hint=hint, tolerance=1e-9)


@exercise("8.2")
def mean_loss(answer: Any) -> None:
    """Ask for `mean_loss`: the mean over all samples, from means and sizes of batches."""

    def weighted(means: Tensor, sizes: Tensor) -> Tensor:
        return (means * sizes).sum() / sizes.sum()

    cases = [
        (torch.tensor([1.0, 3.0]), torch.tensor([4, 4])),
        (torch.tensor([0.5, 0.7, 4.0]), torch.tensor([10, 10, 1])),
        (torch.tensor([2.0]), torch.tensor([7])),
    ]
    slips: expect.Slips = {
        "This counts each batch once. Weight it by its size.": lambda means, sizes: means.mean(),
        "Divide by the number of samples.": lambda means, sizes: (means * sizes).mean(),
    }
    expect.same_for_all(answer, weighted, cases, name="mean_loss", slips=slips)


@exercise("8.3")
def batch_variance(answer: Any) -> None:
    """Ask for `batch_variance`: σ²/B · (n − B)/(n − 1)."""

    def without_replacement(gradients: Tensor, size: int) -> Tensor:
        n = len(gradients)
        return gradients.var(correction=0) / size * (n - size) / (n - 1)

    few = torch.tensor([1.0, -2.0, 4.0, 0.5])
    many = torch.linspace(-1, 1, 50) ** 3
    cases: list[tuple[Any, ...]] = [(few, 1), (few, 4), (few, 2), (many, 10)]
    slips: expect.Slips = {
        "This is the variance with replacement.": lambda g, size: g.var(correction=0) / size,
        "σ² divides by n, and torch's var by n − 1 unless it gets correction=0.": lambda g, size: (
            g.var() / size * (len(g) - size) / (len(g) - 1)
        ),
    }
    expect.same_for_all(answer, without_replacement, cases, name="batch_variance", slips=slips)


@exercise("8.4")
def momentum_step(answer: Any) -> None:
    """Ask for `momentum_step`: the knobs and the velocity after one step, as a pair."""
    w, v, g = torch.tensor([1.0, -2.0]), torch.tensor([0.5, 0.5]), torch.tensor([3.0, -1.0])
    call = "momentum_step(w, v, g, 0.1, 0.9)"
    got = expect.leaves_alone(answer, w, v, g, 0.1, 0.9, call=call)
    pair = expect.several(got, 2, f"{call} should return a pair: the knobs and the velocity")
    velocity = 0.9 * v + g
    wants, hint = (
        (w - 0.1 * velocity, velocity),
        "First v ← μv + g, then w ← w − αv with the new v.",
    )
    for value, want, name in zip(pair, wants, ("knobs", "velocity"), strict=True):
        what = f"the {name} of {call}, for w = [1, -2], v = [0.5, 0.5], g = [3, -1],"
        value = expect.tensor(value, (2,), call=what)
        expect.close(value, want, call=what, hint=hint, tolerance=1e-5)


@exercise("8.5")
def momentum_border(answer: Any) -> None:
    """Ask for `momentum_border`: 2(1 + μ) over the largest eigenvalue."""

    def curvatures(hessian: Tensor) -> Tensor:
        found: Tensor = torch.linalg.eigvalsh(hessian)
        return found

    def border(hessian: Tensor, mu: float) -> Tensor:
        return 2 * (1 + mu) / curvatures(hessian).max()

    cases: list[tuple[Any, ...]] = [
        (torch.tensor([[2.0, 1.0], [1.0, 4.0]]), 0.0),
        (torch.tensor([[2.0, 1.0], [1.0, 4.0]]), 0.9),
        (torch.diag(torch.tensor([1.0, 10.0, 3.0])), 0.5),
    ]

    slips: expect.Slips = {
        "This is the border without momentum.": lambda h, mu: 2 / curvatures(h).max(),
        "The steepest direction diverges first: the largest eigenvalue.": lambda h, mu: (
            2 * (1 + mu) / curvatures(h).min()
        ),
        "This is half of it.": lambda h, mu: (1 + mu) / curvatures(h).max(),
    }
    expect.same_for_all(answer, border, cases, name="momentum_border", slips=slips)


@exercise("8.6")
def adam_walk(answer: Any) -> None:
    """Ask for `adam_walk`: where torch's Adam ends on a function of one number."""
    cases: list[tuple[str, Callable[[Any], Any], Callable[[float], float], int]] = [
        ("2w", lambda w: w[..., 0] ** 2, lambda w: 2 * w, 1),
        ("2w", lambda w: w[..., 0] ** 2, lambda w: 2 * w, 15),
        ("4w³ − 1", lambda w: w[..., 0] ** 4 - w[..., 0], lambda w: 4 * w**3 - 1, 30),
    ]
    for name, cost, slope, steps in cases:
        call = f"adam_walk(slope, 1.5, 0.1, {steps}) with the slope {name}"
        got = expect.number(expect.result(answer, slope, 1.5, 0.1, steps, call=call), call)
        oracle = optimize(cost, 1.5, lambda w: torch.optim.Adam(w, lr=0.1), steps=steps)
        want, hint = oracle["w"].iloc[-1], "Check the bias correction, and that t begins at 1."
        expect.close(got, float(want), call=call, hint=hint, tolerance=1e-5)


@exercise("8.7")
def best_pair(answer: Any) -> None:
    """A learning rate and a momentum that end below 1e-6 on the narrow ravine in 60 steps."""
    pair = expect.several(expect.tried(answer), 2, "a pair is expected: learning rate and momentum")
    rate, mu = (expect.number(value) for value in pair)
    if not (0 < rate < 1 and 0 <= mu < 1):
        raise NotYet(
            "the first number is the learning rate, above 0 and below 1, and the second the "
            f"momentum, from 0 to below 1, got {rate:g} and {mu:g}."
        )

    def ravine(w: Tensor) -> Tensor:
        return 0.5 * (w[..., 0] ** 2 + 100 * w[..., 1] ** 2)

    cost = descend(ravine, (2.0, 1.0), rate, steps=STEPS, momentum=mu)["cost"].iloc[-1]
    if not cost < LOW_COST:
        raise NotYet(
            f"with {rate:g} and {mu:g} the cost after {STEPS} steps is {cost:.2g}. It can be below "
            f"{LOW_COST:g}: try momenta between 0.5 and 0.8, and rates up to 2(1 + μ)/100."
        )
