"""Toy sets: the truth that they are made from can be found in them again."""

import numpy as np
import pytest
import torch
from torch import Tensor

from dlbook.data import TOY_SETS, blobs, circles, line, moons, polynomial, spiral
from dlbook.data.toy import BLOB_CENTERS, POLYNOMIAL_COEFFICIENTS, ToySet

REGRESSION = {"line": 2.0, "polynomial": 1.0}  # and how far x reaches
CLASSES = {"blobs": 3, "circles": 2, "moons": 2, "spiral": 2}
by_name = pytest.mark.parametrize("make", TOY_SETS.values(), ids=TOY_SETS)


def test_every_set_is_tested() -> None:
    assert set(TOY_SETS) == set(REGRESSION) | set(CLASSES)


@by_name
def test_the_seed_fixes_the_data_and_nothing_else_does(make: ToySet) -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    a, b, c = make(20, seed=1), make(20, seed=1), make(20, seed=2)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(a.x, b.x)
    assert torch.equal(a.y, b.y)
    assert not torch.equal(a.x, c.x)


@by_name
@pytest.mark.parametrize("n", [1, 2, 101])
def test_n_samples_come(make: ToySet, n: int) -> None:
    assert len(make(n)) == n


@pytest.mark.parametrize("name", REGRESSION)
def test_regression_sets(name: str) -> None:
    samples = TOY_SETS[name](50)
    assert samples.x.shape == samples.y.shape == (50, 1)
    assert samples.x.dtype == samples.y.dtype == torch.float32
    assert samples.x.abs().max() <= REGRESSION[name]


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("n", [60, 61])
def test_classes_have_equal_shares(name: str, n: int) -> None:
    samples = TOY_SETS[name](n)
    assert samples.x.shape == (n, 2)
    assert (samples.x.dtype, samples.y.dtype) == (torch.float32, torch.int64)
    counts = samples.y.bincount()
    assert len(counts) == CLASSES[name]
    assert counts.max() - counts.min() <= 1
    assert samples.y.diff().count_nonzero() > n / 10, "the classes come mixed"


def test_line_without_noise() -> None:
    samples = line(noise=0)
    assert torch.equal(samples.y, 2 * samples.x - 1)


def test_polynomial_without_noise() -> None:
    samples = polynomial(noise=0)
    x, y = (t.double().flatten().numpy() for t in (samples.x, samples.y))
    assert np.polyfit(x, y, 3)[::-1] == pytest.approx(POLYNOMIAL_COEFFICIENTS, abs=1e-5)


def test_blobs_without_noise() -> None:
    samples = blobs(noise=0)
    assert torch.equal(samples.x, torch.tensor(BLOB_CENTERS)[samples.y])


def test_circles_without_noise() -> None:
    samples = circles(noise=0)
    torch.testing.assert_close(samples.x.norm(dim=1), 1 - 0.5 * samples.y)


def test_moons_without_noise() -> None:
    samples = moons(noise=0)
    upper, lower = (samples.x[samples.y == label] for label in (0, 1))
    torch.testing.assert_close(upper.norm(dim=1), torch.ones(len(upper)))
    torch.testing.assert_close(
        (lower - torch.tensor([1.0, 0.5])).norm(dim=1), torch.ones(len(lower))
    )
    assert upper[:, 1].min() >= -1e-6
    assert lower[:, 1].max() <= 0.5 + 1e-6


def test_spiral_without_noise() -> None:
    samples = spiral(noise=0)
    radius = samples.x.norm(dim=1)
    angle = 3 * torch.pi * radius + torch.pi * samples.y
    by_hand = torch.stack((radius * angle.cos(), radius * angle.sin()), dim=1)
    torch.testing.assert_close(samples.x, by_hand, atol=1e-5, rtol=0)
    assert radius.max() <= 1


def spread(make: ToySet, noise: float) -> Tensor:
    """The standard deviation of what the noise adds."""
    clean, noisy = make(20_000, noise=0), make(20_000, noise=noise)
    return (noisy.x - clean.x if make.__name__ in CLASSES else noisy.y - clean.y).std()


@by_name
@pytest.mark.parametrize("noise", [0.05, 1.0])
def test_noise_is_a_standard_deviation(make: ToySet, noise: float) -> None:
    assert spread(make, noise).item() == pytest.approx(noise, rel=0.02)


@by_name
@pytest.mark.parametrize("noise", [-0.1, float("nan"), float("inf")])
def test_noise_out_of_range(make: ToySet, noise: float) -> None:
    with pytest.raises(ValueError, match="noise must be a finite number of at least 0"):
        make(noise=noise)


@by_name
def test_n_out_of_range(make: ToySet) -> None:
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        make(0)
    for wrong in (2.0, True):
        with pytest.raises(TypeError, match=f"n must be a whole number of at least 1, got {wrong}"):
            make(wrong)
