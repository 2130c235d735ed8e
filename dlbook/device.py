"""Which device to compute on: CUDA, MPS or the CPU."""

import os
from collections.abc import Callable

import torch

from dlbook import require

ENVIRONMENT_VARIABLE = "DLBOOK_DEVICE"


def _accelerator() -> torch.device | None:
    return torch.accelerator.current_accelerator(check_available=True)


def best_device(*, accelerator: Callable[[], torch.device | None] = _accelerator) -> torch.device:
    """The accelerator of this machine (CUDA, MPS, …) or, where there is none, the CPU.

    Under torchrun it is CUDA or the CPU: between others, processes have no way to talk. The
    environment variable ``DLBOOK_DEVICE`` forces one, for example ``cpu`` or ``cuda:1``.

    Args:
        accelerator: finds the machine's accelerator.

    Raises:
        ValueError: ``DLBOOK_DEVICE`` is no device that torch knows, or one that is not there.
    """
    forced = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if forced:
        return device_named(forced, setting=f"{ENVIRONMENT_VARIABLE}={forced!r}")
    found = accelerator()
    if found is None or (under_torchrun() and found.type != "cuda"):
        return torch.device("cpu")
    return found


def under_torchrun() -> bool:
    """Whether torchrun has started this process."""
    return {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"} <= os.environ.keys()


def own_card(
    device: torch.device, *, cards: Callable[[], int] = torch.cuda.device_count
) -> torch.device:
    """What ``cuda`` without a number stands for under torchrun: a card for each process.

    A process must touch no other card, for it would take up memory there. Any other device, and
    that of a process that is alone, is what it is.

    Args:
        device: any device.
        cards: counts the cards of this machine.

    Raises:
        TypeError: device is no ``torch.device``.
        ValueError: torchrun has started more processes than there are cards.
    """
    require.kind("device", device, torch.device)
    if str(device) != "cuda" or not under_torchrun():
        return device
    number, there = int(os.environ.get("LOCAL_RANK", "0")), cards()
    if number >= there:
        raise ValueError(
            f"device 'cuda' needs a card for each process, got {there} cards for process "
            f"{number + 1}; start fewer processes or use the CPU"
        )
    return torch.device("cuda", number)


def device_named(
    name: torch.device | str,
    *,
    setting: str,
    card: Callable[[torch.device], torch.device] = own_card,
) -> torch.device:
    """A device that is there.

    Args:
        name: as torch writes it, such as ``cpu`` or ``cuda:0``.
        setting: how the reader asked for it, for the message.
        card: the one to try, of a device without a number.

    Raises:
        TypeError: it is no name.
        ValueError: torch does not know it, or it is not there.
    """
    if not isinstance(name, torch.device | str):
        raise TypeError(f"{setting}: expected the name of a device, got {require.shown(name)}")
    try:
        device = torch.device(name)
        torch.empty(1, device=card(device)).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f"{setting}: expected a device of this machine, such as 'cpu' or 'cuda:0'; "
            f"torch says: {str(error).splitlines()[0]}"
        ) from error
    return device


def describe_device(device: torch.device | str) -> str:
    """A line for people: ``"cpu: 2 threads"`` or ``"cuda:0: NVIDIA T4, 15.0 GiB"``.

    Raises:
        TypeError: it is no device, nor the name of one.
        ValueError: torch does not know it, or it is not there.
    """
    device = device_named(device, setting=f"device {str(device)!r}")
    if device.type == "cpu":
        threads = torch.get_num_threads()
        return f"cpu: {threads} thread{'s' if threads > 1 else ''}"
    if device.type == "cuda":
        card = torch.empty(0, device=own_card(device)).device  # with its number
        properties = torch.cuda.get_device_properties(card)
        return f"{card}: {properties.name}, {properties.total_memory / 2**30:.1f} GiB"
    return f"{device}: accelerator"
