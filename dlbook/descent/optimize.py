"""Any torch optimizer on a plain function."""

from collections.abc import Callable, Sequence

import pandas as pd
import torch
from torch import Tensor
from torch.optim import Optimizer

from dlbook import require
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
        TypeError: an argument of another type, a cost that returns no tensor, or a make_optimizer
            that returns no optimizer.
        ValueError: steps below 1, a start that is not finite, or a cost that is not one number.
    """
    require.function("cost", cost)
    require.function("make_optimizer", make_optimizer)
    require.whole("steps", steps)
    w = torch.tensor(coordinates(start), dtype=torch.float64, requires_grad=True)
    optimizer = require.kind("what make_optimizer returns", make_optimizer([w]), Optimizer)
    points, costs, lengths = [], [], []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        value = require.one_number("what cost returns", cost(w))
        require.differentiable("what cost returns", value).backward()
        assert w.grad is not None
        points.append(w.detach().clone())
        costs.append(value.detach())
        lengths.append(w.grad.norm())
        optimizer.step()
    columns = coordinate_columns(torch.stack(points))
    columns |= {"cost": torch.stack(costs), "grad_norm": torch.stack(lengths)}
    rate = learning_rates(float(optimizer.param_groups[0]["lr"]))
    return trace_table(rate, {name: values[:, None] for name, values in columns.items()})
