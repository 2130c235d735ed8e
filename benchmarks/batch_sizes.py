"""How many samples a second `fit` trains on, against the batch size.

The network is 784-256-256-10. The larger the batch, the fewer the steps, and the more of each step
is arithmetic, until nothing but arithmetic is left.
"""

import torch

from benchmarks.fit import SIZES, Course, noise, of_fit
from benchmarks.rows import Row
from benchmarks.timing import interleave, ratio
from dlbook.models import mlp

BATCH_SIZES = (1, 8, 64, 256, 1024)
SAMPLES = 4096
ROUNDS = 5


def main(device: torch.device, *, dry: bool = False) -> list[Row]:
    """How many times as many samples a second as at batch size 1."""
    samples = noise(64 if dry else SAMPLES).to(device)
    epochs = {
        str(size): of_fit(Course(lambda: mlp(SIZES, seed=0), samples, size)) for size in BATCH_SIZES
    }
    seconds = interleave(epochs, rounds=1 if dry else ROUNDS, device=device)
    return [
        ratio(f"samples a second at batch size {size} / at 1", seconds["1"], seconds[size])
        for size in epochs
        if size != "1"
    ]
