"""Explorer: optimizers that race on one surface."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
from torch import Tensor

from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import TALL, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, runs
from dlbook.plots.arguments import checked
from dlbook.plots.contours import on_grid
from dlbook.plots.style import COLORS

KEYS = ("surface", "lr", "optimizer")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 4], [4, 1])
COST_TICKS = (1e-6, 1e-4, 1e-2, 1.0, 1e2)
COST_DOMAIN = (1e-6, 1e3)
FAR = 99.0  # stands for every coordinate farther out, since diverging runs would fill the page


@checked(
    table={
        "surface": str,
        "lr": float,
        "optimizer": str,
        "step": int,
        "w0": float,
        "w1": float,
        "cost": float,
    }
)
def race(
    table: pd.DataFrame,
    w0: Tensor,
    w1: Tensor,
    costs: Mapping[str, Tensor],
    *,
    start: tuple[str, float],
    caption: str,
) -> RunExplorer:
    """The paths of several optimizers on a contour map, beside their costs (chapter 08).

    Args:
        table: the columns ``surface``, ``lr``, ``optimizer``, ``step`` from 0, ``w0``, ``w1`` and
            ``cost``, which is above 0: a row per step of every run. At most six optimizers.
        w0: values on the map's horizontal axis, shape (n,).
        w1: values on the map's vertical axis, shape (m,).
        costs: for each surface, the cost at each pair, shape (m, n).
        start: the surface and the learning rate shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the table lacks a column, has other surfaces than costs or more than six
            optimizers, start is not in it, the shapes do not fit, or an axis does not rise.
    """
    if set(table["surface"]) != set(costs):
        raise ValueError(
            f"table and costs must have the same surfaces, got {sorted(set(table['surface']))} "
            f"and {sorted(costs)}"
        )
    for surface, cost in costs.items():
        on_grid(w0, w1, cost, names=("w0", "w1", f"costs[{surface!r}]"))
    steps = sorted(table["step"].unique().tolist())
    controls = [
        Menu("surface", "surface", list(costs), start[0]),
        Slider("lr", "learning rate", sorted(table["lr"].unique().tolist()), start[1]),
        Slider("step", "step", steps, steps[-1], say=str, play=True),
    ]
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    optimizers = table["optimizer"].unique().tolist()
    outcomes = _outcomes(table)
    table = _short(table)
    # The contour lines have a color scale of their own.
    plane = alt.layer(
        *_maps(w0, w1, costs), _paths(table, _look(optimizers, legend=False))
    ).resolve_scale(color="independent")
    size = {"width": WIDTH, "height": TALL}
    return RunExplorer(
        [
            plane.add_params(*parameters).properties(**size),
            _curves(table, _look(optimizers, legend=True), steps[-1])
            .add_params(*parameters)
            .properties(**size),
        ],
        controls,
        caption=caption,
        alt_text="Left: contour lines of the chosen surface with one path for each optimizer. "
        "Right: the cost of each after every step, on a logarithmic axis.",
        outcomes=outcomes,
    )


def _look(optimizers: list[str], *, legend: bool) -> dict[str, Any]:
    """Color and dashes by optimizer, and one legend for both."""
    if len(optimizers) > len(COLORS):
        raise ValueError(f"at most {len(COLORS)} optimizers can be told apart, got {optimizers}")
    count = len(optimizers)
    # Only where the colors belong to nothing else do the two legends become one.
    below = alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", symbolSize=400)
    colors = alt.Scale(domain=optimizers, range=list(COLORS[:count]))
    dashes = alt.Scale(domain=optimizers, range=[list(dash) for dash in DASHES[:count]])
    shown = below if legend else None
    return {
        "color": alt.Color("optimizer:N", scale=colors, legend=shown),
        "strokeDash": alt.StrokeDash("optimizer:N", scale=dashes, legend=shown),
    }


def _maps(w0: Tensor, w1: Tensor, costs: Mapping[str, Tensor]) -> list[alt.Chart]:
    """The contour lines of all surfaces; those that are not chosen lose their rows."""
    return [
        contour_map(w0, w1, cost, height=TALL, titles=("w₀", "w₁")).transform_filter(
            f"surface == '{name}'"
        )
        for name, cost in costs.items()
    ]


def _walked(table: pd.DataFrame, columns: list[Any]) -> alt.Chart:
    """The runs on the chosen surface with the chosen learning rate, up to the chosen step."""
    return (
        alt.Chart(runs(table, KEYS, columns))
        .transform_filter(chosen("surface", "lr"))
        .transform_flatten(columns)
        .transform_window(row="row_number()", groupby=["optimizer"])
        .transform_calculate(step="datum.row - 1")
        .transform_filter("datum.step <= step")
    )


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """The table with numbers that take little room."""
    near = {
        name: [few_digits(v, 3) for v in table[name].clip(-FAR, FAR).fillna(FAR)]
        for name in ("w0", "w1")
    }
    return table.assign(cost=[few_digits(v, 3) for v in table["cost"]], **near)


def _paths(table: pd.DataFrame, look: dict[str, Any]) -> alt.LayerChart:
    walked = _walked(table, ["w0", "w1"])
    x, y = alt.X("w0:Q", title="w₀"), alt.Y("w1:Q", title="w₁")
    lines = walked.mark_line(strokeWidth=2, clip=True).encode(x=x, y=y, order="step:Q", **look)
    heads = (
        walked.mark_point(filled=True, size=70, clip=True)
        .transform_filter("datum.step == step")
        .encode(x=x, y=y, **look)
    )
    return lines + heads


def _curves(table: pd.DataFrame, look: dict[str, Any], last: int) -> alt.Chart:
    low, high = COST_DOMAIN
    return (
        _walked(table, ["cost"])
        .transform_calculate(cost=f"max(datum.cost, {low})")
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            x=alt.X("step:Q", scale=alt.Scale(domain=[0, last])),
            y=alt.Y(
                "cost:Q",
                title="cost above the lowest",
                scale=alt.Scale(type="log", domain=[low, high]),
                axis=alt.Axis(values=list(COST_TICKS)),
            ),
            **look,
        )
    )


def _outcomes(table: pd.DataFrame) -> dict[Any, str]:
    outcomes: dict[Any, str] = {}
    for key, group in table.groupby(["surface", "lr"]):
        ends = {
            str(name): few_digits(float(run["cost"].iloc[-1]), 2)
            for name, run in group.groupby("optimizer", sort=False)
        }
        gone = [name for name, cost in ends.items() if cost > COST_DOMAIN[1]]
        left = {name: cost for name, cost in ends.items() if name not in gone}
        text = f"Diverged: {', '.join(gone)}." if gone else ""
        if left:
            winner = min(left, key=lambda name: left[name])
            lowest, low = left[winner], COST_DOMAIN[0]
            height = f"at {lowest:.2g}" if lowest >= low else f"below {low:.6f}"
            steps = int(group["step"].max())
            text = f"After {steps} steps {winner} is lowest, {height}. {text}".strip()
        outcomes[key] = text
    return outcomes
