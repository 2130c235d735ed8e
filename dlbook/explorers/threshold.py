"""Explorer: a threshold on held-out scores, the counts that follow, and the curves it moves on."""

from collections.abc import Callable
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial, Menu
from dlbook.explorers.explorer import Explorer
from dlbook.plots.style import COLORS

PEOPLE = 10_000  # the counts are told for so many


def threshold(
    expected: Callable[[Tensor, Tensor], dict[str, Tensor]],
    bins: Tensor,
    ill: Tensor,
    healthy: Tensor,
    *,
    caption: str,
) -> Explorer:
    """Histograms of two classes, the four counts, ROC, and precision against recall (chapter 11).

    Args:
        expected: takes thresholds on the logit and the share of the ill; returns ``"recall"``,
            ``"alarms"`` and ``"precision"`` for each threshold.
        bins: where the bins of the logits begin, rising in equal steps.
        ill: the share of the ill in each bin.
        healthy: the same of the healthy.
        caption: below the figure.
    """
    step = (bins[1] - bins[0]).item()

    def figure(t: Tensor, share: Tensor) -> dict[str, Any]:
        sick, well = PEOPLE * share, PEOPLE * (1 - share)
        here, curve = expected(t, share), expected(bins.flip(0), share)
        found, alarmed = sick * here["recall"], well * here["alarms"]
        span = {"left": bins, "right": bins + step, "zero": 0 * ill}
        return {
            "ill": span | {"people": sick * ill},
            "healthy": span | {"people": -well * healthy},
            "here": here | {"t": t},
            "right": _cells([0, 1], [0, 1], [found, well - alarmed]),
            "wrong": _cells([1, 0], [0, 1], [sick - found, alarmed]),
            "curve": curve,
            "chance": {"end": torch.tensor([0.0, 1.0])},
            "p": torch.sigmoid(t),
            "called": found + alarmed,
            "found": found,
            "precision": here["precision"],
            "recall": here["recall"],
            "accuracy": (found + well - alarmed) / PEOPLE,
        }

    return Explorer(
        [
            Dial("t", "called ill from logit", -5, 5, 0, 40),
            Menu("share", "share of the ill", [0.5, 0.1, 0.01], 0.5, say="{:.0%}".format),
        ],
        figure,
        [_histograms(), _counts(), _roc(), _precision_recall()],
        caption=caption,
        alt_text="First: histograms of the logits, the ill above the axis and the healthy below, "
        "with a line at the threshold. Second: a table of four counts. Third: recall against the "
        "false positive rate, with a dot at the threshold. Fourth: precision against recall, with "
        "a dot at the threshold.",
        sentence="The threshold is p = {p:.3g}, by the model as it was trained. Of 10,000 people, "
        "{called:,.0f} are called ill and {found:,.0f} of them are: precision {precision:.3f}, "
        "recall {recall:.3f}, accuracy {accuracy:.3f}.",
    )


def _cells(called: list[int], truth: list[int], people: list[Tensor]) -> dict[str, Tensor]:
    """Squares of the table of counts: column, row, and how many people."""
    x, y = torch.tensor(called, dtype=torch.float64), torch.tensor(truth, dtype=torch.float64)
    return charts.squares(x - 0.5, y - 0.5) | {"x": x, "y": y, "people": torch.stack(people)}


def _histograms() -> alt.LayerChart:
    return charts.panel(
        *(
            charts.boxes(name, ("left", "right"), ("zero", "people"), color=color, name=name)
            for name, color in (("ill", COLORS[1]), ("healthy", COLORS[0]))
        ),
        charts.rules("here", x="t"),
        x=charts.Axis("logit", (-8, 8)),
        y=charts.Axis("people, the healthy downward"),
    )


def _counts() -> alt.LayerChart:
    return charts.panel(
        charts.boxes("right", *charts.SIDES, color=COLORS[5], name="right"),
        charts.boxes("wrong", *charts.SIDES, color=COLORS[4], name="wrong"),
        *(charts.words(t, "x", "y", text="people", form=",.0f") for t in ("right", "wrong")),
        x=charts.Axis(None, (-0.5, 1.5), labels={0: "called ill", 1: "called healthy"}),
        y=charts.Axis("in truth", (1.5, -0.5), labels={0: "ill", 1: "healthy"}),
    )


def _roc() -> alt.LayerChart:
    return charts.panel(
        charts.line("chance", "end", "end", dash=(5, 4)),
        charts.line("curve", "alarms", "recall", color=COLORS[0]),
        charts.dots("here", "alarms", "recall", color=COLORS[1]),
        x=charts.Axis("false positive rate", (0, 1)),
        y=charts.Axis("recall", (0, 1)),
    )


def _precision_recall() -> alt.LayerChart:
    return charts.panel(
        charts.line("curve", "recall", "precision", color=COLORS[0]),
        charts.dots("here", "recall", "precision", color=COLORS[1]),
        x=charts.Axis("recall", (0, 1)),
        y=charts.Axis("precision", (0, 1)),
    )
