"""The update rule of gradient descent, for many learning rates at once."""

import math
from collections.abc import Callable, Sequence
from typing import SupportsFloat

import pandas as pd
import torch
from torch import Tensor

GradientAt = Callable[[Tensor, int], Tensor]
"""gradient_at(w, step) for points w of shape (runs, d), as a tensor of the same shape."""


def walk(
    gradient_at: GradientAt,
    start: Sequence[float],
    lr: Tensor,
    *,
    steps: int,
    momentum: float,
) -> Tensor:
    """Follow v ← μv + g, w ← w − αv from ``start``, once per learning rate α.

    Args:
        gradient_at: the gradient g at the points of all runs.
        start: the first point, d numbers, the same for every run.
        lr: learning rates, shape (runs,).
        steps: number of updates.
        momentum: μ, from 0 (plain descent) to below 1.

    Returns:
        The points, shape (steps + 1, runs, d), float64. Runs that diverge go to inf and nan.

    Raises:
        ValueError: steps below 1, momentum out of range, or a start that is not finite.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}")
    if not start or not all(math.isfinite(value) for value in start):
        raise ValueError(f"start must be one or more finite numbers, got {start}")
    w = torch.tensor(start, dtype=torch.float64).repeat(len(lr), 1)
    velocity = torch.zeros_like(w)
    points = [w]
    for step in range(steps):
        velocity = momentum * velocity + gradient_at(w, step)
        w = w - lr[:, None] * velocity
        points.append(w)
    return torch.stack(points)


def coordinates(start: float | Sequence[float]) -> list[float]:
    """The first point of a walk as a list: a number stands for d = 1."""
    return [float(start)] if isinstance(start, int | float) else [float(v) for v in start]


def coordinate_columns(points: Tensor) -> dict[str, Tensor]:
    """The coordinates of points of shape (…, d) as columns ``w``, or ``w0``, ``w1``, … ."""
    names = [f"w{i}" for i in range(points.shape[-1])] if points.shape[-1] > 1 else ["w"]
    return dict(zip(names, points.unbind(dim=-1), strict=True))


def learning_rates(lr: float | Sequence[float] | Tensor) -> Tensor:
    """One or several learning rates as a float64 tensor of shape (runs,).

    Raises:
        ValueError: none at all, or one that is not a finite number.
    """
    rates = torch.as_tensor(lr, dtype=torch.float64).reshape(-1)
    if len(rates) == 0 or not rates.isfinite().all():
        raise ValueError(f"lr must be one or more finite numbers, got {lr}")
    return rates


def trace_table(lr: Tensor, columns: dict[str, Tensor]) -> pd.DataFrame:
    """A tidy table with a row per run and step from columns of shape (steps + 1, runs)."""
    length, runs = next(iter(columns.values())).shape
    index: dict[str, list[SupportsFloat]] = {
        "lr": lr.repeat_interleave(length).tolist(),
        "step": torch.arange(length).repeat(runs).tolist(),
    }
    return pd.DataFrame(index | {name: v.T.flatten().tolist() for name, v in columns.items()})
