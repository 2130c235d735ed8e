"""Data as tensors: image sets, toy sets, and in-memory mini-batches."""

from dlbook.data.batches import Batches
from dlbook.data.images import ImageSet, load_images
from dlbook.data.samples import Samples
from dlbook.data.toy import TOY_SETS, blobs, circles, line, moons, polynomial, spiral

__all__ = [
    "TOY_SETS",
    "Batches",
    "ImageSet",
    "Samples",
    "blobs",
    "circles",
    "line",
    "load_images",
    "moons",
    "polynomial",
    "spiral",
]
