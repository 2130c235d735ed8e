"""Explorer: a run that was stopped and resumed, beside the one that went through."""

from typing import Any

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.style import COLORS

KEYS = ("restored", "stop")
NONE, LARGEST_GAP = 1e-5, 1.0  # where the logarithmic axis ends; no gap at all is drawn at NONE


def resume(
    table: pd.DataFrame, through: pd.DataFrame, *, start: tuple[str, int], caption: str
) -> RunExplorer:
    """Training losses of resumed runs, and their gap to the uninterrupted run (chapter 18).

    Args:
        table: the columns ``restored``, in words, ``stop``, ``epoch`` and ``loss``: for every
            choice of what was restored and every epoch after which the run was stopped, the
            epochs that were trained afterwards.
        through: the columns ``epoch``, from 1, and ``loss``: the run that went through.
        start: what was restored, and the stop, that are shown first.
        caption: below the figure.

    Raises:
        ValueError: start is not among the runs.
    """
    table = table.merge(through, on="epoch", suffixes=("", "_through"))
    table["gap"] = (table["loss"] - table["loss_through"]).abs().clip(lower=NONE)
    kept, stops = table["restored"].unique().tolist(), sorted(table["stop"].unique().tolist())
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    last = int(through["epoch"].max())
    charts = (_losses(table, through, last), _gaps(table, last))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Menu("restored", "restored", kept, start[0]),
            Slider("stop", "stopped after epoch", stops, start[1], say=str),
        ],
        caption=caption,
        alt_text="Left: the training loss over the epochs, of the run that went through as a wide "
        "pale line, and of the resumed run as a line with points that begins after a dashed "
        "marker. Right: the absolute difference of the two at each epoch after the stop. Both "
        "vertical axes are logarithmic.",
        outcomes=_outcomes(table),
    )


def _epochs(last: int) -> alt.X:
    ticks = list(range(1, last + 1))
    return alt.X(
        "epoch:Q", title="epoch", scale=alt.Scale(domain=[0.5, last + 0.5]), axis={"values": ticks}
    )


def _losses(table: pd.DataFrame, through: pd.DataFrame, last: int) -> alt.LayerChart:
    x = _epochs(last)
    seen = pd.concat((table["loss"], through["loss"]))
    domain = [few_digits(0.9 * float(seen.min()), 2), few_digits(1.1 * float(seen.max()), 2)]
    y = alt.Y("loss:Q", title="training loss", scale=alt.Scale(type="log", domain=domain))
    whole = (
        alt.Chart(rows(epoch=through["epoch"].tolist(), loss=through["loss"].tolist()))
        .mark_line(color=COLORS[0], strokeWidth=8, opacity=0.35)
        .encode(x=x, y=y)
    )
    marker = (
        alt.Chart(rows(place=[0]))
        .transform_calculate(epoch="stop + 0.5")
        .mark_rule(strokeDash=[5, 4], opacity=0.6)
        .encode(x=x)
    )
    return whole + marker + _run(table, "loss").encode(x=x, y=y)


def _gaps(table: pd.DataFrame, last: int) -> alt.Chart:
    y = alt.Y(
        "gap:Q",
        title="gap to the run that went through",
        scale=alt.Scale(type="log", domain=[NONE, LARGEST_GAP]),
        axis=alt.Axis(
            values=[NONE, 1e-4, 1e-3, 1e-2, 1e-1, 1.0],
            labelExpr=f"datum.value < {2 * NONE} ? 'none' : format(datum.value, '~g')",
        ),
    )
    return _run(table, "gap").encode(x=_epochs(last), y=y)


def _run(table: pd.DataFrame, column: str) -> alt.Chart:
    return (
        alt.Chart(runs(table, KEYS, ["epoch", column]))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(["epoch", column])
        .mark_line(color=COLORS[1], point={"color": COLORS[1], "size": 60}, clip=True)
    )


def _outcomes(table: pd.DataFrame) -> dict[Any, str]:
    outcomes: dict[Any, str] = {}
    for (restored, stop), run in table.groupby(list(KEYS)):
        last = run.iloc[-1]
        text = "the same losses, bit for bit"
        if (run["loss"] != run["loss_through"]).any():
            text = (
                f"after epoch {last['epoch']:.0f} the loss is {last['loss']:.4f}, "
                f"and {last['loss_through']:.4f} in the run that went through"
            )
        outcomes[restored, stop] = f"Stopped after epoch {stop}, {restored} restored: {text}."
    return outcomes
