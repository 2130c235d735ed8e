"""All that changes while a network is trained, so that a run can stop and go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from torch.amp import GradScaler

from dlbook import distributed, require
from dlbook.training.autocast import loss_scaler
from dlbook.training.checkpoint import read_checkpoint, write_checkpoint
from dlbook.training.description import describe, require_same, require_same_data
from dlbook.training.fingerprint import fingerprint
from dlbook.training.generators import random_states, set_random_states
from dlbook.training.record import Record
from dlbook.training.run import Run
from dlbook.training.storable import plain, stored


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
        run: its parts. Of the callbacks, those that are `Stateful` count.
        record: the history so far.
        settings: what `describe` says of the run's start.
        data: the fingerprints of training and validation set.
    """

    run: Run
    record: Record = field(default_factory=Record)
    settings: dict[str, str] = field(default_factory=dict)
    data: dict[str, list[float]] = field(default_factory=dict)

    def begin(
        self, *, save_to: Path | str | None, resume_from: Path | str | None, epochs: float
    ) -> None:
        """Begin a run, or go on with that of a checkpoint; all processes draw the same orders.

        Raises:
            TypeError: no checkpoint can hold the state of a part; the message names the entry.
            Exception: what `resume` raises.
        """
        if save_to is not None or resume_from is not None:
            self._write_down_start()
        if resume_from is not None:
            self.resume(require.path("resume_from", resume_from), epochs=epochs)
        generator = self.run.batches.generator
        generator.set_state(distributed.from_main(generator.get_state))

    def _write_down_start(self) -> None:
        for name, state in self._states().items():
            stored(name, plain(state))
        names = ", ".join(type(callback).__name__ for callback in self._stateful) or "none"
        self.settings.update(describe(self.run, callbacks=names))
        sets = {"the training set": self.run.batches.samples, "val": self.run.val}
        for name, samples in sets.items():
            if samples is not None:
                self.data[f"x of {name}"] = fingerprint(samples.x)
                self.data[f"y of {name}"] = fingerprint(samples.y)

    def save(self, path: Path) -> None:
        """Write a checkpoint; every process calls this, the main one writes."""
        start = {"settings": self.settings, "data": self.data}
        parts = self._states()
        generators = {
            "batches": self.run.batches.generator.get_state(),
            "random": distributed.gather(random_states(self.run.device)),
        }
        if distributed.is_main():
            write_checkpoint(path, start | {"parts": parts} | generators)

    def resume(self, path: Path, *, epochs: float) -> None:
        """Take over a checkpoint as a whole, or raise and leave everything as it is.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is damaged, no checkpoint, of another run, or beyond ``epochs``.
        """
        state = read_checkpoint(path)
        require_same(path, state["settings"], self.settings)
        require_same_data(path, state.get("data", {}), self.data)
        done = len(state["parts"]["record"]["rows"])
        if done > epochs:
            raise ValueError(f"epochs must be at least the {done} done in {path}, got {epochs}")
        # The callbacks come first: what somebody else wrote could fail.
        for name, part in reversed(self._parts().items()):
            part.load_state_dict(state["parts"][name])
        self.run.batches.generator.set_state(state["batches"])
        # A run may go on with another number of processes.
        random = state["random"][distributed.rank() % len(state["random"])]
        set_random_states(random, self.run.device)

    @cached_property
    def scaler(self) -> GradScaler:
        """Of the loss, with its scale, where float16 needs it."""
        return loss_scaler(self.run.device, self.run.autocast)

    def _parts(self) -> dict[str, Stateful]:
        parts: dict[str, Stateful] = {"model": self.run.model, "optimizer": self.run.optimizer}
        if self.run.scheduler is not None:
            parts["scheduler"] = self.run.scheduler
        if self.scaler.is_enabled():
            parts["scaler"] = self.scaler
        parts["record"] = self.record
        return parts | {f"callback {i}": part for i, part in enumerate(self._stateful, start=1)}

    def _states(self) -> dict[str, dict[str, Any]]:
        return {name: _state_of(name, part) for name, part in self._parts().items()}

    @property
    def _stateful(self) -> list[Stateful]:
        callbacks: Sequence[object] = self.run.callbacks
        return [callback for callback in callbacks if isinstance(callback, Stateful)]


def _state_of(name: str, part: Stateful) -> dict[str, Any]:
    try:
        return part.state_dict()
    except Exception as error:  # somebody else wrote it
        raise TypeError(
            f"a checkpoint needs the state of {name}, a {type(part).__name__}, "
            f"whose state_dict() fails: {error}"
        ) from error
