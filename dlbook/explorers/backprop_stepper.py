"""Explorer: backpropagation through a drawn graph, one node at a time."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from dlbook.explorers.backprop_steps import Step, Work, as_sum, short, story
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK, WIDTH
from dlbook.plots.graph import layered
from dlbook.plots.style import COLORS, QUIET

Graph = tuple[pd.DataFrame, pd.DataFrame]
Point = tuple[float, float]

HEIGHT = 200
RADIUS, ARROW, ROW, MARGIN, LINE = 16, 7, 96, 34, 26  # pixels
COLUMNS = {"formula": 6, "value": 86, "gradient": 130}  # pixels from the left
THIN, THICK = 1.2, 3
READING_SECONDS = 1.6  # for the sentence of a step
COLOR_OF = {Work.REST: QUIET, Work.FORWARD: COLORS[0], Work.BACKWARD: COLORS[1]}

X = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH]))
Y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, HEIGHT]))


LOOK = {
    "color": alt.Color(
        "work:N",
        scale=alt.Scale(domain=[int(work) for work in COLOR_OF], range=list(COLOR_OF.values())),
        legend=None,
    ),
    "strokeWidth": alt.condition("datum.work > 0", alt.value(THICK), alt.value(THIN)),
}


def backprop_stepper(graphs: Mapping[str, Graph], *, caption: str) -> Explorer:
    """Values appear from left to right, then gradients from right to left (chapter 07).

    Args:
        graphs: for each name in the menu, the nodes and the edges of a graph, as
            `dlbook.explorers.backprop_steps.story` takes them. All graphs have the same number of
            operations, so that one slider serves them all.
        caption: below the figure.

    Raises:
        ValueError: the numbers of steps differ, or as `story` raises.
    """
    stories = {title: story(*graph) for title, graph in graphs.items()}
    counts = {title: len(steps) for title, steps in stories.items()}
    if len(set(counts.values())) != 1:
        raise ValueError(f"graphs must all have the same number of steps, got {counts}")
    titles, last = list(stories), next(iter(counts.values())) - 1
    parameters = [alt.param(name=name, value=0) for name in ("graph", "step")]
    charts = (_drawing(graphs, stories), _ledger(graphs, stories))
    return Explorer(
        [
            Menu("graph", "graph", range(len(titles)), 0, say=titles.__getitem__),
            Slider(
                "step",
                "step",
                range(last + 1),
                0,
                say=lambda step: f"{step} of {last}",
                play=True,
                pace=READING_SECONDS,
            ),
        ],
        lambda graph, step: {"told": graph * (last + 1) + step},
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        caption=caption,
        alt_text="First: the chosen computational graph, inputs on the left and the result on the "
        "right. Values stand above the nodes, gradients below them, local derivatives at the "
        "edges; the node at work and its edges are drawn thick. Second: a table of the nodes with "
        "their formulas, values, and gradients as sums of what arrived along the edges.",
        sentence="{told}",
        phrases={"told": [step.sentence for steps in stories.values() for step in steps]},
    )


def _drawing(graphs: Mapping[str, Graph], stories: Mapping[str, list[Step]]) -> alt.LayerChart:
    circles: list[dict[str, Any]] = []
    arrows: list[dict[str, Any]] = []
    for graph, (title, (nodes, edges)) in enumerate(graphs.items()):
        places, routes = _places(nodes, edges)
        steps = stories[title]
        circles += [
            {"graph": graph, "x": places[node["name"]][0], "y": places[node["name"]][1]}
            | _node_columns(node, steps)
            for node in nodes.to_dict("records")
        ]
        arrows += [
            {"graph": graph, "edge": number} | _geometry(route) | _edge_columns(edge, steps)
            for number, (edge, route) in enumerate(
                zip(edges.to_dict("records"), routes, strict=True)
            )
        ]
    return alt.LayerChart(layer=[*_edge_layers(arrows), *_node_layers(circles)])


def _node_columns(node: dict[Any, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """What a node shows at every step."""
    name = node["name"]
    return {
        "name": name,
        "works": [int(step.work if step.active == name else Work.REST) for step in steps],
        "values": [short(node["value"]) if name in step.known else "" for step in steps],
        "sums": [
            as_sum(step.arrived.get(name, ())) if name in step.arrived else "" for step in steps
        ],
        "grads": [short(sum(step.arrived[name])) if name in step.arrived else "" for step in steps],
    }


def _edge_columns(edge: dict[Any, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """How an edge is used at every step, and its local derivative from its first use backward."""
    used = [step.carries and step.active == edge["target"] for step in steps]
    works = [int(step.work if use else Work.REST) for step, use in zip(steps, used, strict=True)]
    first = works.index(Work.BACKWARD)
    slope = f"×{short(edge['slope'])}"
    return {"works": works, "slopes": ["" if n < first else slope for n in range(len(works))]}


def _places(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[dict[str, Point], list[list[Point]]]:
    """Pixels of every node, and of the corners of every edge."""
    placed, routes = layered(nodes, edges)
    across = (WIDTH - 2 * MARGIN) / max(placed["x"].max(), 1)

    def pixels(place: Point) -> Point:
        return round(MARGIN + across * place[0]), round(HEIGHT / 2 + ROW * place[1])

    columns = zip(placed["name"], placed["x"], placed["y"], strict=True)
    return {name: pixels((x, y)) for name, x, y in columns}, [
        [pixels(corner) for corner in route] for route in routes
    ]


def _geometry(route: list[Point]) -> dict[str, Any]:
    """An edge's corners, an arrowhead at either end, and where its label stands."""
    middle = (len(route) - 1) // 2
    (x0, y0), (x1, y1) = route[middle : middle + 2]
    aside = 12 / math.hypot(x1 - x0, y1 - y0)
    ahead, back = _arrowhead(route), _arrowhead(route[::-1])
    corners = [back[:2], *route[1:-1], ahead[:2]]
    return {
        "xs": [x for x, _ in corners],
        "ys": [y for _, y in corners],
        "ahead": ahead,
        "back": back,
        "label": [
            round((x0 + x1) / 2 - aside * (y1 - y0)),
            round((y0 + y1) / 2 + aside * (x1 - x0)),
        ],
    }


