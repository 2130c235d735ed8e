"""Explorer: two shapes, the shape that they are broadcast to, and the cells that are repeated."""

import math
from collections.abc import Sequence
from itertools import product, zip_longest
from typing import Any, NamedTuple

import altair as alt
import torch

from dlbook.explorers.controls import Menu
from dlbook.explorers.look import WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

Shape = tuple[int, ...]
AXES, LARGEST, MATRICES = 3, 4, 3  # axes of a shape, size of an axis, size of the first of three
GAP = 0.7  # between the matrices of a tensor of order three, in cells
SPAN = MATRICES * (LARGEST + GAP) - GAP
CELL = WIDTH / SPAN
B_FACTOR = 100  # b holds 100, 200, 300, …, so that a sum shows both of its parts
MINUS = "−"


class _Meeting(NamedTuple):
    """Two shapes, their places in the menus, and the shape of the result, if there is one."""

    i: int
    j: int
    a: Shape
    b: Shape
    result: Shape | None


@checked()
def broadcasting(
    shapes: Sequence[Shape], *, start: tuple[Shape, Shape], caption: str
) -> RunExplorer:
    """Two shapes aligned from the right, both tensors stretched, and their sum.

    The cells of a hold 1, 2, 3, …, those of b hold 100, 200, 300, …, so that each cell of the sum
    tells where it comes from. Which shapes fit is asked of ``torch.broadcast_shapes``.

    Args:
        shapes: the choices: at most three axes of sizes 1 to 4, the first of three at most 3.
        start: the shapes of a and b shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: a shape cannot be drawn, or start is not among them.
    """
    _check(shapes, start)
    pairs = product(enumerate(shapes), repeat=2)
    meetings = [_Meeting(i, j, a, b, meet(a, b)) for (i, a), (j, b) in pairs]
    places = [list(shapes).index(shape) for shape in start]
    parameters = [alt.param(name=name, value=v) for name, v in zip("ab", places, strict=True)]
    return RunExplorer(
        [chart.add_params(*parameters) for chart in _charts(meetings)],
        [
            Menu(name, f"shape of {name}", range(len(shapes)), place, lambda i: str(shapes[i]))
            for name, place in zip("ab", places, strict=True)
        ],
        caption=caption,
        alt_text="First: the two shapes written below each other, aligned from the right, with the "
        "size of the result for each axis. Then the cells of a, of b and of their sum; cells that "
        "are repeated by stretching are pale with a dashed edge.",
        outcomes={(m.i, m.j): outcome(m.a, m.b) for m in meetings},
    )


def meet(a: Shape, b: Shape) -> Shape | None:
    """The shape that torch broadcasts both to, or ``None`` when they do not fit."""
    try:
        return tuple(torch.broadcast_shapes(a, b))
    except RuntimeError:
        return None


def outcome(a: Shape, b: Shape) -> str:
    """A sentence: the shape of the result and what is repeated, or why there is no result."""
    result = meet(a, b)
    if result is None:
        axis, one, other = next(
            (-i, m, n)
            for i, (m, n) in enumerate(zip(a[::-1], b[::-1], strict=False), start=1)
            if m != n and 1 not in (m, n)
        )
        return (
            f"{a} and {b} do not fit: along axis {_signed(axis)} the sizes are {one} and {other}, "
            "they differ, and neither is 1."
        )
    stretched = [
        f"{name} is repeated along {' and '.join(f'axis {_signed(axis)}' for axis in axes)}"
        for name, shape in (("a", a), ("b", b))
        if (axes := [-i for i, (n, whole) in _from_the_right(shape, result) if n != whole])
    ]
    return f"{a} and {b} give {result}: {', '.join(stretched) or 'nothing is repeated'}."


def _from_the_right(shape: Shape, result: Shape) -> list[tuple[int, tuple[int | None, int]]]:
    pairs = zip_longest(shape[::-1], result[::-1], fillvalue=None)
    return [(i, (n, whole)) for i, (n, whole) in enumerate(pairs, start=1) if whole is not None]


def _signed(axis: int) -> str:
    return f"{MINUS}{-axis}"


def _layout(shape: Shape) -> dict[str, int]:
    """Rows and columns of one matrix of the tensor."""
    rows, columns = (1, 1, *shape)[-2:]
    return {"rows": rows, "columns": columns}


def _check(shapes: Sequence[Shape], start: tuple[Shape, Shape]) -> None:
    for shape in shapes:
        matrices = shape[0] if len(shape) == AXES else 1
        if len(shape) > AXES or matrices > MATRICES or any(not 1 <= n <= LARGEST for n in shape):
            raise ValueError(
                "shapes must have at most 3 axes of sizes 1 to 4, the first of three at most 3, "
                f"got {shape}"
            )
    if not set(start) <= set(shapes):
        raise ValueError(f"start must be two of the shapes, got {start}")


def _charts(meetings: Sequence[_Meeting]) -> list[alt.LayerChart]:
    title = "{} (dashed: repeated by stretching)"
    sums = [_sum(m, m.result) for m in meetings if m.result is not None]
    return [
        _aligned(meetings),
        _cells([_operand(m, m.a) for m in meetings], title.format("a"), COLORS[0]),
        _cells([_operand(m, m.b) for m in meetings], title.format("b"), COLORS[4], B_FACTOR),
        _cells(sums, "a + b", COLORS[2]) + _no_sum([m for m in meetings if m.result is None]),
    ]


