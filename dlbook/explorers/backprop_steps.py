"""Backpropagation told step by step: what is known, what has arrived, and a sentence."""

import math
from dataclasses import dataclass
from enum import IntEnum

import pandas as pd

from dlbook.explorers.digits import few_digits, written

TOLERANCE = 1e-9


class Work(IntEnum):
    """What a node or an edge does during a step."""

    REST = 0
    FORWARD = 1
    BACKWARD = 2


@dataclass(frozen=True)
class Step:
    """One step of the story of a graph.

    Attributes:
        work: whether values go forward or gradients backward.
        active: the node that computes its value or passes its gradient on; "" for none.
        carries: whether the edges that lead to the active node are in use.
        known: the nodes that have a value.
        arrived: for each node that has a gradient, the contributions that it is the sum of.
        sentence: the step in words.
    """

    work: Work
    active: str
    carries: bool
    known: frozenset[str]
    arrived: dict[str, tuple[float, ...]]
    sentence: str


def story(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[Step]:
    """The steps of a graph: its inputs, each operation, then backward from the result (chapter 07).

    Args:
        nodes: a row per node, each after those that it needs and the result last: ``name``,
            ``formula``, ``value`` and ``grad``, the derivative of the result with respect to it.
        edges: a row per edge: ``source``, ``target`` and ``slope``, the local derivative.

    Raises:
        ValueError: a gradient is not the sum over the node's edges of slope times gradient.
    """
    steps = _forward(nodes, edges)
    steps += _backward(nodes, edges)
    for name, grad in zip(nodes["name"], nodes["grad"], strict=True):
        total = sum(steps[-1].arrived.get(name, ()))
        if not math.isclose(total, grad, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            raise ValueError(
                f"grad of {name!r} must be the sum over its edges of slope times gradient, "
                f"{total:g}, got {grad:g}"
            )
    return steps


def short(number: float) -> str:
    """Three significant digits, with a real minus sign."""
    return written(few_digits(float(number), 3), "g")


def as_sum(parts: tuple[float, ...]) -> str:
    """A sum written out, for example ``2 + 3 = 5``; a single part stands alone."""
    total = short(sum(parts))
    if len(parts) < 2:
        return total
    terms = " + ".join(short(part) if part >= 0 else f"({short(part)})" for part in parts)
    return f"{terms} = {total}"


def _forward(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[Step]:
    value = dict(zip(nodes["name"], nodes["value"], strict=True))
    formula = dict(zip(nodes["name"], nodes["formula"], strict=True))
    inputs = [name for name in value if name not in set(edges["target"])]
    given = ", ".join(f"{name} = {short(value[name])}" for name in inputs)
    first = f"The inputs are given: {given}."
    steps = [Step(Work.FORWARD, "", False, frozenset(inputs), {}, first)]
    for name in value:
        if name not in inputs:
            sentence = f"Forward: {formula[name]} = {short(value[name])}."
            steps.append(Step(Work.FORWARD, name, True, steps[-1].known | {name}, {}, sentence))
    return steps


def _backward(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[Step]:
    known, end = frozenset(nodes["name"]), str(nodes["name"].iloc[-1])
    arrived: dict[str, tuple[float, ...]] = {end: (1.0,)}
    begin = f"Backward begins at the end: the derivative of {end} by {end} is 1."
    steps = [Step(Work.BACKWARD, end, False, known, dict(arrived), begin)]
    for name in reversed(nodes["name"].tolist()):
        gradient, parts = sum(arrived.get(name, ())), []
        for edge in edges[edges["target"] == name].to_dict("records"):
            source, sent = edge["source"], gradient * edge["slope"]
            arrived[source] = (*arrived.get(source, ()), sent)
            product = f"{short(gradient)} × {short(edge['slope'])} = {short(sent)}"
            total = f", in all {as_sum(arrived[source])}" if len(arrived[source]) > 1 else ""
            parts.append(f"{source} gets {product}{total}")
        if parts:
            sentence = f"Backward: {name} passes its gradient on; {'; '.join(parts)}."
            steps.append(Step(Work.BACKWARD, name, True, known, dict(arrived), sentence))
    return steps
