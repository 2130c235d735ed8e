"""``make gpu``: all that only a card can show, in ten minutes at most, and a table at the end.

The tests that run on an accelerator, the lines of the pages that are marked "on a GPU", the
chapters that ask for the best device (their asserts count, their outputs are not compared), and
the benchmarks' rows ``@cuda``, which go into the file of results. Each is a command of its own: one
that crashes or hangs takes no other along. With ``--dry`` it is a rehearsal on the CPU, in small
sizes and with one chapter, which writes nothing.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.__main__ import ON_DEVICES

ROOT = Path(__file__).parents[1]
SECONDS = 600.0
PYTEST = ("-m", "pytest", "-q")
CHAPTER = ("--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300")


@dataclass(frozen=True)
class Part:
    """One command for Python."""

    name: str
    arguments: tuple[str, ...]

    def run(self, seconds: float) -> str:
        """Run it, and say how it went."""
        if seconds <= 0:
            return "no time left"
        command = [sys.executable, *self.arguments]
        try:
            status = subprocess.run(command, cwd=ROOT, timeout=seconds, check=False).returncode
        except subprocess.TimeoutExpired:
            return "out of time"
        return "passed" if status == 0 else f"FAILED, status {status}"


def parts(*, dry: bool) -> list[Part]:
    """What there is to do, the most telling first."""
    tests = ("tests/package/test_device.py",) if dry else ("-m", "accelerator", "tests")
    pages = ("tests/book/test_error_index.py", "tests/book/test_then_and_now.py")
    chapters = [
        Part(path.stem, (*PYTEST, *CHAPTER, str(path.relative_to(ROOT))))
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if "best_device" in path.read_text(encoding="utf-8")
    ]
    return [
        Part("tests", (*PYTEST, *tests)),
        Part("pages", (*PYTEST, *pages)),
        *(chapters[:1] if dry else chapters),
        *(
            Part(f"benchmark {name}", ("-m", "benchmarks", *(("--dry", name) if dry else (name,))))
            for name in (ON_DEVICES if dry else [f"{name}@cuda" for name in ON_DEVICES])
        ),
    ]


def walk(todo: Sequence[Part], seconds: float = SECONDS) -> bool:
    """Go through the parts, print a table, and say whether all passed."""
    end = time.monotonic() + seconds
    lines = []
    for part in todo:
        print(f"\n{part.name}", flush=True)
        begun = time.monotonic()
        outcome = part.run(end - begun)
        lines.append((part.name, outcome, time.monotonic() - begun))
    print()
    for name, outcome, took in lines:
        print(f"{name:28} {outcome:18} {took:6.1f} s")
    return all(outcome == "passed" for _, outcome, _ in lines)


def main(arguments: Sequence[str]) -> None:
    """Walk through all parts."""
    dry = list(arguments) == ["--dry"]
    if not (dry or torch.cuda.is_available()):
        sys.exit(
            "There is no CUDA card here. `make gpu DRY=1` rehearses on the CPU what it would do."
        )
    sys.exit(0 if walk(parts(dry=dry)) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
