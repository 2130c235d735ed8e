"""Curves: a cost against its parameter, steps on it, and quantities over time."""

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from dlbook.plots.style import COLORS, INK, axes_or_new
from dlbook.training import History

CURVE_POINTS = 401
CURVE_OF: dict[str, dict[str, Any]] = {
    "train": {"marker": "o", "color": COLORS[0], "linestyle": "-"},
    "val": {"marker": "s", "color": COLORS[1], "linestyle": "--"},
}


def cost_curve(
    w: Tensor,
    cost: Tensor,
    *,
    xlabel: str = "w",
    ylabel: str = "cost",
    ax: Axes | None = None,
) -> None:
    """Cost against one parameter, with the smallest value marked (chapter 03).

    Args:
        w: values of the parameter, shape (n,).
        cost: the cost of each, shape (n,).
        xlabel: name of the parameter, with its unit.
        ylabel: name of the cost.
        ax: axes to draw on; a new figure when ``None``.
    """
    w, cost = (value.detach().double().cpu() for value in (w, cost))
    ax = axes_or_new(ax)
    ax.plot(w, cost)
    best = int(cost.argmin())
    ax.plot(w[best], cost[best], "o", color=COLORS[1], label=f"smallest at {w[best]:.4g}")
    ax.legend()
    ax.set(xlabel=xlabel, ylabel=ylabel)


def steps_on_curve(
    cost: Callable[[Tensor], Tensor],
    domain: tuple[float, float],
    trace: pd.DataFrame,
    *,
    title: str = "",
    ax: Axes | None = None,
) -> None:
    """The steps of a descent on the curve of a cost of one parameter (chapter 04).

    Args:
        cost: maps points of shape (n, 1) to costs of shape (n,).
        domain: the interval of w to draw; steps outside are cut off.
        trace: one run's rows of `dlbook.descent.descend`, with the columns ``w`` and ``cost``.
        title: above the figure.
        ax: axes to draw on; a new figure when ``None``.
    """
    w = torch.linspace(*domain, CURVE_POINTS, dtype=torch.float64)
    curve = cost(w[:, None]).detach().double().cpu()
    ax = axes_or_new(ax)
    ax.plot(w, curve, color=INK, linewidth=1.2)
    ax.plot(trace["w"], trace["cost"], "o-", color=COLORS[1], markersize=4, linewidth=0.9)
    margin = 0.08 * float(curve.max() - curve.min())
    ax.set(
        xlim=domain,
        ylim=(float(curve.min()) - margin, float(curve.max()) + margin),
        xlabel="w",
        ylabel="cost",
        title=title,
    )


def training_curves(history: History) -> None:
    """Loss, and accuracy when there is one, over the epochs of a run (chapters 09 and 17).

    Args:
        history: what `dlbook.training.fit` returned.
    """
    table = history.epochs
    panels = {"loss": [name for name in ("train_loss", "val_loss") if name in table]}
    if "val_accuracy" in table:
        panels["accuracy"] = ["val_accuracy"]
    _, axes = plt.subplots(1, len(panels), squeeze=False)
    for ax, (quantity, names) in zip(axes.flat, panels.items(), strict=True):
        for name in names:
            part = name.split("_")[0]
            ax.plot(table["epoch"], table[name], **CURVE_OF[part], label=part)
        ax.set(xlabel="epoch", ylabel=quantity)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend()
