"""A small run of training with all that makes resuming it hard."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from dlbook.data import Batches, Samples, moons
from dlbook.training import EarlyStopping, History, fit

MAKE_OPTIMIZER: dict[str, Callable[[nn.Module], Optimizer]] = {
    "SGD": lambda model: SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True),
    "AdamW": lambda model: AdamW(model.parameters(), lr=0.02),
}
EPOCHS = 5


def network(width: int = 8, activation: type[nn.Module] = nn.ReLU) -> nn.Module:
    """A network with all that makes resuming hard: running statistics and random numbers."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(2, width),
        nn.BatchNorm1d(width),
        activation(),
        nn.Dropout(0.3),
        nn.Linear(width, 2),
    )


def one_cycle(optimizer: Optimizer, epochs: int = EPOCHS) -> LRScheduler:
    """A schedule for a run over the `moons` of a `Setup`."""
    return OneCycleLR(optimizer, max_lr=0.05, total_steps=epochs * 7)


@dataclass
class Setup:
    """All that a run is made of, anew each time; `fit` twice as the same command would."""

    device: str | torch.device = "cpu"
    samples: Samples = field(default_factory=lambda: moons(50))
    batch_size: int = 8
    seed: int = 3
    model: nn.Module = field(default_factory=network)
    make_optimizer: Callable[[nn.Module], Optimizer] = MAKE_OPTIMIZER["SGD"]
    make_scheduler: Callable[[Optimizer], LRScheduler] | None = one_cycle
    stopping: EarlyStopping | None = field(default_factory=lambda: EarlyStopping(patience=EPOCHS))

    def __post_init__(self) -> None:
        self.model.to(self.device)
        self.optimizer = self.make_optimizer(self.model)
        self.scheduler = (
            None if self.make_scheduler is None else self.make_scheduler(self.optimizer)
        )
        self.batches = Batches(self.samples.to(self.device), self.batch_size, seed=self.seed)

    def fit(self, **options: Any) -> History:
        """Train; ``options`` are those of `dlbook.training.fit`."""
        val = moons(20, seed=9)
        return fit(
            self.model,
            self.batches,
            **{"epochs": EPOCHS} | options,
            optimizer=self.optimizer,
            scheduler=self.scheduler,
            val=Samples(val.x.to(self.batches.samples.x), val.y.to(self.device)),
            callbacks=[] if self.stopping is None else [self.stopping],
        )

    def state(self) -> dict[str, Any]:
        """A copy of the weights and of the optimizer's memory."""
        parts = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        return copy.deepcopy(parts)
