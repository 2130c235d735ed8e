"""Explorer: when gradients are zeroed, and what the walk does then."""

from typing import Any

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

KEYS = ("lr", "zeroing")
HELD = {"held": "in w.grad", "slope": "slope at w"}
LATE_STEPS = 20
FAR_DOMAIN = (1e-4, 1e4)
FAR_TICKS = (1e-4, 1e-2, 1.0, 1e2, 1e4)


@checked(
    table={"lr": float, "zeroing": str, "step": int, "w": float, "slope": float, "held": float}
)
def accumulation(
    table: pd.DataFrame, *, answer: float, start: tuple[float, str], caption: str
) -> RunExplorer:
    """A walk whose gradients are zeroed at a chosen moment: w, its gradient, and all the runs.

    Args:
        table: a row per run and step: ``lr``, ``zeroing`` (when gradients are zeroed, in words),
            ``step``, ``w``, ``slope`` (of the cost at w) and ``held`` (what ``w.grad`` held when
            the step was taken).
        answer: where the cost is lowest.
        start: learning rate and zeroing shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the table lacks a column, or start is not in it.
    """
    far = _farthest(table, answer)
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    charts: list[Any] = [_walk(table, answer), _gradients(table), _all_runs(far, answer)]
    rates, moments = (table[key].unique().tolist() for key in KEYS)
    return RunExplorer(
        [chart.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for chart in charts],
        [
            Slider("lr", "learning rate", sorted(rates), start[0]),
            Menu("zeroing", "zero the gradient", moments, start[1]),
        ],
        caption=caption,
        alt_text=f"Left: w after each step of the chosen run, and a line at {answer:g}. "
        "Middle: what w.grad holds at each step, and the slope of the cost there. Right: the "
        f"largest distance from the answer in the last {LATE_STEPS} steps against the learning "
        "rate, with a curve for each moment of zeroing and a dot at the chosen run.",
        outcomes={
            (lr, zeroing): _verdict(distance, answer)
            for lr, zeroing, distance in zip(*(far[c] for c in (*KEYS, "far")), strict=True)
        },
    )


def _farthest(table: pd.DataFrame, answer: float) -> pd.DataFrame:
    """The largest distance from the answer in the last steps of each run, as column ``far``."""
    late = table[table["step"] > table["step"].max() - LATE_STEPS]
    distance = late.assign(far=(late["w"] - answer).abs().fillna(float("inf")))
    return distance.groupby(list(KEYS), sort=False, as_index=False)["far"].max()


def _verdict(far: float, answer: float) -> str:
    where = f"In the last {LATE_STEPS} steps w "
    if far < 1e-3:
        return f"{where}stays within 0.001 of {answer:g}."
    if far > 1e3:
        return f"{where}is more than a thousand away from {answer:g}: the walk diverges."
    return f"{where}is up to {far:.3g} away from {answer:g}."


def _walk(table: pd.DataFrame, answer: float) -> alt.LayerChart:
    line = (
        _run(table, ["w"])
        .mark_line(
            color=COLORS[1], strokeWidth=1.2, clip=True, point={"color": COLORS[1], "size": 18}
        )
        .encode(
            x=alt.X("step:Q"),
            y=alt.Y("w:Q", scale=alt.Scale(domain=[answer - 3, answer + 3])),
        )
    )
    rule = alt.Chart(rows(w=[answer])).mark_rule(strokeDash=[4, 3]).encode(y="w:Q")
    return rule + line


def _gradients(table: pd.DataFrame) -> alt.Chart:
    legend = alt.Legend(
        title=None,
        orient="top",
        labelExpr=f"datum.label == 'held' ? '{HELD['held']}' : '{HELD['slope']}'",
    )
    return (
        _run(table, list(HELD))
        .transform_fold(list(HELD), as_=["what", "gradient"])
        .mark_line(clip=True, strokeWidth=1.6)
        .encode(
            x=alt.X("step:Q"),
            y=alt.Y("gradient:Q", scale=alt.Scale(domain=[-45, 45])),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(HELD), range=[COLORS[1], COLORS[0]]),
                legend=legend,
            ),
            strokeDash=alt.StrokeDash(
                "what:N",
                scale=alt.Scale(domain=list(HELD), range=[[1, 0], [5, 3]]),
                legend=legend,
            ),
        )
    )


def _all_runs(far: pd.DataFrame, answer: float) -> alt.LayerChart:
    data = rows(
        lr=far["lr"].tolist(),
        zeroing=far["zeroing"].tolist(),
        far=[few_digits(v, 3) for v in far["far"].clip(*FAR_DOMAIN).tolist()],
    )
    base = alt.Chart(data).encode(
        x=alt.X("lr:Q", title="learning rate", axis=alt.Axis(tickCount=5)),
        y=alt.Y(
            "far:Q",
            title=f"farthest from {answer:g}, last {LATE_STEPS} steps",
            axis=alt.Axis(values=list(FAR_TICKS), format=".4~f"),
            scale=alt.Scale(type="log", domain=FAR_DOMAIN),
        ),
    )
    others = base.mark_line(color="gray", strokeWidth=0.8, opacity=0.7).encode(detail="zeroing:N")
    mine = base.mark_line(color=COLORS[1], strokeWidth=2).transform_filter(chosen("zeroing"))
    here = base.mark_point(color=COLORS[1], filled=True, size=90).transform_filter(chosen(*KEYS))
    return others + mine + here


def _run(table: pd.DataFrame, columns: list[Any]) -> alt.Chart:
    """The chosen run's rows, numbered by step."""
    return (
        alt.Chart(runs(table, KEYS, columns))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(columns)
        .transform_window(row="row_number()")
        .transform_calculate(step="datum.row - 1")
    )
