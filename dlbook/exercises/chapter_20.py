"""Checks of chapter 20, faster and larger."""

from itertools import chain, pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.data import moons
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind
from dlbook.models import mlp

FLOAT_BYTES = 4
INDEX_TYPES = (torch.int64, torch.int32)
BIAS_DIMS = 2  # of the gradients by a bias, one row per sample
STATES = {"SGD": 0, "momentum": 1, "Adam": 2}  # numbers per weight
SHARES = {  # answers to 20.1
    0.4 + 0.6 / 5: "is the time that is left of a second. How many times does it go into one?",
    0.4 + 0.6 * 5: "multiplies the share. That part does not get longer: its 0.6 s become a fifth.",
    1 / 0.4: "is the limit, for a part that takes no time at all. A fifth of it is left.",
    1 / (0.6 + 0.4 / 5): "makes the other 40 % faster. It is the 60 % that become a fifth.",
    5.0: "would be right if the data were all. Of a second, 0.4 s stay as they are.",
}


@exercise("20.1", OnPage(slips=tuple(SHARES)))
def amdahl(answer: Any) -> None:
    """The gain when 60 % of the time gets five times as fast."""
    value = expect.number(answer)
    expect.no_slip(value, SHARES, relative=1e-3)
    hint = "Of a second, 0.4 s stay as they are, and 0.6 s become a fifth. Add, then invert."
    expect.close(value, 1 / (0.4 + 0.6 / 5), hint=hint, tolerance=2e-2)


@exercise("20.2")
def training_bytes(answer: Any) -> None:
    """Ask for `training_bytes`: weights, gradients and the optimizer's state, in float32."""

    def count(weights: int, optimizer: str) -> int:
        return FLOAT_BYTES * weights * (2 + STATES[optimizer])

    slips: expect.Slips = {
        "These are the weights and their gradients. The state needs room as well.": (
            lambda weights, optimizer: 2 * FLOAT_BYTES * weights
        ),
        "Adam keeps two numbers per weight: means of gradients and of their squares.": (
            lambda weights, optimizer: 3 * FLOAT_BYTES * weights
        ),
        "The gradients need room as well, as much as the weights.": lambda weights, optimizer: (
            FLOAT_BYTES * weights * (1 + STATES[optimizer])
        ),
        "These are numbers. Each takes four bytes.": lambda weights, optimizer: (
            weights * (2 + STATES[optimizer])
        ),
    }
    cases = [(weights, name) for weights in (100, 575_050) for name in STATES]
    expect.same_for_all(answer, count, cases, name="training_bytes", slips=slips)


@exercise("20.3")
def step_flops(answer: Any) -> None:
    """Ask for `step_flops`: the FLOPs of the matrix products of a training step."""

    def products(sizes: list[int]) -> list[int]:
        return [a * b for a, b in pairwise(sizes)]

    def count(sizes: list[int], batch_size: int) -> int:
        return 2 * batch_size * (3 * sum(products(sizes)) - products(sizes)[0])

    slips: expect.Slips = {
        "The gradient by the input of the network is not needed: one product less.": (
            lambda sizes, batch_size: 6 * batch_size * sum(products(sizes))
        ),
        "These are the products forward; backward come one for the first layer, two for others.": (
            lambda sizes, batch_size: 2 * batch_size * sum(products(sizes))
        ),
        "A multiplication and an addition are two operations.": lambda sizes, batch_size: (
            count(sizes, batch_size) / 2
        ),
        "This is right for one sample; a batch has more.": lambda sizes, batch_size: count(
            sizes, 1
        ),
        "Backward, only the first layer has a single product; the others have two.": (
            lambda sizes, batch_size: 4 * batch_size * sum(products(sizes))
        ),
    }
    cases = [([3, 5, 2], 1), ([3, 5, 2], 4), ([784, 256, 256, 10], 64)]
    expect.same_for_all(answer, count, cases, name="step_flops", slips=slips)


@exercise("20.4")
def combine(answer: Any) -> None:
    """Ask for `combine`: the workers' gradients, weighted by their shares of the samples."""

    def total(gradients: Tensor, counts: Tensor) -> Tensor:
        return (gradients * counts.unsqueeze(1)).sum(dim=0)

    def weighted(gradients: Tensor, counts: Tensor) -> Tensor:
        return total(gradients, counts) / counts.sum()

    slips: expect.Slips = {
        "This is the plain mean; a worker with more samples should count for more.": (
            lambda gradients, counts: gradients.mean(dim=0)
        ),
        "This adds the means up, so that it grows with the workers. Take a weighted mean.": (
            lambda gradients, counts: gradients.sum(dim=0)
        ),
        "This is the gradient of the sum over all samples. Divide by their number.": total,
        "Divide by the number of samples, not by that of workers.": lambda gradients, counts: (
            total(gradients, counts) / len(counts)
        ),
    }
    gradients = torch.tensor([[1.0, 0.0, 2.0], [3.0, 4.0, -2.0]])
    counts = torch.tensor([16.0, 48.0])
    three = (torch.eye(3), torch.tensor([1.0, 2.0, 5.0]))
    cases = [(gradients, counts), three]
    expect.same_for_all(answer, weighted, cases, name="combine", slips=slips)


