"""Reproducible initial weights without touching the global random state."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from dlbook import require


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Draw random numbers from ``seed`` inside the block, and leave the state outside as it was.

    With ``None`` the block draws from the global state, as torch's own layers do.

    Raises:
        TypeError: seed is no whole number.
        ValueError: seed is negative.
    """
    if seed is None:
        yield
        return
    require.seed("seed", seed)
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(torch.Generator().manual_seed(int(seed)).get_state())
        yield
