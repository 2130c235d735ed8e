"""Say whether an answer is right."""

from typing import Any

from dlbook.exercises.expect import NotTried, NotYet
from dlbook.exercises.registry import find, of_chapter
from dlbook.exercises.solved import record, solved


def check(name: str, answer: Any) -> None:
    """Print whether the reader's answer is right, not tried yet, or wrong, and why.

    A right answer counts for the reader's progress.

    Args:
        name: the exercise, for example ``"4.2"``.
        answer: what the exercise asks for: a number, a tensor or a function.

    Raises:
        ValueError: there is no such exercise.
    """
    try:
        find(name)(answer)
    except NotTried:
        print(f"{name}: not tried yet. Replace the ... and run this cell.")  # noqa: T201
    except NotYet as wrong:
        print(f"{name}: not yet. {wrong}")  # noqa: T201
    else:
        record(name)
        print(f"{name}: passed.")  # noqa: T201


def check_solution(name: str, answer: Any) -> None:
    """Run the same check on the book's solution; it never counts for the reader's progress.

    Raises:
        ValueError: there is no such exercise.
        AssertionError: the solution does not pass.
    """
    try:
        find(name)(answer)
    except (NotTried, NotYet) as wrong:
        raise AssertionError(f"the solution of {name} does not pass: {wrong}") from wrong
    print(f"{name}: the solution passes.")  # noqa: T201


def progress(chapter: int) -> None:
    """Print how many of a chapter's exercises the reader has solved, and which are open.

    Raises:
        ValueError: the chapter has no exercises.
    """
    names = of_chapter(chapter)
    if not names:
        raise ValueError(f"chapter must be one with exercises, got {chapter!r}")
    open_ones = [name for name in names if name not in solved()]
    rest = f" Open: {', '.join(open_ones)}." if open_ones else ""
    print(f"{len(names) - len(open_ones)} of {len(names)} solved.{rest}")  # noqa: T201
