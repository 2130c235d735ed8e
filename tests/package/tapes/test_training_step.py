"""A step of training on a tape, against torch's own optimizers."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.models import mlp
from dlbook.tapes import play, trace
from dlbook.tapes.training_step import SGD, Adam, training_step

OPTIMIZERS: dict[str, tuple[SGD | Adam, Callable[[Any], torch.optim.Optimizer]]] = {
    "SGD": (SGD(), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (SGD(momentum=0.9), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    "Adam": (Adam(), lambda p: torch.optim.Adam(p, lr=0.1)),
}


def batch(n: int) -> tuple[Tensor, Tensor]:
    return torch.randn(n, 2), torch.randint(3, (n,))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_torchs_own(name: str) -> None:
    torch.manual_seed(0)
    ours, theirs = OPTIMIZERS[name]
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))
    parameters = {n: p.detach().clone() for n, p in model.named_parameters()}
    state = ours.start(list(parameters.values()))
    lr = torch.tensor(0.1)
    step = training_step(model, F.cross_entropy, ours)
    tape = trace(step, *batch(5), lr, parameters, state, sizes_vary=True)
    optimizer = theirs(model.parameters())
    for n in (5, 16, 16, 3, 1):  # a ragged last batch is played as well
        x, y = batch(n)
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found, parameters, state = play(tape, x, y, lr, parameters, state)
        torch.testing.assert_close(found, loss.detach())
        torch.testing.assert_close(parameters, dict(model.named_parameters()), rtol=1e-5, atol=1e-6)


def test_one_tape_serves_other_widths() -> None:
    torch.manual_seed(0)
    narrow, wide = (mlp([2, width, width, 2], seed=0) for width in (3, 16))
    step = training_step(narrow, F.cross_entropy, SGD())
    x, lr = torch.randn(7, 2), torch.tensor(0.1)
    y = torch.randint(2, (7,))
    start = dict(narrow.named_parameters())
    tape = trace(step, x, y, lr, start, SGD().start([]), sizes_vary=True)
    played = play(tape, x, y, lr, dict(wide.named_parameters()), SGD().start([]))
    torch.testing.assert_close(played[0], F.cross_entropy(wide(x), y))
