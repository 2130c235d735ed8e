"""Explorer: the learning rate on a cost of one parameter."""

import altair as alt
import pandas as pd
import torch

from dlbook.explorers.controls import Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

COST_DOMAIN = (1e-6, 1e4)


@checked(
    table={"lr": float, "step": int, "w": float, "cost": float}, curve={"w": float, "cost": float}
)
def learning_rate(
    table: pd.DataFrame,
    curve: pd.DataFrame,
    *,
    border: float,
    start: float,
    caption: str,
) -> RunExplorer:
    """Steps on a curve, the cost over the steps, and the last cost against the learning rate.

    Args:
        table: several runs of `dlbook.descent.descend` in one dimension, one per learning rate.
        curve: columns ``w`` and ``cost``: the cost in the window that is drawn.
        border: the learning rate at which descent begins to diverge, marked in the last chart.
        start: the learning rate shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: a table lacks a column or a learning rate, or start is not among the rates.
    """
    if table["lr"].isna().any():
        raise ValueError("table must have a learning rate in each row, got NaN")
    rates = sorted(table["lr"].unique().tolist())
    last = table.groupby("lr")["cost"].apply(lambda run: run.iloc[-1])
    steps = int(table["step"].max())
    parameter = alt.param(name="lr", value=start)
    charts: list[alt.TopLevelMixin] = [
        _steps_on_curve(table, curve, parameter),
        _cost_over_steps(table, parameter),
        _last_cost(last, border, steps, parameter),
    ]
    outcomes = {
        (rate,): f"Learning rate {rate:.3g}: {_verdict(rate, border)}. "
        f"Cost after {steps} steps: {few_digits(last[rate], 3):g}."
        for rate in rates
    }
    return RunExplorer(
        charts,
        [Slider("lr", "learning rate", rates, start)],
        caption=caption,
        alt_text="Left: the steps of gradient descent on the curve of the cost. Middle: the cost "
        "after each step on a logarithmic axis. Right: the cost after the last step against the "
        f"learning rate, with the border of divergence marked at {border:.4g}.",
        outcomes=outcomes,
    )


def _verdict(rate: float, border: float) -> str:
    if rate > border:
        return "above the border, the steps grow"
    return "jumps across the minimum" if rate > border / 2 else "approaches from one side"


def _steps_on_curve(
    table: pd.DataFrame, curve: pd.DataFrame, parameter: alt.Parameter
) -> alt.LayerChart:
    x = alt.X("w:Q", scale=alt.Scale(domain=_span(curve["w"])))
    y = alt.Y("cost:Q", scale=alt.Scale(domain=_span(curve["cost"])))
    window = rows(w=curve["w"].tolist(), cost=curve["cost"].tolist())
    shape = alt.Chart(window).mark_line(color="gray", clip=True).encode(x=x, y=y)
    path = (
        alt.Chart(runs(table, ["lr"], ["step", "w", "cost"]))
        .transform_filter(chosen("lr"))
        .transform_flatten(["step", "w", "cost"])
        .mark_line(
            color=COLORS[1], strokeWidth=1, clip=True, point={"color": COLORS[1], "size": 28}
        )
        .encode(x=x, y=y, order="step:Q")
    )
    return (shape + path).add_params(parameter).properties(width=WIDTH, height=HEIGHT)


def _cost_over_steps(table: pd.DataFrame, parameter: alt.Parameter) -> alt.Chart:
    return (
        alt.Chart(runs(table, ["lr"], ["step", "cost"]))
        .transform_filter(chosen("lr"))
        .transform_flatten(["step", "cost"])
        .transform_calculate(cost=f"max(datum.cost, {COST_DOMAIN[0]})")
        .mark_line(color=COLORS[1], clip=True, point={"color": COLORS[1], "size": 28})
        .encode(
            x=alt.X("step:Q"),
            y=alt.Y("cost:Q", scale=alt.Scale(type="log", domain=COST_DOMAIN)),
        )
        .add_params(parameter)
        .properties(width=WIDTH, height=HEIGHT)
    )


def _last_cost(
    last: "pd.Series[float]", border: float, steps: int, parameter: alt.Parameter
) -> alt.LayerChart:
    ends = rows(
        lr=[float(rate) for rate in last.index],
        cost=torch.tensor(last.tolist())
        .nan_to_num(nan=COST_DOMAIN[1])
        .clamp(*COST_DOMAIN)
        .tolist(),
    )
    x = alt.X("lr:Q", title="learning rate")
    y = alt.Y(
        "cost:Q",
        title=f"cost after {steps} steps",
        scale=alt.Scale(type="log", domain=COST_DOMAIN),
    )
    line = alt.Chart(ends).mark_line(color=COLORS[0]).encode(x=x, y=y)
    here = line.mark_point(color=COLORS[1], filled=True, size=90).transform_filter(
        f"abs(datum.lr - lr) < {border * 1e-4}"
    )
    rule = alt.Chart(rows(lr=[border])).mark_rule(strokeDash=[4, 3]).encode(x=x)
    name = rule.mark_text(text="border", align="right", dx=-4, y=10)
    return (line + rule + name + here).add_params(parameter).properties(width=WIDTH, height=HEIGHT)


def _span(values: "pd.Series[float]") -> list[float]:
    return [few_digits(float(values.min())), few_digits(float(values.max()))]
