"""Gradient descent on a plain function."""

from collections.abc import Callable, Sequence

import pandas as pd
import torch
from torch import Tensor

from dlbook import require
from dlbook.descent.walk import coordinate_columns, coordinates, learning_rates, trace_table, walk

PointFunction = Callable[[Tensor], Tensor]


def descend(
    cost: PointFunction,
    start: float | Sequence[float],
    lr: float | Sequence[float],
    *,
    steps: int,
    gradient: PointFunction | None = None,
    momentum: float = 0.0,
) -> pd.DataFrame:
    """Walk downhill on ``cost``: w ← w − α·∇cost(w), for all learning rates at once (chapter 04).

    Args:
        cost: maps points of shape (…, d) to costs of shape (…).
        start: the first point: a number (d = 1) or d numbers.
        lr: one learning rate α or several.
        steps: number of updates, at least 1.
        gradient: maps (…, d) to gradients (…, d); by default autograd computes it.
        momentum: μ in v ← μv + ∇cost(w), w ← w − αv (chapter 08).

    Returns:
        A row per learning rate and step (0 is the start) with the columns ``lr``, ``step``, ``w``
        (or ``w0``, ``w1``, …), ``cost`` and ``grad_norm``, the Euclidean norm of the gradient.
        Runs that diverge go to inf and nan; that is part of what the table shows.

    Raises:
        TypeError: an argument of another type, or a cost or gradient that returns no tensor.
        ValueError: steps, lr, momentum or start out of range, a cost that does not return one
            number per point, or a gradient that does not return d.
    """
    rates = learning_rates(lr)
    require.function("cost", cost)
    if gradient is not None:
        require.function("gradient", gradient)
    slope = _autograd(cost) if gradient is None else _checked(gradient)
    path = walk(lambda w, _: slope(w), coordinates(start), rates, steps=steps, momentum=momentum)
    costs = _cost_per_point(cost, path)
    columns = coordinate_columns(path)
    return trace_table(rates, columns | {"cost": costs, "grad_norm": slope(path).norm(dim=-1)})


def _autograd(cost: PointFunction) -> PointFunction:
    def gradient(w: Tensor) -> Tensor:
        w = w.detach().requires_grad_()
        # Every point has its own cost, so the gradient of the sum holds the gradients of all.
        total = require.differentiable("what cost returns", _cost_per_point(cost, w).sum())
        return torch.autograd.grad(total, w)[0]

    return gradient


def _checked(gradient: PointFunction) -> PointFunction:
    def checked(w: Tensor) -> Tensor:
        slope = require.tensor("what gradient returns", gradient(w))
        if slope.shape != w.shape:
            raise ValueError(
                f"gradient must map points of shape {tuple(w.shape)} to the same shape, "
                f"got {tuple(slope.shape)}"
            )
        return slope

    return checked


def _cost_per_point(cost: PointFunction, w: Tensor) -> Tensor:
    costs = require.tensor("what cost returns", cost(w), "floating-point tensor")
    if costs.shape != w.shape[:-1]:
        raise ValueError(
            f"cost must map points of shape {tuple(w.shape)} to {tuple(w.shape[:-1])}, "
            f"got {tuple(costs.shape)}"
        )
    return costs
