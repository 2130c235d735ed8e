"""Child processes that start at once, and that a test may interrupt or kill."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

# Tests wait for events. Only what hangs takes so many seconds, whatever else the machine does.
LIMIT = 900.0

# One process loads torch, and what the first optimizer loads; each child is a copy of it.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["dlbook.training", "torch._dynamo"])


@contextmanager
def child(work: Callable[..., None], *arguments: object) -> Iterator[BaseProcess]:
    """A process that does some work: a function of a module's top level."""
    process = CONTEXT.Process(target=work, args=arguments)
    process.start()
    try:
        yield process
        process.join(LIMIT)
        assert process.exitcode is not None, f"{work.__name__} did not end in {LIMIT:g} s"
    finally:
        process.kill()
        process.join()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until something has come true."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, f"it did not come true in {LIMIT:g} s"
        time.sleep(0.002)
