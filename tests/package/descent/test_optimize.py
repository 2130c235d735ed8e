"""Torch's optimizers on plain functions: the same steps as in a loop written by hand."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from pandas.testing import assert_frame_equal
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from dlbook.descent import LANDSCAPES, descend, optimize

MAKERS: dict[str, Callable[[list[Tensor]], Optimizer]] = {
    "SGD": lambda w: SGD(w, lr=0.01, momentum=0.5, nesterov=True),
    "RMSprop": lambda w: RMSprop(w, lr=0.01),
    "Adam": lambda w: Adam(w, lr=0.05),
    "AdamW": lambda w: AdamW(w, lr=0.05, weight_decay=0.1),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("name", ["two valleys", "ravine"])
def test_it_is_the_loop_by_hand(name: str, make: Callable[[list[Tensor]], Optimizer]) -> None:
    cost, start = LANDSCAPES[name].cost, [0.4, -0.3][: LANDSCAPES[name].dimension]
    trace = optimize(cost, start, make, steps=20)
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([w])
    for step, row in trace.iterrows():
        optimizer.zero_grad()
        loss = cost(w)
        loss.backward()
        point = [value for column, value in row.items() if str(column).startswith("w")]
        found = (row["step"], *point, row["cost"], row["grad_norm"])
        assert found == (step, *w.tolist(), loss.item(), w.grad.norm().item())
        optimizer.step()
    assert len(trace) == 21


@pytest.mark.parametrize("start", [1.5, (1.0, -0.5)])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_with_sgd_it_is_descent(start: float | tuple[float, float], momentum: float) -> None:
    cost = LANDSCAPES["parabola" if isinstance(start, float) else "ravine"].cost
    trace = optimize(cost, start, lambda w: SGD(w, lr=0.05, momentum=momentum), steps=15)
    assert_frame_equal(trace, descend(cost, start, 0.05, steps=15, momentum=momentum), rtol=1e-12)


def test_adams_first_step_is_the_learning_rate() -> None:
    trace = optimize(LANDSCAPES["ravine"].cost, (1, 1), lambda w: Adam(w, lr=0.1), steps=1)
    assert trace.loc[1, ["w0", "w1"]].tolist() == pytest.approx([0.9, 0.9])
    assert np.array_equal(trace["lr"], [0.1, 0.1])
