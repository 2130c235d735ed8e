"""Data-parallel training: the same network everywhere, a share of each batch on every process.

A training loop that calls `replica` of its model and `shared` of its criterion stays as it is: it
takes the whole batch, and each process computes on its share of it.
"""

from collections.abc import Callable

import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from dlbook import require
from dlbook.distributed.processes import rank, world_size

Criterion = Callable[[Tensor, Tensor], Tensor]


class Replica(nn.Module):
    """A network that predicts this process's share of a batch, shape (n, …) → (nᵣ, …).

    Its gradients are averaged over the processes while they are computed.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = DistributedDataParallel(model)

    def forward(self, x: Tensor) -> Tensor:
        """The outputs for the share of the whole batch ``x``."""
        part, _ = _share(x)
        y_hat: Tensor = self.model(part)
        return y_hat


def replica(model: nn.Module) -> nn.Module:
    """The network to call while training (chapter 20); ``model`` itself where one is alone.

    It shares its parameters with ``model``, which takes over the main process's values.

    Raises:
        TypeError: model is no ``nn.Module``.
    """
    require.kind("model", model, nn.Module)
    return model if world_size() == 1 else Replica(model)


def shared(criterion: Criterion) -> Criterion:
    """The loss of `replica`'s outputs (chapter 20); ``criterion`` itself where one is alone.

    With nᵣ of the n samples on process r of P, the mean loss of the share is multiplied by
    P · nᵣ / n. The mean over the processes, (1/P) Σᵣ (P · nᵣ / n) · lossᵣ, is then the mean over
    the batch, also where the shares are unequal; the same holds for the gradients.

    Args:
        criterion: a loss that is a mean over the batch.

    Raises:
        TypeError: criterion is no function.
    """
    require.function("criterion", criterion)

    def shared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
        part, weight = _share(y)
        return weight * criterion(y_hat, part)

    return criterion if world_size() == 1 else shared_loss


def copy_buffers(model: nn.Module) -> None:
    """Give every process the main one's buffers, such as the running means of batch norm.

    Raises:
        TypeError: model is no ``nn.Module``.
    """
    require.kind("model", model, nn.Module)
    if world_size() > 1:
        for buffer in model.buffers():
            dist.broadcast(buffer, src=0)


def _share(whole: Tensor) -> tuple[Tensor, float]:
    """This process's part of a batch, and the weight of its mean."""
    part = whole.tensor_split(world_size())[rank()]
    if len(part) == 0:
        # The others wait for this process's gradients, so it computes some, with weight 0.
        return whole, 0.0
    return part, world_size() * len(part) / len(whole)
