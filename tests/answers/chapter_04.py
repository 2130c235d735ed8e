"""Answers to the exercises of chapter 04, walking downhill."""

from collections.abc import Callable
from typing import Any

import torch


def walk_until_short(
    gradient: Callable[[float], float], w: float, lr: float, tolerance: float
) -> tuple[float, int]:
    steps = 0
    while abs(gradient(w)) > tolerance:
        w, steps = w - lr * gradient(w), steps + 1
    return w, steps


RIGHT: dict[str, Any] = {
    "4.1": torch.tensor(3 - 0.1 * 28 / 3),
    "4.2": lambda w, b, x, y: torch.stack(
        (2 * (x * (x * w + b - y)).mean(), 2 * (x * w + b - y).mean())
    ),
    "4.3": lambda x: 1 / x.square().mean(),
    "4.4": walk_until_short,
    "4.5": lambda h: {True: "minimum", False: "maximum"}.get(
        bool((torch.linalg.eigvalsh(h) > 0).all())
        if torch.linalg.eigvalsh(h).sign().unique().numel() == 1
        else None,
        "saddle",
    ),
    "4.6": 0.168,
}

WRONG: list[tuple[str, Any, str]] = [
    ("4.1", 3 + 0.1 * 28 / 3, "sign"),
    ("4.1", 3 - 0.1 * 28, "slope at w = 3"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack(((x * (x * w + b - y)).mean(), (x * w + b - y).mean())),
        "is not right",
    ),
    ("4.2", lambda w, b, x, y: 2 * (x * (x * w + b - y)).mean(), "shape (2,)"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack((2 * (x * (x - y)).mean(), 2 * (x - y).mean())),
        "is not right",
    ),
    ("4.3", lambda x: 2 / x.square().mean(), "is not right"),
    ("4.3", lambda x: 1 / x.square().sum(), "is not right"),
    ("4.4", lambda gradient, w, lr, tolerance: w, "a pair"),
    ("4.4", lambda gradient, w, lr, tolerance: (w - lr * gradient(w), 1), "is not right"),
    ("4.5", lambda h: "saddle", "minimum"),
    ("4.5", lambda h: "minimum" if h.det() > 0 else "saddle", "maximum"),
    ("4.6", 1 / 11.093, "the cost after 50 steps"),
    ("4.6", 0.1803, "the cost after 50 steps"),
    ("4.6", 3.0, "no learning rate"),
]
