"""Whether two data sets of one shape hold the same numbers."""

import math

import torch
from torch import Tensor

SEEN = 2**20  # numbers at most, of samples at equal distances
TOLERANCE = 1e-5  # more than another device's rounding


def fingerprint(values: Tensor) -> list[float]:
    """The size r = √(mean v²) of a tensor's numbers v₀, v₁, … and Σ vᵢ cos(i) / √n, cheaply.

    Other numbers, or the same ones in another order, give another sum.

    Args:
        values: shape (N, …).
    """
    seen = values.detach()[:: math.ceil(max(1, values.numel()) / SEEN)].cpu()
    seen = torch.view_as_real(seen.resolve_conj()) if seen.is_complex() else seen
    v = seen.double().nan_to_num(0.0, 0.0, 0.0).flatten()
    v = v / math.sqrt(max(1, len(v)))
    return [v.norm().item(), (v @ torch.arange(len(v)).double().cos()).item()]


def same_numbers(a: list[float], b: list[float]) -> bool:
    """Whether two fingerprints are of the same numbers, up to rounding."""
    return all(abs(p - q) <= TOLERANCE * a[0] for p, q in zip(a, b, strict=True))
