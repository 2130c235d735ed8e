"""In-memory mini-batches: a batch is an index into tensors, not a loop over samples."""

from collections.abc import Iterator
from itertools import islice

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook import require
from dlbook.data.samples import Samples


class Batches:
    """A ``DataLoader`` in memory: mini-batches of ``samples`` (chapters 08 and 14).

    A pass, or epoch, visits every sample once, in a new random order each time, ``batch_size`` at a
    time; there are ⌈N / batch_size⌉ batches, or ⌊N / batch_size⌋ with ``drop_last``. The order
    depends on the seed alone, on every device.

    Args:
        samples: inputs and targets, on the device where they will be used.
        batch_size: samples per batch; the last batch may be smaller.
        shuffle: whether to visit the samples in random order.
        seed: of the random orders.
        drop_last: leave out a last batch that is not full.
        shift: move each batch of images, as a whole, by up to so many pixels down or up and right
            or left, by chance (chapter 20). The pixels at an edge are repeated where room is left.

    Raises:
        TypeError: an argument of another type.
        ValueError: batch_size is not positive, seed is negative, no full batch is left with
            ``drop_last``, shift is negative, or the inputs are no images of floats larger than
            the shift.
    """

    def __init__(
        self,
        samples: Samples,
        batch_size: int,
        *,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
        shift: int = 0,
    ) -> None:
        require.kind("samples", samples, Samples)
        require.flag("shuffle", shuffle)
        require.flag("drop_last", drop_last)
        batch_size = require.whole("batch_size", batch_size)
        if drop_last and batch_size > len(samples):
            raise ValueError(
                f"batch_size {batch_size} with drop_last leaves no batch of {len(samples)} samples"
            )
        if require.whole("shift", shift, least=0):
            _require_images(samples, shift)
        self.samples = samples
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.shift = shift
        self.generator = torch.Generator().manual_seed(require.seed("seed", seed))

    def __len__(self) -> int:
        """The number of batches in a pass."""
        full, rest = divmod(len(self.samples), self.batch_size)
        return full if self.drop_last or rest == 0 else full + 1

    @property
    def sizes(self) -> list[int]:
        """How many samples each batch of a pass holds."""
        n = len(self.samples)
        starts = range(0, n, self.batch_size)[: len(self)]
        return [min(self.batch_size, n - start) for start in starts]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        batches = self._in_random_order() if self.shuffle else self._in_order()
        if not self.shift:
            return batches
        return ((_moved(x, *move), y) for move, (x, y) in zip(self._moves(), batches, strict=True))

    def _in_order(self) -> Iterator[tuple[Tensor, Tensor]]:
        parts = (part.split(self.batch_size) for part in (self.samples.x, self.samples.y))
        return islice(zip(*parts, strict=True), len(self))

    def _in_random_order(self) -> Iterator[tuple[Tensor, Tensor]]:
        x, y = self.samples.x, self.samples.y
        order = torch.randperm(len(self.samples), generator=self.generator).to(x.device)
        for chosen in order.split(self.batch_size)[: len(self)]:
            yield x.index_select(0, chosen), y.index_select(0, chosen)

    def _moves(self) -> list[list[int]]:
        """How far down and how far to the right each batch of a pass is moved."""
        size = (len(self), 2)
        moves = torch.randint(-self.shift, self.shift + 1, size, generator=self.generator)
        return moves.tolist()

    def __repr__(self) -> str:
        shift = f", shift={self.shift}" if self.shift else ""
        return f"Batches({self.samples!r}, batch_size={self.batch_size}{shift}, {len(self)} a pass)"


def _moved(x: Tensor, down: int, right: int) -> Tensor:
    """Pictures (…, H, W), moved; a negative padding cuts off what leaves the picture."""
    return F.pad(x, (right, -right, down, -down), mode="replicate")


def _require_images(samples: Samples, shift: int) -> None:
    x = samples.x
    if x.ndim != 4 or not x.is_floating_point() or shift >= min(x.shape[2:]):
        raise ValueError(
            "shift must be zero, or less than height and width of floating-point inputs of shape "
            f"(N, C, H, W), got {shift} and {samples!r}"
        )
