"""Files that are there as a whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path``, which takes its place when the block has succeeded.

    The file is on the disk before it gets its name: whoever reads ``path``, even after a crash,
    finds the old file or the new one, never a part. When the block fails, the old one stays.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


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
