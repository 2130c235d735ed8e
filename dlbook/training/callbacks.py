"""What `fit` tells its callbacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn
from torch.optim import Optimizer


@dataclass(frozen=True, eq=False)
class EpochEnd:
    """The state of a run after an epoch.

    Attributes:
        epoch: how many epochs are done.
        scores: this epoch's row of `History.epochs`.
        model: the network, as it is now.
        optimizer: the optimizer, as it is now.
    """

    epoch: int
    scores: Mapping[str, float]
    model: nn.Module
    optimizer: Optimizer


StepCallback = Callable[[Tensor], bool | None]
"""Called after every update with the loss of its mini-batch; a true result ends the training."""

Callback = Callable[[EpochEnd], bool | None]
"""Called after every epoch; a true result ends the training."""
