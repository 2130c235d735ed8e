"""Explorer: how the distances between random points concentrate as the dimension grows."""

from collections.abc import Mapping

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers.controls import Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import rows
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

BINS, LARGEST = 60, 3.0  # of the histogram, in multiples of the mean distance


@checked()
def distances(table: Mapping[int, Tensor], *, start: int, caption: str) -> RunExplorer:
    """The histogram of distances in the chosen dimension; the nearest and farthest in all.

    Args:
        table: for each number of dimensions the distances from some points (rows) to others
            (columns), shape (k, n); drawn in multiples of their mean.
        start: the number of dimensions shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: start is not in the table, or a value is not of shape (k, n).
    """
    for dimension, far in table.items():
        if far.ndim != 2 or far.numel() == 0:
            raise ValueError(f"table[{dimension}] must have shape (k, n), got {tuple(far.shape)}")
    relative = {d: far.double() / far.double().mean() for d, far in table.items()}
    ends = {
        d: (far.amin(dim=1).mean().item(), far.amax(dim=1).mean().item())
        for d, far in relative.items()
    }
    parameter = alt.param(name="d", value=start)
    charts = [_histogram(relative), _ends(ends)]
    return RunExplorer(
        [chart.add_params(parameter).properties(width=WIDTH, height=HEIGHT) for chart in charts],
        [Slider("d", "dimensions", sorted(table), start, say=str, play=True)],
        caption=caption,
        alt_text="Left: a histogram of distances between random points, in multiples of their "
        "mean, which gets narrower as dimensions are added. Right: the distances to the nearest "
        "and to the farthest point against the number of dimensions; both approach the mean.",
        outcomes={
            (d,): f"{d} dimension{'s' if d > 1 else ''}: the nearest point is at {near:.2f} times "
            f"the mean distance, the farthest at {far:.2f} times."
            for d, (near, far) in ends.items()
        },
    )


def _histogram(relative: Mapping[int, Tensor]) -> alt.Chart:
    edges = torch.linspace(0, LARGEST, BINS + 1, dtype=torch.float64)
    d, low, high, share = [], [], [], []
    for dimension, far in relative.items():
        counts = torch.histc(far, bins=BINS, min=0, max=LARGEST)
        for i in counts.nonzero().flatten().tolist():
            d.append(dimension)
            low.append(round(edges[i].item(), 3))
            high.append(round(edges[i + 1].item(), 3))
            share.append(round(counts[i].item() / far.numel(), 4))
    return (
        alt.Chart(rows(dimension=d, low=low, high=high, share=share))
        .transform_filter("datum.dimension == d")
        .mark_bar(color=COLORS[0], clip=True)
        .encode(
            x=alt.X(
                "low:Q",
                bin="binned",
                title="distance / mean distance",
                scale=alt.Scale(domain=[0, LARGEST]),
                axis=alt.Axis(tickCount=6),
            ),
            x2="high:Q",
            y=alt.Y(
                "share:Q",
                title="share of the pairs",
                axis=alt.Axis(format=".1~%", tickCount=5, minExtent=36),
            ),
        )
    )


def _ends(ends: Mapping[int, tuple[float, float]]) -> alt.LayerChart:
    data = rows(
        dimension=[d for d in ends for _ in range(2)],
        which=["nearest", "farthest"] * len(ends),
        distance=[value for pair in ends.values() for value in pair],
    )
    base = alt.Chart(data).encode(
        x=alt.X("dimension:Q", title="dimensions", scale=alt.Scale(type="log")),
        y=alt.Y(
            "distance:Q", title="distance / mean distance", scale=alt.Scale(domain=[0, LARGEST])
        ),
        color=alt.Color(
            "which:N",
            scale=alt.Scale(domain=["nearest", "farthest"], range=[COLORS[0], COLORS[1]]),
            legend=alt.Legend(title=None, orient="top"),
        ),
    )
    lines = base.mark_line().encode(strokeDash=alt.StrokeDash("which:N", legend=None))
    here = base.transform_filter("datum.dimension == d").mark_point(filled=True, size=90)
    return lines + here
