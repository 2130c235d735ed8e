"""A computational graph, drawn in layers from its inputs on the left to its output on the right."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Text

from dlbook.plots.style import COLORS, INK, QUIET

LAYER_INCHES, ROW_INCHES = 1.7, 0.95
SWEEPS = 4
ABOVE_ARROWS = 5  # a zorder
LEGEND: dict[str, Any] = {"fontsize": "small", "columnspacing": 1.2, "handlelength": 1.4}

Route = list[tuple[float, float]]


def layered(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, list[Route]]:
    """Places for the nodes of an acyclic graph, such that every edge leads to the right.

    A node stands one layer behind the last of its predecessors; a node without any stands right
    before its first use. Within a layer, nodes stand near what they are joined to. An edge that
    skips layers has a corner in each of them, so that it runs through no node.

    Args:
        nodes: a row per node with the column ``name``, a text.
        edges: a row per edge with the columns ``source`` and ``target``, names of nodes.

    Returns:
        The nodes with two more columns, ``x``, the layer from 0, and ``y``, the place in it, one
        apart and growing upward; and for every edge its corners (x, y), from source to target.

    Raises:
        ValueError: there is a cycle.
    """
    names: list[str] = nodes["name"].tolist()
    pairs = list(zip(edges["source"], edges["target"], strict=True))
    layer = _layers(names, pairs)
    routes = [
        [source, *(f"{number}/{x}" for x in range(layer[source] + 1, layer[target])), target]
        for number, (source, target) in enumerate(pairs)
    ]
    bends = {corner: int(corner.split("/")[1]) for route in routes for corner in route[1:-1]}
    layer |= bends
    y = _heights(layer, [pair for route in routes for pair in pairwise(route)])
    placed = nodes.assign(x=[layer[name] for name in names], y=[y[name] for name in names])
    return placed, [[(layer[corner], y[corner]) for corner in route] for route in routes]


def graph(nodes: pd.DataFrame, edges: pd.DataFrame, *, ax: Axes | None = None) -> None:
    """A computational graph as boxes and arrows (chapters 05 and 07).

    Args:
        nodes: a row per node: ``name``, ``label`` (text, may have several lines), and if wanted
            ``kind``, named in a legend and shown by color.
        edges: a row per edge: ``source``, ``target``, and if wanted ``label``.
        ax: axes to draw on; a new figure, sized for the graph, when ``None``.

    Raises:
        ValueError: there is a cycle.
    """
    placed, routes = layered(nodes, edges)
    right = placed["x"].max()
    top = max(abs(y) for y in [*placed["y"], *(y for route in routes for _, y in route)])
    if ax is None:
        _, ax = plt.subplots(figsize=(LAYER_INCHES * (right + 1), ROW_INCHES * (2 * top + 1)))
    colors = _colors(placed)
    boxes = {
        node["name"]: _box(ax, node, colors.get(node.get("kind", "")))
        for node in placed.to_dict("records")
    }
    for edge, route in zip(edges.to_dict("records"), routes, strict=True):
        _arrow(ax, route, boxes[edge["source"]], boxes[edge["target"]])
        _label(ax, route, str(edge.get("label", "")))
    ax.set(xlim=(-0.5, right + 0.5), ylim=(-top - 0.5, top + 0.5))
    ax.axis("off")
    if len(colors) > 1:
        keys = [Patch(facecolor=c, edgecolor=QUIET, label=kind) for kind, c in colors.items()]
        ax.figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), **LEGEND)


def _layers(names: list[str], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """The layer of every node: the longest way that leads to it, or right before its first use."""
    before, after = _neighbors(names, pairs)
    layer: dict[str, int] = {}
    waiting = names
    while waiting:
        ready = [name for name in waiting if all(source in layer for source in before[name])]
        if not ready:
            raise ValueError(f"edges must not form a cycle, but {waiting[0]!r} lies on one")
        layer |= {name: max((layer[s] + 1 for s in before[name]), default=0) for name in ready}
        waiting = [name for name in waiting if name not in ready]
    inputs = [name for name in names if not before[name] and after[name]]
    return layer | {name: min(layer[target] for target in after[name]) - 1 for name in inputs}


def _heights(layer: dict[str, int], pairs: list[tuple[str, str]]) -> dict[str, float]:
    """The place of every node within its layer; the places of a layer are centered on 0."""
    before, after = _neighbors(list(layer), pairs)
    columns = [[n for n in layer if layer[n] == x] for x in range(max(layer.values()) + 1)]
    y = {name: height for column in columns for name, height in _spread(column)}
    for sweep in range(SWEEPS):
        neighbors, order = (before, columns) if sweep % 2 == 0 else (after, columns[::-1])
        for column in order:
            # Sorting by the mean height of the neighbors keeps edges short and mostly uncrossed.
            column.sort(key=lambda name: -_mean((y[n] for n in neighbors[name]), y[name]))
            y |= dict(_spread(column))
    return y


def _neighbors(
    names: list[str], pairs: list[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For every node, those with an edge to it, and those with an edge from it."""
    before: dict[str, list[str]] = {name: [] for name in names}
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in pairs:
        before[target].append(source)
        after[source].append(target)
    return before, after


def _spread(column: list[str]) -> list[tuple[str, float]]:
    return [(name, (len(column) - 1) / 2 - index) for index, name in enumerate(column)]


def _mean(values: Iterable[float], default: float) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else default


def _colors(nodes: pd.DataFrame) -> dict[str, Any]:
    """A pale color for every kind of node, in the order of their first appearance."""
    kinds = nodes["kind"].unique().tolist() if "kind" in nodes else []
    return {
        kind: tuple(0.75 + 0.25 * part for part in to_rgb(COLORS[index % len(COLORS)]))
        for index, kind in enumerate(kinds)
    }


def _box(ax: Axes, node: dict[Any, Any], color: Any) -> Text:
    look = {"boxstyle": "round,pad=0.45", "facecolor": color or "white", "edgecolor": QUIET}
    return ax.text(
        node["x"], node["y"], node["label"], ha="center", va="center", color=INK, bbox=look
    )


def _arrow(ax: Axes, route: Route, source: Text, target: Text) -> None:
    """A line through the corners of a route, from the border of one box to that of another."""
    for number, (here, there) in enumerate(pairwise(route), start=2):
        ends = {"patchB": target.get_bbox_patch()} if number == len(route) else {"shrinkB": 0}
        begins = {"patchA": source.get_bbox_patch()} if number == 2 else {"shrinkA": 0}
        look: dict[str, Any] = {**begins, **ends, "color": QUIET, "mutation_scale": 11}
        style = "-|>" if number == len(route) else "-"
        # Drawn after the boxes, when their sizes are known.
        zorder = source.get_zorder() + 1
        ax.add_patch(FancyArrowPatch(here, there, arrowstyle=style, zorder=zorder, **look))


def _label(ax: Axes, route: Route, label: str) -> None:
    """A text in the middle of a route."""
    if not label:
        return
    (x0, y0), (x1, y1) = route[(len(route) - 1) // 2], route[len(route) // 2]
    white = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "fontsize": "small"}
    ax.text((x0 + x1) / 2, (y0 + y1) / 2, label, bbox=white, zorder=ABOVE_ARROWS, **look)
