"""Room on the disks that the book writes to."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from dlbook.data_root import data_root
from dlbook.doctor.commands import command, python
from dlbook.doctor.data_files import existing
from dlbook.doctor.finding import Finding

LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000  # bytes; both image sets together have 42 million


def examine(limit: float) -> list[Finding]:
    """The free space where temporary files go and where the data lie."""
    places = {"temporary files": Path(tempfile.gettempdir())}
    with suppress(NotADirectoryError):  # the finding on the data root says so
        places["data"] = existing(data_root())
    return [judge(name, place, shutil.disk_usage(place).free) for name, place in places.items()]


def judge(name: str, place: Path, free: int) -> Finding:
    """The finding for ``free`` bytes at a place."""
    what = f"{free / 1e9:,.1f} GB free for {name} ({place})"
    if free >= LITTLE:
        return Finding("disk", "ok", what)
    why = "Downloads and kernels fail on a full disk. pip's cache alone can hold gigabytes."
    mend = command(python(), "-m", "pip", "cache", "purge")
    return Finding("disk", "broken" if free < TOO_LITTLE else "note", what, why, mend)
