"""Explorer: a line moved by hand over points, and its cost."""

from collections.abc import Sequence

import altair as alt
import torch

from dlbook.data import Samples
from dlbook.descent import line_cost
from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import rows
from dlbook.plots.arguments import checked
from dlbook.plots.contours import require_rising
from dlbook.plots.style import COLORS

GRID = 61


@checked()
def line_fit(
    samples: Samples,
    w: Sequence[float],
    b: Sequence[float],
    *,
    start: tuple[float, float],
    caption: str,
) -> RunExplorer:
    """Sliders for slope and intercept; the line with its errors, and the place on the cost's map.

    Args:
        samples: n numbers x and n numbers y.
        w: the slopes on the slider, rising.
        b: the intercepts on the slider, rising.
        start: slope and intercept shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: slopes or intercepts that do not rise, samples that all lines fit alike, or a
            start that is not on the sliders.
    """
    parameters = [alt.param(name="w", value=start[0]), alt.param(name="b", value=start[1])]
    slopes, intercepts = (torch.tensor(v, dtype=torch.float64) for v in (w, b))
    require_rising("w", slopes)
    require_rising("b", intercepts)
    costs = line_cost(samples, slopes[:, None], intercepts)
    if costs.min() == costs.max():
        raise ValueError(f"samples must fit some lines better, got {costs.min():g} as every cost")
    outcomes = {
        (
            slope,
            intercept,
        ): f"The line y = {slope:g} x {_signed(intercept)} costs {costs[i, j]:.3g}."
        for i, slope in enumerate(w)
        for j, intercept in enumerate(b)
    }
    return RunExplorer(
        [
            _line_over_points(samples, slopes, intercepts, parameters),
            _map(samples, slopes, intercepts, parameters),
        ],
        [Slider("w", "slope w", w, start[0]), Slider("b", "intercept b", b, start[1])],
        caption=caption,
        alt_text="Left: the points, a straight line, and the vertical distance of each point from "
        "it. Right: a contour map of the cost over slope and intercept, with a dot at the values "
        "chosen.",
        outcomes=outcomes,
    )


def _signed(number: float) -> str:
    return f"{'−' if number < 0 else '+'} {abs(number):g}"


def _line_over_points(
    samples: Samples, w: torch.Tensor, b: torch.Tensor, parameters: Sequence[alt.Parameter]
) -> alt.LayerChart:
    x, y = samples.x.flatten(), samples.y.flatten()
    # The window holds the predictions at the sliders' ends, so that no line leaves it.
    extremes = w[[0, -1], None, None] * x + b[[0, -1], None]
    heights = torch.cat((extremes.flatten(), y))
    scale = alt.Scale(domain=[heights.min().item(), heights.max().item()], nice=True)
    points = alt.Chart(rows(x=x.tolist(), y=y.tolist()))
    ends = alt.Chart(rows(x=[x.min().item() - 0.5, x.max().item() + 0.5]))
    height = alt.Y("y:Q", title="y", scale=scale)
    dots = points.mark_circle(size=80, color=COLORS[0], opacity=1).encode(x="x:Q", y=height)
    line = (
        ends.transform_calculate(y="w * datum.x + b")
        .mark_line(color=COLORS[1], clip=True)
        .encode(x="x:Q", y=height)
    )
    errors = (
        points.transform_calculate(y_hat="w * datum.x + b")
        .mark_rule(strokeDash=[3, 3], clip=True)
        .encode(x="x:Q", y=height, y2="y_hat:Q")
    )
    return (errors + line + dots).add_params(*parameters).properties(width=WIDTH, height=HEIGHT)


def _map(
    samples: Samples, w: torch.Tensor, b: torch.Tensor, parameters: Sequence[alt.Parameter]
) -> alt.LayerChart:
    fine_w = torch.linspace(w[0].item(), w[-1].item(), GRID, dtype=torch.float64)
    fine_b = torch.linspace(b[0].item(), b[-1].item(), GRID, dtype=torch.float64)
    lines = contour_map(fine_w, fine_b, line_cost(samples, fine_w, fine_b[:, None]))
    here = (
        alt.Chart(rows(place=[0]))
        .transform_calculate(w="w", b="b")
        .mark_point(filled=True, size=90, color=COLORS[1])
        .encode(x="w:Q", y="b:Q")
    )
    return (lines + here).add_params(*parameters).properties(width=WIDTH, height=HEIGHT)
