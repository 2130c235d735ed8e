"""Landscapes: the minima that they name are all there are."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch.autograd.functional import hessian

from dlbook.descent import LANDSCAPES, Landscape

by_name = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=LANDSCAPES)


def cost_of(landscape: Landscape, point: np.ndarray) -> float:
    return landscape.cost(torch.as_tensor(point)).item()


@by_name
def test_points_map_to_costs_in_any_shape(landscape: Landscape) -> None:
    points = torch.rand(3, 4, landscape.dimension)
    assert landscape.cost(points).shape == (3, 4)
    assert landscape.cost(points[1, 2]).item() == pytest.approx(landscape.cost(points)[1, 2].item())


@by_name
def test_minima_lie_in_the_domain(landscape: Landscape) -> None:
    assert landscape.minima.shape[1:] == (landscape.dimension,)
    for point in landscape.minima:
        for value, (low, high) in zip(point, landscape.domain, strict=True):
            assert low <= value <= high


@by_name
def test_at_a_minimum_the_slope_is_zero_and_the_curvature_positive(landscape: Landscape) -> None:
    for point in landscape.minima:
        w = point.clone().requires_grad_()
        (slope,) = torch.autograd.grad(landscape.cost(w), w)
        assert slope.abs().max() < 1e-12
        assert torch.linalg.eigvalsh(hessian(landscape.cost, point)).min() > 0


@by_name
def test_scipy_finds_no_other_minimum(landscape: Landscape) -> None:
    found = set()
    for start in np.random.default_rng(0).uniform(
        *np.transpose(landscape.domain), (20, len(landscape.domain))
    ):
        result = minimize(
            lambda w: cost_of(landscape, w),
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 300},
        )
        if result.success and abs(result.fun) < 100:
            found.add(tuple(np.round(result.x, 3) + 0.0))
    assert found == {tuple(np.round(point, 3) + 0.0) for point in landscape.minima.tolist()}