@exercise("20.5")
def share_of(answer: Any) -> None:
    """Ask for `share_of`: random, disjoint shares that cover everything, new in each epoch."""
    for n, world_size in ((12, 3), (10, 3), (64, 4)):
        first, again, later = (_shares(answer, n, world_size, epoch) for epoch in (1, 1, 2))
        dealt = list(chain.from_iterable(first))
        if sorted(dealt) != list(range(n)):
            raise NotYet(
                f"the shares of {n} samples for {world_size} processes hold {len(dealt)} indices, "
                f"{len(set(dealt))} of them different; each sample should be seen exactly once, so "
                f"both should be {n}. {_why_not_once(dealt, n)}"
            )
        if first != again:
            raise NotYet(
                f"share_of({n}, rank, {world_size}, 1) gives other shares when it is called again; "
                "draw from a seeded generator."
            )
        if max(map(len, first)) - min(map(len, first)) > 1:
            raise NotYet(
                f"the shares have the sizes {[len(share) for share in first]}; they should differ "
                "by one sample at most."
            )
    if first == later:
        raise NotYet("the next epoch has the same order; let the seed depend on the epoch.")
    if all(share == sorted(share) for share in first):
        raise NotYet("the samples are in their old order; shuffle them first.")


def _why_not_once(dealt: list[int], n: int) -> str:
    if len(dealt) < n:
        return "Where the shares cannot be equal, some are longer by one: drop no rest."
    if len(dealt) > n:
        return "Where the shares cannot be equal, leave some shorter by one: repeat no sample."
    return "All processes must cut the same order: seed it alike on all, by the epoch alone."


def _shares(answer: Any, n: int, world_size: int, epoch: int) -> list[list[int]]:
    shares = []
    for rank in range(world_size):
        call = f"share_of({n}, {rank}, {world_size}, {epoch})"
        share = expect.result(answer, n, rank, world_size, epoch, call=call)
        if not isinstance(share, Tensor) or share.ndim != 1 or share.dtype not in INDEX_TYPES:
            raise NotYet(f"{call} should be a tensor of indices, got {kind(share)}.")
        if len(share) > n:
            raise NotYet(f"{call} holds {len(share)} indices, more than there are samples.")
        shares.append(expect.tensor(share, (len(share),)).tolist())
    return shares


@exercise("20.6")
def sample_norms(answer: Any) -> None:
    """Ask for `sample_norms`: the length of the gradient of each sample's own loss."""
    model, samples = mlp([2, 8, 2], seed=0), moons(6, seed=0)
    call = "sample_norms(model, x, y)"
    made = expect.result(answer, model, samples.x, samples.y, call=call)
    got = expect.tensor(made, (6,), call=call)
    slopes = _slopes(model, samples.x, samples.y)
    wanted = _length(slopes)
    matrices = [slope for slope in slopes if slope.ndim > BIAS_DIMS]
    slips = {
        "Each is a sixth of that: the loss is that of one sample.": wanted / len(wanted),
        "These are the squares of the lengths. Take the root.": wanted**2,
        "The lengths of the parts do not add up: put all gradients into one vector first.": sum(
            _length([slope]) for slope in slopes
        ),
        "The biases are weights of the model as well.": _length(matrices),
        "These are the losses. Their gradients are asked for.": F.cross_entropy(
            model(samples.x), samples.y, reduction="none"
        ),
    }
    told = (words for words, slip in slips.items() if expect.alike(got, slip, tolerance=1e-4))
    hint = "Put the gradients of one sample by all weights into one vector, and take its norm."
    expect.close(got, wanted, call=call, hint=next(told, hint), tolerance=1e-4)


def _length(slopes: list[Tensor]) -> Tensor:
    flat = torch.cat([slope.flatten(start_dim=1) for slope in slopes], dim=1)
    length: Tensor = flat.norm(dim=1)
    return length


def _slopes(model: nn.Module, x: Tensor, y: Tensor) -> list[Tensor]:
    """One sample after the other, stacked: for each weight of shape s a tensor (N, *s)."""
    by_sample = []
    for one_x, one_y in zip(x.split(1), y.split(1), strict=True):
        loss = F.cross_entropy(model(one_x), one_y)
        by_sample.append(torch.autograd.grad(loss, list(model.parameters())))
    return [torch.stack(slopes) for slopes in zip(*by_sample, strict=True)]
