"""A sweep over 16 runs, one by one against all at once, for a tiny and a wide network.

The tiny network is 2-16-2 on moons; the wide one is 784-256-256-10 on random pictures of MNIST's
shape. The bars hold `dlbook.sweeps.seeds.pays_together` to what it chooses on a CPU: at once for
the tiny network, one by one for the wide one.
"""

from collections.abc import Sequence

from benchmarks.fit_overhead import SIZES, noise
from benchmarks.timing import Bar, Contestant, Ratio, compare, interleave
from dlbook.data import Samples, moons
from dlbook.models import mlp
from dlbook.sweeps import sweep_seeds

LEARNING_RATES = (0.01, 0.02, 0.05, 0.1)
SEEDS = range(4)
STEPS = 20  # an epoch
ROUNDS = 7
TINY_BAR = Bar("≥", 2)
WIDE_BAR = Bar("≤", 1.25)


def main() -> list[Ratio]:
    """How many times as long the runs take one by one as together."""
    return [
        ratio((2, 16, 2), moons(16 * STEPS), batch_size=16, epochs=5, bar=TINY_BAR),
        *(
            ratio(SIZES, noise(size * STEPS), batch_size=size, epochs=1, bar=WIDE_BAR)
            for size in (64, 256)
        ),
    ]


def ratio(sizes: Sequence[int], train: Samples, *, batch_size: int, epochs: int, bar: Bar) -> Ratio:
    """The two ways of one sweep, side by side."""

    def sweep(together: bool) -> Contestant:
        return lambda: sweep_seeds(
            lambda seed: mlp(sizes, seed=seed),
            train,
            train[:100],
            lr=LEARNING_RATES,
            seeds=SEEDS,
            batch_size=batch_size,
            epochs=epochs,
            together=together,
        )

    seconds = interleave({"apart": sweep(False), "together": sweep(True)}, rounds=ROUNDS)
    runs = len(LEARNING_RATES) * len(SEEDS)
    name = f"one by one / together, {runs} runs of {'-'.join(map(str, sizes))}, batch {batch_size}"
    return compare(name, seconds["apart"], seconds["together"], bar)
