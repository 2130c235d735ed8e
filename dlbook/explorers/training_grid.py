"""Explorer: learning rate and batch size of a classifier, trained over a grid."""

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.style import COLORS

KEYS = ("lr", "batch_size")
PARTS = ("train_loss", "val_loss")


def training_grid(table: pd.DataFrame, *, start: tuple[float, int], caption: str) -> RunExplorer:
    """Loss and accuracy over the epochs of the chosen run, and the final accuracy of all runs.

    Args:
        table: a table of `dlbook.sweeps.sweep_training`.
        start: learning rate and batch size shown first.
        caption: below the figure.

    Raises:
        ValueError: start is not in the table.
    """
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    rates, sizes = (sorted(table[key].unique().tolist()) for key in KEYS)
    last = table.groupby(list(KEYS), as_index=False).last()
    charts = [_losses(table), _accuracy(table), _all_runs(last)]
    outcomes = {
        (
            row.lr,
            row.batch_size,
        ): f"Accuracy on the held-out images after {row.epoch:.0f} epochs: {row.val_accuracy:.1%}."
        for row in last.itertuples()
    }
    return RunExplorer(
        [chart.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for chart in charts],
        [
            Slider("lr", "learning rate", rates, start[0]),
            Menu("batch_size", "batch size", sizes, start[1]),
        ],
        caption=caption,
        alt_text="Left: training and held-out loss over the epochs of the chosen run. Middle: its "
        "held-out accuracy. Right: the final accuracy of every run of the grid as a shaded table, "
        "with the chosen run framed.",
        outcomes=outcomes,
    )


def _losses(table: pd.DataFrame) -> alt.Chart:
    top = few_digits(1.2 * float(table.loc[table["epoch"] == 1, "val_loss"].min()) + 2)
    names = alt.Scale(domain=list(PARTS), range=[COLORS[0], COLORS[1]])
    return (
        alt.Chart(runs(table, KEYS, ["epoch", *PARTS]))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(["epoch", *PARTS])
        .transform_fold(list(PARTS), as_=["part", "loss"])
        .mark_line(clip=True, point=True)
        .encode(
            x=alt.X("epoch:Q", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("loss:Q", scale=alt.Scale(domain=[0, top])),
            color=alt.Color(
                "part:N",
                scale=names,
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    labelExpr="datum.label == 'train_loss' ? 'training' : 'held out'",
                ),
            ),
            strokeDash=alt.StrokeDash("part:N", legend=None),
        )
    )


def _accuracy(table: pd.DataFrame) -> alt.Chart:
    return (
        alt.Chart(runs(table, KEYS, ["epoch", "val_accuracy"]))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(["epoch", "val_accuracy"])
        .mark_line(color=COLORS[1], point={"color": COLORS[1]})
        .encode(
            x=alt.X("epoch:Q", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y(
                "val_accuracy:Q",
                title="held-out accuracy",
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
        )
    )


def _all_runs(last: pd.DataFrame) -> alt.LayerChart:
    data = rows(**{name: last[name].tolist() for name in (*KEYS, "val_accuracy")})
    base = alt.Chart(data).encode(
        x=alt.X("lr:O", title="learning rate"), y=alt.Y("batch_size:O", title="batch size")
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "val_accuracy:Q", scale=alt.Scale(scheme="viridis", domain=[0, 1]), legend=None
        )
    )
    numbers = base.mark_text(fontSize=10).encode(
        text=alt.Text("val_accuracy:Q", format=".0%"),
        color=alt.condition("datum.val_accuracy > 0.6", alt.value("black"), alt.value("white")),
    )
    frame = base.transform_filter(chosen(*KEYS)).mark_rect(
        fill=None, stroke=COLORS[1], strokeWidth=3
    )
    return cells + numbers + frame
