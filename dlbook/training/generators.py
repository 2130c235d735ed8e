"""The random numbers that layers draw while they train."""

import torch
from torch import Tensor


def random_states(device: torch.device) -> dict[str, Tensor]:
    """The states of torch's own generators: of the CPU and, if it is another one, of ``device``.

    Dropout draws from the generator of the device that it computes on.
    """
    states = {"cpu": torch.get_rng_state()}
    if device.type != "cpu":
        states[device.type] = torch.get_device_module(device).get_rng_state(*_which(device))
    return states


def set_random_states(states: dict[str, Tensor], device: torch.device) -> None:
    """Go on drawing where `random_states` was taken, on each generator that it tells of."""
    torch.set_rng_state(states["cpu"])
    if device.type != "cpu" and device.type in states:
        module = torch.get_device_module(device)
        module.set_rng_state(states[device.type], *_which(device))


def _which(device: torch.device) -> tuple[torch.device, ...]:
    """The argument that names one of several devices; MPS, always alone, takes none."""
    return () if device.type == "mps" else (device,)
