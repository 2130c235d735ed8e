"""All that changes while a network is trained, so that a run can stop and go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from torch import nn
from torch.amp import GradScaler
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlbook import distributed
from dlbook.data import Batches
from dlbook.training.checkpoint import read_checkpoint, write_checkpoint
from dlbook.training.description import require_same
from dlbook.training.generators import random_states, set_random_states
from dlbook.training.record import Record


@runtime_checkable
class Stateful(Protocol):
    """Anything whose state can be taken and put back, as models, optimizers and schedules do."""

    def state_dict(self) -> dict[str, Any]:
        """The state, as tensors and plain values."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> object:
        """Go on from a state."""


@dataclass(frozen=True, eq=False)
class TrainingState:
    """The state of a run of `fit`: model, optimizer, schedule, callbacks, generators, record.

    Attributes:
        model: the network.
        optimizer: with its running averages.
        scheduler: of the learning rate, if there is one.
        scaler: of the loss, with its scale, where float16 needs it.
        batches: whose generator draws the orders.
        callbacks: those that are `Stateful`.
        settings: what `describe` says of the run's start.
        record: the history so far.
    """

    model: nn.Module
    optimizer: Optimizer
    scheduler: LRScheduler | None
    scaler: GradScaler
    batches: Batches
    callbacks: Sequence[Stateful]
    settings: dict[str, str]
    record: Record = field(default_factory=Record)

    def save(self, path: Path) -> None:
        """Write a checkpoint; every process calls this, the main one writes."""
        parts = {name: part.state_dict() for name, part in self._parts().items()}
        generators = {
            "batches": self.batches.generator.get_state(),
            "random": distributed.gather(random_states(self._device)),
        }
        if distributed.is_main():
            write_checkpoint(path, {"settings": self.settings, "parts": parts} | generators)

    def resume(self, path: Path, *, epochs: float) -> None:
        """Take over a checkpoint as a whole, or raise and leave everything as it is.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is damaged, no checkpoint, of another run, or beyond ``epochs``.
        """
        state = read_checkpoint(path)
        require_same(path, state["settings"], self.settings)
        done = len(state["parts"]["record"]["rows"])
        if done > epochs:
            raise ValueError(f"epochs must be at least the {done} done in {path}, got {epochs}")
        # The callbacks come first: what somebody else wrote could fail.
        for name, part in reversed(self._parts().items()):
            part.load_state_dict(state["parts"][name])
        self.batches.generator.set_state(state["batches"])
        # A run may go on with another number of processes.
        random = state["random"][distributed.rank() % len(state["random"])]
        set_random_states(random, self._device)

    def _parts(self) -> dict[str, Stateful]:
        parts: dict[str, Stateful] = {"model": self.model, "optimizer": self.optimizer}
        if self.scheduler is not None:
            parts["scheduler"] = self.scheduler
        if self.scaler.is_enabled():
            parts["scaler"] = self.scaler
        parts["record"] = self.record
        return parts | {f"callback {i}": part for i, part in enumerate(self.callbacks, start=1)}

    @property
    def _device(self) -> torch.device:
        return self.batches.samples.x.device
