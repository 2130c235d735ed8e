"""Answers to the exercises of chapter 17, reading handwriting."""

from typing import Any

import torch
from torch import Tensor, nn

from dlbook.models import mlp


class Attentive(nn.Module):
    """Right: a softmax stands in the middle, where rows attend to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.enter, self.score, self.leave = (
            nn.Linear(28, 64),
            nn.Linear(64, 28),
            nn.Linear(1792, 10),
        )
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        rows = torch.relu(self.enter(x[:, 0]))
        mixed = self.softmax(self.score(rows)) @ rows
        return self.leave((rows + mixed).flatten(start_dim=1))


class SoftmaxInForward(nn.Module):
    """Wrong: the softmax is no layer."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.logits = mlp(sizes, seed=0)

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(x).softmax(dim=1)


last = nn.Linear(30, 10)
RIGHT: dict[str, Any] = {
    "17.1": 784 * 100 + 100 + 100 * 10 + 10,
    "17.2": lambda images, mean, std: ((images.float() / 255 - mean) / std)[:, None],
    "17.3": lambda logits, y: (logits.argmax(1) == y).float().mean().item(),
    "17.4": lambda confusion: confusion.diag() / confusion.sum(1),
    "17.5": lambda batch: torch.cat((torch.zeros_like(batch[..., :1]), batch[..., :-1]), dim=-1),
    "17.6": mlp([784, 32, 10], seed=1),
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("17.4", lambda confusion: [float(row[i] / row.sum()) for i, row in enumerate(confusion)]),
    ("17.6", Attentive()),
    (
        "17.6",
        nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.BatchNorm1d(30), nn.ReLU(), last).eval(),
    ),
]

WRONG: list[tuple[str, Any, str]] = [
    ("17.1", 784 * 100 + 100 * 10, "biases"),
    ("17.1", 784 + 100 + 10, "not right"),
    ("17.2", lambda images, mean, std: (images.float() / 255 - mean) / std, "shape"),
    ("17.2", lambda images, mean, std: ((images.float() - mean) / std)[:, None], "255"),
    ("17.2", lambda images, mean, std: ((images.double() / 255 - mean) / std)[:, None], "dtype"),
    ("17.3", lambda logits, y: (logits.argmax(1) == y).sum(), "is not right"),
    ("17.3", lambda logits, y: (logits.argmax(0) == y).float().mean(), "raised"),
    ("17.4", lambda confusion: confusion.diag() / confusion.sum(0), "is not right"),
    ("17.5", lambda batch: batch.roll(1, dims=-1), "zeros"),
    ("17.5", lambda batch: torch.nn.functional.pad(batch, (1, 0)), "shape"),
    ("17.6", mlp([784, 512, 10]), "60,000"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Softmax(dim=1)), "logits"),
    ("17.6", nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)), "raised"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Tanh(), nn.Hardtanh(-1e-9, 1e-9)), "by heart"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.LogSoftmax(dim=1)), "logits"),
    ("17.6", SoftmaxInForward([784, 32, 10]), "logits"),
]
