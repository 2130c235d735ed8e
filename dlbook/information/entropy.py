"""How much we learn from an outcome, on average: entropy, cross-entropy, KL divergence."""

import torch
from torch import Tensor

from dlbook.information.distributions import require_distribution, require_same_outcomes
from dlbook.information.units import Unit, in_unit


def entropy(p: Tensor, *, unit: Unit = "nats") -> Tensor:
    """H(p) = −Σ p log p, the mean information of an outcome, with 0 log 0 = 0 (chapter 10).

    Args:
        p: distributions over k outcomes, shape (…, k).
        unit: nats, bits or bans.

    Returns:
        Shape (…): from 0 (one outcome is certain) to log k (all are alike).

    Raises:
        TypeError: p is not a floating-point tensor.
        ValueError: p is no distribution, or an unknown unit.
    """
    require_distribution("p", p)
    return in_unit(torch.special.entr(p).sum(dim=-1) + 0.0, unit)


def cross_entropy(p: Tensor, q: Tensor, *, unit: Unit = "nats") -> Tensor:
    """H(p, q) = −Σ p log q: the mean information if q is believed and p is true (chapter 10).

    Infinite where p has an outcome that q rules out; an outcome that p rules out adds nothing.

    Args:
        p: true distributions, shape (…, k).
        q: believed distributions, of a shape that broadcasts with p's, k outcomes as well.
        unit: nats, bits or bans.

    Returns:
        Shape (…): at least H(p).

    Raises:
        TypeError: p or q is not a floating-point tensor.
        ValueError: p or q is no distribution, their outcomes differ, or an unknown unit.
    """
    _require_two(p, q)
    return in_unit(0.0 - (p * _log_where(p, q)).sum(dim=-1), unit)


def kl_divergence(p: Tensor, q: Tensor, *, unit: Unit = "nats") -> Tensor:
    """KL(p‖q) = Σ p log(p/q) = H(p, q) − H(p): what the wrong belief q costs (chapter 10).

    Never negative, and zero only for p = q; infinite where q rules out what p allows.

    Args:
        p: true distributions, shape (…, k).
        q: believed distributions, of a shape that broadcasts with p's, k outcomes as well.
        unit: nats, bits or bans.

    Returns:
        Shape (…).

    Raises:
        TypeError: p or q is not a floating-point tensor.
        ValueError: p or q is no distribution, their outcomes differ, or an unknown unit.
    """
    _require_two(p, q)
    terms = p * (_log_where(p, p) - _log_where(p, q))
    total = terms.sum(dim=-1)
    # Gibbs' inequality holds for exact numbers; rounding may miss it by the last digit, which goes,
    # without the slope.
    return in_unit(total - total.detach().clamp(max=0.0), unit)


def perplexity(p: Tensor, q: Tensor | None = None) -> Tensor:
    """exp H(p), or exp H(p, q): among how many equally likely outcomes one guesses (chapter 10).

    Args:
        p: distributions over k outcomes, shape (…, k).
        q: believed distributions; p itself when ``None``.

    Returns:
        Shape (…): the same number in whatever unit the entropy is measured.

    Raises:
        TypeError: p or q is not a floating-point tensor.
        ValueError: p or q is no distribution, or their outcomes differ.
    """
    return (entropy(p) if q is None else cross_entropy(p, q)).exp()


def _log_where(p: Tensor, q: Tensor) -> Tensor:
    """log q where p is positive, else 0: with xlogy the slope at p = q = 0 would be NaN."""
    return torch.where(p > 0, q, torch.ones_like(q)).log()


def _require_two(p: Tensor, q: Tensor) -> None:
    require_distribution("p", p)
    require_distribution("q", q)
    require_same_outcomes(p, q)
