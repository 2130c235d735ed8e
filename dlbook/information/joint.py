"""Two random variables: what one tells about the other."""

import torch
from torch import Tensor

from dlbook.information.distributions import require_distribution
from dlbook.information.entropy import kl_divergence
from dlbook.information.units import Unit, in_unit


def conditional_entropy(joint: Tensor, *, unit: Unit = "nats") -> Tensor:
    """H(Y|X) = −Σ p(x, y) log p(y|x): what is left to learn of y once x is known (chapter 10).

    Args:
        joint: p(x, y), shape (…, x, y): rows belong to x; sums to one over both.
        unit: nats, bits or bans.

    Returns:
        Shape (…): at most H(Y), although a single x may leave more uncertainty than before.

    Raises:
        TypeError: joint is not a floating-point tensor.
        ValueError: joint is no distribution, or an unknown unit.
    """
    require_distribution("joint", joint, dims=2)
    row = joint.sum(dim=-1, keepdim=True)
    terms = torch.special.xlogy(joint, joint) - torch.special.xlogy(joint, row)
    return in_unit((0.0 - terms.sum(dim=(-2, -1))).clamp(min=0.0), unit)


def mutual_information(joint: Tensor, *, unit: Unit = "nats") -> Tensor:
    """I(X; Y) = H(Y) − H(Y|X) = KL(p(x, y) ‖ p(x) p(y)), the information gain (chapter 10).

    Args:
        joint: p(x, y), shape (…, x, y); sums to one over both.
        unit: nats, bits or bans.

    Returns:
        Shape (…): zero when x and y are independent, never negative.

    Raises:
        TypeError: joint is not a floating-point tensor.
        ValueError: joint is no distribution, or an unknown unit.
    """
    require_distribution("joint", joint, dims=2)
    product = joint.sum(dim=-1, keepdim=True) * joint.sum(dim=-2, keepdim=True)
    return kl_divergence(joint.flatten(start_dim=-2), product.flatten(start_dim=-2), unit=unit)
