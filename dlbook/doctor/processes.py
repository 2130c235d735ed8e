"""Other programs, run with a time limit: they may crash or hang, the doctor may not."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_LINE = 300  # characters of a message that are worth showing
NOT_STARTED = 127  # the status that shells give a program that cannot be started


@dataclass(frozen=True)
class Finished:
    """How a program ended.

    Attributes:
        status: its exit status, negative for a signal; ``None`` when the time was up.
        out: what it wrote to stdout.
        err: what it wrote to stderr.
        limit: the seconds that it had.
    """

    status: int | None
    out: str
    err: str
    limit: float

    @property
    def failure(self) -> str:
        """How it failed, and the last line it wrote to stderr: ``"crashed (SIGSEGV)"``."""
        if self.status is None:
            return f"no answer within {self.limit:g} s"
        how = f"crashed ({_signal(-self.status)})" if self.status < 0 else f"exit {self.status}"
        last = self.err.strip().rpartition("\n")[2][:LONGEST_LINE]
        return f"{how}: {last}" if last else how


def run(
    command: Sequence[str], limit: float, environment: Mapping[str, str] | None = None
) -> Finished:
    """Run a program until it ends, or for ``limit`` seconds.

    Args:
        command: the program and its arguments.
        limit: seconds after which it is killed; what it wrote until then is kept.
        environment: variables that it gets in addition to ours.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | dict(environment or {}),
        )
    except (OSError, ValueError) as error:  # ValueError: a text that no process can be given
        return Finished(NOT_STARTED, "", str(error), limit)
    with process:
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as expired:
            process.kill()
            return Finished(None, _text(expired.stdout), _text(expired.stderr), limit)
        except BaseException:
            process.kill()
            raise
    return Finished(process.returncode, _text(out), _text(err), limit)


def _text(written: bytes | None) -> str:
    return (written or b"").decode("utf-8", "replace")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
