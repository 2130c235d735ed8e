"""Checks of chapter 15, one of many."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind
from dlbook.models.seeding import seeded

DRAWS, NEAR = 20_000, 0.015  # a share of 20,000 draws has a standard deviation of at most 0.0035


@exercise("15.1", OnPage(slips=(2 / 3, math.log(2))))
def half(answer: Any) -> None:
    """The probability of the one of three classes whose logit is larger by log 2."""
    value = expect.number(answer)
    if abs(value - math.log(2)) < 1e-3:
        raise NotYet("log 2 is by how much the logit is larger. Take the three exponentials first.")
    if abs(value - 2 / 3) < 0.01:
        raise NotYet("two thirds would be right for two classes; here the sum has three terms.")
    hint = "Take the logits 0, 0 and log 2, and write down the three exponentials."
    probs = torch.tensor([0.0, 0.0, math.log(2)]).softmax(dim=0)
    expect.close(value, probs[2], hint=hint, tolerance=1e-3)


@exercise("15.2", OnPage(slips=(math.log(10),)))
def fresh_loss(answer: Any) -> None:
    """The loss of a network that finds 1,000 classes equally likely, in nats."""
    value = expect.number(answer)
    if min(abs(value - 3), abs(value - math.log2(1000))) < 0.01:
        raise NotYet(f"{value:g} has another base: a loss in nats takes the natural logarithm.")
    if abs(value - math.log(10)) < 0.01:
        raise NotYet(f"{value:.3f} belongs to ten classes. Here each has the probability 1/1000.")
    hint = "Each class has the probability 1/1000, whatever the label."
    expect.close(value, math.log(1000), hint=hint, tolerance=0.01)


@exercise("15.3")
def loss_of_labels(answer: Any) -> None:
    """Ask for `loss_of_labels`: the mean cross-entropy of logits and labels, at any size."""
    for scale in (1.0, 200.0, 1e4):
        z, y = _batch(6, 4, seed=int(scale))
        call = f"loss_of_labels(z, y) with logits up to {scale:g}"
        got = expect.result(answer, scale * z, y, call=call)
        if isinstance(got, Tensor) and got.numel() > 1:
            raise NotYet(f"{call} should be one number, got {kind(got)}. Take the mean.")
        want = F.cross_entropy(scale * z, y)
        hint = (
            "exp of a large logit is infinite. With the largest logit m of each row, the loss of "
            "the row is m + log Σ exp(z − m) − z[label]."
        ) * (scale > 1)
        expect.close(expect.number(got, call), want, call=call, hint=hint, tolerance=1e-4)


@exercise("15.4")
def weight_gradient(answer: Any) -> None:
    """Ask for `weight_gradient`: the gradient of the mean loss of X @ W.T by W."""

    def by_formula(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
        error = torch.softmax(x @ w.T, dim=1) - F.one_hot(y, len(w))
        return error.T @ x / len(x)

    cases = []
    for features, classes in ((2, 3), (5, 4)):
        x, y = _batch(8, features, seed=features)
        w, _ = _batch(classes, features, seed=classes)
        cases.append((x, w, y % classes))
    expect.same_for_all(answer, by_formula, cases, name="weight_gradient")


@exercise("15.5")
def floors(answer: Any) -> None:
    """Ask for `floors`: the smallest loss with label smoothing, and with a softmax too many."""
    for classes, amount in ((10, 0.1), (3, 0.3), (10, 0.0)):
        call = f"floors({classes}, {amount})"
        got = expect.result(answer, classes, amount, call=call)
        smoothed, twice = expect.several(got, 2, f"{call} should return a pair of numbers")
        target = (1 - amount) * torch.eye(classes)[0] + amount / classes
        what, hint = f"the first number of {call}", "It is the entropy of the smoothed target."
        want = torch.special.entr(target).sum().item()
        expect.close(expect.number(smoothed, what), want, call=what, hint=hint, tolerance=1e-4)
        what = f"the second number of {call}"
        want, hint = math.log(1 + (classes - 1) / math.e), "The best inner softmax gives 1 and 0s."
        expect.close(expect.number(twice, what), want, call=what, hint=hint, tolerance=1e-4)


@exercise("15.6")
def partly_labeled(answer: Any) -> None:
    """Ask for `partly_labeled`: the weighted mean loss of the samples whose label is not −1."""

    def by_torch(z: Tensor, y: Tensor, weights: Tensor) -> Tensor:
        return F.cross_entropy(z, y, weight=weights, ignore_index=-1)

    cases = []
    for seed in (1, 2):
        z, y = _batch(7, 3, seed=seed)
        y[:3] = torch.tensor([-1, 0, 1])
        cases += [(z, y, torch.ones(3)), (z, y, torch.tensor([1.0, 5.0, 0.5]))]
    expect.same_for_all(answer, by_torch, cases, name="partly_labeled")


@exercise("15.7")
def choose_with_noise(answer: Any) -> None:
    """Ask for `choose_with_noise`: n draws of argmax(z − log(−log u)), which follow softmax(z)."""
    for z in (torch.tensor([2.0, 1.0, -1.0]), torch.zeros(4), torch.tensor([0.0, 3.0])):
        call = f"choose_with_noise({z.tolist()}, {DRAWS})"
        with seeded(0):
            got = expect.row(expect.result(answer, z, DRAWS, call=call), (DRAWS,), call=call)
        classes = torch.arange(len(z))
        if got.dtype == torch.bool or not torch.isin(got, classes).all():
            raise NotYet(f"{call} should return the numbers of classes, from 0 to {len(z) - 1}.")
        shares = (got[:, None] == classes).double().mean(dim=0)
        what = f"the shares of the classes in {call}"
        hint = "Does every class get a noise of its own, and a new one in each draw?"
        expect.close(shares, torch.softmax(z, dim=0), call=what, hint=hint, tolerance=NEAR)


def _batch(n: int, k: int, *, seed: int) -> tuple[Tensor, Tensor]:
    """Normal numbers of shape (n, k), and n labels below k."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, k, generator=generator), torch.randint(k, (n,), generator=generator)
