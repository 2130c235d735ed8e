"""Which device to compute on: CUDA, MPS or the CPU."""

import os

import torch

from dlbook import require

ENVIRONMENT_VARIABLE = "DLBOOK_DEVICE"


def best_device() -> torch.device:
    """The accelerator of this machine (CUDA, MPS, …) or, where there is none, the CPU.

    The environment variable ``DLBOOK_DEVICE`` forces one, for example ``cpu`` or ``cuda:1``.

    Raises:
        ValueError: ``DLBOOK_DEVICE`` is no device that torch knows, or one that is not there.
    """
    forced = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if forced:
        return device_named(forced, setting=f"{ENVIRONMENT_VARIABLE}={forced!r}")
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    return accelerator if accelerator is not None else torch.device("cpu")


def device_named(name: torch.device | str, *, setting: str) -> torch.device:
    """A device that is there.

    Args:
        name: as torch writes it, such as ``cpu`` or ``cuda:0``.
        setting: how the reader asked for it, for the message.

    Raises:
        TypeError: it is no name.
        ValueError: torch does not know it, or it is not there.
    """
    if not isinstance(name, torch.device | str):
        raise TypeError(f"{setting}: expected the name of a device, got {require.shown(name)}")
    try:
        device = torch.device(name)
        torch.empty(1, device=device).cpu()
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
        properties = torch.cuda.get_device_properties(device)
        return f"{device}: {properties.name}, {properties.total_memory / 2**30:.1f} GiB"
    return f"{device}: accelerator"
