"""Data-parallel training: the same network everywhere, a share of each batch on every process."""

import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from dlbook.distributed.processes import rank, world_size


def replica(model: nn.Module) -> nn.Module:
    """The network to call while training: its gradients are averaged over the processes.

    It shares its parameters with ``model``, which starts with the main process's values on every
    process. A process that is alone gets ``model`` itself.
    """
    return model if world_size() == 1 else DistributedDataParallel(model)


def share(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, float]:
    """This process's part of a batch, and the weight of its mean loss (chapter 20).

    With nᵣ of the n samples on process r of P, the weight is P · nᵣ / n: the mean of the weighted
    losses over the processes, (1/P) Σᵣ (P · nᵣ / n) · lossᵣ, is then the mean over the batch, also
    where the parts are unequal. The same holds for the gradients. A process that would be left
    without samples computes on the whole batch with weight 0, for the others wait for it.

    Args:
        x: inputs of the whole batch, shape (n, …), the same on every process.
        y: their targets, shape (n, …).
    """
    processes = world_size()
    if processes == 1:
        return x, y, 1.0
    own_x, own_y = (whole.tensor_split(processes)[rank()] for whole in (x, y))
    if len(own_x) == 0:
        return x, y, 0.0
    return own_x, own_y, processes * len(own_x) / len(x)


def copy_buffers(model: nn.Module) -> None:
    """Give every process the main one's buffers, such as the running means of batch norm."""
    if world_size() > 1:
        for buffer in model.buffers():
            dist.broadcast(buffer, src=0)
