"""What a check says of every number, as a table that a page without a kernel can look up."""

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import Check, find, on_page

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
FACTORS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, math.e, math.pi, math.log(2), math.sqrt(2))
NEARBY = 40  # whole numbers around the right one
SMALLEST = 1e-9  # distance of two numbers that are told apart, relative and absolute
FEW = 3  # messages of one wording; where there are more, what varies is left out
HERE = "{x}"  # stands for the reader's number
BEGINNING = 14  # letters, among which a message names it


@dataclass(frozen=True)
class Verdicts:
    """Messages for the numbers of the real line, cut into pieces.

    Attributes:
        ends: where the pieces end, in order; the last one has no end.
        messages: of each piece; ``None`` where the answer is right.
    """

    ends: list[float]
    messages: list[str | None]

    def of(self, x: float) -> str | None:
        """What the page says of a number."""
        piece = sum(x >= end for end in self.ends)
        message = self.messages[piece]
        written = str(int(x)) if float(x).is_integer() else f"{x:.6g}"
        return None if message is None else message.replace(HERE, written)


def verdicts(name: str, right: float) -> Verdicts:
    """Ask a check for many numbers, and find by bisection where its message changes.

    Args:
        name: of an exercise whose answer is a number.
        right: a right answer.
    """
    asked = _Asked(find(name))
    numbers = sorted(_probes(right) | set(on_page(name).slips))
    asked.settle([asked.message(x) for x in numbers])
    ends: list[float] = []
    for low, high in pairwise(numbers):
        ends += _changes(asked, low, high)
    inside = [numbers[0], *ends]
    return Verdicts(ends, [asked.wording(x) for x in inside])


class _Asked:
    """A check, and the words that it has for numbers."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._said: dict[float, str | None] = {}  # a check may train for an answer
        self._varying: set[str] = set()

    def message(self, x: float) -> str | None:
        """What the check says, with the number itself left open."""
        if x not in self._said:
            self._said[x] = self._ask(x)
        return self._said[x]

    def _ask(self, x: float) -> str | None:
        value: Any = int(x) if x == int(x) else x
        try:
            self._check(value)
        except NotYet as wrong:
            return _left_open(str(wrong), x)
        return None

    def settle(self, messages: list[str | None]) -> None:
        """Learn which wordings hold numbers that are computed from the answer."""
        groups: dict[str, set[str]] = defaultdict(set)
        for message in messages:
            if message is not None:
                groups[NUMBER.sub("#", message)].add(message)
        for same in groups.values():
            if len(same) > FEW:
                parts = [set(_sentences(message)) for message in same]
                self._varying |= parts[0].union(*parts) - parts[0].intersection(*parts)

    def wording(self, x: float) -> str | None:
        """The message without the sentences that hold such numbers."""
        message = self.message(x)
        if message is None or not self._varying:
            return message
        wordings = {NUMBER.sub("#", sentence) for sentence in self._varying}
        kept = [s for s in _sentences(message) if NUMBER.sub("#", s) not in wordings]
        return (
            message
            if len(kept) == len(_sentences(message))
            else f"{HERE} is not right. {' '.join(kept)}".strip()
        )


def _left_open(message: str, x: float) -> str:
    """The message with a gap where it begins with the number."""
    for digits in (17, 9, 6):
        written = f"{x:.{digits}g}"
        if f" {written} " in f" {message[: len(written) + BEGINNING]}":
            return message.replace(written, HERE, 1)
    return message


def _sentences(message: str) -> list[str]:
    return re.split(r"(?<=[.?!:]) ", message)


def _probes(right: float) -> set[float]:
    """The right number, what mistakes make of it, and whole numbers around it and around 0."""
    found = {0.0, 1.0, -1.0, 0.5, right, -right}
    for factor in FACTORS:
        found |= {right * factor, right / factor, -right * factor, right + factor, right - factor}
    if right:
        found |= {1 / right, right**2, 1 - right, math.sqrt(abs(right))}
    found |= {float(round(right) + step) for step in range(-NEARBY, NEARBY + 1)}
    found |= {float(step) for step in range(-NEARBY, NEARBY + 1)}
    far = 10 * (1 + abs(right))
    return {x for x in found if abs(x) < 1e12} | {-far, far, 1e6 * far}


def _changes(asked: _Asked, low: float, high: float) -> list[float]:
    """Where between two numbers the wording changes."""
    before, after = asked.wording(low), asked.wording(high)
    if before == after:
        return []
    if high - low <= SMALLEST * max(1.0, abs(low)):
        return [high]
    middle = (low + high) / 2
    return _changes(asked, low, middle) + _changes(asked, middle, high)
