"""The graph of chapters: which needs which, and where each stands on the map.

A graph is a dictionary from a chapter to the chapters that it needs, all of which are keys too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

Graph = Mapping[str, Iterable[str]]


def with_all_before(graph: Graph, chapters: Iterable[str]) -> list[str]:
    """Return these chapters and all that they need, directly or not, sorted."""
    found: set[str] = set()
    waiting = list(chapters)
    while waiting:
        chapter = waiting.pop()
        if chapter not in found:
            found.add(chapter)
            waiting += graph[chapter]
    return sorted(found)


def reduced(graph: Graph) -> dict[str, list[str]]:
    """Return the graph without the needs that follow from others: its transitive reduction."""
    return {
        chapter: sorted(set(needs) - _implied(graph, needs)) for chapter, needs in graph.items()
    }


def _implied(graph: Graph, needs: Iterable[str]) -> set[str]:
    return {far for near in needs for far in with_all_before(graph, graph[near])}


def depths(graph: Graph) -> dict[str, int]:
    """Return the length of the longest way that leads to each chapter."""
    found: dict[str, int] = {}
    for chapter in sorted(graph, key=lambda each: len(with_all_before(graph, [each]))):
        found[chapter] = 1 + max((found[need] for need in graph[chapter]), default=-1)
    return found


@dataclass(frozen=True, order=True)
class Bend:
    """Where the line from one chapter to another passes a row in between."""

    start: str
    end: str
    row: int


Stop = str | Bend


def lines(graph: Graph) -> list[list[Stop]]:
    """Return the stops of each line of the reduced graph: two chapters and the bends between."""
    depth = depths(graph)
    return [
        [start, *(Bend(start, end, row) for row in range(depth[start] + 1, depth[end])), end]
        for end, needs in reduced(graph).items()
        for start in needs
    ]


def rows(graph: Graph, sweeps: int = 8) -> list[list[Stop]]:
    """Return the stops of each row, ordered so that few lines cross.

    Each sweep sorts the rows by the mean place of a stop's neighbors in the row above or below.
    """
    found = _unordered_rows(graph)
    links = [pair for line in lines(graph) for pair in pairwise(line)]
    above: dict[Stop, list[Stop]] = {}
    below: dict[Stop, list[Stop]] = {}
    for upper, lower in links:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    for sweep in range(sweeps):
        neighbors, order = (above, found) if sweep % 2 == 0 else (below, found[::-1])
        for fixed, row in pairwise(order):
            _sort(row, fixed, neighbors)
    return found


def _unordered_rows(graph: Graph) -> list[list[Stop]]:
    depth = depths(graph)
    found: list[list[Stop]] = [[] for _ in range(max(depth.values()) + 1)]
    for chapter in sorted(graph):
        found[depth[chapter]].append(chapter)
    for bend in sorted({stop for line in lines(graph) for stop in line if isinstance(stop, Bend)}):
        found[bend.row].append(bend)
    return found


def _sort(row: list[Stop], fixed: list[Stop], neighbors: Mapping[Stop, list[Stop]]) -> None:
    """Sort a row by the mean place of the neighbors in the fixed row, from −0.5 to 0.5."""
    place = {stop: (i + 0.5) / len(fixed) - 0.5 for i, stop in enumerate(fixed)}

    def mean_place(stop: Stop) -> float:
        places = [place[neighbor] for neighbor in neighbors.get(stop, ())]
        return fmean(places) if places else 0.0

    row.sort(key=mean_place)
