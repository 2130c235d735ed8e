"""In-memory mini-batches: a batch is an index into tensors, not a loop over samples."""

from collections.abc import Iterator

import torch
from torch import Tensor

from dlbook import require
from dlbook.data.samples import Samples


class Batches:
    """Mini-batches of ``samples``; each pass over them is one epoch (chapters 08 and 14).

    A pass visits every sample once, in a new random order each time, ``batch_size`` at a time;
    there are ⌈N / batch_size⌉ batches, or ⌊N / batch_size⌋ with ``drop_last``. The order depends on
    the seed alone, on every device.

    Args:
        samples: inputs and targets, on the device where they will be used.
        batch_size: samples per batch; the last batch may be smaller.
        shuffle: whether to visit the samples in random order.
        seed: of the random orders.
        drop_last: leave out a last batch that is not full.

    Raises:
        TypeError: an argument of another type.
        ValueError: batch_size is not positive, seed is negative, or no full batch is left with
            ``drop_last``.
    """

    def __init__(
        self,
        samples: Samples,
        batch_size: int,
        *,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        require.kind("samples", samples, Samples)
        require.flag("shuffle", shuffle)
        require.flag("drop_last", drop_last)
        batch_size = require.whole("batch_size", batch_size)
        if drop_last and batch_size > len(samples):
            raise ValueError(
                f"batch_size {batch_size} with drop_last leaves no batch of {len(samples)} samples"
            )
        self.samples = samples
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.generator = torch.Generator().manual_seed(require.seed("seed", seed))

    def __len__(self) -> int:
        """The number of batches in a pass."""
        full, rest = divmod(len(self.samples), self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        x, y = self.samples.x, self.samples.y
        if not self.shuffle:
            yield from list(zip(x.split(self.batch_size), y.split(self.batch_size), strict=True))[
                : len(self)
            ]
            return
        order = torch.randperm(len(self.samples), generator=self.generator).to(x.device)
        for chosen in order.split(self.batch_size)[: len(self)]:
            yield x.index_select(0, chosen), y.index_select(0, chosen)

    def __repr__(self) -> str:
        return f"Batches({self.samples!r}, batch_size={self.batch_size}, {len(self)} a pass)"
