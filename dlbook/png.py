"""PNG files as lists of chunks, one of which may carry another PNG.

A chunk whose type begins with a small letter may be skipped, so every reader of PNG shows a picture
that carries another as if it were alone.
"""

import struct
import zlib
from collections.abc import Iterator

# The case of the letters says: may be skipped, private, may be copied.
CARRIED = b"dlNw"
_SIGNATURE, _END = b"\x89PNG\r\n\x1a\n", b"IEND"


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def carrying(png: bytes, other: bytes) -> bytes:
    """A PNG with another inside."""
    end = png.rindex(_END) - 4
    return png[:end] + _chunk(other) + png[end:]


def split(png: bytes) -> tuple[bytes, bytes | None]:
    """A PNG alone, and the one that it carried, if there is one."""
    kept, carried = [_SIGNATURE], None
    for kind, chunk in _chunks(png):
        if kind == CARRIED:
            carried = chunk[8:-4]
        else:
            kept.append(chunk)
    return b"".join(kept), carried


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The type of each chunk, and the chunk: length, type, data, check."""
    place = len(_SIGNATURE)
    while place < len(png):
        end = place + 12 + struct.unpack(">I", png[place : place + 4])[0]
        yield png[place + 4 : place + 8], png[place:end]
        place = end


def _chunk(data: bytes) -> bytes:
    check = zlib.crc32(CARRIED + data)
    return struct.pack(">I", len(data)) + CARRIED + data + struct.pack(">I", check)
