"""Code that never comes to an end: stopped after so many calls, or so many seconds."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread, get_ident
from typing import Any

MOST_CALLS = 100_000


class Endless(BaseException):
    """The reader's code was stopped. It is no `Exception`, which that code might catch."""


def counted(function: Callable[..., Any], *, most: int = MOST_CALLS) -> Callable[..., Any]:
    """The function, which raises `Endless` when it is called more than ``most`` times."""
    calls = 0

    def passed_on(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > most:
            raise Endless(f"called the function that it was given more than {most:,} times")
        return function(*arguments, **options)

    return passed_on


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `Endless` in the block when it takes longer.

    Another thread raises it, as that works on every system and in every thread. What stays inside
    compiled code, such as one long product of matrices, ends first.
    """
    done, deciding, here = Event(), Lock(), get_ident()

    def watch() -> None:
        if done.wait(seconds):
            return
        with deciding:
            if not done.is_set():
                _raise_in(here, ctypes.py_object(Endless))

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with deciding:
            done.set()
        _raise_in(here, ctypes.py_object())  # takes back what was not raised yet


def _raise_in(thread: int, error: "ctypes.py_object[type[BaseException]]") -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
