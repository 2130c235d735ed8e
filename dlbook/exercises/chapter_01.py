"""Checks of chapter 01, what it means to learn from data."""

from typing import Any

import torch
from torch import Tensor

from dlbook.data import Samples, polynomial
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import numbers, shown

DEGREE, DRAWS, LOW_ERROR = 12, 30, 0.12


@exercise("1.1")
def samples_for_one_percent(answer: Any) -> None:
    """The number of samples for a standard deviation of 0.01 at an accuracy of 0.9."""
    value = expect.number(answer)
    if abs(value - 9) < 0.1:
        raise NotYet(f"{value:g} follows from p(1 − p)/n = 0.01; its *square root* must be 0.01.")
    samples = 0.9 * 0.1 / 0.01**2
    expect.close(value, samples, hint="Solve √(p(1 − p)/n) = 0.01 for n.", tolerance=1e-3)


@exercise("1.2")
def near_faces(answer: Any) -> None:
    """Ask for `near_faces`: the share of a cube within a margin of its faces."""

    def all_but_the_inside(d: int, margin: float) -> float:
        return 1.0 - (1 - 2 * margin) ** d

    cases = [(1, 0.05), (3, 0.05), (10, 0.1), (100, 0.01)]
    got = expect.number(expect.result(answer, 3, 0.05, call="near_faces(3, 0.05)"), "near_faces")
    if expect.alike(got, 1 - 0.95**3, tolerance=1e-6):
        raise NotYet(
            "near_faces(3, 0.05) should be 0.271, got 0.142625. Along each axis there are two "
            "faces: the cube that is left has edges of 1 − 2·margin."
        )
    if expect.alike(got, 0.9**3, tolerance=1e-6):
        raise NotYet(
            "near_faces(3, 0.05) should be 0.271, got 0.729: that is the share of the inner cube. "
            "Asked is the rest."
        )
    expect.same_for_all(answer, all_but_the_inside, cases, name="near_faces")


@exercise("1.3")
def diagnose(answer: Any) -> None:
    """Ask for `diagnose`: the name of the first stage whose error is too large."""
    cases = [
        ((0.05, 0.06, 0.07, 0.1), "fine"),
        ((0.1, 0.1, 0.1, 0.1), "fine"),
        ((0.4, 0.42, 0.45, 0.1), "underfitting"),
        ((0.08, 0.15, 0.2, 0.1), "overfitting"),
        ((0.01, 0.5, 0.5, 0.1), "overfitting"),
        ((0.01, 0.04, 0.9, 0.1), "shifted data"),
        ((0.2, 0.05, 0.05, 0.1), "underfitting"),
    ]
    for errors, name in cases:
        call = f"diagnose{errors}"
        got = expect.result(answer, *errors, call=call)
        if not (isinstance(got, str) and got == name):
            raise NotYet(
                f"{call} should be {name!r}, got {shown(got)}. Ask about the first error first."
            )


@exercise("1.4")
def k_nearest(answer: Any) -> None:
    """Ask for `k_nearest`: the most frequent label among the k nearest neighbors, shape (m,)."""

    def by_vote(known: Tensor, answers: Tensor, asked: Tensor, k: int) -> Tensor:
        closest = torch.cdist(asked, known).topk(k, dim=1, largest=False).indices
        return answers[closest].mode(dim=1).values

    generator = torch.Generator().manual_seed(0)
    known, asked = torch.randn(60, 2, generator=generator).split([40, 20])
    labels = (known[:, 0] > 0).long() ^ (torch.rand(40, generator=generator) < 0.2).long()
    row = torch.tensor([[0.0], [1.0], [2.0], [10.0]])
    cases = [
        (row, torch.tensor([3, 5, 5, 7]), torch.tensor([[0.1], [9.0]]), 1),
        (row, torch.tensor([3, 5, 5, 7]), torch.tensor([[0.1]]), 3),
        (known, labels, asked, 5),
    ]
    expect.same_for_all(answer, by_vote, cases, name="k_nearest", lists=True)


@exercise("1.5")
def choose_features(answer: Any) -> None:
    """Ask for `choose_features`: the k features that differ most, by the training part alone."""
    n_train, k = 40, 5
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(80, 200, generator=generator)
    y = torch.arange(80) % 2
    call = f"choose_features(x, y, {n_train}, {k})"
    got = expect.row(expect.result(answer, x, y, n_train, k, call=call), (k,), call=call)
    other = torch.cat((y[:n_train], 1 - y[n_train:]))
    again = expect.row(expect.result(answer, x, other, n_train, k, call=call), (k,), call=call)
    if set(got.tolist()) != set(again.tolist()):
        raise NotYet(
            "when labels outside the training set change, other features are chosen: a leak. "
            "Use x[:n_train] and y[:n_train] alone."
        )
    seen, group = x[:n_train], y[:n_train]
    gap = (seen[group == 1].mean(dim=0) - seen[group == 0].mean(dim=0)).abs()
    best, found = (indices.double().sort().values for indices in (gap.topk(k).indices, got))
    if not torch.equal(found, best):
        raise NotYet(
            f"no leak, but the features {numbers(found)} came, where the means of "
            f"{numbers(best)} differ most. Mind that a difference may be negative."
        )


@exercise("1.6", OnPage(asked=False))
def enough_samples(answer: Any) -> None:
    """A number of samples that tames degree 12 while half as many do not."""
    n = expect.number(answer)
    if not 2 <= n <= 2000 or n != int(n):
        raise NotYet(f"{n:g} is no sensible number of samples; try 15, 30, 60, and so on.")
    fresh = polynomial(1000, seed=1000)
    for size, enough in ((int(n), True), (int(n) // 2, False)):
        error = _median_error(size, fresh)
        if (error <= LOW_ERROR) != enough:
            advice = "Take more." if enough else "Fewer will do."
            raise NotYet(f"with {size} samples the median error is {error:.3g}. {advice}")


def _median_error(n: int, fresh: Samples) -> float:
    """The median over random samples of size n of the validation error of degree 12."""
    powers = torch.arange(DEGREE + 1)
    errors = []
    for seed in range(DRAWS):
        sample = polynomial(n, seed=seed)
        inputs = sample.x.double() ** powers
        coefficients = torch.linalg.lstsq(inputs, sample.y.double()).solution
        y_hat = fresh.x.double() ** powers @ coefficients
        errors.append((y_hat - fresh.y).square().mean())
    return torch.stack(errors).median().item()
