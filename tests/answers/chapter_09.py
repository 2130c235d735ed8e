"""Answers to the exercises of chapter 09, the standard PyTorch loop."""

from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim import Optimizer


def five_steps(
    model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor
) -> float:
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def without_zero_grad(
    model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def zeroed_too_late(
    model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def loss_as_tensor(
    model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor
) -> Tensor:
    five_steps(model, criterion, optimizer, x, y)
    return criterion(model(x), y)


def no_step(model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    return loss.item()


def loss_after_the_step(
    model: nn.Module, criterion: Any, optimizer: Optimizer, x: Tensor, y: Tensor
) -> float:
    five_steps(model, criterion, optimizer, x, y)
    return criterion(model(x), y).item()


class OneTensor(nn.Module):
    """Right: the three knobs are one parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = nn.Parameter(torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        return self.knobs[0] * x**2 + self.knobs[1] * x + self.knobs[2]


class DoubleTensor(OneTensor):
    """Right: in float64."""

    def __init__(self) -> None:
        super().__init__()
        self.double()


class Unregistered(nn.Module):
    """Wrong: the optimizer does not see the knobs."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = torch.zeros(3, requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.knobs[0] * x**2 + self.knobs[1] * x + self.knobs[2]


class OnlyALine(OneTensor):
    """Wrong: nothing is squared."""

    def forward(self, x: Tensor) -> Tensor:
        return self.knobs[0] * x + self.knobs[1] * x + self.knobs[2]


class RandomStart(OneTensor):
    """Wrong: the knobs do not start at zero."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs = nn.Parameter(torch.ones(3))


class OfShapeOne(nn.Module):
    """Wrong: its parameters add an axis to an input that has none."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = (nn.Parameter(torch.zeros(1)) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return self.a * x**2 + self.b * x + self.c


def aliased(model: nn.Module, optimizer: Optimizer) -> dict[str, Any]:
    return {"model": model.state_dict(), "optimizer": optimizer.state_dict()}


def copied(model: nn.Module, optimizer: Optimizer) -> dict[str, Any]:
    state = optimizer.state_dict()
    memory = {
        key: {name: value.clone() for name, value in entry.items()}
        for key, entry in state["state"].items()
    }
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    return {"model": weights, "optimizer": {**state, "state": memory}}


def triples(epochs: pd.DataFrame) -> list[tuple[str, float, int]]:
    parts = [name for name in ("train_loss", "val_loss") if name in epochs]
    return [
        (f"loss/{part.removesuffix('_loss')}", float(epochs[part][i]), int(epochs["epoch"][i]))
        for i in range(len(epochs))
        for part in parts
    ]


def one_tag_after_the_other(epochs: pd.DataFrame) -> list[tuple[str, float, int]]:
    return sorted(triples(epochs), key=lambda triple: triple[0])


some_tuple: Any = (1, 2)  # as when a notebook already has something under the name `end`


RIGHT: dict[str, Any] = {
    "9.1": 18,
    "9.2": five_steps,
    "9.3": OneTensor,
    "9.4": lambda target: lambda end: bool(end.scores["train_loss"] < target),
    "9.5": copied,
    "9.6": triples,
    "9.7": 2403,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("9.2", lambda *arguments: np.float32(five_steps(*arguments))),
    ("9.3", DoubleTensor),
    ("9.4", lambda target: lambda end: True if end.scores["train_loss"] < target else None),
    ("9.6", lambda epochs: [(tag, np.float64(v), np.int64(i)) for tag, v, i in triples(epochs)]),
    ("9.6", lambda epochs: [list(triple) for triple in triples(epochs)]),
]

WRONG: list[tuple[str, Any, str]] = [
    ("9.1", 15, "biases"),
    ("9.1", 8, "is not right"),
    ("9.2", without_zero_grad, "not forgotten"),
    ("9.2", loss_as_tensor, "item()"),
    ("9.2", no_step, "It has not moved"),
    ("9.2", loss_after_the_step, "the loss after the step"),
    ("9.3", Unregistered, "finds 0 numbers"),
    ("9.3", OnlyALine, "keeps a loss"),
    ("9.3", OfShapeOne, "should have the shape (), got (1,)"),
    ("9.3", RandomStart, "start at zero"),
    ("9.3", lambda: 3, "nn.Module"),
    ("9.4", lambda target: lambda end: end.scores["train_loss"] > target, "should return"),
    ("9.4", lambda target: lambda end: end.scores["train_loss"] <= target, "is not below it"),
    ("9.4", lambda target: True, "should return a function"),
    ("9.5", aliased, "copies"),
    ("9.5", lambda model, optimizer: model.state_dict(), "keys"),
    ("9.6", one_tag_after_the_other, "come in order"),
    ("9.6", lambda epochs: epochs.to_dict("records"), "list of triples"),
    (
        "9.6",
        lambda epochs: triples(epochs.drop(columns="val_loss", errors="ignore")),
        "4 triples",
    ),
    ("9.7", 1000, "is not right"),
    ("9.7", 3160, "Only a part of it"),
    ("9.2", zeroed_too_late, "the weight after epoch 1 should be 0.1"),
    ("9.3", OneTensor(), "a class is expected"),
    ("9.4", lambda target: some_tuple.scores["train_loss"] < target, "a function of end"),
    ("9.5", aliased, "should be 0.397583"),
    ("9.6", lambda epochs: [triple[:2] for triple in triples(epochs)], "got [("),
]
