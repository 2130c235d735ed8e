"""One storage, and the tensors that read it."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import to_hex
from torch import Tensor

from dlbook.plots.cells import CELL_INCHES, draw_cell, frame_cells

PER_ROW = 4  # grids side by side
GAP, TITLE = 1.2, 0.8  # between grids, and above one, in cells


def memory(tensors: Mapping[str, Tensor]) -> None:
    """A storage as a strip of numbered cells, and tensors that read it as grids (chapter 02).

    Every cell shows its place in the storage and has the same color wherever it appears.

    Args:
        tensors: by title; all on one storage, each of order one or two.

    Raises:
        ValueError: no tensors, one of another order or without cells, or several storages.
    """
    size = _storage_size(tensors)
    shades = plt.get_cmap("viridis")
    colors = [to_hex(shades(0.1 + 0.9 * place / max(size - 1, 1))) for place in range(size)]
    grids = {name: places(tensor) for name, tensor in tensors.items()}
    corners, width, height = _layout(grids, size)
    _, ax = plt.subplots(figsize=(CELL_INCHES * width, CELL_INCHES * height))
    for place, color in enumerate(colors):
        draw_cell(ax, (place, TITLE), str(place), color)
    ax.text(0, TITLE - 0.25, "storage")
    for name, grid in grids.items():
        left, top = corners[name]
        ax.text(left, top - 0.25, name)
        for row, line in enumerate(grid.tolist()):
            for column, place in enumerate(line):
                draw_cell(ax, (left + column, top + row), str(place), colors[place])
    frame_cells(ax, width, height)


def places(tensor: Tensor) -> Tensor:
    """The place in the storage that each element reads, as rows: offset + i·stride₀ + j·stride₁."""
    if tensor.ndim not in (1, 2) or tensor.numel() == 0:
        raise ValueError(f"tensors must be of order one or two, got {tuple(tensor.shape)}")
    cells = tensor.untyped_storage().nbytes() // tensor.element_size()
    read = torch.arange(cells).as_strided(tensor.shape, tensor.stride(), tensor.storage_offset())
    return read.reshape(-1, tensor.shape[-1])


def _storage_size(tensors: Mapping[str, Tensor]) -> int:
    storages = {tensor.untyped_storage().data_ptr() for tensor in tensors.values()}
    if len(storages) != 1:
        raise ValueError(f"tensors must share one storage, got {len(storages)} storages")
    tensor = next(iter(tensors.values()))
    return tensor.untyped_storage().nbytes() // tensor.element_size()


def _layout(
    grids: Mapping[str, Tensor], size: int
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """The upper left corner of each grid, and the width and height of all, in cells."""
    corners: dict[str, tuple[float, float]] = {}
    names, width, top = list(grids), float(size), 2 * TITLE + 1.4
    for first in range(0, len(names), PER_ROW):
        line, left = names[first : first + PER_ROW], 0.0
        for name in line:
            corners[name] = (left, top)
            left += max(grids[name].shape[1], 0.32 * len(name)) + GAP
        width = max(width, left - GAP)
        top += max(len(grids[name]) for name in line) + TITLE + 0.5
    return corners, width, top - TITLE - 0.5
