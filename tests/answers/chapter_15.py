"""Answers to the exercises of chapter 15, one of many."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def by_autograd(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
    w = w.clone().requires_grad_()
    F.cross_entropy(x @ w.T, y).backward()
    return w.grad


def both_floors(classes: int, amount: float) -> tuple[float, float]:
    target = torch.full((classes,), amount / classes)
    target[0] += 1 - amount
    doubled = F.cross_entropy(torch.eye(classes)[:1], torch.tensor([0])).item()
    return torch.distributions.Categorical(target).entropy().item(), doubled


def known_only(z: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    weight = torch.where(y < 0, 0.0, weights[y])
    losses = -F.log_softmax(z, dim=1).gather(1, y.clamp(min=0)[:, None])[:, 0]
    return weight @ losses / weight.sum()


def gumbel_race(z: Tensor, n: int) -> Tensor:
    # The largest of z − log(−log u) belongs to the smallest of exp(−z) times an exponential number.
    return (torch.empty(n, len(z)).exponential_() * torch.exp(-z)).argmin(dim=1)


RIGHT: dict[str, Any] = {
    "15.1": torch.tensor([0.0, 0.0, math.log(2)]).softmax(dim=0)[2],
    "15.2": 3 * math.log(10),
    "15.3": lambda z, y: (z.logsumexp(dim=1) - z.gather(1, y[:, None])[:, 0]).mean(),
    "15.4": by_autograd,
    "15.5": both_floors,
    "15.6": known_only,
    "15.7": gumbel_race,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("15.7", lambda z, n: gumbel_race(z, n).tolist()),
    ("15.7", lambda z, n: gumbel_race(z, n).numpy()),
]

WRONG: list[tuple[str, Any, str]] = [
    ("15.1", 2 / 3, "three terms"),
    ("15.1", math.log(2), "larger"),
    ("15.2", 3.0, "another base"),
    ("15.2", math.log2(1000), "another base"),
    ("15.2", math.log(10), "1/1000"),
    (
        "15.3",
        lambda z, y: (z.exp().sum(dim=1).log() - z[torch.arange(len(y)), y]).mean(),
        "logits up to 200",
    ),
    (
        "15.3",
        lambda z, y: -torch.softmax(z, dim=1).log()[torch.arange(len(y)), y].mean(),
        "logits up to 200",
    ),
    ("15.3", lambda z, y: F.cross_entropy(z, y, reduction="none"), "the mean"),
    ("15.3", lambda z, y: -z[torch.arange(len(y)), y].mean(), "is not right"),
    ("15.4", lambda x, w, y: len(x) * by_autograd(x, w, y), "is not right"),
    ("15.4", lambda x, w, y: by_autograd(x, w, y).T, "the shape (3, 2)"),
    ("15.4", lambda x, w, y: torch.softmax(x @ w.T, dim=1).T @ x / len(x), "is not right"),
    ("15.5", lambda classes, amount: 0.0, "a pair"),
    ("15.5", lambda classes, amount: (-math.log(1 - amount), 1.0), "entropy"),
    ("15.5", lambda classes, amount: (both_floors(classes, amount)[0], 0.0), "the second"),
    ("15.6", lambda z, y, weights: F.cross_entropy(z[y >= 0], y[y >= 0]), "is not right"),
    ("15.6", lambda z, y, weights: F.cross_entropy(z, y.clamp(min=0), weight=weights), "not right"),
    (
        "15.6",
        lambda z, y, weights: (
            F.cross_entropy(z, y, weight=weights, ignore_index=-1, reduction="sum") / (y >= 0).sum()
        ),
        "is not right",
    ),
    ("15.7", lambda z, n: (z + torch.randn(n, len(z))).argmax(dim=1), "the shares of the classes"),
    ("15.7", lambda z, n: (z - torch.log(-torch.log(torch.rand(n, 1)))).argmax(dim=1), "its own"),
    ("15.7", lambda z, n: z - torch.log(-torch.log(torch.rand(n, len(z)))), "the shape"),
    ("15.7", lambda z, n: torch.softmax(z, dim=0)[0].repeat(n), "the numbers of classes"),
    ("15.7", lambda z, n: gumbel_race(z, n) / 2, "the numbers of classes"),
]
