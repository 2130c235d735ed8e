"""The format of MNIST's files."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import torch
from torch import Tensor

from dlbook.checksum import md5_of

UBYTE = 8  # the third byte of a file: its elements are unsigned bytes
LARGEST = 1 << 28  # bytes; 60,000 pictures of 28×28 have 47 million


def read_idx(path: Path, md5: str) -> Tensor:
    """A gzipped idx file as a uint8 tensor: magic 0 0 8 d, d big-endian sizes, then the bytes.

    Args:
        path: a file of MNIST or Fashion-MNIST.
        md5: the expected checksum of the file in hexadecimal.

    Raises:
        ValueError: the file has another checksum, or holds something else, or is no file.
    """
    if not path.is_file():
        raise ValueError(f"{path} is no file; move it away to have the file downloaded")
    if (found := md5_of(path)) != md5:
        raise ValueError(
            f"{path} is damaged: its MD5 checksum is {found}, expected {md5}; "
            "delete the file to have it downloaded again"
        )
    try:
        with gzip.open(path) as file:
            return _tensor(cast(BinaryIO, file))
    except (EOFError, ValueError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path} is no gzipped idx file of bytes: {error}") from error


def _tensor(file: BinaryIO) -> Tensor:
    # A few bytes can unpack to gigabytes: no more is read than the sizes say, within a limit.
    zero, kind, dims = struct.unpack(">HBB", _exactly(4, file))
    if zero != 0 or kind != UBYTE:
        raise ValueError(f"it starts with the bytes {zero >> 8} {zero & 255} {kind} {dims}")
    shape = struct.unpack(f">{dims}I", _exactly(4 * dims, file))
    if not 0 < math.prod(shape) <= LARGEST:
        raise ValueError(f"its sizes are {shape}")
    content = bytearray(_exactly(math.prod(shape), file))
    if file.read(1):
        raise ValueError(f"it goes on after the {len(content):,} bytes of its sizes {shape}")
    return torch.frombuffer(content, dtype=torch.uint8).view(shape)


def _exactly(size: int, file: BinaryIO) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise ValueError(f"it ends {size - len(content):,} bytes too early")
    return content
