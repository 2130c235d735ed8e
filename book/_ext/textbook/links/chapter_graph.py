"""The graph of chapters: which needs which, and where each stands on the map.

A graph is a dictionary from a chapter to the chapters that it needs, all of which are keys too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

import networkx as nx

Graph = Mapping[str, Iterable[str]]


def directed(graph: Graph) -> nx.DiGraph:
    """Return the graph with an edge from each chapter to those that need it."""
    made = nx.DiGraph((need, chapter) for chapter, needs in graph.items() for need in needs)
    made.add_nodes_from(graph)
    return made


def with_all_before(graph: Graph, chapters: Iterable[str]) -> list[str]:
    """Return these chapters and all that they need, directly or not, sorted."""
    goals = set(chapters)
    return sorted(goals.union(*(nx.ancestors(directed(graph), goal) for goal in goals)))


@dataclass(frozen=True, order=True)
class Bend:
    """Where the line from one chapter to another passes a row in between."""

    start: str
    end: str
    row: int


Stop = str | Bend


def lines(graph: Graph) -> list[list[Stop]]:
    """Return the stops of each line: two chapters and the bends between.

    A need that follows from other ones has no line.
    """
    row_of = {chapter: row for row, each in enumerate(_generations(graph)) for chapter in each}
    return [
        [start, *(Bend(start, end, row) for row in range(row_of[start] + 1, row_of[end])), end]
        for start, end in nx.transitive_reduction(directed(graph)).edges
    ]


def _generations(graph: Graph) -> list[list[str]]:
    """Return the chapters row by row; a row needs only what stands above it."""
    return [sorted(each) for each in nx.topological_generations(directed(graph))]


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
    found: list[list[Stop]] = [list(each) for each in _generations(graph)]
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
