"""Image sets as tensors, with a fallback so that every chapter runs without a network."""

import math
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dlbook import require
from dlbook.data.download import DownloadError
from dlbook.data.published import published_set
from dlbook.data.samples import Samples
from dlbook.data_root import data_root
from dlbook.device import device_named
from dlbook.say import say

DIGIT_CLASSES = tuple("0123456789")
FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

# What to take when a set cannot be had: the next one in its row.
FALLBACKS = {
    "mnist": ("mnist", "digits"),
    "fashion_mnist": ("fashion_mnist", "mnist", "digits"),
    "digits": ("digits",),
}
TITLES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "digits": "digits"}
DIGITS_TRAIN = 1437  # of the 1,797 bundled digits, the first four in five


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Pictures of ten classes, as bytes.

    Attributes:
        name: ``"MNIST"``, ``"FashionMNIST"`` or ``"digits"``: what was really loaded.
        train: x of shape (N, 1, 28, 28), uint8 from 0 to 255; y of shape (N,), int64 from 0 to 9.
        test: the same for the test set.
        classes: the name of each label.
    """

    name: str
    train: Samples
    test: Samples
    classes: tuple[str, ...]

    @cached_property
    def mean(self) -> float:
        """The mean of all training pixels, on the scale from 0 to 1."""
        return self._pixel_moment(1)

    @cached_property
    def std(self) -> float:
        """The standard deviation of all training pixels, on the scale from 0 to 1."""
        return math.sqrt(self._pixel_moment(2) - self.mean**2)

    def standardized(self, device: torch.device | str = "cpu") -> tuple[Samples, Samples]:
        """Training and test set as float32, x ← (x / 255 − mean) / std (chapter 17).

        Mean and standard deviation are the *training* set's, for both.

        Raises:
            TypeError: it is no device, nor the name of one.
            ValueError: the device is not there.
        """
        device = device_named(device, setting=f"device {str(device)!r}")
        train, test = (
            Samples(part.x.float().div_(255).sub_(self.mean).div_(self.std), part.y).to(device)
            for part in (self.train, self.test)
        )
        return train, test

    def __repr__(self) -> str:
        return f"ImageSet({self.name}: {len(self.train):,} training, {len(self.test):,} test)"

    def _pixel_moment(self, power: int) -> float:
        counts = torch.bincount(self.train.x.flatten(), minlength=256).double()
        values = torch.arange(256, dtype=torch.float64) / 255
        return ((values**power) @ counts / counts.sum()).item()


def load_images(name: str = "mnist") -> ImageSet:
    """Load an image set: from the data root, else by download, else a smaller one in its place.

    The order is: the four files under ``data_root()``, packed, their checksums verified, or
    unpacked, as torchvision leaves them; a download from torchvision's mirrors, or from those that
    ``DLBOOK_MIRRORS`` names; scikit-learn's 1,797 bundled 8×8 digits, enlarged to 28×28, with one
    printed line that says why and how to get the full set. Fashion-MNIST falls back to MNIST first.

    Args:
        name: ``"mnist"``, ``"fashion_mnist"`` or ``"digits"``.

    Raises:
        ValueError: an unknown name, a file in the data root that is damaged, or a mirror that is
            no web address.
        NotADirectoryError: the data root is no folder.
    """
    require.one_of("name", name, FALLBACKS)
    failure = None
    for candidate in FALLBACKS[name]:
        try:
            images = _digits() if candidate == "digits" else _published(candidate)
        except DownloadError as error:
            failure = failure or error
            continue
        if failure is not None:
            _say_fallback(TITLES[name], images, failure)
        return images
    raise AssertionError("the bundled digits are always there")


def _say_fallback(wanted: str, images: ImageSet, failure: DownloadError) -> None:
    instead = (
        "scikit-learn's 1,797 bundled digits, enlarged to 28×28"
        if images.name == "digits"
        else images.name
    )
    folder = data_root() / wanted / "raw"
    say(
        f"{wanted} is not here: using {instead}. Why: {failure}. To get {wanted}: run this with "
        f"a network, or put its four .gz files into {folder}."
    )


def _published(name: str) -> ImageSet:
    classes = FASHION_CLASSES if name == "fashion_mnist" else DIGIT_CLASSES
    return ImageSet(TITLES[name], *published_set(TITLES[name]), classes)


def _digits() -> ImageSet:
    # scikit-learn's file is read without importing scikit-learn, which would take a second.
    sklearn = find_spec("sklearn")
    assert sklearn is not None
    assert sklearn.origin is not None
    file = Path(sklearn.origin).parent / "datasets" / "data" / "digits.csv.gz"
    table = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.float32))
    small = table[:, :64].view(-1, 1, 8, 8) * (255 / 16)
    # As in MNIST, the digit fills a box of 20×20 in the middle of the 28×28.
    large = F.pad(F.interpolate(small, size=20, mode="bilinear"), (4, 4, 4, 4))
    x = large.round().clamp(0, 255).to(torch.uint8)
    y = table[:, 64].long()
    return ImageSet(
        "digits",
        Samples(x[:DIGITS_TRAIN], y[:DIGITS_TRAIN]),
        Samples(x[DIGITS_TRAIN:], y[DIGITS_TRAIN:]),
        DIGIT_CLASSES,
    )
