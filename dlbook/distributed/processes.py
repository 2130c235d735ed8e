"""Which of several processes this one is, and how they come together and part."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist

from dlbook import require
from dlbook.device import own_card, under_torchrun


class LostProcessError(RuntimeError):
    """Another process of the run has ended, so this one cannot go on."""


def world_size() -> int:
    """How many processes are connected; 1 without torchrun."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """The number of this process: from 0 up under torchrun, connected or not; else 0."""
    if dist.is_initialized():
        return dist.get_rank()
    return int(os.environ["RANK"]) if under_torchrun() else 0


def is_main() -> bool:
    """Whether this is process 0, the one that prints and saves."""
    return rank() == 0


@contextmanager
def connected(device: torch.device) -> Iterator[torch.device]:
    """Connect the processes that torchrun has started; inside the block they work as one.

    A script that wraps its work in this block runs alone as well as under
    ``torchrun --standalone --nproc-per-node=2 script.py`` (chapter 20). The processes talk through
    gloo on the CPU and through NCCL between CUDA cards.

    Where one process ends, the others cannot go on. Gloo tells those that wait for it at once.
    NCCL may not: then torchrun, which has noticed, asks the others to end and, after half a minute,
    ends them. A process that is there and does not answer is waited for as long as torch allows:
    30 minutes under gloo, 10 under NCCL, which then ends the process without an exception.

    Args:
        device: the CPU, or ``cuda`` without a number: each process of a machine takes its own card.

    Yields:
        The device of this process: ``device`` itself where there is no torchrun.

    Raises:
        TypeError: device is no ``torch.device``.
        ValueError: a device that cannot be shared out, or more processes than cards.
        LostProcessError: another process has ended while this one waited for it.
    """
    require.kind("device", device, torch.device)
    if not under_torchrun():
        yield device
        return
    device = _own(device)
    dist.init_process_group("gloo" if device.type == "cpu" else "cpu:gloo,cuda:nccl")
    try:
        yield device
    except BaseException as error:
        # An orderly end takes all processes. One may be lost, and NCCL would wait for it.
        if dist.group.WORLD is not None:
            dist.group.WORLD.abort()
        if not _is_loss(error):
            raise
        raise LostProcessError(
            f"process {rank()} of {world_size()} waited for another one, which has ended"
        ) from error
    finally:
        dist.destroy_process_group()


def require_connected() -> None:
    """Raise when torchrun has started several processes that do not know of each other.

    Raises:
        RuntimeError: each would train a network of its own, and overwrite the others' files.
    """
    if under_torchrun() and int(os.environ["WORLD_SIZE"]) > 1 and not dist.is_initialized():
        raise RuntimeError(
            f"this is one of {os.environ['WORLD_SIZE']} processes that are not connected: "
            "put the work in the block `with dlbook.distributed.connected(device) as device:`"
        )


def _own(device: torch.device) -> torch.device:
    """The card of this process, made the current one; the CPU is for all."""
    if device.type == "cpu":
        return device
    if str(device) != "cuda":
        raise ValueError(f"device must be 'cpu' or 'cuda' under torchrun, got {str(device)!r}")
    device = own_card(device)
    torch.cuda.set_device(device)
    return device


def _is_loss(error: BaseException) -> bool:
    # Gloo's errors have no class of their own; they begin with the place in its sources.
    is_gloo = isinstance(error, RuntimeError) and "gloo" in str(error)
    return is_gloo or isinstance(error, dist.DistError)
