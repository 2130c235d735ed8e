"""Verified downloads that never leave half a file behind."""

from collections.abc import Sequence
from http.client import HTTPResponse
from pathlib import Path

from dlbook.checksum import md5_of
from dlbook.data.transfer import TransferError, pieces, reply_to
from dlbook.files import replacing
from dlbook.progress import progress_bar

TIMEOUT_SECONDS = 10.0


class DownloadError(OSError):
    """A file could not be had; the message names each mirror and its reason, or the folder."""


def download(
    filename: str,
    *,
    mirrors: Sequence[str],
    md5: str,
    folder: Path,
    timeout: float = TIMEOUT_SECONDS,
) -> Path:
    """Fetch ``filename`` from the first mirror that delivers it with the right checksum.

    The file is written under a temporary name beside its place, checked, and then renamed, so
    that under its own name there is the whole file or nothing.

    Args:
        filename: the name below each mirror, and in the folder.
        mirrors: URLs that end in a slash, tried once each, in order.
        md5: expected checksum in hexadecimal.
        folder: where to put it; made when missing.
        timeout: seconds in which a mirror must answer, and then deliver each 64 KiB.

    Raises:
        DownloadError: no mirror worked, or the folder cannot be written.
    """
    reasons = []
    for mirror in mirrors:
        try:
            return _fetch(mirror + filename, md5, folder / filename, timeout)
        except TransferError as error:
            reasons.append(f"{mirror}: {error}")
        except OSError as error:  # no mirror can help then
            reason = error.strerror or error
            raise DownloadError(f"{filename} cannot be written to {folder}: {reason}") from error
    raise DownloadError(f"{filename} could not be downloaded ({'; '.join(reasons)})")


def _fetch(url: str, md5: str, target: Path, timeout: float) -> Path:
    with reply_to(url, timeout) as reply:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as partial:
            _copy(reply, partial, label=target.name, timeout=timeout)
            if (found := md5_of(partial)) != md5:
                raise TransferError(f"its checksum is {found}, expected {md5}")
    return target


def _copy(reply: HTTPResponse, path: Path, *, label: str, timeout: float) -> None:
    bar = progress_bar(total=reply.length, unit="B", unit_scale=True, desc=label)
    with bar, path.open("wb") as file:
        for piece in pieces(reply, timeout):
            file.write(piece)
            bar.update(len(piece))
