"""Drawn graphs: edges lead to the right, nodes do not collide, and mistakes are named."""

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlbook import plots

EXAMPLE = (
    pd.DataFrame({"name": ["a", "b", "1", "c", "d", "e"]}),
    pd.DataFrame({"source": list("abb1cd"), "target": list("ccddee")}),
)


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A random graph whose edges lead from smaller to larger numbers, its nodes shuffled."""
    names = [str(i) for i in range(draw(st.integers(1, 9)))]
    pairs = [(s, t) for j, t in enumerate(names) for s in names[:j]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    order = draw(st.permutations(names))
    return pd.DataFrame({"name": order}), pd.DataFrame(chosen, columns=["source", "target"])


@given(acyclic())
def test_every_edge_leads_to_the_right_and_nothing_meets(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    nodes, edges = tables
    placed, routes = plots.layered(nodes, edges)
    x = placed.set_index("name")["x"]
    assert (x[edges["target"]].to_numpy() > x[edges["source"]].to_numpy()).all()
    assert placed["name"].tolist() == nodes["name"].tolist()
    oracle = nx.DiGraph(list(edges.itertuples(index=False)))
    oracle.add_nodes_from(nodes["name"])
    assert x.max() == nx.dag_longest_path_length(oracle)
    standing = list(zip(placed["x"], placed["y"], strict=True))
    bends = [corner for route in routes for corner in route[1:-1]]
    assert len(set(standing + bends)) == len(standing) + len(bends)
    for route, source, target in zip(routes, edges["source"], edges["target"], strict=True):
        assert [corner[0] for corner in route] == list(range(x[source], x[target] + 1))


def test_an_input_stands_right_before_its_first_use() -> None:
    nodes = pd.DataFrame({"name": ["x", "w", "b", "product", "sum"]})
    edges = pd.DataFrame(
        {"source": ["x", "w", "product", "b"], "target": ["product"] * 2 + ["sum"] * 2}
    )
    assert plots.layered(nodes, edges)[0]["x"].tolist() == [0, 0, 1, 1, 2]


def test_layers_of_a_small_graph() -> None:
    placed, _ = plots.layered(*EXAMPLE)
    assert placed["x"].tolist() == [0, 0, 0, 1, 1, 2]
    assert placed["y"].tolist() == [1, 0, -1, 0.5, -0.5, 0]


def test_boxes_arrows_and_labels_are_drawn() -> None:
    nodes, edges = EXAMPLE
    nodes = nodes.assign(label=nodes["name"], kind=["input"] * 3 + ["operation"] * 3)
    plots.graph(nodes, edges.assign(label=[str(i) for i in range(6)]))
    ax = plt.gca()
    assert [text.get_text() for text in ax.texts] == [*nodes["label"], *"012345"]
    assert len(ax.patches) == len(edges)
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.texts] == ["input", "operation"]
    plt.close()


def test_a_cycle_is_named() -> None:
    edges = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"]})
    with pytest.raises(ValueError, match="'a' lies on one"):
        plots.layered(pd.DataFrame({"name": ["a", "b"]}), edges)
