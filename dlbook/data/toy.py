"""Toy sets: small data whose truth is known, all made by functions of one signature.

Regression sets (`line`, `polynomial`) have x and y of shape (n, 1); classification sets (`blobs`,
`circles`, `moons`, `spiral`) have x of shape (n, 2) and labels y of shape (n,), int64, in equal
shares. ``noise`` is the standard deviation of Gaussian noise in the units of the data. They raise
`TypeError` or `ValueError` for n that is no whole number of at least 1, noise that is negative or
not finite, and a seed that is no whole number of at least 0.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from dlbook import require
from dlbook.data.samples import Samples

ToySet = Callable[..., Samples]

LINE_SLOPE, LINE_INTERCEPT = 2.0, -1.0
POLYNOMIAL_COEFFICIENTS = (0.5, -1.0, -1.5, 2.0)  # of 1, x, x², x³
BLOB_CENTERS = ((-2.0, 0.0), (2.0, 0.0), (0.0, 3.0))


def line(n: int = 100, *, noise: float = 0.3, seed: int = 0) -> Samples:
    """y = 2x − 1 + noise, x uniform on [−2, 2] (chapters 03 and 04)."""
    generator = _generator(n, noise, seed)
    x = 4 * torch.rand(n, 1, generator=generator) - 2
    y = LINE_SLOPE * x + LINE_INTERCEPT
    return Samples(x, y + _normal(y, noise, generator))


def polynomial(n: int = 100, *, noise: float = 0.3, seed: int = 0) -> Samples:
    """y = 0.5 − x − 1.5x² + 2x³ + noise, x uniform on [−1, 1] (chapter 01)."""
    generator = _generator(n, noise, seed)
    x = 2 * torch.rand(n, 1, generator=generator) - 1
    y = (x ** torch.arange(4)) @ torch.tensor(POLYNOMIAL_COEFFICIENTS).unsqueeze(1)
    return Samples(x, y + _normal(y, noise, generator))


def blobs(n: int = 100, *, noise: float = 0.6, seed: int = 0) -> Samples:
    """Three round clouds around (−2, 0), (2, 0) and (0, 3): three classes."""
    generator = _generator(n, noise, seed)
    y = _labels(n, len(BLOB_CENTERS), generator)
    x = torch.tensor(BLOB_CENTERS)[y]
    return Samples(x + _normal(x, noise, generator), y)


def circles(n: int = 100, *, noise: float = 0.1, seed: int = 0) -> Samples:
    """Two rings around the origin, radius 1 (class 0) and ½ (class 1)."""
    generator = _generator(n, noise, seed)
    y = _labels(n, 2, generator)
    angle = 2 * math.pi * torch.rand(n, generator=generator)
    radius = 1 - 0.5 * y
    x = torch.stack((radius * angle.cos(), radius * angle.sin()), dim=1)
    return Samples(x + _normal(x, noise, generator), y)


def moons(n: int = 100, *, noise: float = 0.1, seed: int = 0) -> Samples:
    """Two interleaved half circles of radius 1: the upper (class 0), and the lower (class 1)."""
    generator = _generator(n, noise, seed)
    y = _labels(n, 2, generator)
    angle = math.pi * torch.rand(n, generator=generator)
    upper = torch.stack((angle.cos(), angle.sin()), dim=1)
    lower = torch.stack((1 - angle.cos(), 0.5 - angle.sin()), dim=1)
    x = torch.where(y.unsqueeze(1) == 0, upper, lower)
    return Samples(x + _normal(x, noise, generator), y)


def spiral(n: int = 100, *, noise: float = 0.05, seed: int = 0) -> Samples:
    """Two arms of a spiral, each with one and a half turns, radius up to 1: two classes."""
    generator = _generator(n, noise, seed)
    y = _labels(n, 2, generator)
    radius = torch.rand(n, generator=generator).sqrt()
    angle = 3 * math.pi * radius + math.pi * y
    x = torch.stack((radius * angle.cos(), radius * angle.sin()), dim=1)
    return Samples(x + _normal(x, noise, generator), y)


TOY_SETS: dict[str, ToySet] = {
    "line": line,
    "polynomial": polynomial,
    "blobs": blobs,
    "circles": circles,
    "moons": moons,
    "spiral": spiral,
}


def _generator(n: int, noise: float, seed: int) -> torch.Generator:
    require.whole("n", n)
    require.number("noise", noise, least=0)
    return torch.Generator().manual_seed(require.seed("seed", seed))


def _labels(n: int, classes: int, generator: torch.Generator) -> Tensor:
    return (torch.arange(n) % classes)[torch.randperm(n, generator=generator)]


def _normal(like: Tensor, scale: float, generator: torch.Generator) -> Tensor:
    return scale * torch.randn(like.shape, generator=generator)
