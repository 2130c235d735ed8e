"""The update rule of gradient descent, for many learning rates at once."""

from collections.abc import Callable, Sequence
from typing import SupportsFloat

import pandas as pd
import torch
from torch import Tensor

from dlbook import require

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
        start: the first point, d finite numbers, the same for every run.
        lr: learning rates, shape (runs,).
        steps: number of updates.
        momentum: μ, from 0 (plain descent) to below 1.

    Returns:
        The points, shape (steps + 1, runs, d), float64. Runs that diverge go to inf and nan.

    Raises:
        TypeError: steps is no whole number, or momentum no number.
        ValueError: steps below 1, or momentum out of range.
    """
    require.whole("steps", steps)
    require.number("momentum", momentum, least=0, below=1)
    w = torch.tensor(start, dtype=torch.float64).repeat(len(lr), 1)
    velocity = torch.zeros_like(w)
    points = [w]
    for step in range(steps):
        velocity = momentum * velocity + gradient_at(w, step)
        w = w - lr[:, None] * velocity
        points.append(w)
    return torch.stack(points)


def coordinates(start: float | Sequence[float]) -> list[float]:
    """The first point of a walk as a list: a number stands for d = 1.

    Raises:
        TypeError: something else than numbers.
        ValueError: none at all, or one that is not finite.
    """
    return require.numbers("start", start)


def coordinate_columns(points: Tensor) -> dict[str, Tensor]:
    """The coordinates of points of shape (…, d) as columns ``w``, or ``w0``, ``w1``, … ."""
    names = [f"w{i}" for i in range(points.shape[-1])] if points.shape[-1] > 1 else ["w"]
    return dict(zip(names, points.unbind(dim=-1), strict=True))


def learning_rates(lr: float | Sequence[float] | Tensor) -> Tensor:
    """One or several learning rates as a float64 tensor of shape (runs,).

    Raises:
        TypeError: something else than numbers.
        ValueError: none at all, or one that is not finite.
    """
    return torch.tensor(require.numbers("lr", lr), dtype=torch.float64)


def trace_table(lr: Tensor, columns: dict[str, Tensor]) -> pd.DataFrame:
    """A tidy table with a row per run and step from columns of shape (steps + 1, runs)."""
    length, runs = next(iter(columns.values())).shape
    index: dict[str, list[SupportsFloat]] = {
        "lr": lr.repeat_interleave(length).tolist(),
        "step": torch.arange(length).repeat(runs).tolist(),
    }
    return pd.DataFrame(index | {name: v.T.flatten().tolist() for name, v in columns.items()})
