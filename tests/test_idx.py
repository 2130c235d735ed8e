"""The format of MNIST's files: real ones, and hostile ones with the right checksum."""

import gzip
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from dlbook.checksum import md5_of
from dlbook.data.idx import LARGEST, read_idx

BYTES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def head(*shape: int, kind: int = 8, dims: int | None = None) -> bytes:
    """What an idx file starts with."""
    dims = len(shape) if dims is None else dims
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, dims, *shape)


def read(path: Path) -> torch.Tensor:
    return read_idx(path, md5_of(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a-ubyte.gz"


@pytest.mark.parametrize("shape", [(), (7,), (5, 28, 28), (2, 3, 4, 5)])
def test_files_are_read_as_they_were_written(path: Path, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    path.write_bytes(gzip.compress(head(*shape) + array.tobytes()))
    found = read(path)
    assert found.dtype == torch.uint8
    assert np.array_equal(found.numpy(), array)


def test_another_checksum_is_refused(path: Path) -> None:
    path.write_bytes(gzip.compress(head(2, 3, 4) + BYTES.tobytes()))
    with pytest.raises(ValueError, match=f"{path} is damaged: .* is {md5_of(path)}, expected 1234"):
        read_idx(path, "1234")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_waited_for(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(ValueError, match=f"{path} is no file"):
        read_idx(path, "1234")


WHOLE = gzip.compress(head(2, 3, 4) + BYTES.tobytes())
HOSTILE = {
    "empty": (b"", "it ends 4 bytes too early"),
    "not packed": (head(2, 3, 4) + BYTES.tobytes(), "Not a gzipped file"),
    "cut": (WHOLE[:-9], "ended before the end-of-stream marker"),
    "another checksum inside": (WHOLE[:-8] + b"\0\0\0\0" + WHOLE[-4:], "CRC check failed"),
    "another length inside": (WHOLE[:-4] + b"\0\0\0\0", "Incorrect length"),
    "a changed byte": (WHOLE[:20] + b"\xff\xff" + WHOLE[22:], "Error -3 while decompressing"),
    "garbage after it": (WHOLE + b"garbage", "Not a gzipped file"),
    "a second file after it": (WHOLE + WHOLE, "goes on after the 24 bytes of its sizes"),
    "nothing inside": (gzip.compress(b""), "it ends 4 bytes too early"),
    "text inside": (gzip.compress(b"<html>"), "it starts with the bytes 60 104 116 109"),
    "other numbers": (gzip.compress(head(2, kind=13) + bytes(8)), "starts with the bytes 0 0 13 1"),
    "no sizes": (gzip.compress(head(dims=3)), "it ends 12 bytes too early"),
    "too many sizes": (gzip.compress(head(*range(255))), r"its sizes are \(0, 1, 2,"),
    "too few bytes": (gzip.compress(head(2, 3, 5) + BYTES.tobytes()), "it ends 6 bytes too early"),
    "too many bytes": (gzip.compress(head(2, 3, 3) + BYTES.tobytes()), "after the 18 bytes"),
    "huge sizes": (gzip.compress(head(*3 * [2**32 - 1])), r"its sizes are \(4294967295, "),
    "more than the limit": (gzip.compress(head(LARGEST + 1)), "its sizes are"),
    "a size of zero": (gzip.compress(head(0, 28, 28)), r"its sizes are \(0, 28, 28\)"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_content_with_the_right_checksum_is_refused(path: Path, kind: str) -> None:
    content, reason = HOSTILE[kind]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"{path} is no gzipped idx file of bytes: .*{reason}"):
        read(path)


def test_as_many_dimensions_as_the_format_allows(path: Path) -> None:
    path.write_bytes(gzip.compress(head(*255 * [1]) + b"x"))
    assert read(path).flatten().tolist() == [ord("x")]


def test_a_bomb_is_not_unpacked(path: Path) -> None:
    path.write_bytes(gzip.compress(head(5, 28, 28) + bytes(1 << 26)))
    assert path.stat().st_size < 1 << 17
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="it goes on after the 3,920 bytes"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 21
    finally:
        tracemalloc.stop()


def test_a_name_inside_leads_nowhere(path: Path, tmp_path: Path) -> None:
    with path.open("wb") as raw, gzip.GzipFile("../../etc/passwd", "wb", fileobj=raw) as file:
        file.write(head(3) + b"abc")
    assert bytes(read(path).tolist()) == b"abc"
    assert list(tmp_path.iterdir()) == [path]
