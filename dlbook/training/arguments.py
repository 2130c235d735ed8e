"""What training and evaluation expect of models, data and functions."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from dlbook import require
from dlbook.data import Batches, Samples

KINDS: dict[str, type] = {
    "model": nn.Module,
    "batches": Batches,
    "optimizer": Optimizer,
    "scheduler": LRScheduler,
    "val": Samples,
}


def require_parts(**parts: Any) -> None:
    """Refuse a part of a training run that is not of its class; val and scheduler may lack.

    Raises:
        TypeError: names the part.
        ValueError: a scheduler that waits for scores.
    """
    for name, part in parts.items():
        if part is not None or name not in ("val", "scheduler"):
            require.kind(name, part, KINDS[name])
    if isinstance(parts.get("scheduler"), ReduceLROnPlateau):
        raise ValueError(
            "scheduler must move on after every update without a score, got ReduceLROnPlateau"
        )


def require_functions(criterion: Any, on_step: Any, callbacks: Sequence[Any]) -> None:
    """Refuse what `fit` cannot call.

    Raises:
        TypeError: names what cannot be called.
    """
    require.function("criterion", criterion)
    if on_step is not None:
        require.function("on_step", on_step)
    for name, callback in require.each("callbacks", callbacks, least=0):
        require.function(name, callback)


def loss_of(criterion: Any, y_hat: Any, y: Tensor) -> Tensor:
    """The loss of a model's outputs, one number.

    Raises:
        TypeError: the model or the criterion returned no tensor.
        ValueError: the criterion returned more than one number.
    """
    require.tensor("what model returns", y_hat)
    return require.one_number("what criterion returns", criterion(y_hat, y))


def differentiable(criterion: Any) -> Callable[[Any, Tensor], Tensor]:
    """``criterion`` for training: it returns one number through which gradients flow, or raises.

    Raises:
        TypeError: the model or the criterion returned no tensor.
        ValueError: the criterion returned more than one number, or one without a gradient.
    """

    def differentiable_loss(y_hat: Any, y: Tensor) -> Tensor:
        loss = loss_of(criterion, y_hat, y)
        return require.differentiable("what criterion makes of model's outputs", loss)

    return differentiable_loss


def asks_to_stop(name: str, answer: Any) -> bool:
    """Whether what a callback has returned ends the training.

    Raises:
        TypeError: it is neither true nor false.
    """
    try:
        return bool(answer)
    except (RuntimeError, TypeError, ValueError) as error:
        raise TypeError(
            f"what {name} returns must be true or false, got {require.shown(answer)}"
        ) from error
