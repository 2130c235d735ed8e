"""Charts of the tables that an explorer's function returns: layers on a panel with two axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers.digits import few_digits
from dlbook.explorers.look import HEIGHT, INK, NUMBERS, ROOM, WIDTH

Span = tuple[str, str]  # the columns of two ends
SIDES: tuple[Span, Span] = ("left", "right"), ("top", "bottom")  # of squares
NOWHERE = -9  # where marks stand that are not there
BARE: dict[float, str] = {NOWHERE: ""}  # labels of an axis without numbers
TICKS = 6  # along an axis; on a logarithmic one, as many as powers of ten draw no lines between


@dataclass(frozen=True)
class Axis:
    """One axis of a panel.

    Attributes:
        title: what it shows, with its unit.
        domain: its ends; ``None`` follows the numbers.
        log: whether it is logarithmic.
        labels: words at some numbers, in place of ticks.
        form: how numbers are written, in the format of d3.
        moves: whether its numbers change, and need room for the longest one.
    """

    title: str | None
    domain: tuple[float, float] | None = None
    log: bool = False
    labels: dict[float, str] = field(default_factory=dict)
    form: str = ""
    moves: bool = False

    def encoding(self) -> dict[str, Any]:
        """Title, scale and ticks, as Altair takes them."""
        scale: dict[str, Any] = {"nice": False} if self.log else {"nice": False, "zero": False}
        if self.domain:
            scale["domain"] = list(self.domain)
        if self.log:
            scale["type"] = "log"
        axis: dict[str, Any] = {"tickCount": TICKS}
        axis |= {"format": self.form} if self.form else {"labelExpr": NUMBERS}
        axis |= {"minExtent": ROOM} if self.moves else {}
        if self.log and self.domain:
            powers = math.log10(self.domain[1] / self.domain[0])
            if powers < 2:
                axis["values"] = round_numbers(*self.domain)
            else:
                axis["tickCount"] = min(TICKS, math.floor(powers))
        if self.labels:
            choices = (
                f"datum.value == {place} ? '{word}' : " for place, word in self.labels.items()
            )
            axis = {
                "values": list(self.labels),
                "labelExpr": f"{''.join(choices)}''",
                "grid": False,
            }
        return {"title": self.title, "scale": alt.Scale(**scale), "axis": alt.Axis(**axis)}


def round_numbers(low: float, high: float) -> list[float]:
    """Ticks for a logarithmic axis: 1, 2 and 5 times each power of ten."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [n for k in powers for m in (1, 2, 5) if low <= (n := m * 10.0**k) <= high]


def chart(table: str) -> alt.Chart:
    """A chart of a table's rows, which are numbers already, so that Vega need not convert them."""
    return alt.Chart(alt.NamedData(table, format=alt.DataFormat(parse=None)))


def joined(lines: Tensor) -> Tensor:
    """Lines of shape (lines, places) as one column, in which a NaN, drawn nowhere, ends each."""
    return torch.cat((lines, torch.full((len(lines), 1), math.nan)), dim=1).flatten()


def squares(left: Tensor, top: Tensor, wide: float | Tensor = 1) -> dict[str, Tensor]:
    """The sides of squares, as `boxes`, `cells` and `frames` take them."""
    return {"left": left, "right": left + wide, "top": top, "bottom": top + wide}


