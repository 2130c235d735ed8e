"""The map of chapters as an SVG picture: boxes with links, row below row, joined by lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from statistics import fmean
from textwrap import wrap

import numpy as np
from scipy.optimize import isotonic_regression

from textbook.links.chapter_graph import Bend, Graph, Stop, lines, rows

WIDTH, HEIGHT = 108, 54  # of a box; units are CSS pixels on a narrow phone
GAP, BEND = 10, 8  # between neighbors in a row; how much room a passing line needs
PITCH = HEIGHT + 26  # from row to row
_PULL = {str: 0.5, Bend: 1.0}  # of the neighbors; the rest is the middle's
LETTERS, LINE = 17, 14.5  # letters in a line of a box, height of a line


@dataclass(frozen=True)
class Chapter:
    """What a box says and where it leads."""

    title: str
    address: str


def drawing(graph: Graph, chapters: Mapping[str, Chapter]) -> str:
    """Return the SVG element of the map.

    Args:
        graph: the chapters that each chapter needs.
        chapters: number, title and address of each.
    """
    stops = rows(graph)
    x = _places(stops, lines(graph))
    left = min(at - _width(stop) / 2 for stop, at in x.items()) - 1
    right = max(at + _width(stop) / 2 for stop, at in x.items()) + 1
    y = {stop: row * PITCH + 1.0 for row, each in enumerate(stops) for stop in each}
    width, height = right - left, len(stops) * PITCH - PITCH + HEIGHT + 2
    paths = "".join(_path(line, x, y) for line in lines(graph))
    boxes = "".join(_box(chapters[name], x[name], y[name]) for name in sorted(graph))
    return (
        '<svg class="chapter-map" role="group" aria-label="Map of the chapters, also given as a'
        f' list below" viewBox="{left:.0f} 0 {width:.0f} {height}" width="{width:.0f}"'
        f' height="{height}"><defs><marker id="chapter-map-tip" viewBox="0 0 6 6" refX="6" refY="3"'
        ' markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>'
        f"{paths}{boxes}</svg>"
    )


def _width(stop: Stop) -> int:
    return BEND if isinstance(stop, Bend) else WIDTH


def _places(stops: Sequence[Sequence[Stop]], joined: Sequence[Sequence[Stop]]) -> dict[Stop, float]:
    """Return the middle of each stop: near its neighbors above and below, clear of those beside.

    Boxes are drawn to the middle as well, which keeps the map narrow.
    """
    neighbors: dict[Stop, list[Stop]] = {stop: [] for row in stops for stop in row}
    for line in joined:
        for upper, lower in pairwise(line):
            neighbors[upper].append(lower)
            neighbors[lower].append(upper)
    x: dict[Stop, float] = dict.fromkeys(neighbors, 0.0)
    for _ in range(60):
        for row in stops:
            wanted = [
                fmean([x[each] for each in neighbors[stop]] or [0.0]) * _PULL[type(stop)]
                for stop in row
            ]
            x.update(zip(row, _apart(row, wanted), strict=True))
    return x


def _apart(row: Sequence[Stop], wanted: Sequence[float]) -> list[float]:
    """Return the wanted places, moved as far apart as the stops are wide, in the same order."""
    steps = [(_width(one) + _width(other)) / 2 + GAP for one, other in pairwise(row)]
    offsets = np.cumsum([0.0, *steps])
    places: list[float] = (isotonic_regression(wanted - offsets).x + offsets).tolist()
    return places


def _path(line: Sequence[Stop], x: Mapping[Stop, float], y: Mapping[Stop, float]) -> str:
    """Return a line from the bottom of one box to the top of another, upright past each bend."""
    d = f"M{x[line[0]]:.1f} {y[line[0]] + HEIGHT:.0f}"
    for upper, lower in pairwise(line):
        start, end = y[upper] + HEIGHT, y[lower]
        middle = (start + end) / 2
        d += f"C{x[upper]:.1f} {middle:.0f} {x[lower]:.1f} {middle:.0f} {x[lower]:.1f} {end:.0f}"
        d += f"v{HEIGHT}" if isinstance(lower, Bend) else ""
    return f'<path d="{d}" marker-end="url(#chapter-map-tip)"/>'


def _box(chapter: Chapter, x: float, y: float) -> str:
    """Return a box that is a link, with the chapter's number and title in a few lines."""
    parts = wrap(chapter.title.replace(" · ", " ", 1), LETTERS)
    top = y + (HEIGHT - LINE * len(parts)) / 2 + 11
    spans = [
        f'<tspan x="{x:.1f}" y="{top + i * LINE:.1f}">{escape(part)}</tspan>'
        for i, part in enumerate(parts)
    ]
    number = escape(chapter.title.partition(" · ")[0])
    spans[0] = spans[0].replace(f">{number}", f'><tspan class="number">{number}</tspan>', 1)
    return (
        f'<a href="{escape(chapter.address)}">'
        f'<rect x="{x - WIDTH / 2:.1f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f"<text>{' '.join(spans)}</text></a>"
    )
