"""Explorer: where an activation is flat, and what that does to a gradient over many layers."""

import altair as alt
import pandas as pd

from dlbook import require
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

KEYS = ("activation", "z")
COLUMNS = (*KEYS, "value", "slope")
REACH = 1.2  # how far the tangent goes to either side
FLOOR = 1e-15  # the end of the logarithmic axis; lines leave the chart there


@checked(
    table={"activation": str, "z": float, "value": float, "slope": float},
)
def saturation(
    table: pd.DataFrame, *, start: tuple[str, float], layers: int, caption: str
) -> RunExplorer:
    """An activation with its tangent at z, and slopeᵏ over k = 1 … layers (chapter 07).

    Args:
        table: the columns ``activation``, ``z``, ``value`` and ``slope``, with the same z for
            every activation.
        start: activation and z shown first.
        layers: how many slopes are multiplied at most.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the table lacks a column, start is not in it, or layers is below 1.
    """
    require.whole("layers", layers)
    names, places = table["activation"].unique().tolist(), sorted(table["z"].unique().tolist())
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    charts = (_curve_and_tangent(table), _products(table, layers))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Menu("activation", "activation", names, start[0]),
            Slider("z", "z", places, start[1], say=lambda z: f"{z:g}".replace("-", "−")),
        ],
        caption=caption,
        alt_text="Left: the curve of the chosen activation with a dot and a tangent at z. Right: "
        "the product of that slope over a growing number of layers, on a logarithmic axis.",
        outcomes={
            (row["activation"], row["z"]): _outcome(row["activation"], row["slope"], layers)
            for row in table.to_dict("records")
        },
    )


def _outcome(name: str, slope: float, layers: int) -> str:
    left = slope**layers
    share = {0.0: "nothing", 1.0: "everything"}.get(left, f"a share of {left:.2g}")
    return (
        f"The slope of {name} is {slope:.3g} here. "
        f"Of a gradient, {layers} such layers pass on {share}."
    )


def _curve_and_tangent(table: pd.DataFrame) -> alt.LayerChart:
    across, up = alt.Scale(domain=_span(table["z"])), alt.Scale(domain=_span(table["value"]))
    x, y = alt.X("z:Q", scale=across), alt.Y("value:Q", title="activation", scale=up)
    curve = (
        alt.Chart(runs(table, ["activation"], ["z", "value"]))
        .transform_filter(chosen("activation"))
        .transform_flatten(["z", "value"])
        .mark_line(color=COLORS[0], clip=True)
        .encode(x=x, y=y)
    )
    # The chosen place is a parameter named z, so the rows have it under another name.
    columns = {name: table[name].tolist() for name in COLUMNS if name != "z"}
    here = alt.Chart(rows(at=table["z"].tolist(), **columns)).transform_filter(
        "datum.activation == activation && datum.at == z"
    )
    dot = here.mark_point(filled=True, size=80, color=COLORS[1], clip=True).encode(
        x=alt.X("at:Q", title="z", scale=across), y=y
    )
    tangent = (
        here.transform_calculate(aside=f"[-{REACH}, {REACH}]")
        .transform_flatten(["aside"])
        .transform_calculate(z="datum.at + datum.aside", rise="datum.slope * datum.aside")
        .transform_calculate(value="datum.value + datum.rise")
        .mark_line(color=COLORS[1], strokeWidth=3, clip=True)
        .encode(x=x, y=y)
    )
    return curve + tangent + dot


def _products(table: pd.DataFrame, layers: int) -> alt.Chart:
    return (
        alt.Chart(runs(table, KEYS, ["slope"]))
        .transform_filter(chosen(*KEYS))
        .transform_calculate(layer=f"sequence(1, {layers + 1})")
        .transform_flatten(["layer"])
        .transform_calculate(left="pow(datum.slope[0], datum.layer)")
        .transform_filter("datum.left > 0")
        .mark_line(color=COLORS[1], clip=True, point={"color": COLORS[1], "size": 36})
        .encode(
            x=alt.X("layer:Q", title="layers", scale=alt.Scale(domain=[1, layers])),
            y=alt.Y(
                "left:Q",
                title="product of the slopes",
                scale=alt.Scale(type="log", domain=[FLOOR, 2]),
                axis=alt.Axis(format="~e", tickCount=6),
            ),
        )
    )


def _span(values: "pd.Series[float]") -> list[float]:
    margin = 0.04 * float(values.max() - values.min())
    return [few_digits(float(values.min()) - margin), few_digits(float(values.max()) + margin)]
