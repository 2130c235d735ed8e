"""Answers to the exercises of chapter 01, what it means to learn from data."""

from collections.abc import Callable
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


def votes(of: Callable[[Tensor], Tensor], *, largest: bool = False) -> Callable[..., Tensor]:
    """`k_nearest` with another vote, or that of the farthest points."""

    def k_nearest(known: Tensor, answers: Tensor, asked: Tensor, k: int) -> Tensor:
        return of(answers[torch.cdist(asked, known).topk(k, largest=largest).indices])

    return k_nearest


def diagnose_from_the_end(train: float, held_out: float, new: float, accepted: float) -> str:
    if new > accepted:
        return "shifted data"
    return diagnose(train, held_out, new, accepted)


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
    ("1.1", 30, "The root is over n as well"),
    ("1.1", 2500, "belongs to p = 0.5"),
    ("1.1", 9000, "leaves out a factor"),
    ("1.1", 1000, "leaves out a factor"),
    ("1.1", 3600, "two standard deviations"),
    ("1.1", 90, "Solve"),
    ("1.2", lambda d, margin: 1 - (1 - margin) ** d, "two faces"),
    (
        "1.2",
        lambda d, margin: (1 - 2 * margin) ** d,
        "should be 0.271. That is the share of the in",
    ),
    ("1.2", lambda d, margin: 2 * margin * d, "overlap where these meet"),
    ("1.2", lambda d, margin: (2 * margin) ** d, "the corners"),
    ("1.3", lambda train, held_out, new, accepted: "overfitting", "fine"),
    ("1.3", lambda *errors: diagnose(*errors[:3], errors[3] - 1e-9), "ask for >, not >="),
    ("1.3", diagnose_from_the_end, "the first stage decides"),
    (
        "1.3",
        lambda train, held_out, new, accepted: "overfitting" if held_out > train else "fine",
        "No error is above 0.1",
    ),
    (
        "1.3",
        lambda train, held_out, new, accepted: (
            "fine" if new <= accepted else diagnose(train, held_out, new, accepted)
        ),
        "whatever comes after it",
    ),
    (
        "1.3",
        lambda *errors: diagnose(errors[0], 0, *errors[2:]),
        "held-out data is the first above",
    ),
    (
        "1.3",
        lambda *errors: diagnose(*errors).replace("shifted data", "overfitting"),
        "Only the error on new data",
    ),
    (
        "1.3",
        lambda train, held_out, new, accepted: "fine" if new <= accepted else "overfitting",
        "underfitting",
    ),
    ("1.4", lambda known, answers, asked, k: k_nearest(known, answers, asked, 1), "All k of them"),
    ("1.4", votes(lambda labels: labels.mode().values, largest=True), "largest=False"),
    (
        "1.4",
        votes(lambda labels: labels.mode(dim=0).values),
        "should have the shape (4,), got (1,)",
    ),
    ("1.4", votes(lambda labels: labels.float().mean(dim=1)), "the mean of the labels"),
    ("1.4", votes(lambda labels: labels), "should have the shape (4,), got (4, 1)"),
    (
        "1.4",
        lambda known, answers, asked, k: k_nearest(known, torch.arange(len(known)), asked, k),
        "Which labels stand there?",
    ),
    (
        "1.4",
        lambda known, answers, asked, k: k_nearest(asked, answers, known, k),
        "cdist(asked, known)",
    ),
    ("1.5", lambda x, y, n, k: gaps(x, y).abs().topk(k).indices, "leak"),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).topk(k).indices, "negative"),
    ("1.5", lambda x, y, n, k: (-gaps(x[:n], y[:n])).topk(k).indices, "negative"),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).abs().argsort()[:k], "These differ least"),
    ("1.5", lambda x, y, n, k: gaps(x[:n], y[:n]).abs().topk(k).values, "their places, indices"),
    ("1.5", lambda x, y, n, k: x[:n].mean(dim=0).topk(k).indices, "the mean in group 1 minus"),
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
        "should be 'overfitting', got 'fine'. The error on held-out data is the first",
    ),
    ("1.4", lambda known, answers, asked, k: [None for _ in asked], "each entry of k_nearest"),
    ("1.2", lambda d, margin: 1 - (1 - 2 * margin) ^ d, "A power is written **"),
]
