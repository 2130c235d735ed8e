"""Costs of one or two parameters with a known shape, to walk on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Landscape:
    """A cost as a function of d = 1 or 2 parameters.

    Attributes:
        name: what it is called in the book.
        formula: TeX, without dollar signs.
        cost: maps points of shape (…, d) to costs of shape (…).
        domain: d intervals (low, high) worth drawing.
        minima: the points where the cost has a local minimum, shape (m, d); m may be 0.
    """

    name: str
    formula: str
    cost: Callable[[Tensor], Tensor]
    domain: tuple[tuple[float, float], ...]
    minima: Tensor

    @property
    def dimension(self) -> int:
        """The number of parameters, 1 or 2."""
        return len(self.domain)


def _points(*rows: tuple[float, ...]) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def _outer_roots(*coefficients: float) -> Tensor:
    """Where a cubic slope is zero and rising: the smallest and the largest of its three roots."""
    roots = sorted(np.roots(coefficients).real)
    return _points((roots[0],), (roots[-1],))


def _parabola(w: Tensor) -> Tensor:
    return w[..., 0] ** 2


def _two_valleys(w: Tensor) -> Tensor:
    u = w[..., 0]
    return u**4 - 4 * u**2 + u


def _plateau(w: Tensor) -> Tensor:
    u = w[..., 0]
    return 1 - torch.exp(-(u**2))


def _ravine(w: Tensor) -> Tensor:
    return 0.5 * (w[..., 0] ** 2 + 10 * w[..., 1] ** 2)


def _saddle(w: Tensor) -> Tensor:
    return 0.5 * (w[..., 0] ** 2 - w[..., 1] ** 2)


def _banana(w: Tensor) -> Tensor:
    u, v = w[..., 0], w[..., 1]
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


LANDSCAPES: dict[str, Landscape] = {
    landscape.name: landscape
    for landscape in (
        Landscape("parabola", "w^2", _parabola, ((-2.0, 2.0),), _points((0.0,))),
        Landscape(
            "two valleys",
            "w^4 - 4w^2 + w",
            _two_valleys,
            ((-2.2, 2.2),),
            _outer_roots(4.0, 0.0, -8.0, 1.0),
        ),
        Landscape("plateau", "1 - e^{-w^2}", _plateau, ((-4.0, 4.0),), _points((0.0,))),
        Landscape(
            "ravine",
            r"\tfrac12 (w_0^2 + 10\, w_1^2)",
            _ravine,
            ((-2.0, 2.0), (-1.0, 1.0)),
            _points((0.0, 0.0)),
        ),
        Landscape(
            "saddle",
            r"\tfrac12 (w_0^2 - w_1^2)",
            _saddle,
            ((-2.0, 2.0), (-2.0, 2.0)),
            torch.empty(0, 2, dtype=torch.float64),
        ),
        Landscape(
            "banana",
            "(1 - w_0)^2 + 100\\,(w_1 - w_0^2)^2",
            _banana,
            ((-1.5, 1.5), (-0.5, 2.0)),
            _points((1.0, 1.0)),
        ),
    )
}
