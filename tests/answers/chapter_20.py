"""Answers to the exercises of chapter 20, faster and larger."""

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def by_part(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """The lengths of the gradients by each weight and bias, a row for each sample."""
    rows = []
    for i in range(len(y)):
        model.zero_grad()
        F.cross_entropy(model(x[i : i + 1]), y[i : i + 1]).backward()
        rows.append([p.grad.norm().item() for p in model.parameters() if p.grad is not None])
    return torch.tensor(rows)


def norms_by_loop(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    norms: Tensor = by_part(model, x, y).norm(dim=1)
    return norms


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
    ("20.1", 0.4 + 0.6 / 5, "is the time that is left"),
    ("20.1", 0.4 + 0.6 * 5, "multiplies the share"),
    ("20.1", 2.5, "is the limit"),
    ("20.1", 1.47, "the other 40 %"),
    ("20.1", 1.47059, "the other 40 %"),
    ("20.1", 3, "Add, then invert"),
    ("20.2", lambda n, name: n * {"SGD": 4, "momentum": 8, "Adam": 12}[name], "The gradients need"),
    ("20.2", lambda n, name: n * {"SGD": 4, "momentum": 8, "Adam": 12}[name], "should be 800."),
    ("20.2", lambda n, name: 8 * n, "The state needs room"),
    ("20.2", lambda n, name: n * {"SGD": 2, "momentum": 3, "Adam": 4}[name], "four bytes"),
    ("20.2", lambda n, name: n * {"SGD": 8, "momentum": 12, "Adam": 12}[name], "two numbers"),
    ("20.2", lambda n, name: 2 * n, "four bytes"),
    ("20.2", lambda n, name: n * {"SGD": 8, "momentum": 12, "Adam": 20}[name], "should be 1600."),
    ("20.3", lambda sizes, batch: 6 * batch * sum(a * b for a, b in pairwise(sizes)), "the input"),
    ("20.3", lambda sizes, batch: 2 * batch * sum(a * b for a, b in pairwise(sizes)), "forward"),
    ("20.3", lambda sizes, batch: 4 * batch * sum(a * b for a, b in pairwise(sizes)), "a single"),
    ("20.3", lambda sizes, batch: RIGHT["20.3"](sizes, batch) // 2, "two operations"),
    ("20.3", lambda sizes, batch: RIGHT["20.3"](sizes, 1), "one sample"),
    ("20.3", lambda sizes, batch: RIGHT["20.3"](sizes, batch) + sizes[-1], "should be 120."),
    ("20.4", lambda gradients, counts: gradients.mean(0), "plain mean"),
    ("20.4", lambda gradients, counts: gradients.sum(0), "adds the means up"),
    ("20.4", lambda gradients, counts: counts @ gradients, "the sum over all samples"),
    ("20.4", lambda gradients, counts: counts @ gradients / len(counts), "not by that of workers"),
    (
        "20.4",
        lambda gradients, counts: (gradients / counts[:, None]).sum(0),
        "should be [2.5, 3, -1]",
    ),
    ("20.5", lambda n, rank, size, epoch: torch.randperm(n)[rank::size], "exactly once"),
    ("20.5", lambda n, rank, size, epoch: dealt(n, rank, size, rank), "the same order"),
    ("20.5", lambda n, rank, size, epoch: dealt(n, rank, size, epoch)[: n // size], "drop no rest"),
    ("20.5", unsteady, "seeded"),
    ("20.5", padded, "repeat no sample"),
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
    ("20.6", lambda model, x, y: norms_by_loop(model, x, y) ** 2, "Take the root"),
    ("20.6", lambda model, x, y: by_part(model, x, y).sum(dim=1), "do not add up"),
    ("20.6", lambda model, x, y: by_part(model, x, y)[:, ::2].norm(dim=1), "The biases"),
    ("20.6", lambda model, x, y: norms_by_loop(model, x, y).sum(), "shape"),
    ("20.6", lambda model, x, y: F.cross_entropy(model(x), y, reduction="none"), "the losses"),
    ("20.6", lambda model, x, y: by_part(model, x, y).amax(dim=1), "one vector"),
]
