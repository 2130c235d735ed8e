"""Contour lines of a cost as a chart."""

from typing import Any, cast

import altair as alt
import numpy as np
from contourpy import ContourGenerator, contour_generator
from matplotlib.path import Path
from numpy.typing import NDArray
from torch import Tensor

from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.plots.contours import on_grid

LEVELS = 12
# The middle of viridis: its ends are lost on a dark page and on a light one. The domain is given,
# for the lines of a map that is not chosen may be gone.
LEVEL_COLORS = alt.Scale(scheme=alt.SchemeParams(name="viridis", extent=[0.35, 0.8]), domain=[0, 1])
TOLERANCE = 0.3  # pixels
ONE_PIXEL = 4  # the size at which Vega draws a path of one's own in pixels


def contour_map(
    w: Tensor,
    b: Tensor,
    cost: Tensor,
    *,
    height: int = HEIGHT,
) -> alt.Chart:
    """Lines of equal cost, at levels spaced logarithmically above the smallest cost.

    All lines of a level are one mark, a path in pixels: Vega draws a dozen of them in no time,
    where thousands of points would keep a reader waiting who changes the map.

    Args:
        w: values on the horizontal axis, shape (n,).
        b: values on the vertical axis, shape (m,).
        cost: the cost at each pair, shape (m, n): rows belong to b.
        height: of the chart, in pixels; its width is that of all charts.
    """
    w, b, cost = on_grid(w, b, cost)
    x, y = (
        channel(
            datum=(axis[0].item() + axis[-1].item()) / 2,
            type="quantitative",
            title=title,
            scale=alt.Scale(domain=[axis[0].item(), axis[-1].item()]),
        )
        for channel, axis, title in ((alt.XDatum, w, "w"), (alt.YDatum, b, "b"))
    )
    return (
        alt.Chart(alt.Data(values=_contour_lines(w, b, cost, height)))
        .mark_point(filled=False, strokeWidth=1, opacity=0.9, size=ONE_PIXEL)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("lines:N", scale=None),
            color=alt.Color("level:Q", scale=LEVEL_COLORS, legend=None),
        )
        .properties(width=WIDTH, height=height)
    )


def _contour_lines(w: Tensor, b: Tensor, cost: Tensor, height: int) -> list[dict[str, Any]]:
    """For each ``level`` from 0 (low) to 1 (high) its ``lines``: an SVG path from the middle."""
    above = (cost - cost.min()).numpy()
    low, high = np.quantile(above[above > 0], (0.01, 1.0))
    across, down = _pixels(w, WIDTH), -_pixels(b, height)
    generator = contour_generator(across, down, above)
    levels = np.geomspace(low, high, LEVELS, endpoint=False)
    return [
        {"level": round(index / (LEVELS - 1), 2), "lines": "".join(map(_path, lines))}
        for index, level in enumerate(levels)
        if (lines := _lines(generator, level))
    ]


def _pixels(axis: Tensor, length: int) -> "NDArray[np.float64]":
    """Where the values of an axis stand, in pixels from its middle."""
    share = (axis - axis[0]) / (axis[-1] - axis[0])
    return np.asarray((share - 0.5) * length)


def _path(line: "NDArray[np.float64]") -> str:
    places = [f"{x:.1f},{y:.1f}" for x, y in simplified(line)]
    return f"M{'L'.join(places)}"


def _lines(generator: ContourGenerator, level: float) -> "list[NDArray[np.float64]]":
    # The return type depends on the generator's line type; the default gives one array per line.
    return cast("list[NDArray[np.float64]]", generator.lines(level))


def simplified(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """A line (points, 2) in pixels, with fewer points that tell no difference to the eye."""
    path = Path(line)
    path.simplify_threshold = TOLERANCE
    cleaned = path.cleaned(simplify=True)
    return np.asarray(cleaned.vertices)[cleaned.codes != Path.STOP]
