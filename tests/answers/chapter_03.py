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


def thirds(
    f: Callable[[float], float], low: float, high: float, *, rounds: int = 60, turned: bool = False
) -> float:
    """A ternary search, perhaps with too few rounds, or one that keeps the wrong side."""
    for _ in range(rounds):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if (f(a) < f(b)) != turned else (a, high)
    return (low + high) / 2


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
    ("3.1", 1, "without their signs"),
    ("3.1", -1, "is the mean of the errors"),
    ("3.1", (7 / 6) ** 0.5, "Leave the root out"),
    ("3.1", 7 / 12, "no factor 1/2"),
    ("3.1", 9, "the square of the sum"),
    ("3.1", 1.17, "three digits"),
    ("3.1", 2, "square each, and average"),
    ("3.1", "7/6", "the text '7/6'"),
    ("3.1", torch.ones(3), "shape (3,)"),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(), "the shape (3,)"),
    ("3.2", lambda w, x, y: ((x * w - y) ** 2).mean(), "the shape (3,)"),
    (
        "3.2",
        lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(dim=0),
        "many_costs([1, 2, -1], [1, 2, 3], [2, 4, 1]) should be [3, 8.33333, 20.3333]. This avera",
    ),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).sum(dim=1), "These are sums"),
    ("3.2", lambda w, x, y: (x * w[:, None] - y).abs().mean(dim=1), "absolute errors"),
    ("3.2", lambda w, x, y: (x * w[:, None] - y).mean(dim=1) ** 2, "not their mean"),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(dim=1).sqrt(), "the roots"),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(dim=1) / 2, "no factor 1/2"),
    ("3.2", lambda w, x, y: (x * w[:, None] - y).mean(dim=1), "Square them first"),
    ("3.3", lambda x, y: (y / x).mean(), "should be 1.21429. That is the mean of y / x"),
    ("3.3", lambda x, y: (x @ x) / (x @ y), "upside down"),
    ("3.3", lambda x, y: (x @ y) / (y @ y), "to predict x from y"),
    ("3.3", lambda x, y: y.sum() / x.sum(), "the mean of y over the mean of x"),
    ("3.3", lambda x, y: (x * y).mean() / x.mean() ** 2, "not the square of the mean"),
    ("3.3", lambda x, y: (x * y).mean(), "That is B"),
    ("3.3", lambda x, y: x @ y, "the sum of xy"),
    ("3.3", lambda x, y: torch.cov(torch.stack((x, y)))[0, 1] / x.var(), "has an intercept"),
    ("3.3", 2.0, "a function is expected"),
    ("3.4", 4.0, "not right"),
    ("3.4", 4.9, "squared"),
    ("3.4", 20, "the place in the grid"),
    ("3.4", 5.6, "the errors cancel"),
    ("3.4", 0, "negative, not small"),
    ("3.5", lambda f, low, high: (low + high) / 2, "beside the higher cost"),
    ("3.5", lambda *case: thirds(*case, turned=True), "Keep the side on which the cost is lower"),
    ("3.5", lambda *case: thirds(*case, rounds=10), "should be -0.7. It is close"),
    ("3.5", lambda f, *ends: f(thirds(f, *ends)), "That is the lowest cost"),
    (
        "3.5",
        lambda f, low, high: min((low + i * (high - low) / 9999 for i in range(9999)), key=f),
        "more than 999 times",
    ),
    ("3.2", lambda w, x, y: (w * x - y) ** 2 if len(w) == len(x) else None, "one sample only"),
]
