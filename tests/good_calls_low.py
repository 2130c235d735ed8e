"""Working calls of what stands on the lower floors."""

from collections.abc import Callable

import torch
from fuzzing import Arguments, Good

from dlbook.data import Samples

HALF = torch.tensor([0.5, 0.5])


def toy(n: int = 6) -> Callable[[], Arguments]:
    return lambda: {"n": n, "noise": 0.1, "seed": 3}


def n_samples(result: Samples, arguments: Arguments) -> bool:
    return len(result) == arguments["n"] and result.x.dtype == torch.float32


GOOD_CALLS: dict[str, Good] = {
    **{
        f"dlbook.data:{name}": Good(toy(), n_samples)
        for name in ("line", "polynomial", "blobs", "circles", "moons", "spiral")
    },
    "dlbook.information:entropy": Good(lambda: {"p": HALF.clone(), "unit": "bits"}),
}
