"""One epoch of `dlbook.training.fit` against the bare loop, and against steps on one fixed batch.

The network is 784-256-256-10 at batch size 256, on random pictures of MNIST's shape. The bare loop
draws a permutation and indexes tensors; the fixed batch does neither, so that it is the arithmetic
alone.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import SGD

from benchmarks.timing import Bar, Contestant, Ratio, compare, interleave
from dlbook.data import Batches, Samples
from dlbook.models import mlp
from dlbook.training import fit

SIZES = (784, 256, 256, 10)
BATCH_SIZE = 256
ROUNDS = 11
BAR = Bar("≤", 1.15)


def main() -> list[Ratio]:
    """How many times as long an epoch of `fit` takes as the bare loop and the fixed batch."""
    samples = noise(60_000)
    contestants = {
        "fit": epoch_of_fit(samples),
        "the bare loop": bare_epoch(samples),
        "one fixed batch": fixed_batch_epoch(samples),
    }
    seconds = interleave(contestants, rounds=ROUNDS)
    return [
        compare(f"fit / {name}, one epoch", seconds["fit"], seconds[name], BAR)
        for name in ("the bare loop", "one fixed batch")
    ]


def noise(n: int) -> Samples:
    """Random inputs and labels in MNIST's numbers of features and classes."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, SIZES[0], generator=generator)
    return Samples(x, torch.randint(SIZES[-1], (n,), generator=generator))


def model_and_optimizer() -> tuple[nn.Module, SGD]:
    """The same start for everyone."""
    model = mlp(SIZES, seed=0)
    return model, SGD(model.parameters(), lr=0.01)


def epoch_of_fit(samples: Samples) -> Contestant:
    """The book's loop."""
    model, optimizer = model_and_optimizer()
    batches = Batches(samples, BATCH_SIZE)
    return lambda: fit(model, batches, epochs=1, optimizer=optimizer, progress=False)


def bare_epoch(samples: Samples) -> Contestant:
    """A permutation, an index, a step."""
    model, optimizer = model_and_optimizer()

    def run() -> None:
        for chosen in torch.randperm(len(samples)).split(BATCH_SIZE):
            update(model, optimizer, samples.x[chosen], samples.y[chosen])

    return run


def fixed_batch_epoch(samples: Samples) -> Contestant:
    """As many steps, always on the first batch."""
    model, optimizer = model_and_optimizer()
    x, y = samples.x[:BATCH_SIZE], samples.y[:BATCH_SIZE]
    steps = len(Batches(samples, BATCH_SIZE))

    def run() -> None:
        for _ in range(steps):
            update(model, optimizer, x, y)

    return run


def update(model: nn.Module, optimizer: SGD, x: Tensor, y: Tensor) -> None:
    """Predict, loss, zero_grad, backward, step."""
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
