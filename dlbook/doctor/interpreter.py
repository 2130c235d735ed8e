"""Python: its version, its bits, and the environment it belongs to."""

import platform
import struct
import sys
from pathlib import Path

from dlbook.doctor.commands import FRESH_ENVIRONMENT, command, python
from dlbook.doctor.finding import Finding

NEEDED = (3, 11)
NEEDED_BITS = 64


def examine(limit: float) -> list[Finding]:
    """Whether this Python can run the book at all."""
    bits = 8 * struct.calcsize("P")
    return [judge(sys.version_info[:2], bits), environment()]


def judge(version: tuple[int, int], bits: int) -> Finding:
    """The finding for a Python of this version and this many bits."""
    what = f"Python {version[0]}.{version[1]}, {bits}-bit"
    if version < NEEDED:
        why = "dlbook is written for Python {}.{} or newer.".format(*NEEDED)
        return Finding("python", "broken", what, why, FRESH_ENVIRONMENT)
    if bits != NEEDED_BITS:
        why = "There is no torch for a 32-bit Python, whatever the machine is."
        return Finding("python", "broken", what, why, FRESH_ENVIRONMENT)
    return Finding("python", "ok", f"{platform.python_version()}, {bits}-bit")


def environment() -> Finding:
    """Which environment this is: what pip installs by another Python does not arrive here."""
    if (Path(sys.prefix) / "conda-meta").is_dir():
        return Finding("environment", "ok", f"{sys.prefix}, a conda environment")
    if sys.prefix != sys.base_prefix:
        return Finding("environment", "ok", f"{sys.prefix}, a virtual environment")
    what = f"{sys.prefix}, the system's Python"
    why = "What you install here, all other programs get, too. Better make an environment."
    return Finding("environment", "note", what, why, command(python(), "-m", "venv", ".venv"))
