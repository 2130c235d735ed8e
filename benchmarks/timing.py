"""Contestants timed in turn, so that a busy machine slows all of them alike; only ratios count."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

Contestant = Callable[[], object]
Seconds = dict[str, list[float]]


@dataclass(frozen=True)
class Bar:
    """What a ratio should be: at least, or at most, ``value``."""

    sign: Literal["≥", "≤"]
    value: float

    def is_met_by(self, ratio: float) -> bool:
        """Whether the ratio is on the right side."""
        return ratio >= self.value if self.sign == "≥" else ratio <= self.value

    def __str__(self) -> str:
        return f"{self.sign} {self.value:g}"


@dataclass(frozen=True)
class Ratio:
    """How many times as long one contestant takes as another, over the rounds of a benchmark.

    Attributes:
        name: what is compared.
        median: of the rounds' ratios.
        low: the smallest of them.
        high: the largest.
        bar: what the median should be, such as ``"≥ 50"``.
        met: whether it is.
    """

    name: str
    median: float
    low: float
    high: float
    bar: str
    met: bool


def interleave(contestants: Mapping[str, Contestant], *, rounds: int) -> Seconds:
    """Time each contestant once a round, in turn (A B A B …), after one round to warm up."""
    seconds: Seconds = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: times[1:] for name, times in seconds.items()}


def compare(name: str, above: list[float], below: list[float], bar: Bar) -> Ratio:
    """The ratio above / below of each round, its median held against a bar."""
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    middle = median(ratios)
    return Ratio(name, middle, min(ratios), max(ratios), str(bar), bar.is_met_by(middle))
