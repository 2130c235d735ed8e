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
    ("2.1", torch.arange(0, 1, 0.25), "shape (5,) is expected"),
    ("2.1", torch.linspace(0, 1, 5, dtype=torch.float64), "dtype"),
    ("2.1", [0, 0.25, 0.5, 0.75, 1], "a tensor of shape (5,) is expected"),
    ("2.2", (100, 3), "3 meets 32"),
    ("2.2", (1, 3, 1, 1), "each picture"),
    ("2.2", 300, "a tuple"),
    ("2.3", lambda X: (X - X.mean()) / X.std(), "is not right"),
    ("2.3", lambda X: (X - X.mean(dim=1, keepdim=True)) / X.std(dim=1, keepdim=True), "not right"),
    ("2.3", lambda X: (X - X.mean(dim=1)) / X.std(dim=1), "raised"),
    ("2.3", centered_in_place, "in place"),
    ("2.4", lambda scores, labels: (scores.argmax(dim=1) == labels).sum(), "is not right"),
    ("2.4", lambda scores, labels: (scores.argmax(dim=0) == labels).float().mean(), "raised"),
    ("2.5", lambda points, others: (points - others).norm(dim=-1), "raised"),
    ("2.5", lambda points, others: (points[:, None] - others).square().sum(-1), "is not right"),
    ("2.5", lambda points, others: (others[:, None] - points).norm(dim=-1), "shape (3, 2)"),
    ("2.6", lambda v, k: torch.stack([v[i : i + k] for i in range(len(v) - k + 1)]), "copied"),
    ("2.6", lambda v, k: v.as_strided((len(v) - k + 1, k), (1, 1)), "stride and offset"),
    ("2.7", 2048, "comes next"),
    ("2.7", 65505, "does not come back"),
    ("2.5", lambda a, b: ((a[:, None] - b) ^ 2).sum(-1).sqrt(), "A power is written **"),
]
