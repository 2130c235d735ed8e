"""The history of a run while it is being made."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.training.history import History


@dataclass
class Record:
    """What has happened so far.

    Attributes:
        rows: of `History.epochs`, one per epoch.
        losses: of each epoch's mini-batches, shape (steps,), on the CPU.
        stopped: whether a callback has ended the training.
    """

    rows: list[dict[str, float]] = field(default_factory=list)
    losses: list[Tensor] = field(default_factory=list)
    stopped: bool = False

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.rows)

    def add(self, row: dict[str, float], losses: Tensor) -> None:
        """Write down one more epoch."""
        self.rows.append(row)
        self.losses.append(losses.cpu())

    def history(self) -> History:
        """The tables."""
        loss = torch.cat(self.losses)
        loss = loss.to(torch.promote_types(loss.dtype, torch.float32))  # NumPy has no bfloat16
        lengths = torch.tensor([len(losses) for losses in self.losses])
        epoch = torch.arange(1, len(lengths) + 1).repeat_interleave(lengths)
        columns = {"step": torch.arange(1, len(loss) + 1), "epoch": epoch, "loss": loss}
        steps = pd.DataFrame({name: column.numpy() for name, column in columns.items()})
        return History(pd.DataFrame(self.rows), steps)

    def state_dict(self) -> dict[str, Any]:
        """Everything, for a checkpoint."""
        return {"rows": self.rows, "losses": self.losses, "stopped": self.stopped}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where `state_dict` was taken."""
        self.rows, self.losses, self.stopped = state["rows"], state["losses"], state["stopped"]
