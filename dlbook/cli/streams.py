"""The three standard streams, of which whoever starts a process may have closed some."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr


def open_closed_ones() -> None:
    """Point closed standard streams to nowhere.

    A file that is opened later would take a closed one's number, and all that C libraries write to
    stderr would go into that file.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)


@contextmanager
def errors_are_seen() -> Iterator[None]:
    """Let what is written to stderr go to stdout where there is no stderr."""
    with redirect_stderr(sys.stderr or sys.stdout):
        yield
