"""Inputs and targets that belong together."""

from dataclasses import dataclass

import torch
from torch import Tensor

from dlbook import require
from dlbook.device import device_named


@dataclass(frozen=True, eq=False, repr=False)
class Samples:
    """A ``TensorDataset`` in memory: inputs x and targets y of N samples.

    ``x[i]`` is the input and ``y[i]`` the target, or label, of sample i.

    Attributes:
        x: inputs, shape ``(N, …)``.
        y: targets, shape ``(N,)`` for labels or ``(N, …)`` for values.

    Raises:
        TypeError: x or y is not a tensor.
        ValueError: x and y have no or different numbers of samples, or keep no numbers, as tensors
            on the device ``meta`` do.
    """

    x: Tensor
    y: Tensor

    def __post_init__(self) -> None:
        for name, value in (("x", self.x), ("y", self.y)):
            require.tensor(name, value)
            if value.ndim == 0 or len(value) == 0:
                raise ValueError(
                    f"{name} must hold at least one sample, got shape {tuple(value.shape)}"
                )
        if len(self.x) != len(self.y):
            raise ValueError(
                f"x and y must have the same number of samples, got {len(self.x)} and {len(self.y)}"
            )

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        x, y = (f"{tuple(t.shape)} {str(t.dtype).removeprefix('torch.')}" for t in (self.x, self.y))
        return f"Samples(x: {x}, y: {y})"

    def __getitem__(self, index: slice | Tensor) -> "Samples":
        """Some of the samples: a slice, a tensor of indices or a boolean mask of shape (N,)."""
        return Samples(self.x[index], self.y[index])

    def to(self, device: torch.device | str) -> "Samples":
        """The same samples on another device.

        Raises:
            TypeError: it is no device, nor the name of one.
            ValueError: it is not there.
        """
        device = device_named(device, setting=f"device {str(device)!r}")
        return Samples(self.x.to(device), self.y.to(device))

    def split(self, fraction: float, *, seed: int) -> "tuple[Samples, Samples]":
        """A random split: ``round(fraction · N)`` samples, and the others (chapter 01).

        Args:
            fraction: size of the first part, strictly between 0 and 1.
            seed: of the random permutation.

        Raises:
            TypeError: fraction is no number, or seed no whole number.
            ValueError: fraction is out of range or leaves one of the parts empty, or seed is
                negative.
        """
        require.number("fraction", fraction, above=0, below=1)
        generator = torch.Generator().manual_seed(require.seed("seed", seed))
        first = round(fraction * len(self))
        if first in (0, len(self)):
            raise ValueError(
                f"fraction {fraction} of {len(self)} samples leaves one part of the split empty"
            )
        order = torch.randperm(len(self), generator=generator)
        order = order.to(self.x.device)
        return self[order[:first]], self[order[first:]]
