"""Contestants timed in turn, so that a busy machine slows all of them alike; only ratios count."""

import time
from collections.abc import Callable, Mapping

import torch

from benchmarks.rows import Bar, Row

Contestant = Callable[[], object]
Seconds = dict[str, list[float]]
CPU = torch.device("cpu")


def wait_for(device: torch.device) -> None:
    """Wait until a device has done all that was asked of it; a CPU always has."""
    if device.type != "cpu":
        torch.accelerator.synchronize(device)


def interleave(
    contestants: Mapping[str, Contestant], *, rounds: int, device: torch.device = CPU
) -> Seconds:
    """Time each contestant once a round, in turn (A B A B …), after one round to warm up."""
    seconds: Seconds = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, run in contestants.items():
            seconds[name].append(timed(run, device))
    return {name: times[1:] for name, times in seconds.items()}


def timed(
    run: Contestant,
    device: torch.device = CPU,
    *,
    wait: Callable[[torch.device], None] = wait_for,
) -> float:
    """Return how many seconds it takes until its work on the device is done."""
    start = time.perf_counter()
    run()
    wait(device)
    return time.perf_counter() - start


def ratio(name: str, above: list[float], below: list[float], bar: Bar | None = None) -> Row:
    """Return the ratio above / below of each round, held against a bar."""
    return Row(name, "×", tuple(a / b for a, b in zip(above, below, strict=True)), bar)
