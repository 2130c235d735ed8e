"""The file of results: book/benchmarks.json, from which the book's page on speed is made."""

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch

from benchmarks.rows import Row
from dlbook.device import describe_device

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "book" / "benchmarks.json"
_LIST_OF_NUMBERS = re.compile(r"\[\s+([-+.\de,\s]+?)\s+\]")


def keep(part: str, rows: Sequence[Row], device: torch.device, path: Path = RESULTS) -> None:
    """Put the rows of one part into the file, in the place of its earlier ones.

    Args:
        part: the benchmark, such as ``fit`` or ``fit@cuda``.
        rows: what it measured.
        device: where.
        path: of the file, which is made if it is missing.
    """
    results: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    results[part] = {"measured": machine(device), "rows": [row.record() for row in rows]}
    text = json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False)
    path.write_text(_LIST_OF_NUMBERS.sub(_on_one_line, text) + "\n", encoding="utf-8")


def _on_one_line(found: re.Match[str]) -> str:
    return f"[{' '.join(found[1].split())}]"


def machine(device: torch.device) -> dict[str, str]:
    """Return the day, and what the figures are measured on."""
    return {
        "date": date.today().isoformat(),
        "processor": f"{_cores()} cores of {_processor()}",
        "device": describe_device(device),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _cores() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    return available or os.cpu_count() or 1


def _processor() -> str:
    """Return the processor's name, which Python knows on some systems only."""
    facts = Path("/proc/cpuinfo")
    text = facts.read_text(encoding="utf-8") if facts.is_file() else ""
    named = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()
