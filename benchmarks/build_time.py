"""How long the book takes to build: from nothing, again unchanged, and with one chapter changed.

A copy of the book is built, so that nothing here changes; its cache of outputs begins empty. It
takes some minutes.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_code_cell

from benchmarks.results import ROOT
from benchmarks.rows import Bar, CannotMeasureError, Row

NOT_COPIED = shutil.ignore_patterns("_build", "dist", ".*", "__pycache__", "*.egg-info")
CHANGED = ("03_linear_model", "11_logistic_regression", "16_convolutions")
ROUNDS = 3
FULL_BAR, UNCHANGED_BAR, CHANGED_BAR = Bar("≤", 300), Bar("≤", 20), Bar("≤", 10)


@dataclass(frozen=True)
class Copy:
    """A copy of the book's sources."""

    root: Path

    def build(self) -> tuple[float, str]:
        """Build it and return the seconds and what the build says.

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
        return seconds, done.stdout

    def rebuild(self, chapter: str) -> float:
        """Change a chapter, build, and return the seconds beyond those that the chapter ran."""
        path = self.root / "notebooks" / f"{chapter}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(new_code_cell("1 + 1"))
        nbformat.write(notebook, path)
        seconds, log = self.build()
        ran = re.search(rf"{chapter}\.ipynb took ([\d.]+) s", log)
        if ran is None:
            raise CannotMeasureError(f"the build did not say how long {chapter} ran")
        return seconds - float(ran[1])


def main() -> list[Row]:
    """The seconds of each way to build."""
    with TemporaryDirectory() as folder:
        copy = Copy(Path(folder) / "book")
        shutil.copytree(ROOT, copy.root, ignore=NOT_COPIED)
        full, _ = copy.build()
        unchanged = tuple(copy.build()[0] for _ in range(ROUNDS))
        changed = tuple(copy.rebuild(chapter) for chapter in CHANGED)
    return [
        Row("the book from nothing, all chapters run", "s", (full,), FULL_BAR),
        Row("the book again, nothing changed", "s", unchanged, UNCHANGED_BAR),
        Row("the book with one chapter changed, beyond its run", "s", changed, CHANGED_BAR),
    ]
