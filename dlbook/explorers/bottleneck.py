"""Explorer: which part of a training step sets the pace, and which remedy helps."""

from typing import Any

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, runs
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

# The width of the layers is called units: Vega has a signal named width already.
KEYS = ("remedy", "workers", "units", "batch_size")
PARTS = ("data", "Python", "memory", "arithmetic")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
MILLI, MICRO = 1e3, 1e6


@checked(
    table={
        "remedy": str,
        "workers": int,
        "units": int,
        "batch_size": int,
        "data": float,
        "Python": float,
        "memory": float,
        "arithmetic": float,
    }
)
def bottleneck(
    table: pd.DataFrame, *, start: tuple[str, int, int, int], caption: str
) -> RunExplorer:
    """The time of each part of a training step, and the longest one over batch sizes (chapter 20).

    The parts run at the same time, so the longest of them is the time of the step.

    Args:
        table: the columns ``remedy``, ``workers``, ``units`` and ``batch_size``, one row for each
            combination, and the seconds per step of ``data``, ``Python``, ``memory`` and
            ``arithmetic``.
        start: remedy, workers, units and batch size shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the table lacks a column, or start is not in it.
    """
    remedies = table["remedy"].unique().tolist()
    workers, units, sizes = (sorted(table[key].unique().tolist()) for key in KEYS[1:])
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    charts = (_step(table), _per_sample(table))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Menu("remedy", "remedy", remedies, start[0]),
            Slider("workers", "data workers", workers, start[1], say=str),
            Slider("units", "width of the layers", units, start[2], say=str),
            Slider("batch_size", "batch size", sizes, start[3], say=str),
        ],
        caption=caption,
        alt_text="Left: the time that data, Python, memory and arithmetic take in one step, as "
        "four bars of which the longest is marked. Right: the same four times per sample against "
        "the batch size, both axes logarithmic, with a thick line along the largest of them and a "
        "dot at the chosen batch size.",
        outcomes={
            tuple(row[key] for key in KEYS): _outcome(row) for row in table.to_dict("records")
        },
    )


def _outcome(row: dict[Any, Any]) -> str:
    longest = max(PARTS, key=lambda part: row[part])
    rate = few_digits(row["batch_size"] / row[longest], 2)
    name = longest[0].upper() + longest[1:]
    return f"{name}: {MILLI * row[longest]:.2g} ms a step, {rate:,.0f} samples a second."


def _step(table: pd.DataFrame) -> alt.LayerChart:
    """One bar per part, for the chosen combination."""
    times = _times(table, MILLI)
    low, high = _span(times)
    x = alt.X(
        "time:Q",
        title="milliseconds a step",
        scale=alt.Scale(type="log", domain=[low, high]),
        axis=alt.Axis(format="~g", tickCount=5),
    )
    base = (
        _lines(times)
        .transform_filter("datum.size == batch_size")
        .transform_fold(list(PARTS), as_=["part", "time"])
        .transform_joinaggregate(longest="max(time)")
        .transform_calculate(words="format(datum.time, '.2r') + ' ms'")
        .encode(
            y=alt.Y("part:N", title=None, sort=list(PARTS), axis=alt.Axis(format="")),
            color=alt.condition(
                "datum.time == datum.longest", alt.value(COLORS[1]), alt.value(COLORS[0])
            ),
        )
    )
    bars = base.mark_bar(height=26).encode(x=x, x2=alt.datum(low))
    return bars + base.mark_text(align="left", dx=6).encode(x=x, text=alt.Text("words:N"))


def _per_sample(table: pd.DataFrame) -> alt.LayerChart:
    """The parts per sample over all batch sizes, and the largest of them."""
    times = _times(table, MICRO / table["batch_size"])
    x = alt.X(
        "size:Q",
        title="batch size",
        scale=alt.Scale(type="log", base=2, nice=False),
        axis=alt.Axis(format="~g", tickCount=6),
    )
    y = alt.Y(
        "time:Q",
        title="microseconds a sample",
        scale=alt.Scale(type="log", domain=_span(times)),
        axis=alt.Axis(format="~g", tickCount=5),
    )
    parts = (
        _lines(times)
        .transform_fold(list(PARTS), as_=["part", "time"])
        .mark_line(strokeWidth=1.5, color=COLORS[0])
        .encode(
            x=x,
            y=y,
            strokeDash=alt.StrokeDash(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=list(DASHES)),
                legend=alt.Legend(title=None, orient="top", columns=4, symbolSize=300),
            ),
        )
    )
    times_of = ", ".join(f"datum.{part}" for part in PARTS)
    largest = _lines(times).transform_calculate(time=f"max({times_of})")
    pace = largest.mark_line(color=COLORS[1], strokeWidth=6, opacity=0.45).encode(x=x, y=y)
    here = (
        largest.transform_filter("datum.size == batch_size")
        .mark_point(filled=True, size=110, color=COLORS[1])
        .encode(x=x, y=y)
    )
    return pace + parts + here


def _times(table: pd.DataFrame, factor: "float | pd.Series[float]") -> pd.DataFrame:
    """Every part in another unit; the batch size is a parameter, so here it is the size."""
    scaled = {part: table[part] * factor for part in PARTS}
    return table.rename(columns={"batch_size": "size"}).assign(**scaled)


def _lines(times: pd.DataFrame) -> alt.Chart:
    """A row per batch size, for the remedy, workers and units that are chosen."""
    return (
        alt.Chart(runs(times, KEYS[:3], ["size", *PARTS]))
        .transform_filter(chosen(*KEYS[:3]))
        .transform_flatten(["size", *PARTS])
    )


def _span(times: pd.DataFrame) -> list[float]:
    """The ends of a logarithmic axis that shows every time and leaves room for words."""
    lowest, highest = (float(f(times[list(PARTS)].to_numpy().ravel())) for f in (min, max))
    return [few_digits(lowest / 1.5, 2), few_digits(highest * 4, 2)]
