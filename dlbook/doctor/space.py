"""Room on the disks that the book writes to."""

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from dlbook.data_root import data_root
from dlbook.doctor.asking import ask
from dlbook.doctor.commands import command, python
from dlbook.doctor.data_files import existing
from dlbook.doctor.finding import Finding

_SHOW = "df -h" if os.name == "posix" else "Get-PSDrive"
LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000  # bytes; both image sets together have 42 million


def examine(limit: float) -> list[Finding]:
    """The free space where temporary files go and where the data lie."""
    (answer,) = ask(space_facts, limit=limit)
    if answer.failure:
        what = f"the disks cannot be looked at: {answer.failure}"
        why = "One of them may be full, protected from writing, or on a network that is away."
        return [Finding("disk", "broken", what, why, _SHOW)]
    return [Finding(**found) for found in answer.value]


def space_facts() -> list[dict[str, str]]:
    """The findings on both places, as far as there is a data root."""
    places = {"temporary files": Path(tempfile.gettempdir())}
    with suppress(ImportError, OSError):  # the finding on the data root says so
        places["data"] = existing(data_root())
    return [
        asdict(judge(name, place, shutil.disk_usage(place).free)) for name, place in places.items()
    ]


def judge(name: str, place: Path, free: int) -> Finding:
    """The finding for ``free`` bytes at a place."""
    what = f"{free / 1e9:,.1f} GB free for {name} ({place})"
    if free >= LITTLE:
        return Finding("disk", "ok", what)
    why = "Downloads and kernels fail on a full disk. pip's cache alone can hold gigabytes."
    mend = command(python(), "-m", "pip", "cache", "purge")
    return Finding("disk", "broken" if free < TOO_LITTLE else "note", what, why, mend)
