"""Gradient descent for the line ŷ = xw + b: full batch, mini-batch or one sample at a time."""

import math
from collections.abc import Sequence
from itertools import chain, islice, repeat

import pandas as pd
import torch
from torch import Tensor

from dlbook import require
from dlbook.data import Batches, Samples
from dlbook.descent.walk import learning_rates, trace_table, walk


def line_cost(samples: Samples, w: Tensor, b: Tensor | float = 0.0) -> Tensor:
    """The mean squared error (1/n) Σ (xw + b − y)² for every pair of w and b (chapter 03).

    Args:
        samples: n numbers x and n numbers y.
        w: slopes, shape (…).
        b: intercepts, of a shape that broadcasts with w's.

    Returns:
        Costs, of the shape that w and b broadcast to.

    Raises:
        TypeError: an argument of another type.
        ValueError: samples of more than one number each, or shapes that do not broadcast.
    """
    _, error = _errors(samples, w, b)
    return error.square().mean(dim=-1)


def line_gradient(samples: Samples, w: Tensor, b: Tensor | float = 0.0) -> Tensor:
    """The gradient of `line_cost`: (2/n) Σ x(xw + b − y) and (2/n) Σ (xw + b − y) (chapter 04).

    Returns:
        Shape (…, 2): the partial derivatives by w and by b.

    Raises:
        TypeError: an argument of another type.
        ValueError: samples of more than one number each, or shapes that do not broadcast.
    """
    x, error = _errors(samples, w, b)
    return 2 * torch.stack(((x * error).mean(dim=-1), error.mean(dim=-1)), dim=-1)


def descend_line(
    samples: Samples,
    lr: float | Sequence[float],
    *,
    epochs: int,
    batch_size: int | None = None,
    start: tuple[float, float] = (0.0, 0.0),
    momentum: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Fit ŷ = xw + b by gradient descent, for all learning rates at once (chapters 04 and 08).

    Args:
        samples: n numbers x and n numbers y.
        lr: one learning rate or several; all see the same batches.
        epochs: passes over the samples, at least 1.
        batch_size: samples per update: ``None`` for all (gradient descent), 1 for stochastic
            gradient descent, anything between for mini-batches.
        start: w and b at the beginning.
        momentum: μ in v ← μv + g, (w, b) ← (w, b) − αv.
        seed: of the order of the samples.

    Returns:
        A row per learning rate and update (step 0 is the start) with the columns ``lr``,
        ``step``, ``epoch`` (a fraction of a pass counts), ``w``, ``b`` and ``cost``, the mean
        squared error over *all* samples.

    Raises:
        TypeError: an argument of another type.
        ValueError: epochs below 1, or another argument out of range.
    """
    require.whole("epochs", epochs)
    rates = learning_rates(lr)
    samples = Samples(*(t.double() for t in _columns(samples)))
    batches = Batches(samples, len(samples) if batch_size is None else batch_size, seed=seed)
    stream = chain.from_iterable(repeat(batches))
    parts = [Samples(x, y) for x, y in islice(stream, epochs * len(batches))]
    path = walk(
        lambda point, step: line_gradient(parts[step], *point.unbind(dim=-1)),
        _two_numbers(start),
        rates,
        steps=len(parts),
        momentum=momentum,
    )
    w, b = path.unbind(dim=-1)
    seen = torch.tensor([0, *(len(part) for part in parts)]).cumsum(dim=0)
    epoch = (seen / len(samples)).double()[:, None].expand_as(w)
    return trace_table(rates, {"epoch": epoch, "w": w, "b": b, "cost": line_cost(samples, w, b)})


def _errors(samples: Samples, w: Tensor, b: Tensor | float) -> tuple[Tensor, Tensor]:
    """The inputs, shape (n,), and the errors ŷ − y for every w and b, shape (…, n)."""
    x, y = _columns(samples)
    require.tensor("w", w, "tensor of real numbers")
    if isinstance(b, Tensor):
        require.tensor("b", b, "tensor of real numbers")
        require.broadcast("w and b", w, b)
    else:
        b = require.number("b", b)
        b = torch.as_tensor(b, dtype=torch.result_type(w, b))
    return x, x * w[..., None] + b[..., None] - y


def _columns(samples: Samples) -> tuple[Tensor, Tensor]:
    n = len(require.kind("samples", samples, Samples))
    for name in ("x", "y"):
        require.tensor(f"{name} of samples", getattr(samples, name), "tensor of real numbers")
    if math.prod(samples.x.shape) != n or math.prod(samples.y.shape) != n:
        raise ValueError(
            "samples must hold one number x and one number y each, got shapes "
            f"{tuple(samples.x.shape)} and {tuple(samples.y.shape)}"
        )
    return samples.x.flatten(), samples.y.flatten()


def _two_numbers(start: Sequence[float]) -> list[float]:
    values = require.numbers("start", start)
    if len(values) != 2:
        raise ValueError(f"start must be two numbers, w and b, got {require.shown(start)}")
    return values
