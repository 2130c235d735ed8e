"""Checks of chapter 11, yes or no."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import numbers, shown

DOUBLE = torch.float64


@exercise("11.1", OnPage(slips=(-2, math.exp(-2))))
def chance_of_no(answer: Any) -> None:
    """The probability of no at the logit 2."""
    value = expect.number(answer)
    no = 1 / (1 + math.exp(2))
    if abs(value - (1 - no)) < 1e-3:
        raise NotYet(f"{value:g} is the probability of yes. The two sum to one.")
    if abs(value + 2) < 1e-3:
        raise NotYet(f"{value:g} is the logit of no. Which probability has it?")
    if abs(value - math.exp(-2)) < 1e-3:
        raise NotYet(f"{value:g} are the odds of no. Its share is odds / (1 + odds).")
    expect.close(value, no, hint="It is the sigmoid of the logit's negative.", tolerance=1e-3)


@exercise("11.2")
def gradient(answer: Any) -> None:
    """Ask for `logistic_slopes`: both partial derivatives of the mean cross-entropy, shape (2,)."""

    def both(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
        error = torch.sigmoid(x * w + b) - y
        return torch.stack(((x * error).mean(), error.mean()))

    few = torch.tensor([1.0, 2.0, -3.0]), torch.tensor([1.0, 0.0, 0.0])
    many = torch.linspace(-4, 4, 20), (torch.arange(20) % 3 == 0).float()
    call = "logistic_slopes(0.5, -1.0, x, y)"
    got = expect.tensor(expect.result(answer, 0.5, -1.0, *few, call=call), (2,), call=call)
    want = both(0.5, -1.0, *few)
    line = torch.stack(((few[0] * (d := 0.5 * few[0] - 1 - few[1])).mean(), d.mean()))
    mistakes = {
        "by w comes first": want.flip(0),
        "the cross-entropy has no factor 2": 2 * want,
        "take the mean over the samples, not the sum": 3 * want,
        "the error is prediction minus target": -want,
        "the prediction is the sigmoid of xw + b": line,
    }
    for why, wrong in mistakes.items():
        if expect.alike(got, wrong, tolerance=1e-5):
            raise NotYet(f"{call} should be {numbers(want)}, got {numbers(got)}: {why}.")
    cases = [(0.0, 0.0, *few), (0.5, -1.0, *few), (-1.0, 2.0, *many)]
    expect.same_for_all(answer, both, cases, name="logistic_slopes")


@exercise("11.3")
def stable_loss(answer: Any) -> None:
    """Ask for `bce`: the loss of each sample from its logit, also far out."""
    z = torch.tensor([-1000.0, -20.0, -1.0, 0.0, 3.0, 20.0, 1000.0])
    for y in (torch.zeros(7), torch.ones(7), torch.arange(7) % 2.0):
        call = f"bce(z, y) with the labels {y.int().tolist()}"
        got = expect.tensor(expect.result(answer, z, y, call=call), (7,), call=call)
        want = F.binary_cross_entropy_with_logits(z, y, reduction="none")
        if not got.isfinite().all():
            at = z[~got.isfinite()][0].item()
            raise NotYet(f"{call} is not finite at the logit {at:g}. No exp of a large number.")
        hint = f"That was for z = {z.tolist()}."
        expect.close(got, want, call=call, hint=hint, tolerance=1e-5)


@exercise("11.4")
def cheapest_alarm(answer: Any) -> None:
    """Ask for `alarm_from`: the logit from which on an alarm is cheaper than silence."""
    for false_alarm, miss in ((1.0, 1.0), (1.0, 10.0), (5.0, 2.0)):
        call = f"alarm_from({false_alarm:g}, {miss:g})"
        value = expect.number(expect.result(answer, false_alarm, miss, call=call), call)
        threshold = false_alarm / (false_alarm + miss)
        if abs(value - threshold) < 1e-6:
            raise NotYet(f"{call} is the probability {value:.3g}. The question asks for the logit.")
        want = math.log(false_alarm / miss)
        if want and abs(value + want) < 1e-6:
            raise NotYet(
                f"{call} should be {want:.3g}, got {value:.3g}: the dearer a miss, the earlier "
                "the alarm."
            )
        hint = "An alarm is cheaper when (1 − p) · false_alarm < p · miss."
        expect.close(value, want, call=call, hint=hint, tolerance=1e-5)


@exercise("11.5")
def precision_and_recall(answer: Any) -> None:
    """Ask for `precision_recall`: both ratios at a threshold on the probability."""
    z = torch.tensor([-3.0, -1.0, 0.3, 0.1, 1.0, 4.0])  # none lies at a threshold
    y = torch.tensor([0, 1, 0, 1, 1, 0])
    for threshold in (0.5, 0.2, 0.7, 0.999):
        call = f"precision_recall(z, y, {threshold})"
        got = expect.result(answer, z, y, threshold, call=call)
        pair = expect.several(got, 2, f"{call} should return a pair: precision and recall")
        called = torch.sigmoid(z) >= threshold
        hits = (called & (y == 1)).sum().item()
        want = (hits / max(1, int(called.sum())), hits / int((y == 1).sum()))
        got_pair = torch.tensor([expect.number(value, f"each part of {call}") for value in pair])
        on_logits = z >= threshold
        hits_on_logits = (on_logits & (y == 1)).sum().item()
        other = (hits_on_logits / max(1, int(on_logits.sum())), hits_on_logits / 3)
        for why, wrong in (("precision comes first", want[::-1]),
                           ("the threshold is one on the probability", other)):  # fmt: skip
            right = expect.alike(torch.tensor(wrong), torch.tensor(want), tolerance=1e-5)
            if not right and expect.alike(got_pair, torch.tensor(wrong), tolerance=1e-5):
                raise NotYet(f"{call} should be {shown(want)}, got {shown(wrong)}: {why}.")
        hint = f"That was for z = {numbers(z)} and y = {numbers(y)}."
        for value, expected, name in zip(pair, want, ("precision", "recall"), strict=True):
            what = f"the {name} of {call}"
            value = expect.number(value, what)
            expect.close(value, expected, call=what, hint=hint, tolerance=1e-5)


@exercise("11.6")
def area(answer: Any) -> None:
    """Ask for `area_by_pairs`: how often a positive outranks a negative; ties count half."""

    def pairs(z: Tensor, y: Tensor) -> Tensor:
        return ((z[y == 1][:, None] - z[y == 0]).sign() / 2 + 0.5).mean()

    tied = torch.tensor([1.0, 1.0, 0.0, 1.0]), torch.tensor([1, 0, 0, 1])
    call = f"area_by_pairs({numbers(tied[0])}, {numbers(tied[1])})"
    value = expect.number(expect.result(answer, *tied, call=call), call)
    mistakes = {0.5: "a tie counts half, not nothing", 1.0: "a tie counts half, not whole",
                0.25: "count the pairs in which the positive is above"}  # fmt: skip
    if value in mistakes:
        raise NotYet(f"{call} should be 0.75, got {value:g}: {mistakes[value]}.")
    many = torch.linspace(-2, 2, 31).sin() + torch.arange(31) % 4, (torch.arange(31) % 3 == 0).int()
    cases = [
        (torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([0, 0, 1, 1])),
        (torch.tensor([1.0, 0.5, 0.2, 2.0, -1.0]), torch.tensor([1, 0, 1, 0, 0])),
        tied,
        many,
    ]
    expect.same_for_all(answer, pairs, cases, name="area_by_pairs")


@exercise("11.7")
def temperature(answer: Any) -> None:
    """Ask for `find_temperature`: the T whose z / T has the lowest cross-entropy."""
    generator = torch.Generator().manual_seed(0)
    true_z = 2 * torch.randn(2000, generator=generator, dtype=DOUBLE)
    y = (torch.rand(2000, generator=generator, dtype=DOUBLE) < torch.sigmoid(true_z)).to(DOUBLE)
    grid = torch.logspace(-1.3, 1.3, 201, dtype=DOUBLE)[:, None]
    for factor in (3.0, 1.0, 0.5):
        z = factor * true_z
        call = f"find_temperature(z, y) with logits {factor:g} times too large"
        value = expect.number(expect.result(answer, z, y, call=call), call)
        if not value > 0:
            raise NotYet(f"{call} should be above 0, got {value:g}.")
        every = F.binary_cross_entropy_with_logits(z / grid, y.expand(201, -1), reduction="none")
        lowest = every.mean(dim=1).min()
        loss = F.binary_cross_entropy_with_logits(z / value, y)
        if loss > lowest + 1e-4 and abs(value * factor - 1) < 0.1:
            raise NotYet(f"{call} should be near {factor:g}, got {value:.3g}: divide by T.")
        if loss > lowest + 1e-4:
            raise NotYet(
                f"{call} is {value:.3g}, where the cross-entropy is {loss:.4f}. It can be "
                f"{lowest:.4f}; divide the logits by T, and try many T."
            )
