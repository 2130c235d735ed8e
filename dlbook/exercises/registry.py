"""Which exercises there are, and the function that checks each."""

import importlib
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], None]
"""Returns when the answer is right; raises `NotTried` or `NotYet` when it is not."""

_CHECKS: dict[str, Check] = {}
_ID = re.compile(r"(\d{1,2})\.(\d{1,2})")


def exercise(name: str) -> Callable[[Check], Check]:
    """Register the check of one exercise under its name, for example ``"4.2"``."""

    def register(function: Check) -> Check:
        _CHECKS[name] = function
        return function

    return register


def find(name: str) -> Check:
    """The check of an exercise.

    Raises:
        ValueError: there is no exercise of this name.
    """
    match = _ID.fullmatch(name) if isinstance(name, str) else None
    if match is not None:
        names = of_chapter(int(match[1]))
        if name in names:
            return _CHECKS[name]
        if names:
            raise ValueError(f"there is no exercise {name}; this chapter has {', '.join(names)}")
    raise ValueError(f'an exercise is named like "4.2", got {name!r}')


def of_chapter(chapter: int) -> list[str]:
    """The names of a chapter's exercises, in order; empty when it has none."""
    try:
        importlib.import_module(f"dlbook.exercises.chapter_{chapter:02d}")
    except ModuleNotFoundError as error:
        if error.name != f"dlbook.exercises.chapter_{chapter:02d}":
            raise
        return []
    names = [name for name in _CHECKS if name.split(".")[0] == str(chapter)]
    return sorted(names, key=lambda name: int(name.split(".")[1]))
