"""Answers to the exercises of chapter 04, walking downhill."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor


def walk_until_short(
    gradient: Callable[[float], float], w: float, lr: float, tolerance: float
) -> tuple[float, int]:
    steps = 0
    while abs(gradient(w)) > tolerance:
        w, steps = w - lr * gradient(w), steps + 1
    return w, steps


def walk_that_tests_late(
    gradient: Callable[[float], float], w: float, lr: float, tolerance: float
) -> tuple[float, int]:
    steps = 0
    while abs(gradient(w)) >= tolerance:
        w, steps = w - lr * gradient(w), steps + 1
    return w, steps


def walk_with_a_signed_test(
    gradient: Callable[[float], float], w: float, lr: float, tolerance: float
) -> tuple[float, int]:
    steps = 0
    while -gradient(w) > tolerance:
        w, steps = w - lr * gradient(w), steps + 1
    return w, steps


def by_signs(curvatures: Any) -> str:
    if (curvatures > 0).all():
        return "minimum"
    return "maximum" if (curvatures < 0).all() else "saddle"


def by_numpy(hessian: Tensor) -> str:
    return by_signs(np.linalg.eigvals(hessian.numpy()))


def by_determinant(hessian: Tensor) -> str:
    """Right for two knobs."""
    if len(hessian) == 2 and hessian.det() < 0:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


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

RIGHT_TOO: list[tuple[str, Any]] = [
    ("4.2", lambda w, b, x, y: torch.tensor([2 * ((w * x + b - y) * v).mean() for v in (x, 1)])),
    ("4.5", by_numpy),
]

WRONG: list[tuple[str, Any, str]] = [
    ("4.1", 3 + 0.1 * 28 / 3, "sign"),
    ("4.1", 3 - 0.1 * 28, "gradient of the sum"),
    ("4.1", -0.1 * 28 / 3, "is the step"),
    ("4.1", 0.1 * 28 / 3, "is the length of the step"),
    ("4.1", 2.9, "slope at w = 3"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack(((x * (x * w + b - y)).mean(), (x * w + b - y).mean())),
        "factor 2",
    ),
    ("4.2", lambda w, b, x, y: 2 * (x * (x * w + b - y)).mean(), "shape (2,)"),
    ("4.2", lambda *case: RIGHT["4.2"](*case) * len(case[2]), "gradient of the sum"),
    ("4.2", lambda *case: -RIGHT["4.2"](*case), "prediction minus target"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack((2 * (x * (x - y)).mean(), 2 * (x - y).mean())),
        "The prediction is w * x + b",
    ),
    ("4.3", lambda x: 2 / x.square().mean(), "a factor 2 into the curvature"),
    ("4.3", lambda x: 1 / x.square().sum(), "a mean over the samples"),
    ("4.3", lambda x: 2 * x.square().mean(), "That is the curvature"),
    ("4.3", lambda x: 1 / (2 * x.square().mean()), "one step lands on the minimum"),
    ("4.3", lambda x: 1 / x.mean().square(), "not the square of the mean"),
    ("4.4", lambda gradient, w, lr, tolerance: w, "a pair"),
    ("4.4", lambda gradient, w, lr, tolerance: (w - lr * gradient(w), 1), "is not right"),
    ("4.5", lambda h: "saddle", "minimum"),
    ("4.5", lambda h: "minimum" if h.det() > 0 else "saddle", "maximum"),
    ("4.6", 1 / 11.093, "the flat one loses only 2 %"),
    ("4.6", 0.1803, "never comes to rest"),
    ("4.6", 0.1765, "50 steps are too few"),
    ("4.6", 0.05, "the cost after 50 steps"),
    ("4.6", 3.0, "no learning rate"),
    ("4.2", lambda *a: RIGHT["4.2"](*a).flip(0), "The derivative by w comes first"),
    ("4.2", lambda *a: RIGHT["4.2"](*a) / 2, "should be [-22, -10]"),
    ("4.3", lambda x: 1 / RIGHT["4.3"](x), "border_of([1, 2, 3]) should be 0.214286"),
    (
        "4.4",
        lambda gradient, *rest: walk_until_short(lambda w: -gradient(w), *rest),
        "called the function that it was given more than 100,000 times",
    ),
    ("4.4", walk_with_a_signed_test, "absolute value"),
    ("4.4", walk_that_tests_late, "the point of minimize(gradient, 0, 0.1, 6) should be 0"),
    ("4.5", lambda h: "minimum" if (torch.linalg.eigvals(h) > 0).all() else "saddle", "eigvalsh"),
    ("4.5", lambda h: by_signs(h.diagonal()), "The diagonal is not enough"),
    ("4.5", by_determinant, "the determinant does not show it here"),
]
