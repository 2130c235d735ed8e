"""One pass over MNIST in mini-batches: `dlbook.data.Batches` against PyTorch's DataLoader.

All deliver the same standardized float32 batches in random order on the device. `Batches` indexes
tensors that were standardized, and brought there, once, before the clock starts. One DataLoader,
without workers, reads torchvision's MNIST: it turns every picture into a tensor and standardizes it
in every pass, as tutorials do. The other reads a TensorDataset of the standardized tensors. On the
way to a GPU both hand out pinned memory, as torch's documentation advises.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision import datasets, transforms

from benchmarks.rows import Bar, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook.data import Batches, ImageSet, Samples, load_images

Loader = DataLoader[tuple[Tensor, ...]]
BATCH_SIZES = (64, 256)
ROUNDS = 5
BAR = Bar("≥", 50)


def main(device: torch.device, *, dry: bool = False) -> list[Row]:
    """How many times as long the DataLoaders take, for each batch size."""
    images = load_images("digits") if dry else images_or_noise()
    rounds = 1 if dry else ROUNDS
    train, _ = images.standardized()
    with torchvision_dataset(datasets.MNIST, images) as pictures:
        return [
            replace(row, name=f"{row.name}, batch size {size}, {images.name}")
            for size in BATCH_SIZES
            for row in rows(size, train, pictures, device, rounds=rounds)
        ]


def rows(
    size: int, train: Samples, pictures: datasets.MNIST, device: torch.device, *, rounds: int
) -> Iterator[Row]:
    """Yield both ratios for one batch size."""
    memory = TensorDataset(train.x, train.y)
    sources: dict[str, Batches | Loader] = {
        "Batches": Batches(train.to(device), size),
        "torchvision": loader(pictures, size, device),
        "TensorDataset": loader(memory, size, device),
    }
    contestants = {name: a_pass(source, len(train), device) for name, source in sources.items()}
    seconds = interleave(contestants, rounds=rounds, device=device)
    for rival, bar in (("torchvision", BAR), ("TensorDataset", None)):
        yield ratio(f"DataLoader of {rival} / Batches", seconds[rival], seconds["Batches"], bar)


def images_or_noise() -> ImageSet:
    """MNIST, or where it cannot be had, random bytes of the same shape."""
    images = load_images("mnist")
    if images.name == "MNIST":
        return images
    print("Measuring on random bytes of MNIST's shape instead.")
    generator = torch.Generator().manual_seed(0)
    train, test = (
        Samples(
            torch.randint(256, (n, 1, 28, 28), dtype=torch.uint8, generator=generator),
            torch.randint(10, (n,), generator=generator),
        )
        for n in (60_000, 10_000)
    )
    return ImageSet("random bytes", train, test, images.classes)


def loader(data: Dataset[Any], size: int, device: torch.device) -> Loader:
    """Return a DataLoader as one would make it for a device."""
    return DataLoader(data, size, shuffle=True, pin_memory=device.type == "cuda")


def a_pass(batches: Batches | Loader, n: int, device: torch.device) -> Contestant:
    """Return something that brings all batches of n samples to the device once."""

    def run() -> None:
        seen = 0
        for x, y in batches:
            x.to(device, non_blocking=True), y.to(device, non_blocking=True)
            seen += len(y)
        assert seen == n

    return run


@contextmanager
def torchvision_dataset(kind: type[datasets.MNIST], images: ImageSet) -> Iterator[datasets.MNIST]:
    """The training pictures as torchvision's own class, from files of its format."""
    normalize = transforms.Normalize((images.mean,), (images.std,))
    with torchvision_root(kind, images) as root:
        to_float = transforms.Compose([transforms.ToTensor(), normalize])
        yield kind(root, train=True, transform=to_float)


@contextmanager
def torchvision_root(
    kind: type[datasets.MNIST], images: ImageSet, *, below: str = "."
) -> Iterator[str]:
    """A folder in which torchvision finds the pictures as if it had downloaded them.

    It lies ``below`` a temporary one.
    """
    with TemporaryDirectory() as temporary:
        root = Path(temporary) / below
        folder = root / kind.__name__ / "raw"
        folder.mkdir(parents=True)
        for prefix, part in (("train", images.train), ("t10k", images.test)):
            write_idx(folder / f"{prefix}-images-idx3-ubyte", part.x.squeeze(1))
            write_idx(folder / f"{prefix}-labels-idx1-ubyte", part.y.to(torch.uint8))
        yield str(root)


def write_idx(path: Path, array: Tensor) -> None:
    """Bytes in MNIST's format: 0, 0, 8 for bytes, the number of axes, their sizes, the bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(head + array.numpy().tobytes())
