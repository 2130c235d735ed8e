"""Verified downloads that never leave half a file behind."""

import urllib.request
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from dlbook.checksum import md5_of
from dlbook.progress import progress_bar

CHUNK = 1 << 16
TIMEOUT_SECONDS = 10.0


class DownloadError(OSError):
    """No mirror could deliver a file; the message names each mirror and its reason."""


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
        mirrors: URLs that end in a slash, tried in order.
        md5: expected checksum in hexadecimal.
        folder: where to put it; made when missing.
        timeout: seconds without an answer after which a mirror is given up.

    Raises:
        DownloadError: no mirror worked, or the folder cannot be written.
    """
    reasons = []
    for mirror in mirrors:
        try:
            return _fetch(mirror + filename, md5, folder / filename, timeout)
        except (OSError, HTTPException, ValueError) as error:
            reasons.append(f"{mirror}: {getattr(error, 'reason', error)}")
    raise DownloadError(f"{filename} could not be downloaded ({'; '.join(reasons)})")


def _fetch(url: str, md5: str, target: Path, timeout: float) -> Path:
    with urllib.request.urlopen(url, timeout=timeout) as reply:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            with partial.open("xb") as file:
                _copy(reply, file, target.name)
            if (found := md5_of(partial)) != md5:
                raise ValueError(f"its checksum is {found}, expected {md5}")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def _copy(reply: HTTPResponse, file: BinaryIO, label: str) -> None:
    size = int(reply.headers.get("Content-Length") or 0) or None
    with progress_bar(total=size, unit="B", unit_scale=True, desc=label) as bar:
        while chunk := reply.read(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
