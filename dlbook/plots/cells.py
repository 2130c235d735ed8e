"""A tensor as a grid of cells."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from torch import Tensor

from dlbook.plots.style import COLORS, INK, QUIET

CELL_INCHES = 0.42
PALE = "#F4F4F4"
DARK = 0.5  # mean of red, green and blue below which white reads better than black


def cells(
    values: Tensor,
    *,
    marked: Tensor | None = None,
    color: str = COLORS[5],
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """A tensor as numbered cells, some of them marked (chapter 02).

    Args:
        values: shape (rows, columns), or (columns,) for a single row.
        marked: a mask of the same shape: these cells are filled, the others are pale and dashed.
            All are filled when ``None``.
        color: of the filled cells.
        title: above the grid.
        ax: axes to draw on; a new figure when ``None``.

    Raises:
        ValueError: values is not of order one or two or has no cells, or marked has another shape.
    """
    if values.ndim not in (1, 2) or values.numel() == 0:
        raise ValueError(
            f"values must be of shape (rows, columns) or (columns,), got {tuple(values.shape)}"
        )
    if marked is not None and marked.shape != values.shape:
        raise ValueError(
            f"marked must have the shape of values, {tuple(values.shape)}, got "
            f"{tuple(marked.shape)}"
        )
    grid = values.reshape(-1, values.shape[-1]).tolist()
    fills = None if marked is None else marked.reshape(-1, values.shape[-1]).tolist()
    if ax is None:
        _, ax = plt.subplots(figsize=(CELL_INCHES * len(grid[0]) + 0.4, CELL_INCHES * len(grid)))
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            filled = fills is None or fills[row][column]
            draw_cell(ax, (column, row), f"{value:g}", color if filled else PALE, dashed=not filled)
    frame_cells(ax, len(grid[0]), len(grid))
    ax.set_title(title, loc="center")


def draw_cell(
    ax: Axes, corner: tuple[float, float], text: str, fill: str, *, dashed: bool = False
) -> None:
    """One square of side 1 with its upper left corner there, and a text in its middle."""
    style, edge = ("--", QUIET) if dashed else ("-", INK)
    ax.add_patch(
        Rectangle(corner, 1, 1, facecolor=fill, edgecolor=edge, linestyle=style, linewidth=0.8)
    )
    color = "white" if sum(to_rgb(fill)) / 3 < DARK else "black"
    ax.text(
        corner[0] + 0.5, corner[1] + 0.5, text, ha="center", va="center", fontsize=8.5, color=color
    )


def frame_cells(ax: Axes, width: float, height: float) -> None:
    """Fit the axes to squares of side 1, rows counted downward, without ticks."""
    ax.set(xlim=(-0.1, width + 0.1), ylim=(height + 0.1, -0.1), aspect="equal")
    ax.axis("off")
