"""One epoch of `dlbook.training.fit` against the bare loop, and against steps on one fixed batch.

The bare loop draws a permutation and indexes tensors; the fixed batch does neither, so that it is
the arithmetic alone. The network is 784-256-256-10 at batch size 256, on random images of MNIST's
shape.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import SGD

from benchmarks.rows import Bar, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook.data import Batches, Samples
from dlbook.models import mlp
from dlbook.training import fit

SIZES = (784, 256, 256, 10)
ROUNDS = 11
BAR = Bar("≤", 1.15)


@dataclass(frozen=True)
class Course:
    """What all contestants train: a network, made anew for each, on samples in batches."""

    network: Callable[[], nn.Module]
    samples: Samples
    batch_size: int

    def start(self) -> tuple[nn.Module, SGD]:
        """Return the same start for everyone."""
        model = self.network().to(self.samples.x.device)
        return model, SGD(model.parameters(), lr=0.01)


def main(device: torch.device, *, dry: bool = False) -> list[Row]:
    """How many times as long an epoch of `fit` takes as the bare loop and the fixed batch."""
    course = Course(lambda: mlp(SIZES, seed=0), noise(512 if dry else 60_000).to(device), 256)
    contestants = {"fit": of_fit, "the bare loop": bare, "one fixed batch": fixed_batch}
    runs = {rival: contestant(course) for rival, contestant in contestants.items()}
    seconds = interleave(runs, rounds=1 if dry else ROUNDS, device=device)
    return [
        ratio(f"fit / {rival}, one epoch", seconds["fit"], seconds[rival], BAR)
        for rival in ("the bare loop", "one fixed batch")
    ]


def noise(n: int) -> Samples:
    """Return random inputs and labels in MNIST's numbers of features and classes."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, SIZES[0], generator=generator)
    return Samples(x, torch.randint(SIZES[-1], (n,), generator=generator))


def of_fit(course: Course) -> Contestant:
    """Return an epoch of the book's loop."""
    model, optimizer = course.start()
    batches = Batches(course.samples, course.batch_size)
    return lambda: fit(model, batches, epochs=1, optimizer=optimizer, progress=False)


def bare(course: Course) -> Contestant:
    """Return an epoch of nothing but a permutation, an index and a step."""
    model, optimizer = course.start()
    x, y = course.samples.x, course.samples.y

    def run() -> None:
        for chosen in torch.randperm(len(x), device=x.device).split(course.batch_size):
            update(model, optimizer, x[chosen], y[chosen])

    return run


def fixed_batch(course: Course) -> Contestant:
    """Return as many steps, always on the first batch."""
    model, optimizer = course.start()
    x, y = course.samples.x[: course.batch_size], course.samples.y[: course.batch_size]
    steps = len(Batches(course.samples, course.batch_size))

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
