"""How well a parameter explains the data: log-likelihoods, in nats."""

import math

import torch
from torch import Tensor

from dlbook import require
from dlbook.information.distributions import require_distribution, require_probabilities


def bernoulli_log_likelihood(theta: Tensor, ones: int, zeros: int) -> Tensor:
    """log θˣ(1 − θ)ⁿ⁻ˣ for x ones among n draws in a given order (chapter 10).

    Args:
        theta: probabilities of a one, from 0 to 1, any shape.
        ones: how many ones were drawn, x.
        zeros: how many zeros, n − x.

    Returns:
        The shape of theta; −∞ where theta rules the draws out.

    Raises:
        TypeError: theta is not a floating-point tensor, or a count is no whole number.
        ValueError: a theta outside [0, 1] or a negative count.
    """
    require_probabilities("theta", theta)
    require.whole("ones", ones, least=0)
    require.whole("zeros", zeros, least=0)
    # xlogy makes a count of zero add nothing even where the probability is zero.
    explained: Tensor = torch.special.xlogy(ones, theta) + torch.special.xlog1py(zeros, -theta)
    return explained


def binomial_log_likelihood(theta: Tensor, ones: int, zeros: int) -> Tensor:
    """log C(n, x) θˣ(1 − θ)ⁿ⁻ˣ: x ones among n draws in any order (chapter 10).

    The binomial coefficient does not depend on θ, so the maximum is at the same place.

    Raises:
        TypeError: theta is not a floating-point tensor, or a count is no whole number.
        ValueError: a theta outside [0, 1] or a negative count.
    """
    ordered = bernoulli_log_likelihood(theta, ones, zeros)
    orders = math.lgamma(ones + zeros + 1) - math.lgamma(ones + 1) - math.lgamma(zeros + 1)
    # A probability is at most 1, whatever the rounding of huge counts says.
    return (ordered + orders).clamp(max=0)


def categorical_log_likelihood(probs: Tensor, counts: Tensor) -> Tensor:
    """Σ counts · log probs for draws among k categories, in a given order (chapter 10).

    Args:
        probs: distributions over k categories, shape (…, k).
        counts: how often each category was drawn, shape (k,).

    Returns:
        Shape (…): −n times the cross-entropy between the observed shares and probs.

    Raises:
        TypeError: probs is not a floating-point tensor, or counts is no tensor.
        ValueError: probs is no distribution, or counts are negative or not k.
    """
    require_distribution("probs", probs)
    require.tensor("counts", counts, "tensor of real numbers")
    fits = counts.shape == probs.shape[-1:] and counts.isfinite().all() and (counts >= 0).all()
    if not fits:
        raise ValueError(
            f"counts must be {probs.shape[-1]} finite numbers, none negative, "
            f"got {require.shown(counts.tolist())}"
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
        TypeError: y or mean is no tensor, or mean or std none of floating-point numbers.
        ValueError: std is not positive, or the shapes do not fit.
    """
    require.tensor("y", y, "tensor of real numbers")
    require.tensor("mean", mean, "floating-point tensor")
    if y.ndim != 1 or len(y) == 0 or mean.shape[-1:] != y.shape:
        raise ValueError(
            f"y and mean must be of shapes (n,) and (…, n), got {tuple(y.shape)} and "
            f"{tuple(mean.shape)}"
        )
    std = _positive_std(std, mean)
    z = (y - mean) / std
    log_density: Tensor = -0.5 * z.square() - std.log() - 0.5 * math.log(2 * math.pi)
    return log_density.sum(dim=-1)


def _positive_std(std: Tensor | float, mean: Tensor) -> Tensor:
    """A standard deviation as a tensor of the type of ``mean``, with which it broadcasts."""
    if not isinstance(std, Tensor):
        std = torch.as_tensor(require.number("std", std, above=0), dtype=torch.float64)
    require.tensor("std", std, "floating-point tensor")
    require.broadcast("std and mean", std, mean)
    if not (std.to(mean.dtype) > 0).all():
        raise ValueError(f"std must be positive in {mean.dtype}, got {std.min().item():g}")
    return std.to(mean.dtype)
