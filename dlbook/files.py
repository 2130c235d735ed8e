"""Files that are there as a whole or not at all."""

import errno
import glob
import os
import stat
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path``, which takes its place when the block has succeeded.

    The file is on the disk before it gets its name: whoever reads ``path``, even after a crash,
    finds the old file or the new one, never a part. When the block fails, the old one stays. A
    link is followed: the file that it leads to is replaced, whose mode and owner stay. What earlier
    writers of ``path`` have left because they were killed is deleted.

    Raises:
        OSError: ``path`` is no plain file, or nothing can be written there.
    """
    path, old = _target(path)
    for partial in left_over(path.parent, glob.escape(path.name)):
        _delete_if_abandoned(partial)
    temporary = _temporary(path)
    with temporary.open("xb") as held:
        try:
            _hold(held)
            if old is not None:
                _give_mode_and_owner(temporary, old)
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
        ValueError: something else than a plain file is there, as a folder, a pipe or a device; it
            is protected, its name is too long, or its folder is not there or cannot be written.
            The message names the argument.
    """
    try:
        target, old = _target(path)
        with suppress(FileNotFoundError, NotADirectoryError):
            _temporary(target).lstat()
    except OSError as error:
        raise ValueError(f"{argument} must name a file, got {path}: {error.strerror}") from error
    if old is not None and not old.st_mode & 0o222:
        raise ValueError(f"{argument} must name a file that may be written, got {path}: protected")
    if not target.parent.is_dir():
        raise ValueError(f"{argument} must lie in a folder that exists, got {path}")
    try:
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise ValueError(
            f"{argument} must lie in a folder that can be written, got {path}: {error.strerror}"
        ) from error


def require_different(paths: Mapping[str, Path]) -> None:
    """Raise if two arguments name the same file, in folders that exist.

    Links are followed. Names that differ in case or accents' composition alone count as the same,
    as they are on most machines with Windows or macOS.

    Raises:
        ValueError: the message names both arguments.
    """
    seen: dict[tuple[int, int, str], str] = {}
    for argument, path in paths.items():
        target, _ = _target(path)
        folder = target.parent.stat()
        name = unicodedata.normalize("NFC", target.name).casefold()
        other = seen.setdefault((folder.st_dev, folder.st_ino, name), argument)
        if other != argument:
            raise ValueError(f"{other} and {argument} must be different files, got {path} for both")


def _target(path: Path) -> tuple[Path, os.stat_result | None]:
    """Where a file is written, which is where links lead; and of what is there, its status.

    Raises:
        OSError: it is no plain file, and must not be replaced by one.
    """
    target = Path(os.path.realpath(path))
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return target, None
    if not (stat.S_ISREG(status.st_mode) and target.is_file()):
        raise OSError(errno.EINVAL, f"it is {_kind(status.st_mode)}, no plain file", str(path))
    return target, status


def _kind(mode: int) -> str:
    kinds = {"folder": stat.S_ISDIR, "pipe": stat.S_ISFIFO, "socket": stat.S_ISSOCK}
    return next((f"a {kind}" for kind, is_one in kinds.items() if is_one(mode)), "a device")


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{uuid4().hex}.part")


# Who writes a file holds it, and the system lets go of it when the process ends, however it ends:
# by a lock, or on Windows, where an open file cannot be deleted, by having it open.
if sys.platform == "win32":

    def _hold(file: BinaryIO) -> None:
        """It is open, which is enough."""

    def _delete_if_abandoned(partial: Path) -> None:
        with suppress(OSError):
            partial.unlink()

    def _give_mode_and_owner(path: Path, old: os.stat_result) -> None:
        path.chmod(old.st_mode)

else:
    import fcntl

    def _hold(file: BinaryIO) -> None:
        with suppress(OSError):  # a network drive without locks: then nothing is ever deleted
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _delete_if_abandoned(partial: Path) -> None:
        with suppress(OSError), partial.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            partial.unlink()

    def _give_mode_and_owner(path: Path, old: os.stat_result) -> None:
        with suppress(OSError):  # only root gives files away
            os.chown(path, old.st_uid, old.st_gid)
        path.chmod(stat.S_IMODE(old.st_mode))
