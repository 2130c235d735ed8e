"""The scalar engine of chapter 07, read from the notebook, against torch on random expressions."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from chapter_cells import defined, sources
from hypothesis import given, settings
from hypothesis import strategies as st

CELLS = sources("07_backpropagation", "engine-")
EXPRESSIONS = 1000
LARGEST = 1e6  # beyond, a difference of two large numbers has no digits left to compare


ENGINE = defined("07_backpropagation", "engine-")
Rule = tuple[int, Callable[..., Any], Callable[..., Any]]
# For each operation: how many inputs, ours, torch's. Each is defined for all real numbers.
RULES: dict[str, Rule] = {
    "add": (2, lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (2, lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (2, lambda a, b: a * b, lambda a, b: a * b),
    "divide": (2, lambda a, b: a / (b * b + 1), lambda a, b: a / (b * b + 1)),
    "negate": (1, lambda a: -a, lambda a: -a),
    "square": (1, lambda a: a**2, lambda a: a**2),
    "cube": (1, lambda a: a**3, lambda a: a**3),
    "root": (1, lambda a: (a * a + 1) ** 0.5, lambda a: (a * a + 1) ** 0.5),
    "constant on the left": (1, lambda a: 2 - 3 * a, lambda a: 2 - 3 * a),
    "over": (1, lambda a: 1 / (a**2 + 2), lambda a: 1 / (a**2 + 2)),
    "exp": (1, lambda a: ENGINE.exp(ENGINE.tanh(a)), lambda a: a.tanh().exp()),
    "sigmoid": (1, ENGINE.sigmoid, torch.sigmoid),
    "tanh": (1, ENGINE.tanh, torch.tanh),
    "relu": (1, ENGINE.relu, torch.relu),
}
INPUTS = 3
NUMBERS = st.floats(-3, 3, allow_subnormal=False)
# Each step applies an operation to values picked from all that exist, so pieces are shared.
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(RULES)), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=15,
)


def evaluate(values: list[Any], steps: list[tuple[str, int, int]], side: int) -> list[Any]:
    """All values of an expression, ours (side 1) or torch's (side 2)."""
    values = list(values)
    for name, *picks in steps:
        rule = RULES[name]
        values.append(rule[side](*(values[pick % len(values)] for pick in picks[: rule[0]])))
    return values


@settings(max_examples=EXPRESSIONS)
@given(st.lists(NUMBERS, min_size=INPUTS, max_size=INPUTS), STEPS)
def test_values_and_gradients_are_those_of_torch(
    numbers: list[float], steps: list[tuple[str, int, int]]
) -> None:
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
    references = evaluate(theirs, steps, 2)
    while len(references) > INPUTS and max(abs(r.item()) for r in references) > LARGEST:
        references.pop()
    steps = steps[: len(references) - INPUTS]
    ours = [ENGINE.Value(x) for x in numbers]
    values = evaluate(ours, steps, 1)
    total, reference = sum(values), torch.stack(references).sum()
    ENGINE.backward(total)
    reference.backward()
    assert math.isclose(total.value, reference.item(), rel_tol=1e-9, abs_tol=1e-9)
    scale = 1 + max(abs(t.grad.item()) for t in theirs)
    for mine, his in zip(ours, theirs, strict=True):
        assert abs(mine.grad - his.grad.item()) <= 1e-9 * scale


def test_it_is_short_and_made_of_short_cells() -> None:
    lines = [[line for line in cell.splitlines() if line.strip()] for cell in CELLS]
    assert 60 <= sum(map(len, lines)) <= 100
    assert max(map(len, lines)) <= 25


def test_the_graph_by_hand() -> None:
    a, b = ENGINE.Value(2), ENGINE.Value(1)
    ENGINE.backward((a + b) * (b + 1))
    assert (a.grad, b.grad) == (2, 5)


def test_values_that_do_not_lead_to_the_end_are_left_alone() -> None:
    a, b = ENGINE.Value(2), ENGINE.Value(3)
    a * b
    ENGINE.backward(a * 5)
    assert (a.grad, b.grad) == (5, 0)


def test_a_second_backward_begins_afresh() -> None:
    a = ENGINE.Value(3)
    y = a * a + a
    ENGINE.backward(y)
    ENGINE.backward(y)
    assert a.grad == 7


def test_long_chains_and_many_paths() -> None:
    x = y = ENGINE.Value(1)
    for _ in range(5000):
        y = y * 1.0
    for _ in range(60):
        y = y + y
    ENGINE.backward(y)
    assert x.grad == 2**60
    assert ENGINE.ancestors(y)[0] is y


def test_values_far_out_do_not_overflow() -> None:
    for z in (-1000.0, 1000.0):
        x = ENGINE.Value(z)
        y = ENGINE.sigmoid(x)
        ENGINE.backward(y)
        assert (y.value, x.grad) == (float(z > 0), 0.0)


def test_what_torch_takes_at_corners() -> None:
    for ours, reference in (
        (ENGINE.relu, torch.relu),
        (lambda x: x**0, lambda x: x**0),
        (lambda x: x**1, lambda x: x**1),
        (lambda x: x**2, lambda x: x**2),
    ):
        x, t = ENGINE.Value(0), torch.zeros((), dtype=torch.float64, requires_grad=True)
        y, u = ours(x), reference(t)
        ENGINE.backward(y)
        u.backward()
        assert (y.value, x.grad) == (u.item(), t.grad.item())


@pytest.mark.parametrize(
    ("wrong", "error", "word"),
    [
        (lambda v: v**v, TypeError, "plain number"),
        (lambda v: v + "one", ValueError, "float"),
        (lambda v: v * None, TypeError, "NoneType"),
        (lambda v: v / 0, ZeroDivisionError, "power"),
        (lambda v: (v - 5) ** 0.5, TypeError, "complex"),
        (lambda v: ENGINE.exp(v * 1000), OverflowError, "range"),
    ],
)
def test_what_has_no_value_raises(
    wrong: Callable[[Any], Any], error: type[Exception], word: str
) -> None:
    with pytest.raises(error, match=word):
        wrong(ENGINE.Value(2))
