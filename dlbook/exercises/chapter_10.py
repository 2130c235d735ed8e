"""Checks of chapter 10, entropy, KL, cross-entropy and likelihood."""

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.information import bernoulli_log_likelihood as bernoulli
from dlbook.information import binomial_log_likelihood as binomial
from dlbook.information import (
    conditional_entropy,
    cross_entropy,
    entropy,
    kl_divergence,
    mutual_information,
)

DOUBLE = torch.float64
CERTAIN = torch.tensor([0.0, 1.0, 0.0], dtype=DOUBLE)
LOADED = torch.tensor([0.5, 0.3, 0.2], dtype=DOUBLE)
HALVES = torch.tensor([0.5, 0.5, 0.0], dtype=DOUBLE)
TEXTS = ("abababab", "the rain in spain stays mainly in the plain", "aab")


@exercise("10.1", OnPage(slips=(1 / 52, -math.log2(52))))
def one_card(answer: Any) -> None:
    """The information of one card out of 52, in bits."""
    value = expect.number(answer)
    if abs(value - math.log(52)) < 1e-2:
        raise NotYet(f"{value:g} is right in nats. The question asks for bits.")
    if abs(value - 1 / 52) < 1e-3:
        raise NotYet(f"{value:g} is the probability. How much does an outcome of it tell?")
    if abs(value + math.log2(52)) < 1e-2:
        raise NotYet("Information is not negative: it is minus the logarithm.")
    hint = "The card has the probability 1/52. How often must 52 be halved to come down to 1?"
    expect.close(value, math.log2(52), hint=hint, tolerance=1e-3)


@exercise("10.2")
def entropy_of_rows(answer: Any) -> None:
    """Ask for `entropy_bits`: the entropy of each distribution along the last axis."""
    die = torch.full((6,), 1 / 6, dtype=DOUBLE)
    want = entropy(LOADED, unit="bits").item()
    mistakes = {
        "that is the entropy in nats": want * math.log(2),
        "the minus is missing": -want,
        "that is a mean over the outcomes; weight by p and add": want / 3,
    }
    _refuse(answer, LOADED, call=f"entropy_bits({LOADED.tolist()})", want=want, mistakes=mistakes)
    cases = [(LOADED,), (die,), (CERTAIN,), (torch.stack((LOADED, CERTAIN, HALVES)),)]
    expect.same_for_all(answer, lambda p: entropy(p, unit="bits"), cases, name="entropy_bits")
    if expect.result(answer, CERTAIN, call="entropy_bits([0, 1, 0])") < 0:
        raise NotYet(
            "entropy_bits([0, 1, 0]) is a little below 0, which no entropy is. Is something added "
            "inside the logarithm? A factor that is 0 can take its term away."
        )


@exercise("10.3")
def divergence(answer: Any) -> None:
    """Ask for `kl`: KL(p‖q) in nats, also where p or q is zero."""
    other = torch.tensor([0.1, 0.1, 0.8], dtype=DOUBLE)
    want = kl_divergence(LOADED, other).item()
    mistakes = {
        "it weights by q, not by the truth p": kl_divergence(other, LOADED).item(),
        "that is in bits": want / math.log(2),
        "that is the cross-entropy; take off the entropy of p": cross_entropy(LOADED, other).item(),
    }
    call = f"kl({LOADED.tolist()}, {other.tolist()})"
    _refuse(answer, LOADED, other, call=call, want=want, mistakes=mistakes)
    cases = [(LOADED, LOADED.flip(0)), (LOADED, LOADED), (HALVES, LOADED), (HALVES, HALVES)]
    expect.same_for_all(
        answer, kl_divergence, [*cases, (LOADED, HALVES), (CERTAIN, LOADED)], name="kl"
    )


