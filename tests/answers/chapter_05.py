"""Answers to the exercises of chapter 05, gradients without algebra."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import grad


def fit(x: Tensor, y: Tensor, lr: float, steps: int, *, zero: bool = True) -> Tensor:
    w, b = (torch.tensor(0.0, requires_grad=True) for _ in range(2))
    for _ in range(steps):
        if zero:
            w.grad = b.grad = None
        ((x * w + b - y) ** 2).mean().backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return torch.stack((w, b))


def in_pieces(w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    for rows in torch.arange(len(x)).split(size):
        loss = ((x[rows] * w - y[rows]) ** 2).mean()
        (loss * len(rows) / len(x)).backward()
    return w.grad


def mean_of_means(w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    pieces = torch.arange(len(x)).split(size)
    for rows in pieces:
        (((x[rows] * w - y[rows]) ** 2).mean() / len(pieces)).backward()
    return w.grad


def leaves(result: Tensor) -> list[Tensor]:
    found: dict[Tensor, None] = {}

    def visit(node: Any) -> None:
        if hasattr(node, "variable"):
            found[node.variable] = None
        for before, _ in node.next_functions:
            if before is not None:
                visit(before)

    visit(result.grad_fn)
    return list(found)


def every_path(result: Tensor) -> list[Tensor]:
    def visit(node: Any) -> list[Tensor]:
        if node is None:
            return []
        own = [node.variable] if hasattr(node, "variable") else []
        return own + [leaf for before, _ in node.next_functions for leaf in visit(before)]

    return visit(result.grad_fn)


RIGHT: dict[str, Any] = {
    "5.1": grad((w := torch.tensor(2.0, requires_grad=True)) ** w, w)[0],
    "5.2": 36,
    "5.3": lambda n, scale: torch.normal(0.0, scale, (n,), requires_grad=True),
    "5.4": fit,
    "5.5": in_pieces,
    "5.6": leaves,
    "5.7": 3 / 14 * (1 - math.cos(math.pi / 6)),
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("5.7", 3 / 14 * (1 - math.cos(5 * math.pi / 6))),
]

WRONG: list[tuple[str, Any, str]] = [
    ("5.1", 4.0, "constant exponent"),  # w · w^(w−1), as if the exponent were a constant
    ("5.2", 12, "one pass"),
    ("5.1", 4 * math.log(2), "constant base"),
    ("5.1", 6.0, "both uses"),
    ("5.2", 24, "Three slopes add up"),
    ("5.2", 8, "Gradients add up"),
    ("5.3", lambda n, scale: torch.randn(n, requires_grad=True) * scale, "no leaf"),
    ("5.3", lambda n, scale: torch.randn(n) * scale, "does not require"),
    ("5.3", lambda n, scale: torch.randn(n, requires_grad=True), "Multiply by the scale"),
    ("5.3", lambda n, scale: torch.randn(n, n, requires_grad=True), "shape"),
    ("5.4", lambda x, y, lr, steps: fit(x, y, lr, steps, zero=False), "removed before each"),
    ("5.4", lambda x, y, lr, steps: fit(x, y, -lr, steps), "against the gradient"),
    ("5.4", lambda x, y, lr, steps: fit(x, y, lr * len(x), steps), "not the sum"),
    ("5.4", lambda x, y, lr, steps: fit(x, y, lr, steps).flip(0), "w comes first"),
    ("5.4", lambda x, y, lr, steps: fit(x, y, lr, steps + 1), "Each step: forget"),
    ("5.5", mean_of_means, "count the same"),
    ("5.5", lambda w, x, y, size: in_pieces(w, x, y, len(x)), "keeps 11 numbers"),
    ("5.6", every_path, "twice"),
    ("5.6", lambda result: [result], "exactly w, the leaves themselves"),
    ("5.6", lambda result: result.grad_fn, "list of tensors"),
    ("5.7", 3 / 14 * (1 - math.cos(math.pi / 3)), "already at step 6"),
    ("5.7", 0.01, "a whole number of turns"),
    ("5.7", 0.5, "does not swing"),
    (
        "5.5",
        lambda w, x, y, size: (2 * x * (w.detach() * x - y)).mean(),
        "Call backward() for each piece",
    ),
]
