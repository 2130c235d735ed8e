"""Steps of training on tapes, against torch's own optimizers and layers."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import SGD, Adadelta, Adam, AdamW, Optimizer, RMSprop

from dlbook.models import mlp, small_cnn
from dlbook.tapes import play, trace
from dlbook.tapes.networks import drawn_parameters, loss_and_gradients, probabilities
from dlbook.tapes.optimizers import start, update

OPTIMIZERS: dict[str, Callable[[Any], Optimizer]] = {
    "SGD": lambda w: SGD(w, lr=0.1),
    "momentum": lambda w: SGD(w, lr=0.1, momentum=0.9),
    "RMSprop": lambda w: RMSprop(w, lr=0.1),
    "RMSprop with momentum": lambda w: RMSprop(w, lr=0.1, momentum=0.5),
    "Adam": lambda w: Adam(w, lr=0.1),
    "AdamW": lambda w: AdamW(w, lr=0.1),
}


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_an_update_is_torchs_own(make: Callable[[Any], Optimizer]) -> None:
    torch.manual_seed(0)
    theirs = nn.Parameter(torch.randn(3, 2))
    optimizer, lr = make([theirs]), torch.tensor(0.1)
    w, memory = theirs.detach().clone(), start(optimizer, theirs.detach())
    tape = trace(update(optimizer), torch.randn(5, 4), torch.randn(5, 4), lr,
                 start(optimizer, torch.randn(5, 4)), sizes_vary=True)  # fmt: skip
    for _ in range(20):
        theirs.grad = torch.randn(3, 2)
        w, memory = play(tape, w, theirs.grad, lr, memory)
        optimizer.step()
        torch.testing.assert_close(w, theirs.detach(), rtol=1e-5, atol=1e-6)


def test_another_optimizer_is_refused() -> None:
    with pytest.raises(ValueError, match="must be SGD, RMSprop, Adam or AdamW"):
        update(Adadelta([torch.zeros(1, requires_grad=True)]))


def batch(n: int) -> tuple[Tensor, Tensor]:
    return torch.randn(n, 2), torch.randint(3, (n,))


def test_one_tape_of_gradients_serves_other_batches_and_widths() -> None:
    torch.manual_seed(0)
    narrow, wide = (mlp([2, width, 3], seed=0) for width in (5, 16))
    start = {name: w.detach() for name, w in narrow.named_parameters()}
    tape = trace(loss_and_gradients(narrow, F.cross_entropy), *batch(7), start, sizes_vary=True)
    for n in (64, 3, 1):
        x, y = batch(n)
        loss = F.cross_entropy(wide(x), y)
        slopes = torch.autograd.grad(loss, list(wide.parameters()))
        found, gradients = play(tape, x, y, dict(wide.named_parameters()))
        torch.testing.assert_close(found, loss)
        torch.testing.assert_close(tuple(gradients.values()), slopes)


def test_probabilities_are_those_of_the_network() -> None:
    model = mlp([2, 5, 3], seed=0)
    start = {name: w.detach() for name, w in model.named_parameters()}
    tape = trace(probabilities(model), batch(7)[0], start, sizes_vary=True)
    x, _ = batch(4)
    torch.testing.assert_close(play(tape, x, start), model(x).detach().softmax(dim=1))


@pytest.mark.parametrize("seed", [0, 7])
def test_the_weights_of_a_network_are_drawn_again(seed: int) -> None:
    found = drawn_parameters(mlp([2, 8, 3], seed=seed), seed=seed)
    assert [(part.name, part.shape) for part in found] == [
        ("1.weight", [8, 2]), ("1.bias", [8]), ("3.weight", [3, 8]), ("3.bias", [3])
    ]  # fmt: skip


def test_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.weight is not what torch draws"):
        drawn_parameters(mlp([2, 8, 3], seed=1), seed=0)
    with pytest.raises(ValueError, match="is not what torch draws"):
        drawn_parameters(small_cnn(seed=0), seed=0)
