"""How well a parameter explains the data: log-likelihoods, in nats."""

import math

import torch
from torch import Tensor

from dlbook.information.distributions import require_distribution


def bernoulli_log_likelihood(theta: Tensor, ones: int, zeros: int) -> Tensor:
    """log θˣ(1 − θ)ⁿ⁻ˣ for x ones among n draws in a given order (chapter 10).

    Args:
        theta: probabilities of a one, from 0 to 1, any shape.
        ones: how many ones were drawn, x.
        zeros: how many zeros, n − x.

    Returns:
        The shape of theta; −∞ where theta rules the draws out.

    Raises:
        ValueError: a theta outside [0, 1] or a negative count.
    """
    if not ((theta >= 0) & (theta <= 1)).all():
        raise ValueError("theta must hold numbers from 0 to 1")
    if ones < 0 or zeros < 0:
        raise ValueError(f"ones and zeros must not be negative, got {ones} and {zeros}")
    # xlogy makes a count of zero add nothing even where the probability is zero.
    explained: Tensor = torch.special.xlogy(ones, theta) + torch.special.xlog1py(zeros, -theta)
    return explained


def binomial_log_likelihood(theta: Tensor, ones: int, zeros: int) -> Tensor:
    """log C(n, x) θˣ(1 − θ)ⁿ⁻ˣ: x ones among n draws in any order (chapter 10).

    The binomial coefficient does not depend on θ, so the maximum is at the same place.

    Raises:
        ValueError: a theta outside [0, 1] or a negative count.
    """
    ordered = bernoulli_log_likelihood(theta, ones, zeros)
    return ordered + math.log(math.comb(ones + zeros, ones))


def categorical_log_likelihood(probs: Tensor, counts: Tensor) -> Tensor:
    """Σ counts · log probs for draws among k categories, in a given order (chapter 10).

    Args:
        probs: distributions over k categories, shape (…, k).
        counts: how often each category was drawn, shape (k,).

    Returns:
        Shape (…): −n times the cross-entropy between the observed shares and probs.

    Raises:
        TypeError: probs is not a floating-point tensor.
        ValueError: probs is no distribution, or counts are negative or not k.
    """
    require_distribution("probs", probs)
    if counts.shape != probs.shape[-1:] or (counts < 0).any():
        raise ValueError(
            f"counts must be {probs.shape[-1]} numbers, none negative, got {counts.tolist()}"
        )
    terms: Tensor = torch.special.xlogy(counts.to(probs.dtype), probs)
    return terms.sum(dim=-1)


def normal_log_likelihood(y: Tensor, mean: Tensor, std: Tensor | float) -> Tensor:
    """Σ log N(y; mean, std²) over the last dimension: −n log(std√2π) − Σ(y − mean)²/2std².

    For a fixed std its maximum over mean is the minimum of the squared error (chapters 03, 10).

    Args:
        y: n observations, shape (n,).
        mean: predictions, of a shape (…, n) that broadcasts with y's.
        std: standard deviation of the noise, above 0.

    Returns:
        Shape (…).

    Raises:
        ValueError: std is not positive.
    """
    std = torch.as_tensor(std, dtype=mean.dtype)
    if not (std > 0).all():
        raise ValueError(f"std must be positive, got {std.min().item():g}")
    z = (y - mean) / std
    log_density: Tensor = -0.5 * z.square() - std.log() - 0.5 * math.log(2 * math.pi)
    return log_density.sum(dim=-1)