def _arrowhead(route: list[Point]) -> list[float]:
    """Place and angle of an arrowhead at the end of a route, outside the node's circle."""
    (x0, y0), (x1, y1) = route[-2:]
    share = (RADIUS + ARROW) / math.hypot(x1 - x0, y1 - y0)
    angle = math.degrees(math.atan2(x1 - x0, y1 - y0))
    return [round(x1 - share * (x1 - x0)), round(y1 - share * (y1 - y0)), round(angle)]


def _chosen(table: list[dict[str, Any]], **fields: str) -> alt.Chart:
    """The rows of the chosen graph, with some of their arrays read at the chosen step."""
    return (
        alt.Chart(alt.Data(values=table))
        .transform_filter("datum.graph == graph")
        .transform_calculate(**fields)
    )


def _edge_layers(arrows: list[dict[str, Any]]) -> list[alt.Chart]:
    work = "datum.works[step]"
    lines = (
        _chosen(arrows, work=work)
        .transform_flatten(["xs", "ys"], ["x", "y"])
        .mark_line()
        .encode(x=X, y=Y, detail="edge:Q", **LOOK)
    )
    end = f"({work} == {int(Work.BACKWARD)} ? datum.back : datum.ahead)"
    heads = (
        _chosen(arrows, work=work, x=f"{end}[0]", y=f"{end}[1]", angle=f"{end}[2]")
        .mark_point(shape="triangle", filled=True, size=70)
        .encode(x=X, y=Y, angle=alt.Angle("angle:Q", scale=None), color=LOOK["color"])
    )
    slopes = (
        _chosen(arrows, x="datum.label[0]", y="datum.label[1]", slope="datum.slopes[step]")
        .mark_text()
        .encode(x=X, y=Y, text="slope:N")
    )
    return [lines, heads, slopes]


def _node_layers(circles: list[dict[str, Any]]) -> list[alt.Chart]:
    chart = _chosen(
        circles, work="datum.works[step]", value="datum.values[step]", grad="datum.grads[step]"
    )
    disks = chart.mark_point(
        shape="circle", size=math.pi * RADIUS**2, fill=QUIET, fillOpacity=0.18
    ).encode(x=X, y=Y, **LOOK)
    names = chart.mark_text(fontSize=13, fontStyle="italic").encode(x=X, y=Y, text="name:N")
    values = chart.mark_text(dy=-RADIUS - 9, fontSize=12).encode(x=X, y=Y, text="value:N")
    gradients = chart.mark_text(dy=RADIUS + 11, fontSize=12, fontWeight="bold").encode(
        x=X, y=Y, text="grad:N"
    )
    return [disks, names, values, gradients]


def _ledger(graphs: Mapping[str, Graph], stories: Mapping[str, list[Step]]) -> alt.LayerChart:
    """A table of formulas, values and gradients, the row of the active node shaded."""
    table = [
        {"graph": graph, "formula": node["formula"], "x": 0, "x2": WIDTH, "y": HEIGHT - LINE * row}
        | _node_columns(node, stories[title])
        for graph, (title, (nodes, _)) in enumerate(graphs.items())
        for row, node in enumerate(nodes.to_dict("records"), start=2)
    ]
    chart = _chosen(
        table, work="datum.works[step]", value="datum.values[step]", gradient="datum.sums[step]"
    )
    bars = (
        chart.transform_filter("datum.work > 0")
        .mark_rule(strokeWidth=LINE - 4, opacity=0.25)
        .encode(x=X, x2="x2:Q", y=Y, color=LOOK["color"])
    )
    cells = [
        chart.mark_text(align="left", fontSize=12).encode(
            x=alt.value(pixels), y=Y, text=f"{column}:N"
        )
        for column, pixels in COLUMNS.items()
    ]
    titles = [{"title": column, "x": x, "y": HEIGHT - LINE} for column, x in COLUMNS.items()]
    header = (
        alt.Chart(alt.Data(values=titles))
        .mark_text(align="left", fontWeight="bold", color=INK)
        .encode(x=X, y=Y, text="title:N")
    )
    return alt.LayerChart(layer=[bars, *cells, header])
