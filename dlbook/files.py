"""Files that are there as a whole or not at all."""

import glob
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path``, which takes its place when the block has succeeded.

    The file is on the disk before it gets its name: whoever reads ``path``, even after a crash,
    finds the old file or the new one, never a part. When the block fails, the old one stays. What
    earlier writers of ``path`` have left because they were killed is deleted.
    """
    for partial in left_over(path.parent, glob.escape(path.name)):
        _delete_if_abandoned(partial)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.part")
    with temporary.open("xb") as held:
        try:
            _hold(held)
            yield temporary
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            if sys.platform == "win32":
                held.close()  # an open file cannot be renamed there
            temporary.replace(path)
        finally:
            held.close()
            temporary.unlink(missing_ok=True)


def left_over(folder: Path, name: str = "*") -> Iterator[Path]:
    """The temporary files of `replacing` in a folder: being written, or left by the killed.

    Args:
        folder: where to look; it need not exist.
        name: a pattern for the names that they were to take.
    """
    return folder.glob(f".{name}.{'[0-9a-f]' * 32}.part")


def require_writable(path: Path, argument: str) -> None:
    """Raise unless a file can be written at ``path``.

    Raises:
        ValueError: it is a folder, or its folder is not there or cannot be written; the message
            names the argument.
    """
    if path.is_dir():
        raise ValueError(f"{argument} must name a file, got the folder {path}")
    if not path.parent.is_dir():
        raise ValueError(f"{argument} must lie in a folder that exists, got {path}")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ValueError(
            f"{argument} must lie in a folder that can be written, got {path}: {error.strerror}"
        ) from error


# Who writes a file holds it, and the system lets go of it when the process ends, however it ends:
# by a lock, or on Windows, where an open file cannot be deleted, by having it open.
if sys.platform == "win32":

    def _hold(file: BinaryIO) -> None:
        """It is open, which is enough."""

    def _delete_if_abandoned(partial: Path) -> None:
        with suppress(OSError):
            partial.unlink()

else:
    import fcntl

    def _hold(file: BinaryIO) -> None:
        with suppress(OSError):  # a network drive without locks: then nothing is ever deleted
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _delete_if_abandoned(partial: Path) -> None:
        with suppress(OSError), partial.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            partial.unlink()
