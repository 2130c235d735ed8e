"""Explorer: one storage, and the cells that shape, strides and offset read from it."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK, WIDTH
from dlbook.plots.memory import places
from dlbook.plots.style import COLORS

SIDE = 6  # the most rows and columns that are drawn
CELL = 28
STRONG = 0.45  # how strong a cell is filled

Place = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]


def strides(
    place: Place,
    views: Mapping[str, Tensor],
    *,
    start: tuple[int, int, int, int, int],
    caption: str,
) -> Explorer:
    """The cells of the storage that each row of a tensor reads, and the tensor (chapter 02).

    Args:
        place: takes two indices, two strides and the offset; returns the storage cell of the
            element.
        views: by name, tensors of one storage that the figure knows when it meets them.
        start: rows, columns, their strides and the offset shown first.
        caption: below the figure.
    """
    first = next(iter(views.values()))
    size = first.untyped_storage().nbytes() // first.element_size()
    known = torch.stack([_on_grid(places(view)) for view in views.values()])
    flat = torch.tensor([view.ndim == 1 for view in views.values()])  # lies across or down
    i, j = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")

    def figure(
        rows: Tensor, columns: Tensor, stride_0: Tensor, stride_1: Tensor, offset: Tensor
    ) -> dict[str, Any]:
        cell = place(i, j, stride_0, stride_1, offset)
        there = (i < rows) & (j < columns)
        last = place(rows - 1, columns - 1, stride_0, stride_1, offset)
        read = torch.where(there, cell, -1)
        across, down = ((read == cells).flatten(1).all(1) for cells in (known, known.mT))
        met = across | (down & flat)
        one_of_them = (met * torch.arange(1, len(views) + 1)).amax()
        top, left = (torch.where(there, index, charts.NOWHERE).flatten() for index in (i, j))
        inside = torch.where(cell < size, STRONG, -STRONG).flatten()
        element = {"top": top, "bottom": top + 1, "cell": cell.flatten(), "inside": inside}
        return {
            "elements": element | {"left": left, "right": left + 1},
            "read": element | {"left": element["cell"], "right": element["cell"] + 1},
            "rows": rows,
            "columns": columns,
            "stride_0": stride_0,
            "stride_1": stride_1,
            "offset": offset,
            "last": last,
            "verdict": torch.where(last < size, one_of_them, len(views) + 1),
        }

    dials = ("rows", "columns", "stride_0", "stride_1", "offset")
    labels = ("rows", "columns", "stride of the rows", "stride of the columns", "offset")
    values = (range(1, SIDE + 1), range(1, SIDE + 1), range(SIDE + 1), range(SIDE + 1), range(size))
    return Explorer(
        [Slider(*told, say=str) for told in zip(dials, labels, values, start, strict=True)],
        figure,
        [_storage(size), _tensor()],
        caption=caption,
        alt_text="First: one line for each row of the tensor, with a square for each storage cell "
        "that the row reads. Second: the tensor as a grid of the storage cells that its elements "
        "read. Cells beyond the storage have another color.",
        sentence="Shape ({rows}, {columns}), strides ({stride_0}, {stride_1}), offset {offset}: "
        "the last element reads storage cell {last}. {verdict}",
        phrases={
            "verdict": [
                "",
                *(_said(name, view) for name, view in views.items()),
                f"torch refuses this: cell {size - 1} is the last.",
            ]
        },
    )


def _said(name: str, view: Tensor) -> str:
    if view.ndim == 2:
        return f"This is {name}."
    return f"These are the cells of {name}, whose shape is {tuple(view.shape)}."


def _on_grid(cells: Tensor) -> Tensor:
    """The cells in the upper left corner of a grid, and −1 elsewhere."""
    grid = torch.full((SIDE, SIDE), -1)
    grid[: cells.shape[0], : cells.shape[1]] = cells
    return grid


def _storage(size: int) -> alt.LayerChart:
    return charts.panel(
        charts.cells("read", *charts.SIDES, value="inside", colors=(COLORS[1], COLORS[0])),
        x=charts.Axis("storage cell", (0, size), labels={c + 0.5: str(c) for c in range(size)}),
        y=charts.Axis("row", (SIDE, 0), labels={row + 0.5: str(row) for row in range(SIDE)}),
        height=SIDE * CELL,
    )


def _tensor() -> alt.LayerChart:
    ticks = {index + 0.5: str(index) for index in range(SIDE)}
    return charts.panel(
        charts.cells("elements", *charts.SIDES, value="inside", colors=(COLORS[1], COLORS[0])),
        charts.frames("elements", *charts.SIDES, color=INK),
        charts.words("elements", "left", "top", text="cell", dx=WIDTH / SIDE / 2, dy=CELL / 2),
        x=charts.Axis("column (the number: the storage cell)", (0, SIDE), labels=ticks),
        y=charts.Axis("row", (SIDE, 0), labels=ticks),
        height=SIDE * CELL,
    )
