"""Move every seed from outside: a kernel under `worlds` calls ``move`` before its first cell.

Seeds are moved where torch, NumPy and Python take them, so that those in loops, constants and
defaults move too. scikit-learn and SciPy make their generators of NumPy's ``RandomState``.
"""

import random
from collections.abc import Callable
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
import torch

_LIMIT = 2**32  # NumPy takes no larger seed


def move(offset: int, calls: str) -> None:
    """Add an offset to each whole seed from now on; the file ``calls`` grows by a byte a seed."""

    def moved(seed: Any) -> Any:
        if not isinstance(seed, Integral):
            return seed
        with Path(calls).open("ab") as file:
            file.write(b".")
        return (int(seed) + offset) % _LIMIT

    def moving(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda seed=None, *rest: function(moved(seed), *rest)

    class Generator(torch.Generator):
        def manual_seed(self, seed: int) -> torch.Generator:
            return super().manual_seed(moved(seed))

    class RandomState(np.random.RandomState):
        def __init__(self, seed: Any = None) -> None:
            super().__init__(moved(seed))

    class Random(random.Random):
        def __init__(self, seed: Any = None) -> None:
            super().__init__(moved(seed))

    torch.manual_seed = torch.random.manual_seed = moving(torch.manual_seed)
    torch.Generator = Generator  # type: ignore[misc]
    np.random.default_rng = moving(np.random.default_rng)
    np.random.seed = moving(np.random.seed)
    np.random.RandomState = RandomState  # type: ignore[misc]
    random.seed = moving(random.seed)
    random.Random = Random  # type: ignore[misc]
