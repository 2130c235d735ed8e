"""Contestants timed in turn, so that a busy machine slows all of them alike; only ratios count."""

import time
from collections.abc import Callable, Mapping

import torch

from benchmarks.rows import Bar, Row

Contestant = Callable[[], object]
Seconds = dict[str, list[float]]


def interleave(contestants: Mapping[str, Contestant], *, rounds: int) -> Seconds:
    """Time each contestant once a round, in turn (A B A B …), after one round to warm up."""
    seconds: Seconds = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, run in contestants.items():
            seconds[name].append(timed(run))
    return {name: times[1:] for name, times in seconds.items()}


def timed(run: Contestant) -> float:
    """Return how many seconds it takes until its work is done, on a GPU too."""
    start = time.perf_counter()
    run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def ratio(name: str, above: list[float], below: list[float], bar: Bar | None = None) -> Row:
    """Return the ratio above / below of each round, held against a bar."""
    return Row(name, "×", tuple(a / b for a, b in zip(above, below, strict=True)), bar)
