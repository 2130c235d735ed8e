"""What counts as a distribution: numbers that are not negative and sum to one."""

import torch
from torch import Tensor

from dlbook import require

# The sum of k rounded numbers is off by about k units in the last place; this leaves room for
# softmax outputs with many classes.
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-4}
HALF_TOLERANCE = 1e-2


def require_distribution(name: str, p: Tensor, *, dims: int = 1) -> None:
    """Refuse what is no distribution over the last ``dims`` dimensions.

    Args:
        name: of the argument, for the message.
        p: floating-point probabilities.
        dims: over how many of the last dimensions they sum to one.

    Raises:
        TypeError: no tensor, or no floating-point one.
        ValueError: too few dimensions, no outcomes, a negative or not finite number, or a sum that
            is not one.
    """
    require.tensor(name, p, "floating-point tensor")
    axes = tuple(range(-dims, 0))
    if p.ndim < dims or 0 in p.shape:
        raise ValueError(
            f"{name} must hold probabilities in its last {dims} dimension(s), got shape "
            f"{tuple(p.shape)}"
        )
    if not p.isfinite().all() or (p < 0).any():
        raise ValueError(f"{name} must hold numbers from 0 to 1, got {_worst(p)}")
    total = p.double().sum(dim=axes)
    error = (total - 1).abs().max().item()
    if error > TOLERANCE.get(p.dtype, HALF_TOLERANCE):
        off = total.flatten()[(total - 1).abs().argmax()]
        raise ValueError(f"{name} must sum to 1, got a sum of {off:.6g}")


def require_probabilities(name: str, p: Tensor) -> None:
    """Refuse numbers that are no probabilities of single events.

    Raises:
        TypeError: no tensor, or no floating-point one.
        ValueError: a number outside [0, 1], or NaN.
    """
    require.tensor(name, p, "floating-point tensor")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"{name} must hold numbers from 0 to 1")


def require_same_outcomes(p: Tensor, q: Tensor) -> None:
    """Refuse two distributions over different numbers of outcomes.

    Raises:
        ValueError: the last dimensions differ, or the others do not broadcast.
    """
    try:
        torch.broadcast_shapes(p.shape, q.shape)
    except RuntimeError:
        fits = False
    else:
        fits = p.shape[-1] == q.shape[-1]
    if not fits:
        raise ValueError(
            "p and q must be distributions over the same outcomes, got shapes "
            f"{tuple(p.shape)} and {tuple(q.shape)}"
        )


def _worst(p: Tensor) -> float:
    flat = p.flatten()
    wrong = flat[~flat.isfinite() | (flat < 0)]
    return float(wrong[0])
