"""Code that never comes to an end: stopped after so many calls, or so many seconds."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread, get_ident
from time import process_time
from typing import Any

import torch

MOST_CALLS = 100_000
LOOK_AGAIN = 0.01  # seconds
LIBRARIES = ("<frozen", str(Path(os.__file__).parent), str(Path(torch.__file__).parents[1]))


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
    """Raise `Endless` in the block when it has computed for longer, by the processor's clock.

    Another thread raises it, as that works on every system and in every thread. It waits for a line
    outside of Python's own code and of packages, so that no import is left half done. What stays
    inside compiled code, such as ``sum`` of an endless generator, cannot be stopped.
    """
    done, deciding, here, began = Event(), Lock(), get_ident(), process_time()

    def watch() -> None:
        pause = seconds
        while not done.wait(pause):
            pause = LOOK_AGAIN
            with deciding:
                late = not done.is_set() and process_time() - began > seconds
                if late and not _in_libraries(here):
                    _raise_in(here, ctypes.py_object(Endless))
                    return

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with deciding:
            done.set()
        _raise_in(here, ctypes.py_object())  # takes back what was not raised yet


def _in_libraries(thread: int) -> bool:
    """Whether a thread runs a line of Python's own code or of an installed package."""
    return sys._current_frames()[thread].f_code.co_filename.startswith(LIBRARIES)


def _raise_in(thread: int, error: "ctypes.py_object[type[BaseException]]") -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