def spanning(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis on which positive numbers leave some room, in two digits."""
    return few_digits(0.9 * min(values), 2), few_digits(1.1 * max(values), 2)


@dataclass(frozen=True)
class Layer:
    """Marks for the rows of a table.

    Attributes:
        mark: the chart without its axes.
        x: the column along the x-axis, or two for the ends of a span.
        y: the same for the y-axis.
        color: of the marks, unless they have their own.
        name: in the legend; ``None`` for what the text or the caption explains.
    """

    mark: alt.Chart
    x: str | Span | None
    y: str | Span | None
    color: str | None
    name: str | None = None

    def on(self, axes: dict[str, Axis], legend: dict[str, str]) -> alt.Chart:
        """The layer as Altair's chart on two axes."""
        channels: dict[str, Any] = {}
        for way, axis in axes.items():
            column = getattr(self, way)
            if column is not None:
                first, *second = (column,) if isinstance(column, str) else column
                channel = alt.X if way == "x" else alt.Y
                channels[way] = channel(f"{first}:Q", **axis.encoding())
                channels |= {f"{way}2": f"{end}:Q" for end in second}
        if self.color is None:
            return self.mark.encode(**channels)
        if self.name is None:
            return self.mark.encode(**channels, color=alt.value(self.color))
        scale = alt.Scale(domain=list(legend), range=list(legend.values()))
        shown = alt.Legend(title=None, orient="top", symbolOpacity=1)
        named = self.mark.transform_calculate(layer=f"'{self.name}'")
        return named.encode(**channels, color=alt.Color("layer:N", scale=scale, legend=shown))


def line(
    table: str,
    x: str,
    y: str,
    *,
    color: str = INK,
    name: str | None = None,
    dash: tuple[float, ...] = (),
    width: float = 2,
    opacity: float = 1,
    smooth: bool = False,
) -> Layer:
    """A line through the rows, in their order."""
    look: dict[str, Any] = {"strokeWidth": width, "opacity": opacity}
    look |= {"interpolate": "monotone"} if smooth else {}
    look["strokeDash"] = list(dash or (1, 0))
    mark = chart(table).mark_line(clip=True, order=False, **look)
    return Layer(mark, x, y, color, name)


def dots(
    table: str,
    x: str,
    y: str,
    *,
    color: str = INK,
    name: str | None = None,
    shape: str = "circle",
    size: float = 70,
    filled: bool = True,
) -> Layer:
    """A dot for each row."""
    look: dict[str, Any] = {"shape": shape, "size": size, "filled": filled}
    return Layer(chart(table).mark_point(clip=True, opacity=1, **look), x, y, color, name)


def dotted(table: str, x: str, y: str, *, color: str, **look: Any) -> tuple[Layer, Layer]:
    """A line through the rows, and a dot for each."""
    return line(table, x, y, color=color, **look), dots(table, x, y, color=color)


def boxes(table: str, x: Span, y: Span, *, color: str, name: str | None = None) -> Layer:
    """A rectangle for each row."""
    mark = chart(table).mark_rect(clip=True, stroke="white", strokeWidth=0.6, opacity=0.85)
    return Layer(mark, x, y, color, name)


def cells(table: str, x: Span, y: Span, *, value: str, colors: tuple[str, str]) -> Layer:
    """A cell for each row whose value is not zero, the stronger the nearer it is to −1 or 1."""
    negative, positive = map(alt.value, colors)
    mark = chart(table).transform_filter(f"datum.{value} != 0").mark_rect(clip=True)
    strength = alt.Scale(domain=[0, 1], range=[0, 1])
    return Layer(
        mark.transform_calculate(strength=f"abs(datum.{value})").encode(
            fill=alt.condition(f"datum.{value} < 0", negative, positive),
            fillOpacity=alt.FillOpacity("strength:Q", scale=strength, legend=None),
        ), x, y, color=None,
    )  # fmt: skip


def frames(
    table: str, x: Span, y: Span, *, color: str, dash: tuple[float, ...] = (), width: float = 2
) -> Layer:
    """The outline of a rectangle for each row."""
    look: dict[str, Any] = {"filled": False, "strokeWidth": width, "strokeDash": list(dash)}
    return Layer(chart(table).mark_rect(clip=True, **look), x, y, color)


def rules(
    table: str,
    *,
    x: str | Span | None = None,
    y: str | Span | None = None,
    color: str = INK,
    name: str | None = None,
    dash: tuple[float, ...] = (5, 4),
    width: float = 1,
) -> Layer:
    """A line for each row, across the panel or between two ends."""
    look: dict[str, Any] = {"strokeDash": list(dash), "strokeWidth": width}
    return Layer(chart(table).mark_rule(clip=True, **look), x, y, color, name)


def words(
    table: str, x: str, y: str, *, text: str, form: str = "", dx: float = 0, dy: float = 0
) -> Layer:
    """The numbers of a column, written at each row."""
    mark = chart(table).mark_text(dx=dx, dy=dy, clip=True)
    mark = mark.encode(text=alt.Text(f"{text}:Q", format=form))
    return Layer(mark, x, y, INK)


def remark(table: str, text: str) -> Layer:
    """Words in the upper right corner, while the table's column ``on`` is above 0."""
    mark = chart(table).transform_filter("datum.on > 0").mark_text(align="right", baseline="top")
    place = {"x": alt.value(WIDTH - 4), "y": alt.value(4), "text": alt.value(text)}
    return Layer(mark.encode(**place), None, None, INK)


def beyond(*shown: tuple[Tensor, tuple[float, float]]) -> dict[str, Tensor]:
    """The table of a `remark`: whether some numbers lie beyond the ends of their axis."""
    outside = [(numbers != numbers.clamp(*ends)).any() for numbers, ends in shown]
    return {"on": torch.stack(outside).any().double()}


def panel(
    *layers: Layer, x: Axis, y: Axis, height: int = HEIGHT, below: alt.Chart | None = None
) -> alt.LayerChart:
    """Layers on common axes, with a legend of those that have a name, perhaps above a map."""
    legend = {layer.name: layer.color for layer in layers if layer.name and layer.color}
    drawn = [] if below is None else [below]
    drawn += [layer.on({"x": x, "y": y}, legend) for layer in layers]
    return alt.LayerChart(layer=drawn, width=WIDTH, height=height)
