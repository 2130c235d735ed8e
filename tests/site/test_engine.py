"""The script that plays tapes on a page, in a real browser, against torch."""

import operator
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from engine_cases import CASES, PYTHON, Draw
from playwright.sync_api import Browser, Page
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_leaves, tree_unflatten

from dlbook import tapes
from dlbook.tapes import Step, Tape, Value

DRAWS = 25
PLAY = """(calls) => calls.map(({tape, inputs}) => {
    const { TYPES, tensor, numbers, play } = window.dlbookTapes;
    const given = inputs.map(({type, data, shape, strides, offset}) =>
        tensor(TYPES[type].from(data, Number), shape, strides, offset));
    const told = (value) => {
        if (Array.isArray(value)) return value.map(told);
        if (value?.data) return {shape: value.shape, data: Array.from(numbers(value), String),
            type: Object.keys(TYPES).find((name) => value.data instanceof TYPES[name])};
        if (value && typeof value === "object") {
            const parts = Object.entries(value).map(([name, part]) => [name, told(part)]);
            return Object.fromEntries(parts);
        }
        return value == null ? null : String(value);
    };
    return told(play(tape)(given));
})"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A blank page with the engine."""
    with browser.new_page() as blank:
        blank.add_script_tag(content=tapes.engine())
        yield blank


def played(page: Page, *calls: tuple[Tape, list[Tensor]]) -> list[Any]:
    """What the engine makes of tapes and their inputs."""
    told = [{"tape": tape.data(), "inputs": [stored(t) for t in inputs]} for tape, inputs in calls]
    return [loaded(value) for value in page.evaluate(PLAY, told)]


def stored(t: Tensor) -> dict[str, Any]:
    """A tensor as it lies in memory."""
    memory = torch.empty(0, dtype=t.dtype).set_(t.untyped_storage())
    return {
        "type": str(t.dtype).removeprefix("torch."),
        "data": [str(x).replace("inf", "Infinity") for x in memory.to(torch.float64).tolist()],
        "shape": list(t.shape),
        "strides": list(t.stride()),
        "offset": t.storage_offset(),
    }


def loaded(value: Any) -> Any:
    """What the browser returned, with tensors."""
    match value:
        case {"shape": shape, "data": data, "type": dtype}:
            numbers = [float(x) for x in data]
            return torch.tensor(numbers, dtype=torch.float64).to(getattr(torch, dtype)).view(shape)
        case list():
            return [loaded(part) for part in value]
        case dict():
            return {name: loaded(part) for name, part in value.items()}
        case str():
            return float(value)
    return value


def recorded(operation: Any, arguments: tuple[Any, ...]) -> tuple[Tape, list[Tensor], Any]:
    """A tape of one step, its inputs, and what torch returns."""
    leaves, layout = tree_flatten(arguments)
    inputs = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
    values = iter(range(len(inputs)))
    said = [Value(next(values)) if isinstance(leaf, Tensor) else leaf for leaf in leaves]
    step = Step(operation, tree_unflatten(said, layout), None)
    tape = Tape(len(inputs), [], [step], Value(len(inputs)))
    expected = tapes.play(tape, *inputs)
    first = next((t for t in tree_leaves(expected) if isinstance(t, Tensor)), None)
    typed = replace(step, dtype=None if first is None else first.dtype)
    return replace(tape, steps=[typed]), inputs, expected


def test_every_operation_has_its_case() -> None:
    assert tapes.operations() == set(CASES) | set(PYTHON)


@pytest.mark.parametrize("name", CASES)
def test_an_operation_computes_what_torch_computes(page: Page, name: str) -> None:
    packet, overload = name.split(".")
    operation = getattr(getattr(torch.ops.aten, packet), overload)
    calls = [recorded(operation, CASES[name](Draw(seed))) for seed in range(DRAWS)]
    found = played(page, *((tape, inputs) for tape, inputs, _ in calls))
    for seed, ((_, inputs, expected), value) in enumerate(zip(calls, found, strict=True)):
        parts = list(expected) if isinstance(expected, tuple | list) else expected
        parts = float(parts) if isinstance(parts, int) else parts
        torch.testing.assert_close(
            value,
            parts,
            equal_nan=True,
            msg=lambda said, s=seed, i=inputs: f"draw {s}: {i}: {said}",
        )


@pytest.mark.parametrize("name", PYTHON)
def test_numbers_and_lists_are_as_in_python(page: Page, name: str) -> None:
    operation = torch.sym_float if name == "sym_float" else getattr(operator, name)
    arguments: dict[str, tuple[Any, ...]] = {
        "getitem": ([4, 5, 6], 1),
        "neg": (7,),
        "sym_float": (3,),
    }
    given = arguments.get(name, (-7, 2))
    tape = Tape(0, [], [Step(operation, given, None)], Value(0))
    assert played(page, (tape, [])) == [operation(*given)]
