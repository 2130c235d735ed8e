"""Play tapes with torch, to tell a wrong tape from a wrong engine."""

from typing import Any

import torch
from torch.utils._pytree import tree_leaves, tree_map_only

from dlbook.tapes.tape import Step, Tape, Value


def play(tape: Tape, *inputs: Any) -> Any:
    """What the recorded function returns for these inputs, operation by operation."""
    values = [*tree_leaves(inputs), *tape.constants]
    for step in tape.steps:
        values.append(_call(step, _filled(step.arguments, values)))
    return _filled(tape.outputs, values)


def _filled(said: Any, values: list[Any]) -> Any:
    return tree_map_only(Value, lambda value: values[value.number], said)


def _call(step: Step, arguments: tuple[Any, ...]) -> Any:
    if not isinstance(step.operation, torch._ops.OpOverload):
        return step.operation(*arguments)
    schema = step.operation._schema.arguments
    named = {a.name: value for a, value in zip(schema, arguments, strict=False) if a.kwarg_only}
    return step.operation(*arguments[: len(arguments) - len(named)], **named)
