"""Work in the background where only the latest request counts."""

import threading
from collections.abc import Callable


class Latest:
    """Runs one job at a time on a thread of its own; a newer job replaces one that waits.

    A slider that moves fast asks for many pictures. Only the last one matters, and the kernel
    must stay free in the meantime.

    Args:
        failed: what to do with the error of a job; the next job runs all the same.
    """

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._lock = threading.Lock()
        self._waiting: Callable[[], None] | None = None
        self._worker: threading.Thread | None = None

    def submit(self, job: Callable[[], None]) -> None:
        """Run ``job`` as soon as the one that runs now is done, unless a newer one comes."""
        with self._lock:
            self._waiting = job
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, daemon=True)
                self._worker.start()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing runs and nothing waits, or until ``timeout`` seconds have passed."""
        worker = self._worker
        if worker is not None:
            worker.join(timeout)

    def _work(self) -> None:
        while True:
            with self._lock:
                job, self._waiting = self._waiting, None
                if job is None:
                    self._worker = None
                    return
            try:
                job()
            except Exception as error:  # the reader must see it; a thread has nobody else to tell
                self._failed(error)
