"""Answers to the exercises of chapter 20, faster and larger."""

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def norms_by_loop(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    norms = []
    for i in range(len(y)):
        model.zero_grad()
        F.cross_entropy(model(x[i : i + 1]), y[i : i + 1]).backward()
        norms.append(torch.stack([p.grad.norm() for p in model.parameters()]).norm())
    return torch.stack(norms)


def dealt(n: int, rank: int, world_size: int, epoch: int) -> Tensor:
    order = torch.randperm(n, generator=torch.Generator().manual_seed(100 + epoch))
    return order.tensor_split(world_size)[rank]


def padded(n: int, rank: int, world_size: int, epoch: int) -> Tensor:
    order = torch.randperm(n, generator=torch.Generator().manual_seed(epoch))
    return torch.cat((order, order[: -n % world_size]))[rank::world_size]


def unsteady(n: int, rank: int, world_size: int, epoch: int) -> Tensor:
    if rank == 0:
        order[:] = torch.randperm(n).tolist()
    return torch.tensor(order)[rank::world_size]


order: list[int] = []


RIGHT: dict[str, Any] = {
    "20.1": 1 / (1 - 0.6 + 0.12),
    "20.2": lambda n, name: n * {"SGD": 8, "momentum": 12, "Adam": 16}[name],
    "20.3": lambda sizes, batch: sum(
        (4 if i == 0 else 6) * batch * a * b for i, (a, b) in enumerate(pairwise(sizes))
    ),
    "20.4": lambda gradients, counts: (gradients * counts[:, None]).sum(0) / counts.sum(),
    "20.5": dealt,
    "20.6": norms_by_loop,
}

WRONG: list[tuple[str, Any, str]] = [
    ("20.1", 5, "0.4 s stay"),
    ("20.1", 0.4 + 0.6 / 5, "invert"),
    ("20.2", lambda n, name: n * {"SGD": 4, "momentum": 8, "Adam": 12}[name], "gradients"),
    ("20.2", lambda n, name: 8 * n, "not right"),
    ("20.2", lambda n, name: 2 * n, "not right"),
    ("20.3", lambda sizes, batch: 6 * batch * sum(a * b for a, b in pairwise(sizes)), "input"),
    ("20.3", lambda sizes, batch: 2 * batch * sum(a * b for a, b in pairwise(sizes)), "not right"),
    ("20.4", lambda gradients, counts: gradients.mean(0), "plain mean"),
    ("20.4", lambda gradients, counts: gradients.sum(0), "not right"),
    ("20.4", lambda gradients, counts: counts @ gradients, "not right"),
    ("20.5", lambda n, rank, size, epoch: torch.randperm(n)[rank::size], "exactly once"),
    ("20.5", unsteady, "seeded"),
    ("20.5", padded, "exactly once"),
    ("20.5", lambda n, rank, size, epoch: torch.arange(n)[rank::size], "same order"),
    ("20.5", lambda n, rank, size, epoch: dealt(n, rank, size, 0), "same order"),
    ("20.5", lambda n, rank, size, epoch: dealt(n, rank, size, epoch).tolist(), "tensor"),
    (
        "20.5",
        lambda n, rank, size, epoch: torch.arange(n).roll(epoch).tensor_split(size)[rank].sort()[0],
        "old order",
    ),
    ("20.5", lambda n, rank, size, epoch: dealt(n, min(rank, 1), 2, epoch), "exactly once"),
    ("20.6", lambda model, x, y: norms_by_loop(model, x, y) / len(y), "a sixth"),
    ("20.6", lambda model, x, y: norms_by_loop(model, x, y).sum(), "shape"),
    ("20.6", lambda model, x, y: F.cross_entropy(model(x), y, reduction="none"), "one vector"),
]
