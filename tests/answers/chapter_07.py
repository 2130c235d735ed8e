"""Answers to the exercises of chapter 07, the chain rule, organized."""

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Edges = list[tuple[str, str, float]]


def by_paths(order: list[str], edges: Edges) -> dict[str, float]:
    """The sum over all paths to the end, by recursion."""

    def to_end(name: str) -> float:
        if name == order[-1]:
            return 1.0
        return math.fsum(slope * to_end(t) for source, t, slope in edges if source == name)

    return {name: to_end(name) for name in order}


def assigning(order: list[str], edges: Edges) -> dict[str, float]:
    grads = dict.fromkeys(order, 0.0) | {order[-1]: 1.0}
    for name in reversed(order):
        for source, target, slope in edges:
            if target == name:
                grads[source] = slope * grads[name]
    return grads


def in_order_of_edges(order: list[str], edges: Edges) -> dict[str, float]:
    grads = dict.fromkeys(order, 0.0) | {order[-1]: 1.0}
    for source, target, slope in edges[::-1]:
        grads[source] += slope * grads[target]
    return grads


def stable(z: float) -> tuple[float, float]:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z))), 0.5 * (1 + math.tanh(z / 2))


def pairwise_layer(
    weight: Callable[[Tensor, Tensor], Tensor],
) -> Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]:
    return lambda W1, b1, W2, b2: (weight(W1, W2), b1 @ W2.T + b2)


RIGHT: dict[str, Any] = {
    "7.1": torch.tensor(3 + 2 * 4 + 1),
    "7.2": stable,
    "7.3": torch.tensor([1, -2, 1]),
    "7.4": pairwise_layer(lambda W1, W2: torch.einsum("oh,hi->oi", W2, W1)),
    "7.5": by_paths,
    "7.6": 1.42,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("7.2", lambda z: (math.log1p(math.exp(-abs(z))) + z * (z > 0), 0.5 + 0.5 * math.tanh(z / 2))),
    ("7.2", lambda z: (F.softplus(torch.tensor(z)), torch.sigmoid(torch.tensor(z)))),
]

WRONG: list[tuple[str, Any, str]] = [
    ("7.1", 5, "one of the two paths"),
    ("7.1", 35, "paths add up"),
    ("7.1", 9, "Multiply along each"),
    ("7.2", lambda z: math.log1p(math.exp(z)), "a pair"),
    ("7.2", lambda z: (stable(z)[0], 1 - stable(z)[1]), "ever steeper"),
    ("7.2", lambda z: (stable(z)[0], stable(z)[1] * (1 - stable(z)[1])), "of the sigmoid"),
    ("7.2", lambda z: (stable(z)[0], math.exp(min(z, 0.0))), "by the chain rule"),
    ("7.2", lambda z: (max(z, 0.0), float(z > 0)), "the result of"),
    ("7.3", torch.tensor([1.0, -1.0, 0.0]), "slopes of the pieces"),
    ("7.3", torch.tensor([0.0, 1.0, 0.0]), "heights at the corners"),
    ("7.3", torch.tensor([1.0, -2.0, 0.0]), "change of slope at its corner"),
    ("7.3", [1.0, -2.0, 1.0], "a tensor of shape (3,) is expected"),
    ("7.4", lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1), "what becomes of b1, and of b2"),
    ("7.4", lambda W1, b1, W2, b2: (W2 @ W1, b2), "what becomes of b1, and of b2"),
    ("7.4", lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), "raised"),
    ("7.4", lambda W1, b1, W2, b2: ((W1.T @ W2.T), W2 @ b1 + b2), "shape"),
    ("7.4", lambda W1, b1, W2, b2: W2 @ W1, "a pair"),
    ("7.5", assigning, "the gradient of 'b' in"),
    ("7.5", assigning, "add with +="),
    ("7.5", in_order_of_edges, "start at the end"),
    ("7.5", lambda order, edges: [0.0 for _ in order], "a dictionary"),
    ("7.6", 2.0, "squared length grows"),
    ("7.6", 1.0, "Run it"),
    ("7.6", 1.35, "Run it"),
    ("7.6", 1.48, "Run it"),
    ("7.6", 0.7071, "what a layer leaves"),
    (
        "7.2",
        lambda z: (math.log1p(math.exp(z)), 1 / (1 + math.exp(-z))),
        "softplus(1000) raised OverflowError: math range error A number became too large",
    ),
]
