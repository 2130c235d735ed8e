"""What the processes tell each other; a process that is alone keeps what it has."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from dlbook import require
from dlbook.distributed.processes import is_main, world_size

Value = TypeVar("Value")


def average(value: Tensor) -> Tensor:
    """The mean of ``value`` over the processes, (1/P) Σᵣ vᵣ, the same on all (chapter 20).

    Args:
        value: a tensor of the same shape on each of the P processes.

    Raises:
        TypeError: value is no tensor.
    """
    require.tensor("value", value)
    if world_size() == 1:
        return value
    total = value.clone()
    dist.all_reduce(total)
    return total / world_size()


def any_true(value: bool) -> bool:
    """Whether ``value`` is true on at least one process, so that all of them decide alike.

    Raises:
        TypeError: value is neither ``True`` nor ``False``.
    """
    require.flag("value", value)
    return average(torch.tensor(float(value))).item() > 0


def gather(value: Value) -> list[Value]:
    """The values of all processes, by rank, on each of them."""
    values = [value] * world_size()
    if world_size() > 1:
        dist.all_gather_object(values, value)
    return values


def from_main(make: Callable[[], Value]) -> Value:
    """What ``make`` returns on the main process, which alone calls it, on every process.

    Raises:
        TypeError: make is no function.
    """
    require.function("make", make)
    if world_size() == 1:
        return make()
    values = [make() if is_main() else None]
    dist.broadcast_object_list(values)
    value: Value = values[0]  # type: ignore[assignment]  # the main process has put it there
    return value


@contextmanager
def main_first() -> Iterator[None]:
    """Let the main process go through the block before the others, as for a download."""
    if not is_main():
        from_main(bool)  # waits; what it says does not matter
    yield
    if is_main():
        from_main(bool)
