"""Say whether an answer is right."""

from threading import TIMEOUT_MAX
from typing import Any

import torch

from dlbook import require
from dlbook.exercises.endless import Endless, time_limit
from dlbook.exercises.expect import STOPPED, NotTried, NotYet
from dlbook.exercises.registry import chapters, find, of_chapter
from dlbook.exercises.solved import record, solved
from dlbook.exercises.words import kind, said

PUZZLED = "The check cannot judge this answer, a fault of the book that we would like to hear of:"


def check(name: str, answer: Any, *, seconds: float = 20) -> None:
    """Print whether the reader's answer is right, not tried yet, or wrong, and why.

    A right answer counts for the reader's progress. A check leaves networks, and the random numbers
    that torch will draw next, as they were.

    Args:
        name: the exercise, for example ``"4.2"``.
        answer: what the exercise asks for: a number, a tensor or a function.
        seconds: how long the reader's code may run, as a loop in it may have no end.

    Raises:
        TypeError: seconds is no number.
        ValueError: there is no such exercise, or seconds is out of bounds.
    """
    examine = find(name)
    seconds = require.number("seconds", seconds, above=0, below=TIMEOUT_MAX)
    try:
        with time_limit(seconds), torch.random.fork_rng(devices=[]):
            examine(answer)
    except NotTried:
        print(f"{name}: not tried yet. Replace the ... and run this cell.")  # noqa: T201
    except NotYet as wrong:
        print(f"{name}: not yet. {wrong}")  # noqa: T201
    except Endless:
        print(f"{name}: not yet. The answer {STOPPED}")  # noqa: T201
    except Exception as error:
        print(f"{name}: not yet. {PUZZLED} {said(error)}")  # noqa: T201
    else:
        record(name)
        print(f"{name}: passed.")  # noqa: T201


def check_solution(name: str, answer: Any) -> None:
    """Run the same check on the book's solution; it never counts for the reader's progress.

    Raises:
        ValueError: there is no such exercise.
        AssertionError: the solution does not pass.
    """
    examine = find(name)
    try:
        with torch.random.fork_rng(devices=[]):
            examine(answer)
    except (NotTried, NotYet) as wrong:
        raise AssertionError(f"the solution of {name} does not pass: {wrong}") from wrong
    print(f"{name}: the solution passes.")  # noqa: T201


def progress(chapter: int) -> None:
    """Print how many of a chapter's exercises the reader has solved, and which are open.

    Raises:
        TypeError: the chapter is no whole number.
        ValueError: the chapter has no exercises.
    """
    if not isinstance(chapter, int):
        raise TypeError(f"chapter must be a whole number such as 4, got {kind(chapter)}")
    names = of_chapter(chapter)
    if not names:
        raise ValueError(
            f"chapter must be one with exercises, from 1 to {max(chapters())}, got {chapter}"
        )
    open_ones = [name for name in names if name not in solved()]
    rest = f" Open: {', '.join(open_ones)}." if open_ones else ""
    print(f"{len(names) - len(open_ones)} of {len(names)} solved.{rest}")  # noqa: T201
