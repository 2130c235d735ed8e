"""Answers to the exercises of chapter 01, what it means to learn from data."""

from typing import Any

import torch
from torch import Tensor


def diagnose(train: float, held_out: float, new: float, accepted: float) -> str:
    names = ["underfitting", "overfitting", "shifted data"]
    failed = [
        name for name, error in zip(names, (train, held_out, new), strict=True) if error > accepted
    ]
    return failed[0] if failed else "fine"


def k_nearest(known: Tensor, answers: Tensor, asked: Tensor, k: int) -> Tensor:
    labels = []
    for point in asked:
        order = ((known - point) ** 2).sum(dim=1).argsort()
        labels.append(torch.bincount(answers[order[:k]]).argmax())
    return torch.stack(labels)


def gaps(x: Tensor, y: Tensor) -> Tensor:
    return x[y == 1].mean(dim=0) - x[y == 0].mean(dim=0)


RIGHT: dict[str, Any] = {
    "1.1": 900,
    "1.2": lambda d, margin: 1 - torch.tensor(1 - 2 * margin).double() ** d,
    "1.3": diagnose,
    "1.4": k_nearest,
    "1.5": lambda x, y, n, k: gaps(x[:n], y[:n]).abs().argsort(descending=True)[:k],
    "1.6": 120,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("1.4", lambda *arguments: k_nearest(*arguments).tolist()),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).abs().topk(k).indices.numpy()),
    ("1.5", lambda x, y, n, k: list(gaps(x[:n], y[:n]).abs().topk(k).indices)),
]

WRONG: list[tuple[str, Any, str]] = [
    ("1.1", 9, "square root"),
    ("1.1", 90, "Solve"),
    ("1.2", lambda d, margin: 1 - (1 - margin) ** d, "two faces"),
    ("1.2", lambda d, margin: (1 - 2 * margin) ** d, "the inner cube"),
    ("1.2", lambda d, margin: 2 * margin * d, "is not right"),
    ("1.3", lambda train, held_out, new, accepted: "overfitting", "fine"),
    (
        "1.3",
        lambda train, held_out, new, accepted: "fine" if new <= accepted else "overfitting",
        "underfitting",
    ),
    ("1.4", lambda known, answers, asked, k: k_nearest(known, answers, asked, 1), "is not right"),
    (
        "1.4",
        lambda known, answers, asked, k: (
            answers[torch.cdist(asked, known).topk(k).indices].mode().values
        ),
        "is not right",
    ),
    ("1.5", lambda x, y, n, k: gaps(x, y).abs().topk(k).indices, "leak"),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).topk(k).indices, "negative"),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).abs().topk(k), "a tensor of shape (5,)"),
    ("1.6", 15, "Take more"),
    ("1.6", 960, "Fewer"),
    ("1.6", 0.12, "no sensible number"),
    # the gaps between the stages instead of the errors
    (
        "1.3",
        lambda train, held_out, new, accepted: diagnose(
            train, held_out - train, new - held_out, accepted
        ),
        "should be 'overfitting', got 'fine'",
    ),
    ("1.4", lambda known, answers, asked, k: [None for _ in asked], "each entry of k_nearest"),
    ("1.2", lambda d, margin: 1 - (1 - 2 * margin) ^ d, "A power is written **"),
]
