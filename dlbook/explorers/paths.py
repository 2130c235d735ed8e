"""Explorer: learning rate, batch size and momentum on the cost of a line."""

from typing import Any

import altair as alt
import pandas as pd
from torch import Tensor

from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Control, Menu, Slider, plain
from dlbook.explorers.look import TALL, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import LARGEST, chosen, few_digits, runs
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

KEYS = ("lr", "batch_size", "momentum")


@checked(
    table={
        "lr": float,
        "batch_size": int,
        "momentum": float,
        "step": int,
        "w": float,
        "b": float,
        "cost": float,
    }
)
def paths(
    table: pd.DataFrame,
    w: Tensor,
    b: Tensor,
    cost: Tensor,
    *,
    start: tuple[float, int, float],
    caption: str,
) -> RunExplorer:
    """A path on the contour map of (w, b) beside the cost over all data, step by step.

    Args:
        table: a table of `dlbook.sweeps.sweep_line`.
        w: values on the map's horizontal axis, shape (n,).
        b: values on the map's vertical axis, shape (m,).
        cost: the cost at each pair, shape (m, n).
        start: learning rate, batch size and momentum shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the table lacks a column, start is not in it, the shapes do not fit, or an axis
            does not rise.
    """
    steps = sorted(table["step"].unique().tolist())
    controls = _controls(table, start, steps)
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    # A setting with a single value has no control, so its value stands in the filter.
    offered = [c.name for c in controls if c.name in KEYS]
    path = (
        _walked(table, offered, ["w", "b"])
        .mark_line(
            color=COLORS[1], strokeWidth=1.2, clip=True, point={"color": COLORS[1], "size": 16}
        )
        .encode(x="w:Q", y="b:Q", order="step:Q")
    )
    lowest, highest = max(few_digits(float(cost.min()) / 2, 1), 1e-9), few_digits(float(cost.max()))
    curve = (
        _walked(table, offered, ["cost"])
        .mark_line(color=COLORS[1], clip=True)
        .encode(
            x=alt.X("step:Q", scale=alt.Scale(domain=[0, steps[-1]])),
            y=alt.Y(
                "cost:Q",
                title="cost over all data",
                scale=alt.Scale(type="log", domain=[lowest, highest]),
            ),
        )
    )
    size = {"width": WIDTH, "height": TALL}
    return RunExplorer(
        [
            (contour_map(w, b, cost, height=TALL) + path)
            .add_params(*parameters)
            .properties(**size),
            curve.add_params(*parameters).properties(**size),
        ],
        controls,
        caption=caption,
        alt_text="Left: contour lines of the cost over slope and intercept, with the path of the "
        "chosen run. Right: the cost over all data after each step of that run, on a logarithmic "
        "axis.",
        outcomes=_outcomes(table, offered),
    )


def _walked(table: pd.DataFrame, offered: list[str], columns: list[Any]) -> alt.Chart:
    """The chosen run's rows, up to the chosen step."""
    return (
        alt.Chart(runs(table, KEYS, columns))
        .transform_filter(chosen(*offered))
        .transform_flatten(columns)
        .transform_window(row="row_number()")
        .transform_calculate(step="datum.row - 1")
        .transform_filter("datum.step <= step")
    )


def _controls(
    table: pd.DataFrame, start: tuple[float, int, float], steps: list[int]
) -> list[Control]:
    everything = max(table["batch_size"])
    choices = [sorted(table[key].unique().tolist()) for key in KEYS]
    controls: list[Control] = []
    if len(choices[0]) > 1:
        controls.append(Slider("lr", "learning rate", choices[0], start[0]))
    if len(choices[1]) > 1:
        controls.append(
            Menu(
                "batch_size",
                "batch size",
                choices[1],
                start[1],
                say=lambda size: f"{size} (all)" if size == everything else str(size),
            )
        )
    if len(choices[2]) > 1:
        controls.append(Menu("momentum", "momentum", choices[2], start[2], say=plain))
    return [*controls, Slider("step", "step", steps, steps[-1], say=str, play=True)]


def _outcomes(table: pd.DataFrame, keys: list[str]) -> dict[Any, str]:
    outcomes: dict[Any, str] = {}
    for key, run in table.groupby(keys):
        last = few_digits(float(run["cost"].iloc[-1]), 3)
        steps = int(run["step"].iloc[-1])
        end = "the run diverged" if last >= LARGEST else f"the cost over all data is {last:g}"
        outcomes[key] = f"After all {steps} steps {end}."
    return outcomes
