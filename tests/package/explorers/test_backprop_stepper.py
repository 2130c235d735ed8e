"""The steps that the backpropagation explorer tells, checked against torch and by hand."""

import pandas as pd
import pytest
import torch

from dlbook import explorers
from dlbook.explorers.backprop_steps import Work, as_sum, short, story

NODES = ["name", "formula", "value", "grad"]
EDGES = ["source", "target", "slope"]


def graph() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes and edges of e = (a + b)(b + 1) at a = 2, b = 1, with torch's gradients."""
    a, b = (torch.tensor(x, requires_grad=True) for x in (2.0, 1.0))
    c, d = a + b, b + 1
    e = c * d
    values = {"a": a, "b": b, "c": c, "d": d, "e": e}
    grads = torch.autograd.grad(e, list(values.values()))
    formulas = ["a", "b", "c = a + b", "d = b + 1", "e = c · d"]
    rows = [
        (name, formula, value.item(), grad.item())
        for (name, value), formula, grad in zip(values.items(), formulas, grads, strict=True)
    ]
    edges = [
        ("a", "c", 1),
        ("b", "c", 1),
        ("b", "d", 1),
        ("c", "e", d.item()),
        ("d", "e", c.item()),
    ]
    return pd.DataFrame(rows, columns=NODES), pd.DataFrame(edges, columns=EDGES)


def test_every_node_works_once_forward_and_once_backward() -> None:
    steps = story(*graph())
    assert [(step.work, step.active) for step in steps] == [
        (Work.FORWARD, ""),
        *((Work.FORWARD, name) for name in "cde"),
        (Work.BACKWARD, "e"),
        *((Work.BACKWARD, name) for name in "edc"),
    ]
    assert [len(step.known) for step in steps] == [2, 3, 4, 5, 5, 5, 5, 5]


def test_contributions_arrive_one_by_one() -> None:
    steps = story(*graph())
    assert [step.arrived.get("b", ()) for step in steps[4:]] == [(), (), (3.0,), (3.0, 2.0)]
    assert steps[-1].sentence == (
        "Backward: c passes its gradient on; a gets 2 × 1 = 2; b gets 2 × 1 = 2, in all 3 + 2 = 5."
    )


def test_numbers_are_short() -> None:
    assert short(-0.123456) == "−0.123"
    assert as_sum((2.0,)) == "2"
    assert as_sum((2.0, -0.5)) == "2 + (−0.5) = 1.5"


def test_a_wrong_gradient_is_refused() -> None:
    nodes, edges = graph()
    nodes.loc[1, "grad"] = 3.0
    with pytest.raises(ValueError, match="grad of 'b' must be the sum"):
        story(nodes, edges)


def test_graphs_must_have_equally_many_steps() -> None:
    nodes = pd.DataFrame([("x", "x", 3.0, 2.0), ("y", "y = 2x", 6.0, 1.0)], columns=NODES)
    edges = pd.DataFrame([("x", "y", 2.0)], columns=EDGES)
    with pytest.raises(ValueError, match="same number of steps"):
        explorers.backprop_stepper({"e": graph(), "y": (nodes, edges)}, caption="Stepper.")
