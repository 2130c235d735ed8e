"""Pictures in a CSV file, one a row: the label, then the pixels."""

import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.utils.data import Dataset

from dlbook import require
from dlbook.data.csv_tables import require_csv, write_csv
from dlbook.data.samples import Samples

Transform = Callable[[Tensor], Tensor]

# Whole numbers take eight times the memory of bytes, so a large file is never held as such.
ROWS_AT_ONCE = 4096


def write_csv_images(path: str | Path, samples: Samples) -> None:
    """Write images as a table with the columns ``label``, ``pixel0``, ``pixel1``, … .

    Args:
        path: where to; a name that ends in ``.gz``, ``.bz2``, ``.xz`` or ``.zip`` is compressed.
        samples: x of shape (N, 1, H, H) or (N, H, H), uint8; y of shape (N,), whole numbers from 0
            to 255.

    Raises:
        TypeError: path is no path, or samples are no `Samples`.
        ValueError: another shape, dtype or label, or no file can be written at path, or one that
            is compressed in another way.
    """
    path = require.path("path", path)
    require_csv(path, "path")
    x, y = require.kind("samples", samples, Samples).x, samples.y
    if x.ndim == 4 and x.shape[1] == 1:
        x = x.squeeze(1)
    square = x.ndim == 3 and x.shape[1] == x.shape[2] > 0 and x.dtype == torch.uint8
    if not square or not _are_labels(y):
        raise ValueError(
            "samples must be square gray images (N, 1, H, H) as uint8 with labels (N,), whole "
            f"numbers from 0 to 255, got {samples!r}"
        )
    pixels = x.flatten(start_dim=1).cpu().numpy()
    table = pd.DataFrame(pixels, columns=[f"pixel{i}" for i in range(pixels.shape[1])])
    table.insert(0, "label", y.cpu().numpy())
    write_csv(path, table)


class CsvImages(Dataset[tuple[Tensor, int]]):
    """A Dataset of square gray images from a CSV file (chapters 14 and 18).

    Item i is a picture, float32 of shape (1, H, H) from 0 to 1, and its label. The class stands in
    a module, so that the worker processes of a DataLoader can import it.

    Args:
        path: a file as `write_csv_images` writes it. Columns that were sorted as text, such as
            pixel0, pixel1, pixel10, are put in order.
        transform: applied to each picture when it is asked for.

    Raises:
        TypeError: path is no path, or transform no function.
        OSError: there is no such file, or it cannot be read.
        ValueError: there is no label column, the number of pixels is not a square, a row is longer
            than the first line, or a value is not an integer from 0 to 255.
    """

    def __init__(self, path: str | Path, *, transform: Transform | None = None) -> None:
        if transform is not None:
            require.function("transform", transform)
        table = _read(require.path("path", path))
        side = math.isqrt(table.shape[1] - 1)
        self.labels = torch.tensor(table.pop("label").to_numpy(), dtype=torch.int64)
        self.pixels = torch.tensor(table.to_numpy()).view(-1, 1, side, side)
        self.transform = transform

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = self.pixels[index].float() / 255
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, int(self.labels[index])

    def __repr__(self) -> str:
        return f"CsvImages({len(self)} images of {'×'.join(map(str, self.pixels.shape[2:]))})"


def _are_labels(y: Tensor) -> bool:
    whole = not (y.is_floating_point() or y.is_complex() or y.dtype == torch.bool)
    return y.ndim == 1 and whole and bool(((y >= 0) & (y <= 255)).all())


def _as_bytes(part: pd.DataFrame) -> pd.DataFrame:
    """Checked here: pandas before version 3 reads 300 as 44 when it is told to make bytes."""
    numbers = part.to_numpy()
    if len(wrong := np.argwhere((numbers < 0) | (numbers > 255))):
        row, column = wrong[0]
        raise ValueError(f"column {part.columns[column]!r} holds {numbers[row, column]}")
    return part.astype("uint8")


def _read(path: Path) -> pd.DataFrame:
    try:
        # If the first row is longer than the line of names, pandas takes the labels for an index.
        # Read as rows, the two must be of one length.
        pd.read_csv(path, header=None, nrows=2, dtype=str)
        with pd.read_csv(path, dtype="int64", chunksize=ROWS_AT_ONCE) as parts:
            table = pd.concat([_as_bytes(part) for part in parts], ignore_index=True)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path} must hold integers from 0 to 255: {error}") from error
    pixels = table.shape[1] - 1
    if "label" not in table or len(table) == 0 or math.isqrt(pixels) ** 2 != pixels or pixels == 0:
        raise ValueError(
            f"{path} must have a column 'label' and H·H columns of pixels, and a row or more, "
            f"got {len(table)} rows of {pixels + 1} columns"
        )
    return table[["label", *_in_order([str(name) for name in table if name != "label"])]]


def _in_order(names: list[str]) -> list[str]:
    """By the numbers in them, if all else is the same: sorted as text, pixel10 precedes pixel2.

    With two numbers, as in 1x10, either may be the row: only what was sorted as text is changed.
    """
    kinds = {re.sub(r"\d+", "#", name) for name in names}
    if len(kinds) > 1 or (kinds.pop().count("#") > 1 and names != sorted(names)):
        return names
    return sorted(names, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])
