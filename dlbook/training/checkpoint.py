"""Checkpoints as files: safe to load, and whole or not there."""

import zipfile
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, BinaryIO

import torch

from dlbook.files import replacing
from dlbook.training.storable import plain, stored

FORMAT = "dlbook checkpoint 1"


def write_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write ``state`` in place of whatever ``path`` holds (chapter 18).

    Its content is made in memory: Ctrl-C while torch writes to an open file leads to some other
    error, or to a crash. It is read there once, so that no good file is replaced by one that cannot
    be read.

    Raises:
        TypeError: something in it is no tensor, number, text, list or dict; the message names it.
        OSError: it cannot be written, as on a full disk; what was there before is kept.
    """
    content = stored("the checkpoint", plain(state | {"format": FORMAT}))
    with replacing(path) as temporary:
        try:
            temporary.write_bytes(content)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read what `write_checkpoint` wrote, with its tensors on the CPU.

    Only tensors and plain values are loaded, never code: a checkpoint from a stranger is safe.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is damaged, or something else.
    """
    with path.open("rb") as file:
        _require_whole(path, file)
        file.seek(0)
        try:
            state = torch.load(file, map_location="cpu", weights_only=True)
        except (RuntimeError, UnpicklingError) as error:
            raise ValueError(
                f"{path} holds more than tensors and plain values, or is no checkpoint; "
                f"torch says: {_reason(error)}"
            ) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise ValueError(f"{path} is no checkpoint of a training run: expected {FORMAT!r} in it")
    return state


def _require_whole(path: Path, file: BinaryIO) -> None:
    """Files of `torch.save` are zip archives: their end and their checksums must be right."""
    try:
        with zipfile.ZipFile(file) as archive:
            damaged = archive.testzip()
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} is no checkpoint, or was cut or damaged: {error}") from error
    if damaged is not None:
        raise ValueError(f"{path} is damaged: the checksum of its part {damaged} is wrong")


def _reason(error: Exception) -> str:
    """What torch found, without its advice to load unsafely."""
    text = str(error).rpartition("WeightsUnpickler error: ")[2]
    return text.splitlines()[0].split(". ")[0]
