"""Answers to the exercises of chapter 03, a model with one knob."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def golden_steps(f: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        a, b = low + 0.382 * (high - low), low + 0.618 * (high - low)
        low, high = (low, b) if f(a) < f(b) else (a, high)
    return (low + high) / 2


def by_grids(f: Callable[[Tensor], Tensor], low: float, high: float) -> Tensor:
    """All costs of a grid in one call, then a finer grid around the lowest."""
    for _ in range(8):
        grid = torch.linspace(low, high, 11, dtype=torch.float64)
        middle = grid[f(grid).argmin()]
        low, high = float(middle) - (high - low) / 10, float(middle) + (high - low) / 10
    return middle


RIGHT: dict[str, Any] = {
    "3.1": 7 / 6,
    "3.2": lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(dim=1),
    "3.3": lambda x, y: (x @ y) / (x @ x),
    "3.4": 2.0,
    "3.5": golden_steps,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("3.2", lambda w, x, y: ((w[:, None] * x[None, :] - y[None, :]) ** 2).mean(1)),
    ("3.2", lambda w, x, y: ((torch.outer(w, x) - y) ** 2).sum(dim=1) / len(y)),
    ("3.2", lambda w, x, y: ((w * x[:, None] - y[:, None]) ** 2).mean(dim=0)),
    ("3.5", by_grids),
]

WRONG: list[tuple[str, Any, str]] = [
    ("3.1", 3.5, "sum"),
    ("3.1", "7/6", "the text '7/6'"),
    ("3.1", torch.ones(3), "shape (3,)"),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(), "shape (5,)"),
    ("3.2", lambda w, x, y: ((x * w - y) ** 2).mean(), "raised"),
    ("3.2", lambda w, x, y: (x * w[:, None] - y).mean(dim=1), "is not right"),
    ("3.3", lambda x, y: (y / x).mean(), "is not right"),
    ("3.3", 2.0, "a function is expected"),
    ("3.4", 4.0, "not right"),
    ("3.4", 4.9, "squared"),
    ("3.5", lambda f, low, high: (low + high) / 2, "not right"),
    (
        "3.5",
        lambda f, low, high: min((low + i * (high - low) / 9999 for i in range(9999)), key=f),
        "more than 999 times",
    ),
    ("3.2", lambda w, x, y: (w * x - y) ** 2 if len(w) == len(x) else None, "nothing (None)"),
]
