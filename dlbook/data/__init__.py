"""Data as tensors: image sets, tables, toy sets, and in-memory mini-batches."""

from dlbook.data.batches import Batches
from dlbook.data.csv_images import CsvImages, write_csv_images
from dlbook.data.images import ImageSet, load_images
from dlbook.data.passengers import PASSENGER_LOG_ODDS, passengers
from dlbook.data.samples import Samples
from dlbook.data.tables import TABLES, load_table
from dlbook.data.toy import TOY_SETS, blobs, circles, line, moons, polynomial, spiral

__all__ = [
    "PASSENGER_LOG_ODDS",
    "TABLES",
    "TOY_SETS",
    "Batches",
    "CsvImages",
    "ImageSet",
    "Samples",
    "blobs",
    "circles",
    "line",
    "load_images",
    "load_table",
    "moons",
    "passengers",
    "polynomial",
    "spiral",
    "write_csv_images",
]
