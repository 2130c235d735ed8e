"""Say whether an answer is right."""

from threading import TIMEOUT_MAX
from typing import Any

import torch

from dlbook import require
from dlbook.exercises.endless import Endless, time_limit
from dlbook.exercises.expect import STOPPED, NotTried, NotYet
from dlbook.exercises.field import answer_field, show
from dlbook.exercises.registry import chapters, find, of_chapter
from dlbook.exercises.solved import record, solved
from dlbook.exercises.words import kind, said
from dlbook.page import for_page
from dlbook.say import say

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
        if not for_page():  # where nothing was tried because nothing runs
            say(f"{name}: not tried yet. Replace the ... and run this cell.")
    except NotYet as wrong:
        say(f"{name}, not yet: {wrong}")
    except Endless:
        say(f"{name}, not yet: The answer {STOPPED}")
    except Exception as error:
        say(f"{name}, not yet: {PUZZLED} {said(error)}")
    else:
        say(f"{name}: passed.{_recorded(name)}")


def check_solution(name: str, answer: Any) -> None:
    """Run the same check on the book's solution; it never counts for the reader's progress.

    On a page it leaves the field in which the answer is checked there, if it is a value.

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
    say(f"{name}: the solution passes.")
    if for_page():
        show(answer_field(name, answer))


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
    say(f"{len(names) - len(open_ones)} of {len(names)} solved.{rest}")


def _recorded(name: str) -> str:
    """Nothing to say, or why an exercise cannot be remembered."""
    try:
        record(name)
    except OSError as error:
        return f" It is not remembered, for the data folder cannot be written: {error}."
    return ""
