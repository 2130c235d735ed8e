"""Checks of chapter 20, faster and larger."""

from itertools import chain, pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.data import moons
from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise
from dlbook.exercises.words import kind
from dlbook.models import mlp

FLOAT_BYTES = 4
INDEX_TYPES = (torch.int64, torch.int32)
STATES = {"SGD": 0, "momentum": 1, "Adam": 2}  # numbers per weight


@exercise("20.1")
def amdahl(answer: Any) -> None:
    """The gain when 60 % of the time gets five times as fast."""
    value = expect.number(answer)
    hint = "Of a second, 0.4 s stay as they are, and 0.6 s become a fifth. Add, then invert."
    expect.close(value, 1 / (0.4 + 0.6 / 5), hint=hint, tolerance=5e-3)


@exercise("20.2")
def training_bytes(answer: Any) -> None:
    """Ask for `training_bytes`: weights, gradients and the optimizer's state, in float32."""
    call = "training_bytes(100, 'SGD')"
    got = expect.number(expect.result(answer, 100, "SGD", call=call), call)
    if got == 400:
        raise NotYet("400 bytes hold the 100 weights; their gradients need room as well.")

    def count(weights: int, optimizer: str) -> int:
        return FLOAT_BYTES * weights * (2 + STATES[optimizer])

    cases = [(weights, name) for weights in (100, 575_050) for name in STATES]
    expect.same_for_all(answer, count, cases, name="training_bytes")


@exercise("20.3")
def step_flops(answer: Any) -> None:
    """Ask for `step_flops`: the FLOPs of the matrix products of a training step."""

    def count(sizes: list[int], batch_size: int) -> int:
        products = [a * b for a, b in pairwise(sizes)]
        return 2 * batch_size * (3 * sum(products) - products[0])

    call = "step_flops([3, 2], 1)"
    got = expect.number(expect.result(answer, [3, 2], 1, call=call), call)
    if got == 3 * 2 * 3 * 2:
        raise NotYet("the gradient for the input of the network is not needed: one product less.")
    cases = [([3, 2], 1), ([3, 5, 2], 4), ([784, 256, 256, 10], 64)]
    expect.same_for_all(answer, count, cases, name="step_flops")


@exercise("20.4")
def combine(answer: Any) -> None:
    """Ask for `combine`: the workers' gradients, weighted by their shares of the samples."""

    def weighted(gradients: Tensor, counts: Tensor) -> Tensor:
        return (gradients * (counts / counts.sum()).unsqueeze(1)).sum(dim=0)

    gradients = torch.tensor([[1.0, 0.0, 2.0], [3.0, 4.0, -2.0]])
    counts = torch.tensor([16.0, 48.0])
    call = "combine(gradients, counts)"
    got = expect.tensor(expect.result(answer, gradients, counts, call=call), (3,), call=call)
    if expect.alike(got, gradients.mean(dim=0), tolerance=1e-6):
        raise NotYet("this is the plain mean; a worker with more samples should count for more.")
    three = (torch.eye(3), torch.tensor([1.0, 2.0, 5.0]))
    expect.same_for_all(answer, weighted, [(gradients, counts), three], name="combine")


@exercise("20.5")
def share_of(answer: Any) -> None:
    """Ask for `share_of`: random, disjoint shares that cover everything, new in each epoch."""
    for n, world_size in ((12, 3), (10, 3), (64, 4)):
        first, again, later = (_shares(answer, n, world_size, epoch) for epoch in (1, 1, 2))
        dealt = list(chain.from_iterable(first))
        if sorted(dealt) != list(range(n)):
            raise NotYet(
                f"the shares of {n} samples for {world_size} processes hold {len(dealt)} indices, "
                f"{len(set(dealt))} of them different; each sample should be seen exactly once."
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
    wanted = _norms(model, samples.x, samples.y)
    if expect.alike(got, wanted / len(wanted), tolerance=1e-4):
        raise NotYet("each is a sixth of what it should be: the loss is that of one sample.")
    hint = "Put the gradients of one sample by all weights into one vector, and take its norm."
    expect.close(got, wanted, call=call, hint=hint, tolerance=1e-4)


def _norms(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """One sample after the other."""
    norms = []
    for one_x, one_y in zip(x.split(1), y.split(1), strict=True):
        loss = F.cross_entropy(model(one_x), one_y)
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        norms.append(torch.cat([slope.flatten() for slope in slopes]).norm())
    return torch.stack(norms)
