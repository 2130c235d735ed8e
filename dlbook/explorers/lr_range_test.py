"""Explorer: the learning-rate range test, and the training run with the rate that you pick."""

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.style import COLORS

KEYS = ("network", "lr")
LARGEST_LOSS = 4.0  # where the vertical axes end; worse losses leave the charts


def lr_range_test(
    test: pd.DataFrame,
    table: pd.DataFrame,
    *,
    start: tuple[str, float],
    chance: float,
    caption: str,
) -> RunExplorer:
    """Loss against a growing learning rate, and training with the rate at the marker (chapter 19).

    Args:
        test: the columns ``network``, ``lr`` and ``loss``: one range test per network, the losses
            in the order of the rates.
        table: the columns ``network``, ``lr``, ``step`` and ``loss``: training runs with a fixed
            rate, the same rates for every network.
        start: network and rate shown first.
        chance: the loss of guessing, drawn as a line.
        caption: below the figure.

    Raises:
        ValueError: a run is missing, or start is not among them.
    """
    names, rates = table["network"].unique().tolist(), sorted(table["lr"].unique().tolist())
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    charts = (_test_chart(test, rates, chance), _run_chart(table, chance))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Menu("network", "network", names, start[0]),
            Slider("lr", "learning rate", rates, start[1]),
        ],
        caption=caption,
        alt_text="Left: the loss of a range test against the learning rate on a logarithmic axis, "
        "with a vertical marker at the chosen rate. Right: the loss over the steps of a training "
        "run with that rate. A dashed line in both shows the loss of guessing.",
        outcomes={
            (name, rate): _outcome(name, rate, _losses(table, name, rate), chance)
            for name in names
            for rate in rates
        },
    )


def _losses(table: pd.DataFrame, network: str, lr: float) -> list[float]:
    losses: list[float] = table[(table["network"] == network) & (table["lr"] == lr)][
        "loss"
    ].tolist()
    if not losses:
        raise ValueError(f"table must have a run of {network!r} with the rate {lr:g}, as of others")
    return losses


def _outcome(network: str, lr: float, losses: list[float], chance: float) -> str:
    last = few_digits(sum(losses[-10:]) / len(losses[-10:]), 3)
    if not last < LARGEST_LOSS:
        verdict = "far above guessing: the rate is too large"
    elif last > 0.95 * chance:
        verdict = "about that of guessing"
    else:
        verdict = f"guessing would have {chance:.3g}"
    shown = f"{last:g}" if last < LARGEST_LOSS else f"above {LARGEST_LOSS:g}"
    return f"{network}, learning rate {lr:.3g}: loss {shown} after {len(losses)} steps, {verdict}."


def _loss_axis() -> alt.Y:
    return alt.Y("loss:Q", title="loss", scale=alt.Scale(domain=[0, LARGEST_LOSS]))


def _guessing(chance: float) -> alt.Chart:
    return alt.Chart(rows(loss=[chance])).mark_rule(strokeDash=[4, 3]).encode(y=_loss_axis())


def _test_chart(test: pd.DataFrame, rates: list[float], chance: float) -> alt.LayerChart:
    lowest, highest = float(test["lr"].min()), float(test["lr"].max())
    x = alt.X(
        "rate:Q",
        title="learning rate",
        scale=alt.Scale(type="log", domain=[lowest, highest]),
        axis=alt.Axis(format="~g", tickCount=5),
    )
    curve = (
        alt.Chart(runs(test.rename(columns={"lr": "rate"}), ["network"], ["rate", "loss"]))
        .transform_filter(chosen("network"))
        .transform_flatten(["rate", "loss"])
        .mark_line(color=COLORS[0], clip=True)
        .encode(x=x, y=_loss_axis())
    )
    marker = (
        alt.Chart(rows(rate=rates))
        .transform_filter("abs(datum.rate / lr - 1) < 0.001")
        .mark_rule(color=COLORS[1], strokeWidth=3)
        .encode(x=x)
    )
    return _guessing(chance) + curve + marker


def _run_chart(table: pd.DataFrame, chance: float) -> alt.LayerChart:
    curve = (
        alt.Chart(runs(table, KEYS, ["step", "loss"]))
        .transform_filter(chosen(*KEYS))
        .transform_flatten(["step", "loss"])
        .mark_line(color=COLORS[1], clip=True)
        .encode(x=alt.X("step:Q"), y=_loss_axis())
    )
    return _guessing(chance) + curve
