"""Whether a file is the one that was published."""

import hashlib
from pathlib import Path


def md5_of(path: Path) -> str:
    """The MD5 checksum of a file in hexadecimal, as torchvision publishes them."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
