"""Explorer: a threshold on held-out scores, the counts that follow, and the curves it moves on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import rows
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

PEOPLE = 10_000  # the counts are told for so many
BIN = 0.5  # width of the histogram's bins, in logits
CURVE_POINTS = 121
KEYS = "datum.t == t && datum.share == share"


@checked()
def threshold(
    logits: Tensor,
    labels: Tensor,
    thresholds: Sequence[float],
    shares: Sequence[float],
    *,
    start: tuple[float, float],
    caption: str,
    names: tuple[str, str] = ("ill", "healthy"),
) -> RunExplorer:
    """Histograms of two classes, the four counts, ROC, and precision against recall (chapter 11).

    The counts are those expected among 10,000 people of whom the chosen share is positive: what a
    threshold does to each class is measured on the samples, how many there are is chosen.

    Args:
        logits: of the held-out samples, shape (n,).
        labels: 1 for positive, 0 for negative, shape (n,).
        thresholds: logits from which on a sample is called positive, rising.
        shares: of positives among the people, above 0 and below 1.
        start: the threshold and the share shown first.
        caption: below the figure.
        names: of the positive and the negative class.

    Raises:
        TypeError: an argument of another type.
        ValueError: logits and labels do not fit, a class is missing, a share is not between 0 and
            1, or start is not among the choices.
    """
    positive, negative = _classes(logits, labels)
    if not all(0 < share < 1 for share in shares):
        raise ValueError(f"shares must hold numbers between 0 and 1, got {list(shares)}")
    counts = [_count(positive, negative, t, share) for share in shares for t in thresholds]
    parameters = [alt.param(name=n, value=v) for n, v in zip(("t", "share"), start, strict=True)]
    reach = math.ceil(max(abs(t) for t in thresholds)) + 3.0
    charts = (
        _histograms(positive, negative, reach, max(shares), names),
        _matrix(counts, names),
        _roc(positive, negative, counts, reach),
        _precision_recall(positive, negative, counts, reach),
    )
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Slider("t", f"called {names[0]} from", thresholds, start[0], say=_threshold_in_words),
            Menu(
                "share",
                f"share of the {names[0]}",
                shares,
                start[1],
                say=lambda s: f"{100 * s:.3g} %",
            ),
        ],
        caption=caption,
        alt_text=f"First: histograms of the logits, the {names[0]} above the axis and the "
        f"{names[1]} below, with a line at the threshold. Second: a table of four counts. Third: "
        "recall against the false positive rate, with a dot at the threshold. Fourth: precision "
        "against recall, with a dot at the threshold.",
        outcomes={(c.t, c.share): _outcome(c, names) for c in counts},
    )


@dataclass(frozen=True)
class _Counts:
    t: float
    share: float
    recall: float
    alarms: float
    tp: int
    fn: int
    fp: int
    tn: int

    @property
    def precision(self) -> float:
        """The share of positives among those called positive; nan when nobody is."""
        called = self.tp + self.fp
        return self.tp / called if called else math.nan


def _classes(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    if logits.ndim != 1 or logits.shape != labels.shape:
        raise ValueError(
            "logits and labels must both be of shape (n,), got "
            f"{tuple(logits.shape)} and {tuple(labels.shape)}"
        )
    classes = logits[labels == 1].double(), logits[labels == 0].double()
    if not all(len(values) for values in classes):
        raise ValueError("labels must hold both 0 and 1")
    return classes


def _count(positive: Tensor, negative: Tensor, t: float, share: float) -> _Counts:
    recall = (positive >= t).double().mean().item()
    alarms = (negative >= t).double().mean().item()
    positives = round(PEOPLE * share)
    tp, fp = round(positives * recall), round((PEOPLE - positives) * alarms)
    return _Counts(
        t, share, recall, alarms, tp, positives - tp, fp, PEOPLE - positives - fp
    )  # fmt: skip


def _outcome(c: _Counts, names: tuple[str, str]) -> str:
    precise = f"precision {c.precision:.3f}" if c.tp + c.fp else "no precision"
    return (
        f"Of {PEOPLE:,} people, {c.tp + c.fp:,} are called {names[0]} and {c.tp:,} of them are: "
        f"{precise}. Found are {c.tp:,} of the {c.tp + c.fn:,} {names[0]}: recall {c.recall:.3f}. "
        f"Accuracy {(c.tp + c.tn) / PEOPLE:.3f}."
    )


def _threshold_in_words(t: float) -> str:
    return f"logit {t:g} (p = {1 / (1 + math.exp(-t)):.3g})".replace("-", "−")


def _histograms(
    positive: Tensor, negative: Tensor, reach: float, largest: float, names: tuple[str, str]
) -> alt.LayerChart:
    edges = torch.arange(-reach, reach + BIN / 2, BIN, dtype=torch.float64)
    low, rate, sign = [], [], []
    for values, way in ((positive, 1), (negative, -1)):
        inside = values.clamp(-reach, reach - BIN / 2)  # the outer bins take what lies beyond
        low += edges[:-1].tolist()
        rate += (torch.histogram(inside, edges).hist / len(values)).tolist()
        sign += [way] * (len(edges) - 1)
    top = PEOPLE * max(rate)
    bars = (
        alt.Chart(rows(low=low, rate=rate, sign=sign))
        .transform_calculate(
            high=f"datum.low + {BIN}",
            people=f"datum.sign * datum.rate * {PEOPLE} * (datum.sign > 0 ? share : 1 - share)",
            truth=f"datum.sign > 0 ? '{names[0]}' : '{names[1]}'",
        )
        .mark_rect()
        .encode(
            x=alt.X("low:Q", title="logit", scale=alt.Scale(domain=[-reach, reach])),
            x2="high:Q",
            y=alt.Y(
                "people:Q",
                title="people",
                scale=alt.Scale(domain=[-top, 1.1 * largest * top]),
                axis=alt.Axis(labelExpr="format(abs(datum.value), ',')"),
            ),
            y2=alt.datum(0),
            color=alt.Color(
                "truth:N",
                scale=alt.Scale(domain=list(names), range=[COLORS[1], COLORS[0]]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            opacity=alt.condition("datum.low >= t - 1e-6", alt.value(1), alt.value(0.4)),
        )
    )
    here = alt.Chart(rows(place=[0])).transform_calculate(low="t")
    return bars + here.mark_rule(strokeWidth=2).encode(x="low:Q")


def _chosen(counts: Sequence[_Counts], **columns: list[Any]) -> alt.Chart:
    keys = {"t": [c.t for c in counts], "share": [c.share for c in counts]}
    return alt.Chart(rows(**keys, **columns)).transform_filter(KEYS)


def _matrix(counts: Sequence[_Counts], names: tuple[str, str]) -> alt.LayerChart:
    truths, calls = [names[0], names[0], names[1], names[1]], [*names, *names]
    kinds = ["true positive", "false negative", "false positive", "true negative"]
    cells = (
        _chosen(counts, people=[[c.tp, c.fn, c.fp, c.tn] for c in counts])
        .transform_calculate(truth=str(truths), call=str(calls), kind=str(kinds))
        .transform_flatten(["people", "truth", "call", "kind"])
        .transform_calculate(right="datum.truth == datum.call")
    )
    plain: dict[str, Any] = {"domain": False, "ticks": False, "labelExpr": "datum.value"}
    across = alt.Axis(labelAngle=0, orient="top", titlePadding=8, **plain)
    x = alt.X("call:N", title="called", sort=list(names), axis=across)
    y = alt.Y("truth:N", title="in truth", sort=list(names), axis=alt.Axis(**plain))
    boxes = cells.mark_rect(stroke="gray").encode(
        x=x,
        y=y,
        color=alt.condition("datum.right", alt.value(COLORS[2]), alt.value(COLORS[4])),
        opacity=alt.value(0.3),
    )
    numbers = cells.mark_text(fontSize=20, dy=-6).encode(
        x=x, y=y, text=alt.Text("people:Q", format=",")
    )
    words = cells.mark_text(fontSize=11, dy=16).encode(x=x, y=y, text="kind:N")
    return boxes + numbers + words


def _rates(positive: Tensor, negative: Tensor, reach: float) -> tuple[list[float], list[float]]:
    """Recall and false positive rate for thresholds from high to low."""
    at = torch.linspace(reach, -reach, CURVE_POINTS, dtype=torch.float64)[:, None]
    recall, alarms = ((values >= at).double().mean(dim=1) for values in (positive, negative))
    return [0.0, *recall.tolist(), 1.0], [0.0, *alarms.tolist(), 1.0]


def _unit(title: str) -> dict[str, Any]:
    return {"title": title, "scale": alt.Scale(domain=[0, 1])}


def _roc(
    positive: Tensor, negative: Tensor, counts: Sequence[_Counts], reach: float
) -> alt.LayerChart:
    recall, alarms = _rates(positive, negative, reach)
    x = alt.X("alarms:Q", **_unit("false positive rate"))
    y = alt.Y("recall:Q", **_unit("recall (true positive rate)"))
    order = list(range(len(recall)))
    curve = alt.Chart(rows(recall=recall, alarms=alarms, order=order))
    chance = alt.Chart(rows(recall=[0, 1], alarms=[0, 1]))
    here = _chosen(counts, recall=[c.recall for c in counts], alarms=[c.alarms for c in counts])
    diagonal = chance.mark_line(strokeDash=[4, 3], color="gray", strokeWidth=1).encode(x=x, y=y)
    line = curve.mark_line(color=COLORS[0]).encode(x=x, y=y, order="order:Q")
    return (
        diagonal + line + here.mark_point(filled=True, size=110, color=COLORS[1]).encode(x=x, y=y)
    )


def _precision_recall(
    positive: Tensor, negative: Tensor, counts: Sequence[_Counts], reach: float
) -> alt.LayerChart:
    recall, alarms = _rates(positive, negative, reach)
    x = alt.X("recall:Q", **_unit("recall"))
    y = alt.Y("precision:Q", **_unit("precision"))
    found = "share * datum.recall"
    precision = f"{found} / ({found} + (1 - share) * datum.alarms)"
    curve = (
        alt.Chart(rows(recall=recall, alarms=alarms, order=list(range(len(recall)))))
        .transform_filter("datum.recall > 0")
        .transform_calculate(precision=precision)
    )
    here = (
        _chosen(counts, recall=[c.recall for c in counts], alarms=[c.alarms for c in counts])
        .transform_filter("datum.recall > 0")
        .transform_calculate(precision=precision)
    )
    line = curve.mark_line(color=COLORS[0]).encode(x=x, y=y, order="order:Q")
    return line + here.mark_point(filled=True, size=110, color=COLORS[1]).encode(x=x, y=y)
