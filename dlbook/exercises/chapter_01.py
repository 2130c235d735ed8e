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
SAMPLES = {  # answers to 1.1
    9.0: "follows from p(1 − p)/n = 0.01; its square root must be 0.01.",
    30.0: "is √(p(1 − p))/0.01. The root is over n as well: square both sides first.",
    2500.0: "belongs to p = 0.5. Here p is 0.9.",
    9000.0: "leaves out a factor: p(1 − p) is 0.9 · 0.1.",
    1000.0: "leaves out a factor: p(1 − p) is 0.9 · 0.1.",
    3600.0: "makes two standard deviations 0.01. One should be 0.01.",
}


@exercise("1.1", OnPage(slips=tuple(SAMPLES)))
def samples_for_one_percent(answer: Any) -> None:
    """The number of samples for a standard deviation of 0.01 at an accuracy of 0.9."""
    value = expect.number(answer)
    expect.no_slip(value, SAMPLES, relative=1e-3)
    samples = 0.9 * 0.1 / 0.01**2
    expect.close(value, samples, hint="Solve √(p(1 − p)/n) = 0.01 for n.", tolerance=1e-3)


@exercise("1.2")
def near_faces(answer: Any) -> None:
    """Ask for `near_faces`: the share of a cube within a margin of its faces."""

    def all_but_the_inside(d: int, margin: float) -> float:
        return 1.0 - (1 - 2 * margin) ** d

    slips: expect.Slips = {
        "Along each axis there are two faces: the cube that is left has edges of 1 − 2·margin.": (
            lambda d, margin: 1 - (1 - margin) ** d
        ),
        "That is the share of the inner cube. Asked is the rest.": lambda d, margin: (
            (1 - 2 * margin) ** d
        ),
        "Layers at two faces overlap where these meet. Take the inner cube away from 1.": (
            lambda d, margin: 2 * margin * d
        ),
        "That is what lies near a face along every axis, the corners. One axis is enough.": (
            lambda d, margin: (2 * margin) ** d
        ),
    }
    cases = [(3, 0.05), (1, 0.05), (10, 0.1), (100, 0.01)]
    expect.same_for_all(answer, all_but_the_inside, cases, name="near_faces", slips=slips)


@exercise("1.3")
def diagnose(answer: Any) -> None:
    """Ask for `diagnose`: the name of the first stage whose error is too large."""
    first = (
        "The error on held-out data is the first above 0.1. Compare it with 0.1, not with others."
    )
    cases = [
        ((0.05, 0.06, 0.07, 0.1), "fine", "No error is above 0.1. They need not be equal."),
        ((0.1, 0.1, 0.1, 0.1), "fine", "An error of just 0.1 is accepted: ask for >, not >=."),
        (
            (0.4, 0.42, 0.45, 0.1),
            "underfitting",
            "All three errors are too large, and the first stage decides. Ask about it first.",
        ),
        ((0.08, 0.15, 0.2, 0.1), "overfitting", first),
        ((0.01, 0.5, 0.5, 0.1), "overfitting", first),
        ((0.01, 0.04, 0.9, 0.1), "shifted data", "Only the error on new data is above 0.1."),
        (
            (0.2, 0.05, 0.05, 0.1),
            "underfitting",
            "The error on the training set is too large, whatever comes after it.",
        ),
    ]
    for errors, name, hint in cases:
        call = f"diagnose{errors}"
        got = expect.result(answer, *errors, call=call)
        if not (isinstance(got, str) and got == name):
            raise NotYet(f"{call} should be {name!r}, got {shown(got)}. {hint}")


@exercise("1.4")
def k_nearest(answer: Any) -> None:
    """Ask for `k_nearest`: the most frequent label among the k nearest neighbors, shape (m,)."""

    def places(known: Tensor, asked: Tensor, k: int, largest: bool = False) -> Tensor:
        return torch.cdist(asked, known).topk(k, dim=1, largest=largest).indices

    def by_vote(known: Tensor, answers: Tensor, asked: Tensor, k: int) -> Tensor:
        return answers[places(known, asked, k)].mode(dim=1).values

    slips: expect.Slips = {
        "The farthest points have voted. topk needs largest=False.": (
            lambda known, answers, asked, k: (
                answers[places(known, asked, k, largest=True)].mode(dim=1).values
            )
        ),
        "These are places among the known points. Which labels stand there?": (
            lambda known, answers, asked, k: places(known, asked, k).mode(dim=1).values
        ),
        "Each row of distances must belong to a new point: cdist(asked, known).": (
            lambda known, answers, asked, k: answers[places(asked, known, k)].mode(dim=1).values
        ),
        "Only the nearest point has been asked. All k of them vote.": (
            lambda known, answers, asked, k: by_vote(known, answers, asked, 1)
        ),
        "That is the mean of the labels. Asked is the most frequent of them.": (
            lambda known, answers, asked, k: answers[places(known, asked, k)].double().mean(dim=1)
        ),
    }
    expect.same_for_all(answer, by_vote, _votes(), name="k_nearest", lists=True, slips=slips)


def _votes() -> list[tuple[Any, ...]]:
    """Calls of `k_nearest`: as many new points as known ones, a vote of three, and many points."""
    generator = torch.Generator().manual_seed(0)
    known, asked = torch.randn(60, 2, generator=generator).split([40, 20])
    labels = (known[:, 0] > 0).long() ^ (torch.rand(40, generator=generator) < 0.2).long()
    row = torch.tensor([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
    names = torch.tensor([3, 5, 5, 7, 7, 2])
    asked_first = torch.tensor([[9.0], [0.1], [1.2], [1.9]])
    return [
        (row[:4], names[:4], asked_first, 1),
        (row, names, torch.tensor([[0.1], [11.2], [1.8]]), 3),
        (known, labels, asked, 5),
    ]


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
    gap = seen[group == 1].mean(dim=0) - seen[group == 0].mean(dim=0)
    best, found = (part.double().sort().values for part in (gap.abs().topk(k).indices, got))
    if not torch.equal(found, best):
        raise NotYet(
            f"no leak, but the features {numbers(found)} came, where the means of "
            f"{numbers(best)} differ most. {_slip_of_choice(found, gap)}"
        )


def _slip_of_choice(found: Tensor, gap: Tensor) -> str:
    """What to tell who has chosen other features than those with the largest |gap|."""
    k = len(found)
    sign = "A difference may be negative: compare absolute values."
    slips = [
        (gap.topk(k).indices, sign),
        ((-gap).topk(k).indices, sign),
        ((-gap.abs()).topk(k).indices, "These differ least. Take the largest differences."),
        (gap.abs().topk(k).values, "These are the differences. Asked are their places, indices."),
    ]
    for slip, words in slips:
        if expect.alike(found, slip.double().sort().values, tolerance=1e-5):
            return words
    return "Of each feature take the mean in group 1 minus that in group 0, and its absolute value."


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
