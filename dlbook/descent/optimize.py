"""Any torch optimizer on a plain function."""

from collections.abc import Callable, Sequence

import pandas as pd
import torch
from torch import Tensor
from torch.optim import Optimizer

from dlbook.descent.walk import coordinate_columns, coordinates, learning_rates, trace_table

MakeOptimizer = Callable[[list[Tensor]], Optimizer]


def optimize(
    cost: Callable[[Tensor], Tensor],
    start: float | Sequence[float],
    make_optimizer: MakeOptimizer,
    *,
    steps: int,
) -> pd.DataFrame:
    """Walk downhill with an optimizer of ``torch.optim`` (chapter 08).

    Args:
        cost: maps a point of shape (d,) to a cost of shape ().
        start: the first point: a number (d = 1) or d numbers.
        make_optimizer: makes the optimizer of a list of one tensor of shape (d,), for example
            ``lambda w: torch.optim.Adam(w, lr=0.1)``.
        steps: number of updates, at least 1.

    Returns:
        A row per step (0 is the start) with the columns ``lr``, ``step``, ``w`` (or ``w0``,
        ``w1``, …), ``cost`` and ``grad_norm``, as `descend` returns.

    Raises:
        ValueError: steps below 1.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    w = torch.tensor(coordinates(start), dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer([w])
    points, costs, lengths = [], [], []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        value = cost(w)
        value.backward()
        assert w.grad is not None
        points.append(w.detach().clone())
        costs.append(value.detach())
        lengths.append(w.grad.norm())
        optimizer.step()
    columns = coordinate_columns(torch.stack(points))
    columns |= {"cost": torch.stack(costs), "grad_norm": torch.stack(lengths)}
    rate = learning_rates(float(optimizer.param_groups[0]["lr"]))
    return trace_table(rate, {name: values[:, None] for name, values in columns.items()})
