"""Contour lines of a cost as a chart."""

from typing import cast

import altair as alt
import numpy as np
from contourpy import ContourGenerator, contour_generator
from matplotlib.path import Path
from numpy.typing import NDArray
from torch import Tensor

from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.tables import few_digits
from dlbook.plots.contours import on_grid

LEVELS = 12
TOLERANCE = 0.3  # pixels


def contour_map(w: Tensor, b: Tensor, cost: Tensor) -> alt.Chart:
    """Lines of equal cost, at levels spaced logarithmically above the smallest cost.

    Args:
        w: values on the horizontal axis, shape (n,).
        b: values on the vertical axis, shape (m,).
        cost: the cost at each pair, shape (m, n): rows belong to b.

    Raises:
        ValueError: the shapes do not fit, an axis does not rise, or the cost is the same
            everywhere.
    """
    return (
        alt.Chart(_contour_lines(w, b, cost))
        .transform_window(line="row_number()")
        .transform_flatten(["w", "b"])
        .transform_window(order="row_number()")
        .mark_line(strokeWidth=1, opacity=0.75)
        .encode(
            x=alt.X("w:Q", scale=alt.Scale(domain=[w[0].item(), w[-1].item()])),
            y=alt.Y("b:Q", scale=alt.Scale(domain=[b[0].item(), b[-1].item()])),
            color=alt.Color("level:Q", scale=alt.Scale(scheme="viridis"), legend=None),
            detail="line:N",
            order="order:Q",
        )
    )


def _contour_lines(w: Tensor, b: Tensor, cost: Tensor) -> alt.Data:
    """One row per line: ``level`` from 0 (low) to 1 (high), arrays ``w`` and ``b``."""
    w, b, cost = on_grid(w, b, cost)
    height = (cost - cost.min()).numpy()
    if not height.any():
        raise ValueError("cost must take different values to have contour lines")
    low, high = np.quantile(height[height > 0], (0.01, 1.0))
    generator = contour_generator(w.numpy(), b.numpy(), height)
    levels = np.geomspace(low, high, LEVELS, endpoint=False)
    corner = np.array([w[0].item(), b[0].item()])
    pixel = (np.array([w[-1].item(), b[-1].item()]) - corner) / (WIDTH, HEIGHT)
    rows = [
        {
            "level": round(index / (LEVELS - 1), 2),
            "w": [few_digits(v, 3) for v in line[:, 0].tolist()],
            "b": [few_digits(v, 3) for v in line[:, 1].tolist()],
        }
        for index, level in enumerate(levels)
        for line in (_simpler(line, corner, pixel) for line in _lines(generator, level))
    ]
    return alt.Data(values=rows)


def _lines(generator: ContourGenerator, level: float) -> "list[NDArray[np.float64]]":
    # The return type depends on the generator's line type; the default gives one array per line.
    return cast("list[NDArray[np.float64]]", generator.lines(level))


def _simpler(
    line: NDArray[np.float64], corner: NDArray[np.float64], pixel: NDArray[np.float64]
) -> NDArray[np.float64]:
    return corner + simplified((line - corner) / pixel) * pixel


def simplified(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """A line (points, 2) in pixels, with fewer points that tell no difference to the eye."""
    path = Path(line)
    path.simplify_threshold = TOLERANCE
    cleaned = path.cleaned(simplify=True)
    return np.asarray(cleaned.vertices)[cleaned.codes != Path.STOP]
