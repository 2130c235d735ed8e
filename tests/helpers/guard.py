"""Calls that may hang, or take all memory, or warn: bounded and watched."""

import resource
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

MEMORY = 2**30  # bytes that a call may take


class Hang(BaseException):
    """A call took too long. Not an `Exception`, so that nothing swallows it."""


@dataclass
class Outcome:
    """What became of a call: a result or an error, and the warnings on the way."""

    result: Any = None
    error: BaseException | None = None
    warnings: list[str] = field(default_factory=list)


def guarded(call: Callable[[], Any], *, seconds: float) -> Outcome:
    """Call it in bounded time and memory.

    Raises:
        Hang: it was not done in time.
    """
    outcome = Outcome()
    with warnings.catch_warnings(record=True) as recorded, _bounded(seconds):
        warnings.simplefilter("always")
        try:
            outcome.result = call()
        except (Exception, SystemExit) as error:
            outcome.error = error
    outcome.warnings = [f"{one.category.__name__}: {one.message}" for one in recorded]
    return outcome


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, _hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, most))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang("the call took too long")
