"""Functions recorded as tapes, and played again by torch."""

import json
import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.func import grad, vmap

from dlbook.tapes import Tape, engine, operations, play, trace

CHANCE = st.floats(0.01, 0.99)


def number(x: float) -> Tensor:
    return torch.tensor(x, dtype=torch.float64)


def divergences(a: Tensor, b: Tensor) -> dict[str, Tensor]:
    p, q = (torch.stack([x, 1 - x]) for x in (a, b))
    entropy, crossed = (-torch.special.xlogy(p, x).sum() for x in (p, q))
    return {"entropy": entropy, "divergence": crossed - entropy}


@given(a=CHANCE, b=CHANCE)
@settings(max_examples=30, deadline=None)
def test_a_tape_computes_what_its_function_computes(a: float, b: float) -> None:
    tape = trace(divergences, number(0.3), number(0.6))
    inputs = number(a), number(b)
    torch.testing.assert_close(play(tape, *inputs), divergences(*inputs))


def test_slopes_are_recorded_with_what_has_them() -> None:
    def curve(at: Tensor) -> Tensor:
        return vmap(grad(F.softplus))(at)

    at = torch.linspace(-3, 3, 7, dtype=torch.float64)
    torch.testing.assert_close(play(trace(curve, at), at + 1), torch.sigmoid(at + 1))


@pytest.mark.parametrize("f", [F.gelu, F.silu, F.softplus, F.leaky_relu, F.tanh, F.logsigmoid])
def test_activations_and_their_slopes_are_made_of_what_the_engine_has(f: Any) -> None:
    def figure(x: Tensor) -> tuple[Tensor, Tensor]:
        return f(x), vmap(grad(f))(x)

    x = torch.linspace(-3, 3, 7, dtype=torch.float64)
    torch.testing.assert_close(play(trace(figure, x), x / 2), figure(x / 2))


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_losses_are_made_of_what_the_engine_has(reduction: str) -> None:
    binary = F.binary_cross_entropy_with_logits

    def losses(z: Tensor, y: Tensor, truth: Tensor) -> list[Tensor]:
        pairs = (F.cross_entropy, y), (binary, truth), (F.mse_loss, truth)
        return [loss(z, wanted, reduction=reduction) for loss, wanted in pairs]

    def figure(*given: Tensor) -> Any:
        slopes = grad(lambda *given: sum(loss.sum() for loss in losses(*given)))
        return losses(*given), slopes(*given)

    z, y, truth = torch.randn(3, 3), torch.tensor([0, 2, 1]), torch.rand(3, 3)
    tape = trace(figure, z, y, truth)
    torch.testing.assert_close(play(tape, z / 2, y, truth), figure(z / 2, y, truth))


def test_constants_travel_with_the_tape() -> None:
    weights = torch.tensor([1.0, 2.0, math.inf])
    tape = trace(lambda x: x * weights, torch.ones(3))
    assert [c.tolist() for c in tape.constants] == [[1.0, 2.0, math.inf]]
    told = tape.data()["constants"]
    assert told == [{"type": "float32", "shape": [3], "data": [1.0, 2.0, "Infinity"]}]


def test_a_tensor_that_is_given_twice_makes_two_inputs() -> None:
    x = torch.ones(2)
    tape = trace(lambda a, b: a - 2 * b, x, x)
    assert play(tape, torch.tensor([5.0]), torch.tensor([1.0])).tolist() == [3.0]


def test_inputs_and_outputs_are_lists_and_dictionaries() -> None:
    tape = trace(
        lambda parts: {"sum": [parts["a"] + parts["b"][0]]}, {"a": number(1), "b": [number(2)]}
    )
    assert play(tape, {"a": number(3), "b": [number(4)]})["sum"][0] == 7


def test_one_tape_serves_other_sizes() -> None:
    tape = trace(lambda x, w: (x @ w).mean(), torch.rand(5, 3), torch.rand(3, 4), sizes_vary=True)
    x, w = torch.rand(2, 7), torch.rand(7, 6)
    torch.testing.assert_close(play(tape, x, w), (x @ w).mean())


def test_an_operation_that_the_engine_lacks_is_named() -> None:
    with pytest.raises(NotImplementedError, match=r"has no _?linalg_eigh"):
        trace(torch.linalg.eigvalsh, torch.eye(2))


def test_chance_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="rand"):
        trace(lambda x: x + torch.rand(2), torch.ones(2))


def test_a_function_that_looks_at_a_number_is_refused() -> None:
    with pytest.raises(RuntimeError):
        trace(lambda x: x if x > 0 else -x, number(1.0))


def test_a_function_that_changes_its_mind_is_refused() -> None:
    calls: list[Any] = []

    def fickle(x: Tensor) -> Tensor:
        calls.append(x)
        return x + len(calls)

    with pytest.raises(ValueError, match="computes something else than the function"):
        trace(fickle, torch.ones(2))


def test_a_tape_is_compared_on_the_other_examples_too() -> None:
    def twofold(x: Tensor) -> Tensor:
        return x * 2 if len(x) == 2 else x

    trace(twofold, torch.ones(2))
    with pytest.raises(ValueError, match="something else"):
        trace(twofold, torch.ones(2), others=[(torch.ones(3),)])


def test_a_comparison_of_two_precisions_is_refused() -> None:
    rates = torch.tensor([0.1, 0.3])  # float32, in which 0.1 is another number
    with pytest.raises(ValueError, match="compares float32 with float64"):
        trace(lambda x: (rates == x).long(), torch.tensor(0.1, dtype=torch.float64))
    whole = torch.tensor([1, 3])
    assert play(trace(lambda x: whole == x, torch.tensor(3.0)), torch.tensor(1.0)).tolist() == [
        True,
        False,
    ]


def test_whole_numbers_are_written_short_and_zero_keeps_its_sign() -> None:
    constants = torch.tensor([2.0, -0.0, 0.5])
    (told,) = trace(lambda x: x + constants, torch.zeros(3)).data()["constants"]
    assert json.dumps(told["data"]) == "[2, -0.0, 0.5]"


def test_numbers_that_json_does_not_know_are_named() -> None:
    tape = trace(lambda x: torch.clamp(x, max=math.inf), number(1.0))
    assert '"float":"Infinity"' in json.dumps(tape.data(), separators=(",", ":"))
    assert isinstance(tape, Tape)


def test_the_engines_operations_are_found_in_its_script() -> None:
    assert {"add.Tensor", "add.Scalar", "mm.default", "getitem"} < operations()
    assert all(f'"{name.split(".")[0]}' in engine() for name in operations())
