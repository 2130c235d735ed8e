"""Answers to the exercises of chapter 99, title of the chapter."""

from typing import Any

import torch

RIGHT: dict[str, Any] = {
    "99.1": 5,
    "99.2": torch.tensor([-3.0, -2.0, 5.0]),
    "99.3": lambda x, c: 2 * (c - x).mean(),
    "99.4": 2.0,
}

# Name, a mistake that a reader may make, and a piece of what the check must say to it.
WRONG: list[tuple[str, Any, str]] = [
    ("99.1", 3, "in the middle"),
    ("99.1", 15, "slope of the cost"),
    ("99.2", torch.tensor([3.0, 2.0, -5.0]), "mean away"),
    ("99.2", 0.0, "a tensor of shape (3,)"),
    ("99.3", lambda x, c: c - x.mean(), "is not right"),
    ("99.3", lambda x, c: 2 * (x.mean() - c), "is not right"),
    ("99.4", 3.0, "smallest"),
]
