"""Which exercises there are, and the function that checks each."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlbook.exercises.words import shown

Check = Callable[[Any], None]
"""Returns when the answer is right; raises `NotTried` or `NotYet` when it is not."""


@dataclass(frozen=True)
class OnPage:
    """How an exercise is answered on a page, which has no kernel.

    Attributes:
        menu: the answers to choose from; empty where a number or a shape is asked for.
        slips: numbers to which the check has a word of its own, besides what `verdicts` tries.
        shapes: wrong shapes to which the check has a word of its own; empty where no shape is asked
            for.
        asked: whether the page can ask at all: some checks take too long to be tried many times.
    """

    menu: tuple[str, ...] = ()
    slips: tuple[float, ...] = ()
    shapes: tuple[tuple[int, ...], ...] = ()
    asked: bool = True


_CHECKS: dict[str, Check] = {}
_ON_PAGE: dict[str, OnPage] = {}
_ID = re.compile(r"(\d{1,2})\.(\d{1,2})")


def exercise(name: str, on_page: OnPage = OnPage()) -> Callable[[Check], Check]:
    """Register the check of one exercise under its name, for example ``"4.2"``."""

    def register(function: Check) -> Check:
        _CHECKS[name] = function
        _ON_PAGE[name] = on_page
        return function

    return register


def find(name: str) -> Check:
    """The check of an exercise.

    Raises:
        ValueError: there is no exercise of this name; the message names the nearest.
    """
    match = _ID.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        raise ValueError(f'name must be that of an exercise, a text like "4.2", got {shown(name)}')
    chapter, number = int(match[1]), int(match[2])
    if name not in of_chapter(chapter):
        nearest = _nearest(chapter, number)
        raise ValueError(f'there is no exercise "{name}"; the nearest is "{nearest}"')
    return _CHECKS[name]


def on_page(name: str) -> OnPage:
    """How an exercise is answered on a page."""
    find(name)
    return _ON_PAGE[name]


def of_chapter(chapter: int) -> list[str]:
    """The names of a chapter's exercises, in order; empty when it has none."""
    if chapter not in chapters():
        return []
    importlib.import_module(f"{__package__}.chapter_{chapter:02d}")
    names = [name for name in _CHECKS if name.split(".")[0] == str(chapter)]
    return sorted(names, key=lambda name: int(name.split(".")[1]))


def chapters() -> list[int]:
    """The numbers of the chapters that have exercises, in order."""
    files = Path(__file__).parent.glob("chapter_[0-9][0-9].py")
    return sorted(int(file.stem.removeprefix("chapter_")) for file in files)


def _nearest(chapter: int, number: int) -> str:
    nearest_chapter = min(chapters(), key=lambda other: abs(other - chapter))
    return min(of_chapter(nearest_chapter), key=lambda name: abs(int(name.split(".")[1]) - number))
