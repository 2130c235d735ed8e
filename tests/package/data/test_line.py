"""The line: its cost, its gradient, and descent with all, some or one of the samples."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.optimize import check_grad
from sklearn.metrics import mean_squared_error
from torch import nn

from dlbook.data import Batches, Samples, line
from dlbook.descent import descend, descend_line, line_cost, line_gradient

SAMPLES = Samples(*(t.double() for t in (line(30).x, line(30).y)))
NUMBERS = st.floats(-5, 5)


def at(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


@given(w=NUMBERS, b=NUMBERS)
def test_the_cost_is_the_mean_squared_error(w: float, b: float) -> None:
    oracle = mean_squared_error(SAMPLES.y, w * SAMPLES.x + b)
    assert line_cost(SAMPLES, at(w), b).item() == pytest.approx(oracle, rel=1e-12)


@given(w=NUMBERS, b=NUMBERS)
def test_the_gradient_is_autograds(w: float, b: float) -> None:
    point = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    (oracle,) = torch.autograd.grad(line_cost(SAMPLES, point[0], point[1]), point)
    torch.testing.assert_close(line_gradient(SAMPLES, at(w), b), oracle)


@given(w=NUMBERS, b=NUMBERS)
def test_the_gradient_is_that_of_finite_differences(w: float, b: float) -> None:
    error = check_grad(
        lambda p: line_cost(SAMPLES, at(p[0]), p[1]).item(),
        lambda p: line_gradient(SAMPLES, at(p[0]), p[1]).numpy(),
        [w, b],
    )
    assert error < 1e-4


def test_a_grid_of_slopes_and_intercepts() -> None:
    w, b = torch.linspace(-1, 1, 3).double(), torch.linspace(0, 3, 4).double()
    grid = line_cost(SAMPLES, w, b[:, None])
    assert grid.shape == (4, 3)
    assert line_gradient(SAMPLES, w, b[:, None]).shape == (4, 3, 2)
    assert grid[3, 1].item() == pytest.approx(line_cost(SAMPLES, w[1], b[3]).item())


def test_whole_slopes_do_not_round_the_intercept() -> None:
    w = torch.tensor([0, 1])
    torch.testing.assert_close(line_cost(SAMPLES, w, 0.5), line_cost(SAMPLES, w.double(), 0.5))


def test_the_intercept_keeps_its_decimals() -> None:
    samples = Samples(torch.zeros(1).double(), torch.zeros(1).double())
    assert line_cost(samples, at(0.0), 0.1).item() == 0.1**2


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_descent_ends_in_the_least_squares_line(momentum: float) -> None:
    w, b = np.polyfit(SAMPLES.x.flatten(), SAMPLES.y.flatten(), 1)
    trace = descend_line(SAMPLES, 0.1, epochs=400, momentum=momentum)
    assert trace[["w", "b"]].iloc[-1].tolist() == pytest.approx([w, b], abs=1e-6)


@pytest.mark.parametrize("batch_size", [None, 30, 1000])
def test_with_all_samples_it_is_plain_descent(batch_size: int | None) -> None:
    trace = descend_line(SAMPLES, [0.1, 0.3], epochs=5, batch_size=batch_size, momentum=0.5)
    plain = descend(
        lambda p: line_cost(SAMPLES, p[..., 0], p[..., 1]),
        (0, 0),
        [0.1, 0.3],
        steps=5,
        momentum=0.5,
    )
    expected = plain.rename(columns={"w0": "w", "w1": "b"})
    shared = ["lr", "step", "w", "b", "cost"]
    assert_frame_equal(trace[shared], expected[shared], rtol=1e-12)
    assert trace["epoch"].tolist() == [0, 1, 2, 3, 4, 5] * 2


@pytest.mark.parametrize("batch_size", [1, 7])
def test_it_is_torchs_sgd_on_the_same_batches(batch_size: int) -> None:
    trace = descend_line(SAMPLES, 0.05, epochs=2, batch_size=batch_size, momentum=0.9, seed=4)
    model = nn.Linear(1, 1, dtype=torch.float64)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    batches = Batches(SAMPLES, batch_size, seed=4)
    path = [(0.0, 0.0)]
    for _ in range(2):
        for x, y in batches:
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
            path.append((model.weight.item(), model.bias.item()))
    np.testing.assert_allclose(trace[["w", "b"]], path, rtol=1e-10, atol=1e-12)


def test_one_at_a_time_it_visits_every_sample() -> None:
    # With x = 0 and α = ½ an update sets b to the y of the sample that it sees.
    samples = Samples(torch.zeros(10), torch.arange(10))
    trace = descend_line(samples, 0.5, epochs=2, batch_size=1, start=(1.0, -1.0))
    assert len(trace) == 21
    for epoch in (trace["b"][1:11], trace["b"][11:]):
        assert sorted(epoch) == list(range(10))
    assert (trace["w"] == 1.0).all()
    assert trace["epoch"].to_numpy() == pytest.approx(np.arange(21) / 10)


def test_a_ragged_batch_is_part_of_an_epoch() -> None:
    trace = descend_line(SAMPLES[:10], 0.1, epochs=2, batch_size=4)
    assert trace["epoch"].tolist() == pytest.approx([0, 0.4, 0.8, 1, 1.4, 1.8, 2])


@pytest.mark.parametrize("batch_size", [None, 1, 8])
def test_many_learning_rates_are_separate_runs(batch_size: int | None) -> None:
    rates = [0.01, 0.2, 0.05]
    together = descend_line(SAMPLES, rates, epochs=2, batch_size=batch_size)
    alone = [descend_line(SAMPLES, lr, epochs=2, batch_size=batch_size) for lr in rates]
    assert_frame_equal(together, pd.concat(alone, ignore_index=True), rtol=1e-12)


def test_the_seed_orders_the_samples() -> None:
    first, same, other = (
        descend_line(SAMPLES, 0.1, epochs=1, batch_size=1, seed=seed) for seed in (0, 0, 1)
    )
    assert_frame_equal(first, same)
    assert not first.equals(other)


def test_samples_of_several_numbers_are_no_line() -> None:
    with pytest.raises(ValueError, match=r"one number x .* got .*\(3, 2\)"):
        descend_line(Samples(torch.ones(3, 2), torch.ones(3)), 0.1, epochs=1)
