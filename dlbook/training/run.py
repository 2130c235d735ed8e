"""What a run of training is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlbook.data import Batches, Samples
from dlbook.training.callbacks import Callback, StepCallback
from dlbook.training.evaluation import Criterion


@dataclass(frozen=True, eq=False)
class Run:
    """The arguments of `dlbook.training.fit` of the same names."""

    model: nn.Module
    batches: Batches
    optimizer: Optimizer
    criterion: Criterion
    scheduler: LRScheduler | None
    val: Samples | None
    callbacks: Sequence[Callback]
    on_step: StepCallback | None
    autocast: torch.dtype | None

    @property
    def device(self) -> torch.device:
        """Where the data lie, and the model."""
        return self.batches.samples.x.device
