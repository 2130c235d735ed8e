"""Explorer: two shapes, the shape that they are broadcast to, and the cells that are repeated."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Menu
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK, WIDTH
from dlbook.plots.style import COLORS

Shape = tuple[int, ...]
MOST = (2, 4, 4)  # the largest shape that has room
GAP = 0.7  # between the matrices of a tensor of order three, in cells
SPAN = MOST[0] * (MOST[2] + GAP) - GAP
CELL = round(WIDTH / SPAN)
B_FACTOR = 100  # b holds 100, 200, 300, …, so that a sum shows both of its parts
PALE = 0.45  # how strong a cell is filled
PLACES = torch.cartesian_prod(*(torch.arange(size) for size in MOST))
VERDICTS = (
    "do not fit: along axis −3 the sizes differ, and neither is 1",
    "do not fit: along axis −2 the sizes differ, and neither is 1",
    "do not fit: along axis −1 the sizes differ, and neither is 1",
    "fit, and nothing is repeated",
    "fit, and a is repeated",
    "fit, and b is repeated",
    "fit, and both are repeated",
)


def broadcasting(shapes: Sequence[Shape], *, start: tuple[Shape, Shape], caption: str) -> Explorer:
    """Two shapes aligned from the right, both tensors stretched, and their sum (chapter 02).

    The cells of a hold 1, 2, 3, …, those of b hold 100, 200, 300, …, so that each cell of the sum
    tells where it comes from.

    Args:
        shapes: the choices, of at most three axes, in which (2, 4, 4) is the largest.
        start: the shapes of a and b shown first.
        caption: below the figure.
    """
    # An axis that a shape lacks counts as size 1.
    sizes = torch.tensor([(1,) * (len(MOST) - len(shape)) + shape for shape in shapes])
    lacks = torch.tensor([len(MOST) - len(shape) for shape in shapes])

    def figure(a: Tensor, b: Tensor) -> dict[str, Any]:
        size_a, size_b = _row(sizes, a), _row(sizes, b)
        fit = (size_a == size_b) | (size_a == 1) | (size_b == 1)
        size_sum = torch.where(size_a == 1, size_b, size_a)
        whole_a, whole_b = (torch.where(fit.all(), size_sum, size) for size in (size_a, size_b))
        number_a, number_b = _numbers(size_a), B_FACTOR * _numbers(size_b)
        none, axes = torch.zeros_like(size_sum), torch.arange(len(MOST))
        there_a, there_b = (axes >= _row(lacks, shape) for shape in (a, b))
        return {
            "a": _cells(size_a, whole_a, number_a),
            "a_repeated": _repeated(size_a, whole_a),
            "b": _cells(size_b, whole_b, number_b),
            "b_repeated": _repeated(size_b, whole_b),
            "sum": _cells(size_sum, torch.where(fit.all(), size_sum, none), number_a + number_b),
            "size_a": _sizes(size_a, 0, there_a),
            "size_b": _sizes(size_b, 1, there_b),
            "size_sum": _sizes(size_sum, 2, fit & (there_a | there_b)),
            "misfit": _sizes(size_sum, 2, ~fit),
            "shape_a": a,
            "shape_b": b,
            "verdict": _verdict(size_a, size_b, size_sum, fit),
        }

    places = [list(shapes).index(shape) for shape in start]
    return Explorer(
        [
            Menu(name, f"shape of {name}", range(len(shapes)), place, lambda i: str(shapes[i]))
            for name, place in zip("ab", places, strict=True)
        ],
        figure,
        [
            _aligned(),
            _matrices("a", COLORS[0], "a_repeated"),
            _matrices("b", COLORS[4], "b_repeated"),
            _matrices("sum", COLORS[2]),
        ],
        caption=caption,
        alt_text="First: the two shapes written below each other, aligned from the right, with the "
        "size of the result for each axis. Then the cells of a, of b and of their sum; cells that "
        "are repeated by stretching are pale with a dashed edge.",
        sentence="{shape_a} and {shape_b} {verdict}.",
        phrases={
            "shape_a": [str(shape) for shape in shapes],
            "shape_b": [str(shape) for shape in shapes],
            "verdict": VERDICTS,
        },
    )


def _row(table: Tensor, place: Tensor) -> Tensor:
    return table.index_select(0, place.reshape(1))[0]


def _numbers(size: Tensor) -> Tensor:
    """For each place the number, from 1 on, that a tensor of this shape has there if stretched."""
    inner = torch.stack([size[1] * size[2], size[2], torch.ones_like(size[2])])
    return 1 + (PLACES % size * inner).sum(1)


def _cells(size: Tensor, whole: Tensor, number: Tensor) -> dict[str, Tensor]:
    own = (size > PLACES).all(1)
    return _boxes((whole > PLACES).all(1), whole) | {"number": number, "own": PALE * own}


def _repeated(size: Tensor, whole: Tensor) -> dict[str, Tensor]:
    return _boxes((whole > PLACES).all(1) & ~(size > PLACES).all(1), whole)


def _boxes(there: Tensor, whole: Tensor) -> dict[str, Tensor]:
    """One matrix beside the other."""
    matrix, row, column = PLACES.T
    left = torch.where(there, matrix * (whole[2] + GAP) + column, charts.NOWHERE)
    top = torch.where(there, row, charts.NOWHERE)
    return charts.squares(left, top)


def _sizes(size: Tensor, row: int, there: Tensor) -> dict[str, Tensor]:
    left = torch.where(there, torch.arange(len(MOST)), charts.NOWHERE)
    top = row + torch.zeros_like(left)
    return charts.squares(left, top) | {"size": size}


def _verdict(size_a: Tensor, size_b: Tensor, size_sum: Tensor, fit: Tensor) -> Tensor:
    """The place among the verdicts; the misfit nearest to the right counts."""
    axes = torch.arange(len(MOST))
    repeated_a, repeated_b = ((size != size_sum).any() for size in (size_a, size_b))
    fitting = len(MOST) + repeated_a.long() + 2 * repeated_b.long()
    return torch.where(fit.all(), fitting, torch.where(fit, -1, axes).amax())


def _aligned() -> alt.LayerChart:
    """The sizes of a, b and the result, axis by axis."""
    tables = ("size_a", "size_b", "size_sum")
    colors = (COLORS[0], COLORS[4], COLORS[2])
    wide, high = WIDTH / len(MOST), CELL * MOST[1] / len(tables)
    return charts.panel(
        *(
            charts.frames(table, *charts.SIDES, color=color)
            for table, color in zip(tables, colors, strict=True)
        ),
        *(
            charts.words(table, "left", "top", text="size", dx=wide / 2, dy=high / 2)
            for table in tables
        ),
        charts.boxes("misfit", *charts.SIDES, color=COLORS[1]),
        x=charts.Axis(
            "axis, aligned from the right", (0, 3), labels={0.5: "−3", 1.5: "−2", 2.5: "−1"}
        ),
        y=charts.Axis(None, (3, 0), labels={0.5: "a", 1.5: "b", 2.5: "a + b"}),
        height=CELL * MOST[1],
    )


def _matrices(table: str, color: str, repeated: str = "") -> alt.LayerChart:
    dashed = [charts.frames(repeated, *charts.SIDES, color=color, dash=(3, 3))] if repeated else []
    return charts.panel(
        charts.cells(table, *charts.SIDES, value="own", colors=(INK, color)),
        *dashed,
        charts.words(table, "left", "top", text="number", dx=CELL / 2, dy=CELL / 2),
        x=charts.Axis(
            f"{table} (dashed: repeated)" if repeated else "a + b", (0, SPAN), labels=charts.BARE
        ),
        y=charts.Axis(None, (MOST[1], 0), labels=charts.BARE),
        height=CELL * MOST[1],
    )