def _operand(meeting: _Meeting, shape: Shape) -> dict[str, Any]:
    """The cells of a or b after stretching; those that repeat an earlier one are negative."""
    whole = shape if meeting.result is None else meeting.result
    numbers = _numbers(shape).expand(whole).flatten().tolist()
    cells = [-n if n in numbers[:place] else n for place, n in enumerate(numbers)]
    return {"a": meeting.i, "b": meeting.j, **_layout(whole), "cell": cells}


def _sum(meeting: _Meeting, result: Shape) -> dict[str, Any]:
    total = _numbers(meeting.a) + B_FACTOR * _numbers(meeting.b)
    return {"a": meeting.i, "b": meeting.j, **_layout(result), "cell": total.flatten().tolist()}


def _numbers(shape: Shape) -> torch.Tensor:
    return torch.arange(1, math.prod(shape) + 1).reshape(shape)


def _cells(values: list[dict[str, Any]], title: str, color: str, factor: int = 1) -> alt.LayerChart:
    place = (
        alt.Chart(alt.Data(values=values))
        .transform_filter(chosen("a", "b"))
        .transform_flatten(["cell"])
        .transform_window(place="row_number()")
        .transform_calculate(matrix="floor((datum.place - 1) / (datum.rows * datum.columns))")
        .transform_calculate(y="floor((datum.place - 1) / datum.columns) % datum.rows")
        .transform_calculate(
            x=f"datum.matrix * (datum.columns + {GAP}) + (datum.place - 1) % datum.columns"
        )
        .transform_calculate(right="datum.x + 0.94", below="datum.y + 0.94")
        .transform_calculate(middle="datum.x + 0.47", center="datum.y + 0.47")
        .transform_calculate(text=f"{factor} * abs(datum.cell)")
    )
    across = alt.Scale(domain=[0, SPAN], nice=False)
    down = alt.Scale(domain=[0, LARGEST], reverse=True, nice=False)
    boxes = place.encode(
        x=alt.X("x:Q", scale=across, axis=None),
        x2="right:Q",
        y=alt.Y("y:Q", scale=down, axis=None),
        y2="below:Q",
    )
    own = boxes.transform_filter("datum.cell > 0").mark_rect(
        fill=color, fillOpacity=0.45, stroke=color
    )
    repeated = boxes.transform_filter("datum.cell < 0").mark_rect(
        fill=color, fillOpacity=0.06, stroke=color, strokeDash=[3, 3]
    )
    numbers = place.mark_text().encode(
        x=alt.X("middle:Q", scale=across, axis=None),
        y=alt.Y("center:Q", scale=down, axis=None),
        text="text:N",
        size=alt.condition("datum.text > 999", alt.value(7.5), alt.value(9.5)),
    )
    return (own + repeated + numbers).properties(width=WIDTH, height=CELL * LARGEST, title=title)


def _no_sum(meetings: Sequence[_Meeting]) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=[{"a": m.i, "b": m.j} for m in meetings]))
        .transform_filter(chosen("a", "b"))
        .mark_text(align="left", fontSize=12, text="No sum: the shapes do not fit.")
        .encode(x=alt.value(0), y=alt.value(CELL))
    )


def _aligned(meetings: Sequence[_Meeting]) -> alt.LayerChart:
    values = [{"a": m.i, "b": m.j, "text": alignment(m.a, m.b)} for m in meetings]
    base = (
        alt.Chart(alt.Data(values=values))
        .transform_filter(chosen("a", "b"))
        .transform_flatten(["text"])
        .transform_window(place="row_number()")
        .transform_calculate(who="['a', 'b', 'a + b'][floor((datum.place - 1) / 3)]")
        .transform_calculate(axis=f"'{MINUS}' + (3 - (datum.place - 1) % 3)")
        .encode(
            x=alt.X("axis:O", sort=None, title="axis", axis=alt.Axis(labelAngle=0, format="")),
            y=alt.Y("who:O", sort=None, title=None, axis=alt.Axis(format="")),
        )
    )
    squares = base.mark_rect(stroke="gray", strokeOpacity=0.5).encode(
        fill=alt.condition("datum.text == '✗'", alt.value(COLORS[1]), alt.value("gray")),
        fillOpacity=alt.condition("datum.text == '✗'", alt.value(0.6), alt.value(0.06)),
    )
    texts = base.mark_text(fontSize=13).encode(text="text:N")
    return (squares + texts).properties(
        width=WIDTH - 50, height=CELL * LARGEST, title="sizes, aligned from the right"
    )


def alignment(a: Shape, b: Shape) -> list[str]:
    """Nine texts: the sizes of a, of b and of the result along the axes −3, −2 and −1."""
    sizes_a, sizes_b = ([None] * (AXES - len(s)) + list(s) for s in (a, b))
    wholes = [_whole(m, n) for m, n in zip(sizes_a, sizes_b, strict=True)]
    lines = [
        [_stretch(n, whole) for n, whole in zip(sizes, wholes, strict=True)]
        for sizes in (sizes_a, sizes_b)
    ]
    return [*lines[0], *lines[1], *wholes]


def _whole(m: int | None, n: int | None) -> str:
    present = {size for size in (m, n) if size is not None}
    if not present:
        return ""
    larger = present - {1}
    return "✗" if len(larger) > 1 else str(max(present))


def _stretch(size: int | None, whole: str) -> str:
    own = "none" if size is None else str(size)
    if whole in ("", "✗") or own == whole:
        return own if size is not None else ""
    return f"{own} → {whole}"
