"""Answers to the exercises of chapter 17, reading handwriting."""

from typing import Any

import torch
import torch.nn.functional as F
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


def by_their_own(images: Tensor, mean: float, std: float) -> Tensor:
    shares = images[:, None] / 255
    return (shares - shares.mean()) / shares.std()


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
    ("17.1", 784 + 100 + 10, "adds the units up"),
    ("17.1", 784 * 100 + 100 * 10 + 2, "one bias per layer"),
    ("17.1", 784 * 100 + 100, "the first layer alone"),
    ("17.1", 784 * 101 + 100 * 11 + 10, "the inputs biases"),
    ("17.1", 784 * 100 * 10, "not right. A linear layer has"),
    ("17.2", lambda images, mean, std: (images.float() / 255 - mean) / std, "shape"),
    ("17.2", lambda images, mean, std: ((images.float() - mean) / std)[:, None], "bytes by 255"),
    (
        "17.2",
        lambda images, mean, std: ((images.float() - mean) / std)[:, None],
        "entry [0, 0, 4, 8] of standardize(images, 0.13, 0.31) should be -0.11575.",
    ),
    ("17.2", lambda images, mean, std: ((images.double() / 255 - mean) / std)[:, None], "dtype"),
    ("17.2", lambda images, mean, std: (images.float() / 255 - mean)[:, None], "divide by std"),
    ("17.2", lambda images, mean, std: (images.float() / 255 - mean / std)[:, None], "parentheses"),
    ("17.2", lambda images, mean, std: ((images / 255 + mean) / std)[:, None], "is added here"),
    ("17.2", lambda images, mean, std: ((images / 255 - mean) / std**2)[:, None], "its square"),
    ("17.2", by_their_own, "that are given"),
    ("17.2", lambda images, mean, std: (images / 255)[:, None], "then subtract the mean"),
    (
        "17.3",
        lambda logits, y: (logits.argmax(1) == y).sum(),
        "should be 0.333333. This is the number",
    ),
    ("17.3", lambda logits, y: (logits.argmax(0) == y).float().mean(), "with argmax(dim=1)"),
    ("17.3", lambda logits, y: (logits.argmax(1) != y).float().mean(), "share that is wrong"),
    ("17.3", lambda logits, y: 100 * (logits.argmax(1) == y).float().mean(), "percent"),
    ("17.3", lambda logits, y: (logits.argmax(1) == y).sum() / logits.shape[1], "that of classes"),
    ("17.3", lambda logits, y: (logits.argmax(1) == y).mean(), ".float() makes them"),
    ("17.3", lambda logits, y: 0.5, "share_right"),
    ("17.4", lambda confusion: confusion.diag() / confusion.sum(0), "sums of the rows"),
    ("17.4", lambda confusion: confusion.diag() / confusion.sum(0), "should be [0.8, 0.8]."),
    ("17.4", lambda confusion: confusion.diag(), "numbers of images"),
    ("17.4", lambda confusion: confusion.diag() / confusion.sum(), "not by all images"),
    ("17.4", lambda confusion: 1 - confusion.diag() / confusion.sum(1), "was missed"),
    ("17.4", lambda confusion: confusion.trace() / confusion.sum(), "the shape (2,)"),
    ("17.5", lambda batch: batch.roll(1, dims=-1), "there should be zeros"),
    ("17.5", lambda batch: batch.roll(1, dims=-1), "of shift_right(batch) should be 0."),
    ("17.5", lambda batch: F.pad(batch, (1, 0)), "cut the last column off"),
    ("17.5", lambda batch: F.pad(batch, (0, 1))[..., 1:], "to the left"),
    ("17.5", lambda batch: F.pad(batch, (0, 0, 1, 0))[..., :-1, :], "a shift down"),
    ("17.5", lambda batch: torch.cat((batch[..., :1], batch[..., :-1]), dim=-1), "column stays"),
    ("17.5", lambda batch: batch, "Pad the width"),
    ("17.6", mlp([784, 512, 10]), "60,000"),
    ("17.6", mlp([784, 512, 10]), "make it narrower"),
    ("17.6", mlp([784, 10]), "Is there a hidden layer?"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Softmax(dim=1)), "logits"),
    ("17.6", nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)), "raised"),
    ("17.6", nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)), "nn.Flatten()"),
    ("17.6", nn.Sequential(*mlp([784, 32, 1])), "small_network(batch) should have the shape"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Tanh(), nn.Hardtanh(-1e-9, 1e-9)), "by heart"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.LogSoftmax(dim=1)), "logits"),
    ("17.6", SoftmaxInForward([784, 32, 10]), "logits"),
]