def _refuse(
    answer: Any, *arguments: Tensor, call: str, want: float, mistakes: dict[str, float]
) -> None:
    """Say which of the likely mistakes a function makes on one case."""
    value = expect.number(expect.result(answer, *arguments, call=call), call)
    for why, wrong in mistakes.items():
        if abs(value - wrong) < 1e-6:
            raise NotYet(f"{call} should be {want:.4g}, got {value:.4g}: {why}.")


@exercise("10.4")
def information_gain(answer: Any) -> None:
    """Ask for `gain`: how many bits the row of a table of counts tells about the column."""

    def expected(counts: Tensor) -> Tensor:
        return mutual_information(counts.to(DOUBLE) / counts.sum(), unit="bits")

    students = torch.tensor([[8, 8], [2, 82]])
    joint, want = students.to(DOUBLE) / 100, expected(students).item()
    mistakes = {
        "that is in nats": want * math.log(2),
        "the sign is turned: what is left after the test is taken from what was before": -want,
        "that is the entropy that is left; what is gained?": conditional_entropy(
            joint, unit="bits"
        ).item(),
    }
    _refuse(answer, students, call=f"gain({students.tolist()})", want=want, mistakes=mistakes)
    tables = ([[8, 8], [2, 82]], [[10, 0], [0, 10]], [[1, 2, 3], [2, 4, 6]], [[5, 0], [1, 4]],
              [[4, 2], [0, 0], [1, 3]], [[3, 0, 1], [2, 0, 6]])  # fmt: skip
    expect.same_for_all(answer, expected, [(torch.tensor(t),) for t in tables], name="gain")


@exercise("10.5")
def many_draws(answer: Any) -> None:
    """Ask for `log_likelihood`: of each θ, for so many draws that the likelihood underflows."""
    theta = torch.tensor([0.1, 0.5, 0.7, 0.9], dtype=DOUBLE)
    for white, black in ((7, 3), (7000, 3000), (0, 10)):
        call = f"log_likelihood(theta, {white}, {black})"
        got = expect.tensor(expect.result(answer, theta, white, black, call=call), (4,), call=call)
        if got.isinf().any():
            raise NotYet(f"{call} is infinite: a product of that many numbers is 0 in a computer.")
        if white and expect.alike(got, binomial(theta, white, black), tolerance=1e-6):
            raise NotYet(f"{call} should not count the orders: the draws have one, their own.")
        hint = "The logarithm of a product is a sum of logarithms."
        expect.close(got, bernoulli(theta, white, black), call=call, hint=hint, tolerance=1e-6)


@exercise("10.6")
def next_letter(answer: Any) -> None:
    """Ask for `letters`: the entropy of a letter, alone and given the one before, in bits."""
    for text in TEXTS:
        call = f"letters({text[:12]!r})" if len(text) < 13 else f"letters({text[:12]!r}…)"
        got = expect.result(answer, text, call=call)
        first, second = expect.several(got, 2, f"{call} should return a pair: the two entropies")
        joint = _joint(text)
        left = conditional_entropy(joint, unit="bits")
        swapped = expect.alike(expect.number(first, call), left, tolerance=1e-5)
        if swapped and not expect.alike(left, entropy(joint.sum(dim=0), unit="bits"), tolerance=0):
            raise NotYet(f"{call} should return the entropy of the second sign first.")
        hint = "Count the pairs of neighbors: rows first letter, columns second."
        what = f"the first number of {call}, the entropy of the second letters,"
        want = entropy(joint.sum(dim=0), unit="bits")
        expect.close(expect.number(first, what), want, call=what, hint=hint, tolerance=1e-5)
        what = f"the second number of {call}, a mean over the rows,"
        want = conditional_entropy(joint, unit="bits")
        expect.close(expect.number(second, what), want, call=what, hint=hint, tolerance=1e-5)


def _joint(text: str) -> Tensor:
    found = Counter(pairwise(text))
    signs = sorted(set(text))
    counts = torch.tensor([[found[a, b] for b in signs] for a in signs], dtype=DOUBLE)
    return counts / counts.sum()
