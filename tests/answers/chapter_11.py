"""Answers to the exercises of chapter 11, yes or no."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def slopes_by_autograd(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
    knobs = torch.tensor([w, b], requires_grad=True)
    F.binary_cross_entropy_with_logits(knobs[0] * x + knobs[1], y).backward()
    assert knobs.grad is not None
    return knobs.grad


def slopes_of_a_line(w: float, b: float, x: Tensor, y: Tensor) -> Tensor:
    error = x * w + b - y
    return torch.stack(((error * x).mean(), error.mean()))


def counted(z: Tensor, y: Tensor, threshold: float) -> tuple[float, float]:
    pairs = list(zip((z.sigmoid() >= threshold).tolist(), y.tolist(), strict=True))
    tp, fp, fn = pairs.count((True, 1)), pairs.count((True, 0)), pairs.count((False, 1))
    return (tp / (tp + fp) if tp + fp else 0.0), tp / (tp + fn)


def by_ranks(z: Tensor, y: Tensor) -> float:
    below = sum((z[y == 0] < score).sum() + 0.5 * (z[y == 0] == score).sum() for score in z[y == 1])
    return float(below) / int((y == 1).sum() * (y == 0).sum())


def by_gradient(z: Tensor, y: Tensor) -> float:
    slope = torch.ones((), dtype=z.dtype)  # 1 / T, in which the cost is convex
    for _ in range(3000):
        slope = slope - 0.1 * ((torch.sigmoid(z * slope) - y) * z).mean()
    return 1 / slope.item()


def always(value: Any) -> Any:
    return lambda *_: value


RIGHT: dict[str, Any] = {
    "11.1": 1 - 1 / (1 + math.exp(-2)),
    "11.2": slopes_by_autograd,
    "11.3": lambda z, y: z.clamp(min=0) - z * y + torch.log1p(torch.exp(-z.abs())),
    "11.4": lambda false_alarm, miss: torch.logit(torch.tensor(false_alarm / (false_alarm + miss))),
    "11.5": counted,
    "11.6": by_ranks,
    "11.7": by_gradient,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("11.5", lambda z, y, threshold: counted(z - 1e-6, y, threshold)),  # > instead of >=
]

WRONG: list[tuple[str, Any, str]] = [
    ("11.1", 1 / (1 + math.exp(-2)), "probability of yes"),
    ("11.1", 0.5, "negative"),
    ("11.1", -2, "the logit of no"),
    ("11.1", math.exp(-2), "the odds of no"),
    ("11.2", lambda w, b, x, y: 2 * slopes_by_autograd(w, b, x, y), "no factor 2"),
    ("11.2", lambda w, b, x, y: -slopes_by_autograd(w, b, x, y), "prediction minus target"),
    ("11.2", lambda w, b, x, y: len(x) * slopes_by_autograd(w, b, x, y), "not the sum"),
    ("11.2", lambda w, b, x, y: slopes_by_autograd(w, b, x, y).flip(0), "by w comes first"),
    ("11.2", slopes_of_a_line, "the sigmoid of xw + b"),
    (
        "11.2",
        lambda w, b, x, y: torch.stack((((x * w + b) - y).mean(), (x * (x * w + b - y)).mean())),
        "is not right",
    ),
    ("11.2", lambda w, b, x, y: ((torch.sigmoid(x * w + b) - y) * x).mean(), "shape (2,)"),
    ("11.3", lambda z, y: -(y * z.sigmoid().log() + (1 - y) * (1 - z.sigmoid()).log()), "finite"),
    ("11.3", lambda z, y: torch.log(1 + torch.exp(z)) - z * y, "finite"),
    ("11.3", lambda z, y: F.binary_cross_entropy(z.sigmoid(), y, reduction="none"), "not right"),
    ("11.3", F.binary_cross_entropy_with_logits, "shape"),
    ("11.4", lambda false_alarm, miss: false_alarm / (false_alarm + miss), "asks for the logit"),
    ("11.4", lambda false_alarm, miss: math.log(miss / false_alarm), "earlier"),
    ("11.5", lambda z, y, threshold: counted(z, y, threshold)[::-1], "precision comes first"),
    ("11.5", lambda z, y, threshold: counted(1e3 * (z - threshold), y, 0.5), "on the probability"),
    ("11.5", lambda z, y, threshold: counted(z, y, threshold)[0], "a pair"),
    ("11.6", lambda z, y: (z[y == 1][:, None] > z[y == 0]).float().mean(), "not nothing"),
    ("11.6", lambda z, y: (z[y == 1][:, None] >= z[y == 0]).float().mean(), "not whole"),
    ("11.6", lambda z, y: 1 - by_ranks(z, y), "the positive is above"),
    ("11.7", always(1.0), "try many T"),
    ("11.7", lambda z, y: 1 / by_gradient(z, y), "divide by T"),
    ("11.7", always(-1.0), "above 0"),
]
