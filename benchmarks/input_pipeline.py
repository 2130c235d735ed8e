"""One pass over MNIST in mini-batches: `dlbook.data.Batches` against torchvision's DataLoader.

Both deliver the same standardized float32 batches in random order. `Batches` indexes tensors that
were standardized once, before the clock starts; the DataLoader, without workers, turns every
picture into a tensor and standardizes it in every pass, as tutorials do.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from benchmarks.timing import Bar, Contestant, Ratio, compare, interleave
from dlbook.data import Batches, ImageSet, Samples, load_images

BATCH_SIZES = (64, 256)
ROUNDS = 5
BAR = Bar("≥", 50)


def main() -> list[Ratio]:
    """How many times as long torchvision's DataLoader takes, for each batch size."""
    images = mnist_or_noise()
    train, _ = images.standardized()
    ratios = []
    with torchvision_dataset(images) as dataset:
        for size in BATCH_SIZES:
            ours = Batches(train, size)
            theirs = DataLoader(dataset, batch_size=size, shuffle=True)
            seconds = interleave({"ours": a_pass(ours), "theirs": a_pass(theirs)}, rounds=ROUNDS)
            name = f"DataLoader / Batches, one pass, batch size {size}, {images.name}"
            ratios.append(compare(name, seconds["theirs"], seconds["ours"], BAR))
    return ratios


def mnist_or_noise() -> ImageSet:
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


def a_pass(batches: Batches | DataLoader[tuple[Tensor, Tensor]]) -> Contestant:
    """Something that goes through all batches once."""

    def run() -> None:
        seen = sum(len(y) for _, y in batches)
        assert seen == 60_000

    return run


@contextmanager
def torchvision_dataset(images: ImageSet) -> Iterator[datasets.MNIST]:
    """The same pictures as torchvision's own class for MNIST, from files of its format."""
    normalize = transforms.Normalize((images.mean,), (images.std,))
    with TemporaryDirectory() as root:
        folder = Path(root) / "MNIST" / "raw"
        folder.mkdir(parents=True)
        for prefix, part in (("train", images.train), ("t10k", images.test)):
            write_idx(folder / f"{prefix}-images-idx3-ubyte", part.x.squeeze(1))
            write_idx(folder / f"{prefix}-labels-idx1-ubyte", part.y.to(torch.uint8))
        to_float = transforms.Compose([transforms.ToTensor(), normalize])
        yield datasets.MNIST(root, train=True, transform=to_float)


def write_idx(path: Path, array: Tensor) -> None:
    """Bytes in MNIST's format: 0, 0, 8 for bytes, the number of axes, their sizes, the bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(head + array.numpy().tobytes())
