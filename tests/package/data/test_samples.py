"""Samples: what belongs together stays together."""

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from dlbook.data import Samples


def numbered(n: int) -> Samples:
    """Samples whose target tells which input they belong to."""
    return Samples(torch.arange(n, dtype=torch.float32).view(n, 1), torch.arange(n))


@pytest.mark.parametrize(("x", "y", "name"), [([1.0], torch.ones(1), "x"), (torch.ones(1), 1, "y")])
def test_only_tensors_are_taken(x: object, y: object, name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name} must be a tensor, got (\[1.0\]|1)"):
        Samples(x, y)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (torch.ones(0, 2), torch.ones(0), "x must hold at least one sample, got shape (0, 2)"),
        (torch.ones(1), torch.tensor(1.0), "y must hold at least one sample, got shape ()"),
        (torch.ones(2), torch.ones(3), "same number of samples, got 2 and 3"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x: Tensor, y: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Samples(x, y)


def test_repr_shows_shapes_and_types() -> None:
    assert repr(numbered(3)) == "Samples(x: (3, 1) float32, y: (3,) int64)"


@pytest.mark.parametrize(
    "index", [slice(1, 3), torch.tensor([1, 2]), torch.tensor([False, True, True, False])]
)
def test_some_of_the_samples(index: slice | Tensor) -> None:
    part = numbered(4)[index]
    assert part.y.tolist() == part.x.flatten().tolist() == [1, 2]


def test_to_moves_both(device: torch.device) -> None:
    there = numbered(2).to(device)
    assert there.x.device.type == there.y.device.type == device.type


@given(
    n=st.integers(2, 40), fraction=st.floats(0.05, 0.95), seed=st.integers(min_value=0, max_value=9)
)
def test_split_deals_out_every_sample_once(n: int, fraction: float, seed: int) -> None:
    samples = numbered(n)
    if round(fraction * n) in (0, n):
        with pytest.raises(ValueError, match="leaves one part of the split empty"):
            samples.split(fraction, seed=seed)
        return
    first, second = samples.split(fraction, seed=seed)
    assert len(first) == round(fraction * n)
    assert sorted(first.y.tolist() + second.y.tolist()) == list(range(n))
    for part in (first, second):
        assert part.x.flatten().tolist() == part.y.tolist()


def test_split_follows_the_seed_alone(device: torch.device) -> None:
    here, there = numbered(50), numbered(50).to(device)
    assert torch.equal(here.split(0.5, seed=1)[0].y, there.split(0.5, seed=1)[0].y.cpu())
    assert not torch.equal(here.split(0.5, seed=1)[0].y, here.split(0.5, seed=2)[0].y)


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, float("nan")])
def test_split_wants_a_true_fraction(fraction: float) -> None:
    with pytest.raises(
        ValueError, match="fraction must be a finite number above 0 and below 1, got"
    ):
        numbered(4).split(fraction, seed=0)
