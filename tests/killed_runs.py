"""Kill runs of training at random moments: ``killed_runs.py KILLS SEED``.

After each kill the same command goes on from the last checkpoint, and in the end the run must be
the one that was never killed, bit for bit.
"""

import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import cycle
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import torch
from children import CONTEXT, LIMIT, child
from torch import Tensor
from training_setup import MAKE_OPTIMIZER, Setup, network, one_cycle

from dlbook.files import left_over
from dlbook.training import EarlyStopping
from dlbook.training.checkpoint import read_checkpoint

EPOCHS = 40
WIDTH = 64
MOST_RUNS = 10  # for each kill, since a run may end before it is killed


def train(path: Path, optimizer: str, started: Connection) -> None:
    """What a child does: the same command each time, which goes on where it can."""
    torch.set_num_threads(1)
    setup = Setup(
        model=network(WIDTH),
        make_optimizer=MAKE_OPTIMIZER[optimizer],
        make_scheduler=partial(one_cycle, epochs=EPOCHS),
        stopping=EarlyStopping(patience=EPOCHS),
    )
    started.send(None)
    setup.fit(epochs=EPOCHS, save_to=path, resume_from=path if path.exists() else None)


@dataclass
class Run:
    """One command.

    Attributes:
        optimizer: its name in `MAKE_OPTIMIZER`.
        path: the checkpoint.
        seconds: how long it trained when it last ended.
    """

    optimizer: str
    path: Path
    seconds: float = 0.0

    @contextmanager
    def _training(self) -> Iterator[BaseProcess]:
        """A child that has begun to train."""
        started, start = CONTEXT.Pipe(duplex=False)
        with child(train, self.path, self.optimizer, start) as process:
            assert started.poll(LIMIT), f"{self} did not begin"
            yield process

    def finish(self) -> None:
        """Let it come to its end."""
        with self._training() as process:
            start = time.monotonic()
        assert process.exitcode == 0, f"{self} ended with status {process.exitcode}"
        self.seconds = time.monotonic() - start

    def is_killed_after(self, seconds: float) -> bool:
        """Kill it some time after training has begun, if it has not ended by then."""
        with self._training() as process:
            process.join(seconds)
            process.kill()
        assert process.exitcode in {0, -signal.SIGKILL}, f"{self}: status {process.exitcode}"
        return process.exitcode != 0

    def state(self) -> dict[str, Any]:
        """Its checkpoint, but for the seconds that the epochs took."""
        state = read_checkpoint(self.path)
        for row in state["parts"]["record"]["rows"]:
            del row["seconds"]
        return state

    @cached_property
    def uninterrupted(self) -> "Run":
        """The same command, never killed."""
        run = Run(self.optimizer, self.path.with_suffix(".whole"))
        run.finish()
        return run


def survive(run: Run, kills: int, chance: random.Random) -> Iterator[str]:
    """Kill a run until it once ends before, or so many times; then let it end, and compare.

    Yields:
        After each kill, what became of the run.
    """
    for _ in range(kills):
        delay = chance.uniform(0, run.uninterrupted.seconds)
        if not run.is_killed_after(delay):
            break
        yield f"{run.optimizer} killed after {delay:.3f} s, {_found(run)}"
    run.finish()
    _require_same(run.state(), run.uninterrupted.state(), str(run.path))
    assert list(left_over(run.path.parent)) == []
    run.path.unlink()


def _found(run: Run) -> str:
    """What a kill has left: a checkpoint of the very same run, and one half file at most."""
    halves = list(left_over(run.path.parent))
    assert len(halves) <= 1, f"each kill leaves more: {halves}"
    if not run.path.exists():
        return "before its first checkpoint"
    found, whole = (one.state()["parts"]["record"] for one in (run, run.uninterrupted))
    done = len(found["rows"])
    for name in ("rows", "losses"):
        _require_same(found[name], whole[name][:done], f"{name} of {run.path}")
    return f"in epoch {done + 1}{', while saving' if halves else ''}"


def _require_same(found: object, expected: object, name: str) -> None:
    """Equal in every bit, and so all that is in it."""
    assert type(found) is type(expected), name
    if isinstance(found, dict):
        assert found.keys() == expected.keys(), name
        for key, part in found.items():
            _require_same(part, expected[key], f"{key} of {name}")
    elif isinstance(found, list | tuple):
        for i, (part, other) in enumerate(zip(found, expected, strict=True)):
            _require_same(part, other, f"{i} of {name}")
    else:
        same = torch.equal(found, expected) if isinstance(found, Tensor) else found == expected
        assert same, f"{name} is {found}, in the run that was never killed {expected}"


def killed_runs(kills: int, seed: int, folder: Path) -> Iterator[str]:
    """Kill runs so many times in all; yield a line for each kill, and one in the end.

    Raises:
        AssertionError: a run that went on is not the one that was never killed.
        ValueError: a checkpoint cannot be read.
    """
    chance, counts = random.Random(seed), Counter(kills=0, runs=0, saving=0)
    runs = cycle([Run(name, folder / f"{name}.pt") for name in MAKE_OPTIMIZER])
    while counts["kills"] < kills and counts["runs"] < MOST_RUNS * kills:
        for line in survive(next(runs), kills - counts["kills"], chance):
            counts["kills"] += 1
            counts["saving"] += line.endswith("while saving")
            yield f"{counts['kills']}: {line}"
        counts["runs"] += 1
    yield (
        f"{counts['kills']} kills of {counts['runs']} runs, {counts['saving']} of them while "
        "saving: each checkpoint could be read, each run ended as if never killed, bit for bit"
    )


if __name__ == "__main__":
    print(f"seed {sys.argv[2]}")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        for line in killed_runs(int(sys.argv[1]), int(sys.argv[2]), Path(folder)):
            print(line, flush=True)  # noqa: T201
