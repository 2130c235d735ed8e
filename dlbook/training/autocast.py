"""Mixed precision."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim import Optimizer

from dlbook import require
from dlbook.device import device_named
from dlbook.training.evaluation import Criterion


class Autocast(nn.Module):
    """``model``, computing in a two-byte type what loses nothing by it (chapter 20).

    The weights stay in float32, and so do the outputs, from which the loss is computed. bfloat16
    has float32's range. float16 has not: its gradients need `loss_scaler`.
    """

    def __init__(self, model: nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        self.model = model
        self.dtype = dtype

    def forward(self, x: Tensor) -> Tensor:
        """The outputs of the model in float32."""
        with torch.autocast(x.device.type, self.dtype):
            y_hat: Tensor = self.model(x)
        return require.tensor("what model returns", y_hat).float()


def require_mixed(dtype: torch.dtype | None) -> None:
    """Refuse a type that is none for mixed precision; None is none.

    Raises:
        ValueError: another type than ``torch.bfloat16`` or ``torch.float16``.
    """
    if dtype not in (None, torch.bfloat16, torch.float16):
        raise ValueError(
            f"autocast must be torch.bfloat16, torch.float16 or None, got {require.shown(dtype)}"
        )


def loss_scaler(device: torch.device, dtype: torch.dtype | None) -> GradScaler:
    """What keeps small gradients in float16 from becoming zero; for other types it does nothing.

    It multiplies the loss, divides the gradients before the update, and skips an update with a
    gradient that is too large for float16.
    """
    return GradScaler(device.type, enabled=dtype is torch.float16)


@dataclass(frozen=True)
class ScaledOptimizer:
    """An optimizer whose gradients are those of a scaled loss: it steps with the true ones."""

    optimizer: Optimizer
    scaler: GradScaler

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self.optimizer.zero_grad()

    def step(self) -> None:
        """Take a step, or skip it when a gradient overflows, and adapt the scale."""
        self.scaler.step(self.optimizer)
        self.scaler.update()


def scaled(
    criterion: Criterion, optimizer: Optimizer, scaler: GradScaler
) -> tuple[Criterion, Optimizer | ScaledOptimizer]:
    """Criterion and optimizer for the five steps; both as they are where no scale is needed.

    The loss itself stays as it is: the gradient that ``backward`` begins with is scaled.
    """
    if not scaler.is_enabled():
        return criterion, optimizer

    def scaled_loss(y_hat: Tensor, y: Tensor) -> Tensor:
        loss = criterion(y_hat, y)
        loss.register_hook(lambda gradient: scaler.scale(gradient).to(gradient.dtype))
        return loss

    return scaled_loss, ScaledOptimizer(optimizer, scaler)


@contextmanager
def schedules_move_on(scaler: GradScaler) -> Iterator[None]:
    """A block in which the very first update may be skipped, and a schedule moves on unblamed."""
    if not scaler.is_enabled():
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Detected call of `lr_scheduler.step", UserWarning)
        yield


def mixed_dtype(
    device: torch.device, *, native: Callable[[torch.device], bool] | None = None
) -> torch.dtype:
    """The type for mixed precision on a device: bfloat16, or float16 where it is only imitated.

    Older CUDA cards, such as Colab's T4, have arithmetic for float16 alone (chapter 20).

    Args:
        device: where to compute.
        native: whether a CUDA card has arithmetic for bfloat16; by default torch is asked.

    Raises:
        TypeError: device is no ``torch.device``.
        ValueError: it is not there.
    """
    require.kind("device", device, torch.device)
    has_bfloat16 = device.type != "cuda" or (native or _has_bfloat16)(device)
    return torch.bfloat16 if has_bfloat16 else torch.float16


def _has_bfloat16(card: torch.device) -> bool:
    with torch.cuda.device(device_named(card, setting=f"device {str(card)!r}")):
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
