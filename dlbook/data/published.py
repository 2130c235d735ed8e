"""MNIST and Fashion-MNIST, as torchvision reads them: from the data root, or from their mirrors."""

import gzip
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dlbook.checksum import md5_of
from dlbook.data.download import download
from dlbook.data.mirrors import mirrors_of
from dlbook.data.samples import Samples
from dlbook.data_root import data_root
from dlbook.files import replacing


def published_set(title: str) -> tuple[Samples, Samples]:
    """Training and test set: x of shape (N, 1, 28, 28), uint8; y of shape (N,), int64.

    What is not in the data root is downloaded and unpacked, whole or not at all. Where nothing can
    be written, the files are unpacked for the moment in the folder for temporary ones.

    Args:
        title: torchvision's name of the set, ``"MNIST"`` or ``"FashionMNIST"``.

    Raises:
        DownloadError: a file is not here and could not be had.
        ValueError: a file is damaged, or is none, or a mirror is no web address.
        OSError: a file cannot be read, or unpacked anywhere.
    """
    from torchvision import datasets

    source = getattr(datasets, title)
    root = data_root()
    packed = _packed_files(source, root / title / "raw")
    try:
        return _unpacked_and_read(source, packed, root)
    except OSError:
        with TemporaryDirectory(prefix="dlbook-") as elsewhere:
            return _unpacked_and_read(source, packed, Path(elsewhere))


def _packed_files(source: Any, folder: Path) -> dict[Path, str]:
    """The .gz files and their checksums; what is not here, packed or unpacked, is downloaded."""
    packed = {folder / name: md5 for name, md5 in source.resources}
    mirrors = mirrors_of(source.__name__, source.mirrors)
    for path, md5 in packed.items():
        if not (path.exists() or path.with_suffix("").is_file()):
            download(path.name, mirrors=mirrors, md5=md5, folder=folder)
    return packed


def _unpacked_and_read(source: Any, packed: dict[Path, str], root: Path) -> tuple[Samples, Samples]:
    folder = root / source.__name__ / "raw"
    for path, md5 in packed.items():
        if not (folder / path.stem).is_file():
            _unpack(path, md5, folder / path.stem)
    try:
        train, test = source(root, train=True), source(root, train=False)
        return _samples(train), _samples(test)
    except (AssertionError, KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(
            f"an unpacked file in {folder} is damaged ({type(error).__name__}: {error}); delete "
            "those whose names do not end in .gz to have them made anew"
        ) from error


def _samples(part: Any) -> Samples:
    return Samples(part.data.unsqueeze(1), part.targets)


def _unpack(path: Path, md5: str, target: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{path} is no file; move it away to have the file downloaded")
    if (found := md5_of(path)) != md5:
        raise ValueError(
            f"{path} is damaged: its MD5 checksum is {found}, expected {md5}; "
            "delete the file to have it downloaded again"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path) as file, replacing(target) as partial, partial.open("wb") as unpacked:
        shutil.copyfileobj(file, unpacked)
