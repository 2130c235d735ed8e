"""A copy of the book's sources, built from nothing, so that nothing here changes."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.results import ROOT
from benchmarks.rows import CannotMeasureError

NOT_COPIED = shutil.ignore_patterns("_build", "dist", ".*", "__pycache__", "*.egg-info")
RAN = re.compile(r"(\w+)\.ipynb took ([\d.]+) s")


@dataclass(frozen=True)
class Build:
    """A build that has succeeded.

    Attributes:
        seconds: how long it took.
        chapters: the seconds that each notebook ran, by its name, of those that were run.
    """

    seconds: float
    chapters: dict[str, float]


@dataclass(frozen=True)
class Copy:
    """The copy, in a folder of its own."""

    root: Path

    def build(self) -> Build:
        """Build it.

        Raises:
            CannotMeasureError: the build fails.
        """
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(self.root)]
        environment = os.environ | {"PYTHONPATH": str(self.root), "NO_COLOR": "1"}
        start = time.perf_counter()
        done = subprocess.run(
            [*command, "-W", "-n", "--keep-going"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            raise CannotMeasureError(f"the build failed: {done.stderr[-500:]}")
        return Build(seconds, {name: float(ran) for name, ran in RAN.findall(done.stdout)})


@contextmanager
def copied() -> Iterator[Copy]:
    """Yield a copy whose cache of outputs is empty."""
    with TemporaryDirectory() as folder:
        copy = Copy(Path(folder) / "book")
        shutil.copytree(ROOT, copy.root, ignore=NOT_COPIED)
        yield copy
