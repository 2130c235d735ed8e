"""A cost of two parameters: as contour lines with paths on them, and as a surface."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from torch import Tensor

from dlbook.plots.style import COLORS, INK, axes_or_new

LEVELS = 16
MARKERS = "os^Dv*"
LINES: dict[str, Any] = {"norm": LogNorm(), "linewidths": 0.8, "alpha": 0.8}


def contour(
    w: Tensor,
    b: Tensor,
    cost: Tensor,
    *,
    paths: pd.DataFrame | None = None,
    path_columns: tuple[str, str] = ("w", "b"),
    labels: tuple[str, str] = ("w", "b"),
    minimum: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> None:
    """Contour lines of a cost, their levels spaced logarithmically, with descent paths on top.

    Args:
        w: values on the horizontal axis, shape (n,).
        b: values on the vertical axis, shape (m,).
        cost: the cost at each pair, shape (m, n): rows belong to b.
        paths: a trace table; one path per value of its column ``lr``.
        path_columns: the table's columns for the horizontal and the vertical axis.
        labels: names of the two axes.
        minimum: a point to mark with a cross.
        ax: axes to draw on; a new figure when ``None``.
    """
    w, b, cost = on_grid(w, b, cost)
    height = cost - cost.min()
    positive = height[height > 0]
    ax = axes_or_new(ax)
    levels = torch.logspace(
        torch.log10(positive.quantile(0.005)).item(), torch.log10(positive.max()).item(), LEVELS
    )
    ax.contour(w, b, height.clamp(min=levels[0].item() / 2), levels=levels.tolist(), **LINES)
    if minimum is not None:
        ax.plot(*minimum, "x", color=INK, markersize=9, markeredgewidth=2, label="minimum")
    if paths is not None:
        _draw_paths(paths, path_columns, ax)
    ax.set(
        xlim=(w[0].item(), w[-1].item()),
        ylim=(b[0].item(), b[-1].item()),
        xlabel=labels[0],
        ylabel=labels[1],
    )
    if minimum is not None or paths is not None:
        ax.legend()


def _draw_paths(paths: pd.DataFrame, columns: tuple[str, str], ax: Axes) -> None:
    for index, (lr, run) in enumerate(paths.groupby("lr", sort=False)):
        ax.plot(
            run[columns[0]],
            run[columns[1]],
            marker=MARKERS[index % len(MARKERS)],
            color=COLORS[index % len(COLORS)],
            markersize=3.5,
            linewidth=1.2,
            linestyle="-",
            label=f"learning rate {lr:g}",
        )


def surface(w: Tensor, b: Tensor, cost: Tensor) -> None:
    """A cost of two parameters as a surface in space (chapter 03).

    Args:
        w: values on the first axis, shape (n,).
        b: values on the second axis, shape (m,).
        cost: the cost at each pair, shape (m, n): rows belong to b.

    Raises:
        ValueError: the shapes do not fit, or an axis does not rise.
    """
    w, b, cost = on_grid(w, b, cost)
    figure = plt.figure(figsize=(5.6, 4.4))
    ax: Any = figure.add_subplot(projection="3d")
    grid_b, grid_w = torch.meshgrid(b, w, indexing="ij")
    ax.plot_surface(
        grid_w.numpy(), grid_b.numpy(), cost.numpy(), cmap="viridis", alpha=0.9, linewidth=0
    )
    ax.set(xlabel="w", ylabel="b", zlabel="cost")
    ax.view_init(elev=28, azim=-125)


def on_grid(*values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Both axes, shapes (n,) and (m,), and the cost, (m, n), as what matplotlib can draw."""
    w, b, cost = (value.detach().double().cpu() for value in values)
    return w, b, cost
