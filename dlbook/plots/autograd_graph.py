"""The graph that autograd recorded, as tables."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from torch import Tensor


def autograd_graph(
    result: Tensor, names: Mapping[str, Tensor] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes that ``result.backward()`` would visit, as tables for `graph` (chapter 05).

    Edges lead the way that the values went, from the leaves to the result; ``backward`` follows
    them in the opposite direction. Inputs that require no gradient are not part of the graph.

    Args:
        result: a tensor computed from one that requires grad.
        names: what to call some of the tensors, leaves or not.

    Returns:
        Nodes with the columns ``name``, ``label`` and ``kind`` (``"leaf"`` or ``"operation"``),
        and edges with the columns ``source`` and ``target``; a tensor that an operation uses
        twice has two edges to it.
    """
    found = _reachable(result.grad_fn)
    place = {node: f"node {index}" for index, node in enumerate(found)}
    nodes = [
        {"name": place[node], "label": _label(node, names or {}), "kind": _kind(node)}
        for node in found
    ]
    edges = [(place[before], place[node]) for node in found for before in _inputs(node)]
    return pd.DataFrame(nodes), pd.DataFrame(edges, columns=["source", "target"])


def _reachable(last: Any) -> list[Any]:
    """The nodes from the leaves to the last, each once and after all that it needs."""
    found: dict[Any, None] = {}
    waiting = [last]
    while waiting:
        node = waiting[-1]
        missing = [before for before in _inputs(node) if before not in found]
        if missing:
            waiting.append(missing[0])
        else:
            found[waiting.pop()] = None
    return list(found)


def _inputs(node: Any) -> list[Any]:
    return [before for before, _ in node.next_functions if before is not None]


def _kind(node: Any) -> str:
    return "leaf" if hasattr(node, "variable") else "operation"


def _label(node: Any, names: Mapping[str, Tensor]) -> str:
    """What stands in the box: a leaf's name, or the node's under the name of what it made."""
    leaf = getattr(node, "variable", None)
    for name, tensor in names.items():
        made_by: Any = tensor.grad_fn
        if tensor is leaf:
            return name
        if made_by is node:
            return f"{name}\n{node.name()}"
    return str(node.name()) if leaf is None else f"leaf {tuple(leaf.shape)}"
