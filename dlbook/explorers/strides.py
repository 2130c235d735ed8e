"""Explorer: one storage, and the cells that each row of a view reads."""

from collections.abc import Mapping
from typing import Any

import altair as alt
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import INK, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen
from dlbook.plots.arguments import checked
from dlbook.plots.memory import places
from dlbook.plots.style import COLORS

CELL = 25
ROWS, LARGEST = 6, 12  # rows of a view and cells of the storage that fit


@checked()
def strides(views: Mapping[str, Tensor], *, start: tuple[str, int], caption: str) -> RunExplorer:
    """The cells of the storage that each row of the chosen view reads, and the view itself.

    Args:
        views: by the expression that makes each; all read one storage of at most 12 cells, and
            have one axis or two, with at most 6 rows.
        start: the expression and the storage cell shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the views do not share one storage, one cannot be drawn, or start is not there.
    """
    size = _storage_size(views)
    values = [
        {"view": name, "columns": grid.shape[1], "place": grid.flatten().tolist()}
        for name, grid in ((name, places(tensor)) for name, tensor in views.items())
    ]
    parameters = [alt.param(name=n, value=v) for n, v in zip(("view", "cell"), start, strict=True)]
    return RunExplorer(
        [chart.add_params(*parameters) for chart in (_storage(values, size), _view(values))],
        [
            Menu("view", "tensor", list(views), start[0]),
            Slider("cell", "storage cell", range(size), start[1], say=str),
        ],
        caption=caption,
        alt_text="Left: one line for each row of the chosen tensor, with a square for each storage "
        "cell that the row reads. Right: the tensor as a grid of the storage cells that its "
        "elements read. The chosen storage cell is framed in both.",
        outcomes={
            (name, cell): outcome(tensor, cell)
            for name, tensor in views.items()
            for cell in range(size)
        },
    )


def _storage_size(views: Mapping[str, Tensor]) -> int:
    sizes = {t.untyped_storage().nbytes() // t.element_size() for t in views.values()}
    storages = {t.untyped_storage().data_ptr() for t in views.values()}
    if len(storages) != 1 or max(sizes) > LARGEST:
        raise ValueError(f"views must share one storage of at most {LARGEST} cells")
    if any(len(places(tensor)) > ROWS for tensor in views.values()):
        raise ValueError(f"views must have at most {ROWS} rows")
    return max(sizes)


def outcome(tensor: Tensor, cell: int) -> str:
    """A sentence: shape, strides and offset, and the elements that read this storage cell."""
    steps, offset = tensor.stride(), tensor.storage_offset()
    facts = f"Shape {tuple(tensor.shape)}, strides {steps}, offset {offset}."
    found = (places(tensor).reshape(tensor.shape) == cell).nonzero().tolist()
    if not found:
        return f"{facts} No element reads storage cell {cell}."
    sums = " + ".join([str(offset), *(f"{i}·{s}" for i, s in zip(found[0], steps, strict=True))])
    if len(found) == 1:
        return f"{facts} Storage cell {cell} is element {found[0]}: {sums} = {cell}."
    elements = ", ".join(map(str, found))
    return f"{facts} Storage cell {cell} is read {len(found)} times, by elements {elements}."


def _elements(values: list[dict[str, Any]]) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=values))
        .transform_filter(chosen("view"))
        .transform_flatten(["place"])
        .transform_window(n="row_number()")
        .transform_calculate(
            row="floor((datum.n - 1) / datum.columns)", column="(datum.n - 1) % datum.columns"
        )
    )


def _storage(values: list[dict[str, Any]], size: int) -> alt.LayerChart:
    x = alt.X(
        "place:O",
        title="storage cell",
        scale=alt.Scale(domain=list(range(size)), padding=0.06),
        axis=alt.Axis(orient="top", labelAngle=0, format=""),
    )
    y = alt.Y(
        "row:O",
        title="row of the tensor",
        scale=alt.Scale(domain=list(range(ROWS)), padding=0.06),
        axis=alt.Axis(format=""),
    )
    base = _elements(values).encode(x=x, y=y)
    squares = base.mark_rect(fill=COLORS[0], fillOpacity=0.45)
    numbers = base.mark_text(fontSize=10).encode(text="column:N")
    here = (
        alt.Chart(alt.Data(values=[{"place": place} for place in range(size)]))
        .transform_filter("datum.place == cell")
        .mark_rect(fill=None, stroke=COLORS[1], strokeWidth=2.5)
        .encode(x=x)
    )
    return (squares + numbers + here).properties(
        width=WIDTH - 30,
        height=ROWS * CELL,
        title="what each row reads (number: column)",
    )


def _view(values: list[dict[str, Any]]) -> alt.LayerChart:
    span = alt.Scale(domain=list(range(LARGEST)), padding=0.06)
    axis = alt.Axis(labelAngle=0, format="")
    base = _elements(values).encode(
        x=alt.X("column:O", title="column", scale=span, axis=axis),
        y=alt.Y("row:O", title="row", scale=alt.Scale(domain=list(range(ROWS)), padding=0.06)),
    )
    squares = base.mark_rect(fill=COLORS[0], fillOpacity=0.45)
    frame = base.transform_filter("datum.place == cell").mark_rect(
        fill=None, stroke=COLORS[1], strokeWidth=2.5
    )
    numbers = base.mark_text(fontSize=10, color=INK).encode(text="place:N")
    return (squares + numbers + frame).properties(
        width=WIDTH - 30, height=ROWS * CELL, title="the tensor (number: storage cell)"
    )
