"""Stop when the validation set says that nothing is gained any more."""

import copy
import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from dlbook import require
from dlbook.training.callbacks import EpochEnd


class EarlyStopping:
    """A callback that ends training after ``patience`` epochs without an improvement (chapter 09).

    Args:
        patience: epochs to wait for a better score before stopping.
        monitor: a column of `History.epochs` where less is better.
        min_delta: by how much a score must fall to count as better.

    Raises:
        TypeError: an argument of another type.
        ValueError: patience below 1, or min_delta negative.
    """

    def __init__(
        self, *, patience: int = 3, monitor: str = "val_loss", min_delta: float = 0.0
    ) -> None:
        require.whole("patience", patience)
        require.kind("monitor", monitor, str)
        require.number("min_delta", min_delta, least=0)
        self.patience = patience
        self.monitor = monitor
        self.min_delta = min_delta
        self._begin()

    def _begin(self) -> None:
        self.best = math.inf
        self.best_epoch = 0
        self._best_state: dict[str, Any] = {}

    def __call__(self, end: EpochEnd) -> bool:
        """Remember the weights if this epoch is the best so far; say whether to stop."""
        require_monitored([self], end.scores)
        if end.epoch == 1:  # of this run; the scores of an earlier one do not count
            self._begin()
        score = end.scores[self.monitor]
        if score < self.best - self.min_delta:
            self.best, self.best_epoch = score, end.epoch
            self._best_state = copy.deepcopy(end.model.state_dict())
        return end.epoch - self.best_epoch >= self.patience

    def state_dict(self) -> dict[str, Any]:
        """The best epoch so far with its score and its weights, for a checkpoint."""
        return {"best": self.best, "best_epoch": self.best_epoch, "best_state": self._best_state}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where `state_dict` was taken.

        Raises:
            TypeError: state is no dict.
            ValueError: it is none of `state_dict`.
        """
        if require.kind("state", state, dict).keys() != self.state_dict().keys():
            raise ValueError(f"state must have the keys of state_dict(), got {[*state]}")
        self.best, self.best_epoch = state["best"], state["best_epoch"]
        self._best_state = state["best_state"]

    def restore(self, model: nn.Module) -> None:
        """Put the weights of the best epoch back into ``model``.

        Raises:
            TypeError: model is no ``nn.Module``.
            ValueError: model is of another architecture; it stays as it is.
            RuntimeError: no epoch has been seen yet.
        """
        require.kind("model", model, nn.Module)
        if not self._best_state:
            raise RuntimeError("there is nothing to restore: no epoch has been seen yet")
        if _shapes(model.state_dict()) != _shapes(self._best_state):
            raise ValueError(f"model must be of the architecture that was trained, got {model}")
        model.load_state_dict(self._best_state)


def require_monitored(callbacks: Iterable[object], columns: Iterable[str]) -> None:
    """Refuse to wait for a score that no epoch will have.

    Raises:
        ValueError: an `EarlyStopping` monitors none of the columns.
    """
    columns = list(columns)
    for callback in callbacks:
        if isinstance(callback, EarlyStopping) and callback.monitor not in columns:
            raise ValueError(
                f"monitor must be one of {', '.join(columns)}, got {callback.monitor!r}; "
                "validation scores need fit(..., val=...)"
            )


def _shapes(state: dict[str, Any]) -> dict[str, torch.Size | None]:
    return {name: getattr(value, "shape", None) for name, value in state.items()}
