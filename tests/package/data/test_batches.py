"""Mini-batches: every pass is a permutation, cut into pieces."""

import math
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage
from scipy.stats import chisquare

from dlbook.data import Batches, Samples

SIZES = st.integers(1, 40)
SEEDS = st.integers(0, 2**32 - 1)


def numbered(n: int, device: str | torch.device = "cpu") -> Samples:
    """Samples whose target tells which input they belong to."""
    return Samples(torch.arange(n).view(n, 1) * 2.0, torch.arange(n)).to(device)


def order_of(batches: Batches) -> list[int]:
    """The numbers of the samples in the order of one pass."""
    return [int(number) for _, y in batches for number in y]


@given(n=SIZES, batch_size=SIZES, seed=SEEDS, shuffle=st.booleans())
def test_a_pass_visits_every_sample_once(n: int, batch_size: int, seed: int, shuffle: bool) -> None:
    batches = Batches(numbered(n), batch_size, seed=seed, shuffle=shuffle)
    for _ in range(2):
        order = order_of(batches)
        assert sorted(order) == list(range(n))
        assert shuffle or order == list(range(n))


@given(n=SIZES, batch_size=SIZES, drop_last=st.booleans(), shuffle=st.booleans())
def test_the_pieces_are_as_long_as_promised(
    n: int, batch_size: int, drop_last: bool, shuffle: bool
) -> None:
    if drop_last and batch_size > n:
        with pytest.raises(ValueError, match="leaves no batch"):
            Batches(numbered(n), batch_size, drop_last=True)
        return
    batches = Batches(numbered(n), batch_size, drop_last=drop_last, shuffle=shuffle)
    lengths = [len(x) for x, _ in batches]
    assert batches.sizes == lengths
    assert len(batches) == len(lengths)
    assert len(batches) == (n // batch_size if drop_last else math.ceil(n / batch_size))
    assert set(lengths[:-1]) <= {batch_size}
    assert lengths[-1] == (batch_size if drop_last or n % batch_size == 0 else n % batch_size)


@given(n=SIZES, batch_size=SIZES, seed=SEEDS)
def test_inputs_stay_with_their_targets(n: int, batch_size: int, seed: int) -> None:
    for x, y in Batches(numbered(n), batch_size, seed=seed):
        assert x.shape == (len(y), 1)
        assert torch.equal(x.flatten(), y * 2.0)


@given(seed=SEEDS)
def test_the_seed_fixes_all_passes(seed: int) -> None:
    torch.manual_seed(0)
    first, second = (Batches(numbered(30), 4, seed=seed) for _ in range(2))
    state = torch.get_rng_state()
    passes = [order_of(first) for _ in range(3)]
    assert passes == [order_of(second) for _ in range(3)]
    assert torch.equal(torch.get_rng_state(), state), "torch's own randomness is left alone"
    assert len({tuple(order) for order in passes}) == 3


def test_different_seeds_give_different_orders() -> None:
    orders = {tuple(order_of(Batches(numbered(30), 4, seed=seed))) for seed in range(20)}
    assert len(orders) == 20


def test_the_order_is_the_same_on_every_device(device: torch.device) -> None:
    assert order_of(Batches(numbered(30, device), 4)) == order_of(Batches(numbered(30), 4))


def test_every_order_is_equally_likely() -> None:
    batches = Batches(numbered(3), 2, seed=1)
    passes = [tuple(order_of(batches)) for _ in range(600)]
    counts = [passes.count(order) for order in permutations(range(3))]
    assert chisquare(counts).pvalue > 0.01


MOVES = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def pictures(n: int, device: str | torch.device = "cpu") -> Samples:
    """Random pictures of 4×5 pixels with two channels."""
    x = torch.rand(n, 2, 4, 5, generator=torch.Generator().manual_seed(7))
    return Samples(x, torch.arange(n)).to(device)


def move_of(found: torch.Tensor, original: torch.Tensor) -> tuple[int, int]:
    """The one move, down and right, by which SciPy makes all of ``found`` of ``original``."""
    (move,) = (
        move
        for move in MOVES
        if np.array_equal(found, ndimage.shift(original, (0, 0, *move), order=0, mode="nearest"))
    )
    return move


@given(n=SIZES, batch_size=SIZES, seed=SEEDS, shuffle=st.booleans(), drop_last=st.booleans())
def test_each_batch_of_pictures_moves_as_a_whole(
    n: int, batch_size: int, seed: int, shuffle: bool, drop_last: bool
) -> None:
    samples = pictures(n)
    drop_last = drop_last and batch_size <= n
    batches = Batches(samples, batch_size, seed=seed, shuffle=shuffle, drop_last=drop_last, shift=1)
    seen = []
    for x, y in batches:
        assert move_of(x, samples.x[y]) in MOVES
        seen += y.tolist()
    assert len(seen) == len(set(seen)) == (n // batch_size * batch_size if drop_last else n)
    assert shuffle or seen == list(range(len(seen)))


def test_every_move_is_equally_likely() -> None:
    samples = pictures(900)
    moves = [move_of(x, samples.x[y]) for x, y in Batches(samples, 1, shift=1)]
    assert chisquare([moves.count(move) for move in MOVES]).pvalue > 0.01


def test_the_moves_are_the_same_on_every_device_and_for_every_seed(device: torch.device) -> None:
    there, here = (Batches(pictures(30, place), 4, seed=5, shift=2) for place in (device, "cpu"))
    state = torch.get_rng_state()
    for _ in range(2):
        for (x, y), (expected_x, expected_y) in zip(there, here, strict=True):
            assert torch.equal(x.cpu(), expected_x)
            assert torch.equal(y.cpu(), expected_y)
    assert torch.equal(torch.get_rng_state(), state), "torch's own randomness is left alone"


@pytest.mark.parametrize(
    ("samples", "shift"),
    [
        (pictures(3), 4),
        (numbered(3), 1),
        (Samples(torch.zeros(3, 1, 4, 4, dtype=torch.uint8), torch.arange(3)), 1),
    ],
)
def test_what_cannot_be_moved(samples: Samples, shift: int) -> None:
    with pytest.raises(ValueError, match=rf"shift must be zero, or less .* got {shift} and Samp"):
        Batches(samples, 2, shift=shift)


def test_repr_says_how_many() -> None:
    shown = repr(Batches(numbered(10), 4))
    assert shown == "Batches(Samples(x: (10, 1) float32, y: (10,) int64), batch_size=4, 3 a pass)"
    shown = repr(Batches(pictures(10), 4, shift=1))
    assert shown.endswith("batch_size=4, shift=1, 3 a pass)")
