"""Answers to the exercises of chapter 06, when inputs and outputs are vectors."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.func import grad

F = Callable[[Tensor], Tensor]


def jacobian_by_backward(f: F, x: Tensor) -> Tensor:
    x = x.detach().clone().requires_grad_()
    y, rows = f(x), []
    for output in y:
        x.grad = None
        output.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


def jacobian_of_many_runs(f: F, x: Tensor) -> Tensor:
    x = x.detach()
    leaves = [x.clone().requires_grad_() for _ in range(len(f(x)))]
    for i, leaf in enumerate(leaves):
        f(leaf)[i].backward()
    return torch.stack([leaf.grad for leaf in leaves])


def jacobian_that_writes_grad(f: F, x: Tensor) -> Tensor:
    y, rows = f(x), []
    for output in y:
        x.grad = None
        output.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


def curvature(f: F, x: Tensor, rounds: int) -> Tensor:
    h = torch.linspace(0.3, 1.0, len(x), dtype=x.dtype)
    for _ in range(rounds):
        unit = h / h.norm()
        h = grad(lambda x, unit=unit: grad(f)(x) @ unit)(x)
    return h.norm()


RIGHT: dict[str, Any] = {
    "6.1": [4, 5],
    "6.2": lambda r, t: torch.tensor(
        [[math.cos(t), -r * math.sin(t)], [math.sin(t), r * math.cos(t)]]
    ),
    "6.3": lambda W, x, v: (v[:, None] * x, W.T @ v, v.clone()),
    "6.4": jacobian_by_backward,
    "6.5": lambda x, v: v / x.norm() - x * (x @ v) / x.norm() ** 3,
    "6.6": lambda f, x: 2 / curvature(f, x, 200),
}

WRONG: list[tuple[str, Any, str]] = [
    ("6.1", (5, 4), "denominator layout"),
    ("6.1", (3, 3), "is not right"),
    ("6.1", 20, "a pair"),
    (
        "6.2",
        lambda r, t: torch.tensor(
            [[math.cos(t), math.sin(t)], [-r * math.sin(t), r * math.cos(t)]]
        ),
        "transposed",
    ),
    (
        "6.2",
        lambda r, t: torch.tensor([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]]),
        "first row",
    ),
    ("6.3", lambda W, x, v: (torch.outer(x, v), v @ W, v), "part by W"),
    ("6.3", lambda W, x, v: (torch.outer(v, x), W.sum(dim=0), v), "part by x"),
    ("6.3", lambda W, x, v: (torch.outer(v, x), v @ W, torch.ones_like(v)), "part by b"),
    ("6.3", lambda W, x, v: torch.outer(v, x), "three tensors"),
    ("6.4", lambda f, x: jacobian_by_backward(f, x).T, "shape should be"),
    ("6.4", jacobian_of_many_runs, "one is enough"),
    ("6.4", jacobian_that_writes_grad, "x.grad was written"),
    ("6.5", lambda x, v: v / x.norm(), "is not right"),
    ("6.5", lambda x, v: (v - (v @ x) * x) / x.norm(), "is not right"),
    ("6.6", lambda f, x: curvature(f, x, 200), "looks like a curvature"),
    ("6.6", lambda f, x: 2 / curvature(f, x, 3), "is not right"),
]
