"""Answers to the exercises of chapter 06, when inputs and outputs are vectors."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
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


def rows_of_float32(f: F, x: Tensor) -> Tensor:
    y = f(x)
    units = torch.eye(len(y))
    return torch.stack([torch.autograd.grad(y, x, e, retain_graph=True)[0] for e in units])


def power_iteration(f: F, x: Tensor) -> Tensor:
    """From a random vector of the default dtype, with Hessian-vector products as in the chapter."""
    x, direction = x.detach().requires_grad_(), torch.randn(len(x))
    for _ in range(300):
        (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
        (stretched,) = torch.autograd.grad(gradient @ direction, x)
        direction = stretched / stretched.norm()
    return 2 / stretched.norm()


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

RIGHT_TOO: list[tuple[str, Any]] = [
    ("6.1", (np.int64(4), np.int64(5))),
    ("6.4", rows_of_float32),
    ("6.6", power_iteration),
]

WRONG: list[tuple[str, Any, str]] = [
    ("6.1", (5, 4), "denominator layout"),
    ("6.1", (3, 3), "is not right"),
    ("6.1", (3, 5), "f alone"),
    ("6.1", (4, 3), "g alone"),
    ("6.1", 20, "a pair"),
    (
        "6.2",
        lambda r, t: torch.tensor(
            [[math.cos(t), math.sin(t)], [-r * math.sin(t), r * math.cos(t)]]
        ),
        "transposed",
    ),
    ("6.2", lambda r, t: torch.eye(2), "first row"),
    (
        "6.2",
        lambda r, t: torch.tensor([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]]),
        "the factor r stays",
    ),
    ("6.3", lambda W, x, v: (torch.outer(x, v), v @ W, v), "part by W"),
    ("6.3", lambda W, x, v: (torch.outer(v, x), W.sum(dim=0), v), "row weighted by v"),
    ("6.3", lambda W, x, v: (torch.outer(v, x), v @ W, torch.ones_like(v)), "part by b"),
    ("6.3", lambda W, x, v: torch.outer(v, x), "three tensors"),
    ("6.4", lambda f, x: jacobian_by_backward(f, x).T, "should have the shape (2, 3)"),
    ("6.4", jacobian_of_many_runs, "one is enough"),
    ("6.4", jacobian_that_writes_grad, "x.grad was written"),
    ("6.5", lambda x, v: v / x.norm(), "is no constant"),
    ("6.5", lambda x, v: (v - (v @ x) * x) / x.norm(), "a vector of length 1"),
    ("6.5", lambda x, v: RIGHT["6.5"](x, v) * x.norm(), "the longer x is"),
    ("6.6", lambda f, x: curvature(f, x, 200), "looks like a curvature"),
    ("6.6", lambda f, x: 1 / curvature(f, x, 200), "is 1 / λmax"),
    ("6.6", lambda f, x: 2 / curvature(f, x, 3), "until it settles"),
]
