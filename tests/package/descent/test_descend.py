"""Gradient descent: closed forms, torch's own optimizer, and runs that do not mix."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from torch import Tensor

from dlbook.descent import LANDSCAPES, descend

PARABOLA = LANDSCAPES["parabola"].cost
RATES = st.floats(-0.5, 1.2)


def by_sgd(
    cost: Callable[[Tensor], Tensor], start: Sequence[float], *, lr: float, steps: int, mu: float
) -> np.ndarray:
    """The points that torch.optim.SGD visits, shape (steps + 1, d)."""
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=mu)
    points = [w.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        cost(w).backward()
        optimizer.step()
        points.append(w.detach().clone())
    return torch.stack(points).numpy()


@given(lr=RATES, start=st.floats(-3, 3), steps=st.integers(1, 12))
def test_the_parabola_in_closed_form(lr: float, start: float, steps: int) -> None:
    trace = descend(PARABOLA, start, lr, steps=steps)
    w = start * (1 - 2 * lr) ** np.arange(steps + 1)
    assert trace["step"].tolist() == list(range(steps + 1))
    assert trace["w"].to_numpy() == pytest.approx(w, rel=1e-9, abs=1e-9)
    assert trace["cost"].to_numpy() == pytest.approx(w**2, rel=1e-9, abs=1e-9)
    assert trace["grad_norm"].to_numpy() == pytest.approx(np.abs(2 * w), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", LANDSCAPES)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_it_is_torchs_sgd(name: str, momentum: float) -> None:
    cost, dimension = LANDSCAPES[name].cost, LANDSCAPES[name].dimension
    start = [0.4, -0.3][:dimension]
    trace = descend(cost, start, 0.001, steps=30, momentum=momentum)
    points = trace[[column for column in trace if column.startswith("w")]].to_numpy()
    expected = by_sgd(cost, start, lr=0.001, steps=30, mu=momentum)
    np.testing.assert_allclose(points, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_a_given_gradient_is_used_as_autograds(momentum: float) -> None:
    options = {"steps": 9, "momentum": momentum}
    own = descend(PARABOLA, 1.5, [0.1, 0.2], gradient=lambda w: 2 * w, **options)
    assert_frame_equal(own, descend(PARABOLA, 1.5, [0.1, 0.2], **options))
    uphill = descend(PARABOLA, 1.5, 0.1, gradient=lambda w: -2 * w, **options)
    assert uphill["cost"].is_monotonic_increasing


@pytest.mark.parametrize("name", LANDSCAPES)
def test_many_learning_rates_are_separate_runs(name: str) -> None:
    cost, start = LANDSCAPES[name].cost, [0.4, -0.3][: LANDSCAPES[name].dimension]
    rates = [0.001, 0.01, 0.002]
    together = descend(cost, start, rates, steps=8, momentum=0.3)
    alone = [descend(cost, start, lr, steps=8, momentum=0.3) for lr in rates]
    assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_the_columns_of_a_trace() -> None:
    one = descend(PARABOLA, 1, [0.1, 0.2], steps=2)
    two = descend(LANDSCAPES["ravine"].cost, (1, 1), 0.1, steps=2)
    assert list(one) == ["lr", "step", "w", "cost", "grad_norm"]
    assert list(two) == ["lr", "step", "w0", "w1", "cost", "grad_norm"]
    assert one["lr"].tolist() == [0.1] * 3 + [0.2] * 3
    assert two["grad_norm"][0] == pytest.approx(np.hypot(1, 10))


def test_divergence_is_in_the_table() -> None:
    trace = descend(PARABOLA, 1.0, [0.1, 10.0], steps=400)
    calm, wild = (run["cost"].to_numpy() for _, run in trace.groupby("lr"))
    assert np.isfinite(calm).all()
    assert wild[:5].tolist() == pytest.approx([361.0**t for t in range(5)])
    assert not np.isfinite(wild[-1])


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ({"cost": torch.square}, r"cost must map points of shape \(1, 1\) to \(1,\), got \(1, 1\)"),
        ({"gradient": lambda w: w[..., 0]}, r"gradient must map points of shape \(1, 1\) to the"),
    ],
)
def test_functions_of_other_shapes(function: dict[str, object], message: str) -> None:
    arguments = {"cost": PARABOLA, "start": 1.0, "lr": 0.1, "steps": 3} | function
    with pytest.raises(ValueError, match=message):
        descend(**arguments)
