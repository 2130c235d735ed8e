"""A sweep over 16 runs, one by one against all at once, for networks of three sizes.

The tiny network is 2-16-2 on moons; the others learn random pictures of MNIST's shape. The bars
hold `dlbook.sweeps.seeds.pays_together` to what it chooses: one by one only for the widest network
on a CPU.
"""

from collections.abc import Sequence

import torch

from benchmarks.fit import SIZES as MIDDLE
from benchmarks.fit import noise
from benchmarks.rows import Bar, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook.data import Samples, moons
from dlbook.models import mlp
from dlbook.sweeps import sweep_seeds

LEARNING_RATES = (0.01, 0.02, 0.05, 0.1)
SEEDS = range(4)
STEPS = 20  # an epoch
ROUNDS = 7
TINY_BAR = Bar("≥", 2)
WIDE = (784, 1024, 1024, 10)
MIDDLE_BAR = Bar("≥", 1)
WIDE_BARS = {"cpu": Bar("≤", 1), "cuda": Bar("≥", 1)}


def main(device: torch.device, *, dry: bool = False) -> list[Row]:
    """How many times as long the runs take one by one as together."""
    tiny = moons(16 * STEPS).to(device)
    rows = [row((2, 16, 2), tiny, batch_size=16, epochs=1 if dry else 5, bar=TINY_BAR)]
    if dry:
        return rows
    for size in (64, 256):
        pictures = noise(size * STEPS).to(device)
        for sizes, bar in ((MIDDLE, MIDDLE_BAR), (WIDE, WIDE_BARS[device.type])):
            rows.append(row(sizes, pictures, batch_size=size, epochs=1, bar=bar))
    return rows


def row(sizes: Sequence[int], train: Samples, *, batch_size: int, epochs: int, bar: Bar) -> Row:
    """The two ways of one sweep, side by side."""

    def sweep(together: bool) -> Contestant:
        return lambda: sweep_seeds(
            lambda seed: mlp(sizes, seed=seed).to(train.x.device),
            train,
            train[:100],
            lr=LEARNING_RATES,
            seeds=SEEDS,
            batch_size=batch_size,
            epochs=epochs,
            together=together,
        )

    ways = {"apart": sweep(False), "together": sweep(True)}
    seconds = interleave(ways, rounds=ROUNDS, device=train.x.device)
    runs = len(LEARNING_RATES) * len(SEEDS)
    name = f"one by one / together, {runs} runs of {'-'.join(map(str, sizes))}, batch {batch_size}"
    return ratio(name, seconds["apart"], seconds["together"], bar)
