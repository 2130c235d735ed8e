"""Answers to the exercises of chapter 02, tensors."""

from typing import Any

import numpy as np
import torch
from torch import Tensor


def centered_in_place(X: Tensor) -> Tensor:
    X -= X.mean(dim=0)
    return X / X.std(dim=0)


RIGHT: dict[str, Any] = {
    "2.1": torch.arange(0, 1.1, 0.25),
    "2.2": (100, 3, 1, 1),
    "2.3": lambda X: torch.nn.functional.normalize(X - X.mean(0), dim=0) * (len(X) - 1) ** 0.5,
    "2.4": lambda scores, labels: float(sum(scores.max(dim=1)[1] == labels)) / len(labels),
    "2.5": lambda points, others: (points.unsqueeze(1) - others).norm(dim=-1),
    "2.6": lambda v, k: v.unfold(0, k, 1),
    "2.7": 2**11 + 1,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("2.2", torch.Size([100, 3, 1, 1])),
    ("2.2", list(np.array([100, 3, 1, 1]))),
    ("2.4", lambda scores, labels: np.mean((scores.argmax(1) == labels).numpy())),
]

WRONG: list[tuple[str, Any, str]] = [
    ("2.1", torch.arange(0, 1, 0.25), "The 1 is missing. arange stops before its end"),
    ("2.1", torch.linspace(0, 1, 4), "linspace(0, 1, 4) makes four"),
    ("2.1", torch.arange(5), "steps of 1"),
    ("2.1", torch.arange(0, 1, 0.2), "each is 1/4"),
    ("2.1", torch.arange(0.25, 1.1, 0.25), "The 0 is missing"),
    ("2.1", torch.linspace(0, 1, 6), "the shape (5,) is expected, got (6,)"),
    ("2.1", torch.linspace(0, 2, 5), "linspace includes both ends"),
    ("2.1", torch.linspace(0, 1, 5, dtype=torch.float64), "dtype"),
    ("2.1", [0, 0.25, 0.5, 0.75, 1], "a tensor of shape (5,) is expected"),
    ("2.2", (100, 3), "3 meets 32"),
    ("2.2", (100, 3, 1), "Keep both axes"),
    ("2.2", (1, 3, 1, 1), "Each image has its own"),
    ("2.2", (3,), "Each image has its own"),
    ("2.2", (100, 1, 1, 1), "Each channel keeps its own"),
    ("2.2", (100, 1, 32, 32), "one number for each pixel"),
    ("2.2", (100, 3, 32, 32), "is the shape of the images"),
    ("2.2", (100, 3, 32, 1), "each image and each channel"),
    ("2.2", 300, "a tuple"),
    ("2.3", lambda X: (X - X.mean()) / X.std(), "a deviation of its own"),
    (
        "2.3",
        lambda X: (X - X.mean(dim=1, keepdim=True)) / X.std(dim=1, keepdim=True),
        "should be [[-0.755929, -0.83205, -1.13389], [-0.377964, -0.27735, 0.377964], [1.13389, "
        "1.1094, 0.755929]]. These are rows that are standardized",
    ),
    ("2.3", lambda X: (X - X.mean(dim=1)) / X.std(dim=1), "Those of columns come with dim=0"),
    ("2.3", lambda X: (X - X.mean(0)) / X.std(0, correction=0), "correction=0"),
    ("2.3", lambda X: (X - X.mean(0)) / X.var(0), "divides by the variance"),
    ("2.3", lambda X: X - X.mean(0), "the standard deviation is missing"),
    ("2.3", lambda X: X - X.mean(0) / X.std(0), "put it in parentheses"),
    ("2.3", centered_in_place, "in place"),
    ("2.4", lambda scores, labels: (scores.argmax(dim=1) == labels).sum(), "Which share of all"),
    (
        "2.4",
        lambda scores, labels: (scores.argmax(dim=0) == labels).float().mean(),
        "should be 0.666667. With dim=0 argmax finds the best row for each class",
    ),
    ("2.4", lambda scores, labels: (scores.argmax() == labels).float().mean(), "Without dim=1"),
    ("2.4", lambda scores, labels: (scores.amax(1) == labels).float().mean(), "not a score"),
    (
        "2.4",
        lambda scores, labels: (scores.argmax(1) == labels).mean(),
        "could not infer output dtype",
    ),
    (
        "2.4",
        lambda scores, labels: (scores.argmax(1) == labels).sum() / scores.shape[1],
        "Divide by the number of rows",
    ),
    ("2.5", lambda points, others: (points - others).norm(dim=-1), "raised"),
    (
        "2.5",
        lambda points, others: (points[:, None] - others).square().sum(-1),
        "the root is missing",
    ),
    (
        "2.5",
        lambda points, others: (points[:, None] - others).abs().sum(-1),
        "absolute differences",
    ),
    (
        "2.5",
        lambda points, others: (points[:, None] - others).square().mean(-1).sqrt(),
        "not averaged",
    ),
    ("2.5", lambda points, others: (points[:, None] - others).sum(-1), "must be squared"),
    (
        "2.5",
        lambda points, others: (points[:, None] - others).sum(-1).square().sqrt(),
        "should be [[5, 1], [0, 4.24264], [5.38516, 2.23607]]. Square each difference before",
    ),
    ("2.5", lambda points, others: (others[:, None] - points).norm(dim=-1), "shape (3, 2)"),
    ("2.6", lambda v, k: torch.stack([v[i : i + k] for i in range(len(v) - k + 1)]), "copied"),
    ("2.6", lambda v, k: v.as_strided((len(v) - k + 1, k), (1, 1)), "use v.stride(0)"),
    (
        "2.6",
        lambda v, k: v.as_strided((len(v) - k + 1, k), (v.stride(0), v.stride(0)), 0),
        "mind its offset",
    ),
    ("2.6", lambda v, k: v[:k].expand(len(v) - k + 1, k), "From row to row"),
    ("2.6", lambda v, k: v.unfold(0, k, k), "should have the shape (8, 3), got (3, 3)"),
    ("2.7", 2048, "comes next"),
    ("2.7", 1025, "is too small"),
    ("2.7", 2047, "is too small"),
    ("2.7", 65504, "is the largest number"),
    ("2.7", 65505, "gaps long before"),
    ("2.7", 65520, "becomes infinite"),
    ("2.7", 2**24 + 1, "is the first that float32 misses"),
    ("2.7", 4097, "does not come back"),
    ("2.5", lambda a, b: ((a[:, None] - b) ^ 2).sum(-1).sqrt(), "A power is written **"),
]
