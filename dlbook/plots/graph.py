"""A computational graph, drawn in layers from its inputs on the left to its output on the right."""

from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Text

from dlbook.plots.style import COLORS, INK, QUIET

LAYER_INCHES, ROW_INCHES = 1.5, 0.95
SWEEPS = 4
LEGEND: dict[str, Any] = {"fontsize": "small", "columnspacing": 1.2, "handlelength": 1.4}


def layered(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    """Places for the nodes of an acyclic graph, such that every edge leads to the right.

    A node stands one layer behind the last of its predecessors; a node without any stands right
    before its first use. Within a layer, nodes stand near what they are joined to.

    Args:
        nodes: a row per node with the column ``name``.
        edges: a row per edge with the columns ``source`` and ``target``, names of nodes.

    Returns:
        The nodes with two more columns: ``x``, the layer from 0, and ``y``, the place in it, one
        apart and centered on 0, growing upward.

    Raises:
        ValueError: a column is missing, a name occurs twice, an edge names no node, or there is a
            cycle.
    """
    _require_graph(nodes, edges)
    names: list[str] = nodes["name"].tolist()
    before = {name: edges.loc[edges["target"] == name, "source"].tolist() for name in names}
    after = {name: edges.loc[edges["source"] == name, "target"].tolist() for name in names}
    layer = _layers(before, after)
    members = [[name for name in names if layer[name] == x] for x in range(max(layer.values()) + 1)]
    y = {name: height for column in members for name, height in _spread(column)}
    for sweep in range(SWEEPS):
        neighbors, order = (before, members) if sweep % 2 == 0 else (after, members[::-1])
        for column in order:
            # Sorting by the mean height of the neighbors keeps edges short and mostly uncrossed.
            column.sort(key=lambda name: -_mean((y[n] for n in neighbors[name]), y[name]))
            y |= dict(_spread(column))
    return nodes.assign(x=[layer[name] for name in names], y=[y[name] for name in names])


def graph(nodes: pd.DataFrame, edges: pd.DataFrame, *, ax: Axes | None = None) -> None:
    """A computational graph as boxes and arrows (chapters 05 and 07).

    Args:
        nodes: a row per node: ``name``, ``label`` (text, may have several lines), and if wanted
            ``kind``, named in a legend and shown by color.
        edges: a row per edge: ``source``, ``target``, and if wanted ``label``.
        ax: axes to draw on; a new figure, sized for the graph, when ``None``.

    Raises:
        ValueError: as `layered` raises, or the nodes have no labels.
    """
    _require_columns(nodes, "nodes", "label")
    placed = layered(nodes, edges)
    if ax is None:
        size = (LAYER_INCHES * (placed["x"].max() + 1), ROW_INCHES * (2 * placed["y"].max() + 1))
        _, ax = plt.subplots(figsize=size)
    colors = _colors(placed)
    boxes = {
        node["name"]: _box(ax, node, colors.get(node.get("kind", "")))
        for node in placed.to_dict("records")
    }
    for edge in edges.to_dict("records"):
        _arrow(ax, boxes[edge["source"]], boxes[edge["target"]], str(edge.get("label", "")))
    right, top = placed["x"].max(), placed["y"].max()
    ax.set(xlim=(-0.5, right + 0.5), ylim=(-top - 0.5, top + 0.5))
    ax.axis("off")
    if len(colors) > 1:
        keys = [Patch(facecolor=c, edgecolor=QUIET, label=kind) for kind, c in colors.items()]
        ax.figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), **LEGEND)


def _require_graph(nodes: pd.DataFrame, edges: pd.DataFrame) -> None:
    for table, title, columns in (
        (nodes, "nodes", ["name"]),
        (edges, "edges", ["source", "target"]),
    ):
        if missing := [column for column in columns if column not in table]:
            raise ValueError(
                f"{title} lacks the column {missing[0]!r}; it has {', '.join(table.columns)}"
            )
    if len(nodes) == 0 or nodes["name"].duplicated().any():
        raise ValueError("nodes must hold at least one row, and each name once")
    unknown = set(edges["source"]) | set(edges["target"])
    if unknown := unknown - set(nodes["name"]):
        raise ValueError(f"edges names {sorted(map(str, unknown))[0]!r}, which is no node")


def _require_columns(table: pd.DataFrame, title: str, *columns: str) -> None:
    if missing := [column for column in columns if column not in table]:
        raise ValueError(
            f"{title} lacks the column {missing[0]!r}; it has {', '.join(map(str, table))}"
        )


def _layers(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, int]:
    layer: dict[str, int] = {}
    waiting = list(before)
    while waiting:
        ready = [name for name in waiting if all(source in layer for source in before[name])]
        if not ready:
            raise ValueError(f"edges must not form a cycle, but {waiting[0]!r} lies on one")
        layer |= {name: max((layer[s] + 1 for s in before[name]), default=0) for name in ready}
        waiting = [name for name in waiting if name not in ready]
    inputs = [name for name in before if not before[name] and after[name]]
    return layer | {name: min(layer[target] for target in after[name]) - 1 for name in inputs}


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


def _arrow(ax: Axes, source: Text, target: Text, label: str) -> None:
    (x0, y0), (x1, y1) = source.get_position(), target.get_position()
    ax.add_patch(
        FancyArrowPatch(
            (x0, y0),
            (x1, y1),
            patchA=source.get_bbox_patch(),
            patchB=target.get_bbox_patch(),
            arrowstyle="-|>",
            mutation_scale=11,
            color=QUIET,
            zorder=source.get_zorder() + 1,  # drawn after the boxes, when their sizes are known
        )
    )
    if label:
        white = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        ax.text(
            *middle, label, ha="center", va="center", color=INK, fontsize="small", bbox=white,
            zorder=source.get_zorder() + 2,
        )  # fmt: skip
