"""The graph that autograd recorded: as many nodes and edges as the formula has."""

import matplotlib.pyplot as plt
import torch

from dlbook import plots


def test_the_loss_of_one_sample() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    u = torch.tensor(2.0) * w
    loss = (u - 4) ** 2
    nodes, edges = plots.autograd_graph(loss, {"w": w, "u": u})
    assert nodes["label"].tolist() == ["w", "u\nMulBackward0", "SubBackward0", "PowBackward0"]
    assert nodes["kind"].tolist() == ["leaf"] + 3 * ["operation"]
    assert edges.values.tolist() == [
        ["node 0", "node 1"], ["node 1", "node 2"], ["node 2", "node 3"],
    ]  # fmt: skip


def test_a_tensor_used_twice_is_one_node_with_two_edges() -> None:
    w = torch.ones(3, requires_grad=True)
    nodes, edges = plots.autograd_graph((w * w).sum())
    assert nodes["label"].tolist() == ["leaf (3,)", "MulBackward0", "SumBackward0"]
    assert edges["source"].tolist() == ["node 0", "node 0", "node 1"]


def test_only_what_requires_grad_is_part_of_it() -> None:
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    nodes, _ = plots.autograd_graph(a @ b.detach())
    assert (nodes["kind"] == "leaf").sum() == 1


def test_a_long_chain_is_no_problem() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    total = w
    for _ in range(3000):
        total = total + w
    nodes, edges = plots.autograd_graph(total)
    assert (len(nodes), len(edges)) == (3001, 6000)


def test_it_can_be_drawn() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    plots.graph(*plots.autograd_graph((2 * w - 4) ** 2 + w))
    assert next(text.get_text() for text in plt.gca().texts) == "leaf ()"
    plt.close()
