"""Record torch functions."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import torch
from torch import Tensor
from torch._decomp import core_aten_decompositions
from torch.func import functionalize
from torch.fx import Graph, GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map_only, tree_unflatten

from dlbook.tapes.playing import play
from dlbook.tapes.tape import Step, Tape, Value

_ENGINE_NAME = re.compile(r'^    (?:\.\.\.both\("(\w+)"|"([\w.]+)":)', re.MULTILINE)


def trace(
    function: Callable[..., Any],
    *inputs: Any,
    others: Sequence[tuple[Any, ...]] = (),
    sizes_vary: bool = False,
) -> Tape:
    """Record a function of tensors as a tape of the operations that the page's engine knows.

    Args:
        function: takes tensors, or lists and dictionaries of them, and returns likewise. It must
            not look at a number while it runs (``if x > 0``, ``x.item()``), for a tape has no
            branches.
        inputs: an example of what it takes.
        others: further examples, on which the tape is compared with the function.
        sizes_vary: whether the tape serves other batch sizes and widths than the example's; then
            no size may be 0 or 1, which torch takes for constants.

    Raises:
        NotImplementedError: the function needs an operation that the engine lacks.
        ValueError: the tape computes something else than the function.
    """
    tensors, layout = tree_flatten(inputs)

    def flat(*values: Tensor) -> Any:
        return function(*tree_unflatten(list(values), layout))

    recorded = make_fx(
        functionalize(flat),
        decomposition_table=_decompositions(),
        tracing_mode="symbolic" if sizes_vary else "real",
    )(*map(_own, tensors))
    recorded.graph.eliminate_dead_code()
    tape = _tape(recorded)
    _require_known(tape)
    for example in (inputs, *others):
        _require_same(function, tape, example)
    return tape


@cache
def engine() -> str:
    """The script that plays tapes on a page."""
    return files("dlbook.tapes").joinpath("engine.js").read_text(encoding="utf-8")


@cache
def operations() -> frozenset[str]:
    """The names of the operations that the engine has."""
    found = set()
    for both, name in _ENGINE_NAME.findall(engine()):
        found |= {f"{both}.Tensor", f"{both}.Scalar"} if both else {name}
    return frozenset(found)


def _own(tensor: Tensor) -> Tensor:
    """A copy: make_fx takes two inputs that are one object for one input."""
    return tensor.detach().clone()


@cache
def _decompositions() -> dict[Any, Any]:
    """How operations that the engine lacks are made of simpler ones."""
    table = {**core_aten_decompositions(), torch.ops.aten.empty_permuted.default: _zeros}
    return {op: way for op, way in table.items() if Step(op, (), None).name not in operations()}


def _zeros(size: Sequence[int], _order: Sequence[int], *, dtype: torch.dtype, **_: Any) -> Tensor:
    """What stands for memory whose numbers nobody reads."""
    return torch.zeros(size, dtype=dtype)


def _tape(recorded: GraphModule) -> Tape:
    graph: Graph = recorded.graph
    inputs = [node for node in graph.nodes if node.op == "placeholder"]
    for node in graph.nodes:
        _require_one_precision(node)
    constants = [node for node in graph.nodes if node.op == "get_attr"]
    calls = [node for node in graph.nodes if node.op == "call_function"]
    values = {node: Value(i) for i, node in enumerate([*inputs, *constants, *calls])}

    def said(argument: Any) -> Any:
        return tree_map_only(Node, values.__getitem__, argument)

    return Tape(
        len(inputs),
        [getattr(recorded, str(node.target)) for node in constants],
        [Step(node.target, said(_in_order(node)), _dtype(node)) for node in calls],
        said(next(node for node in graph.nodes if node.op == "output").args[0]),
    )


def _require_one_precision(node: Node) -> None:
    """The page compares in double precision; torch, in that of the tensor that has a shape."""
    seen = {_dtype(given) for given in node.all_input_nodes}
    if _dtype(node) == torch.bool and seen >= {torch.float32, torch.float64}:
        raise ValueError(f"{node.target} compares float32 with float64; give both one type")


def _in_order(node: Node) -> tuple[Any, ...]:
    """The arguments in the order of the operation's schema, without the defaults at the end."""
    if not isinstance(node.target, torch._ops.OpOverload):
        return node.args
    names = node.target._schema.arguments
    given = dict(zip((a.name for a in names), node.args, strict=False)) | node.kwargs
    last = max((i for i, a in enumerate(names) if a.name in given), default=-1)
    return tuple(given.get(a.name, a.default_value) for a in names[: last + 1])


def _dtype(node: Node) -> torch.dtype | None:
    tensors = [t for t in tree_leaves(node.meta.get("val")) if isinstance(t, Tensor)]
    return tensors[0].dtype if tensors else None


def _require_known(tape: Tape) -> None:
    if lacking := {step.name for step in tape.steps} - operations():
        raise NotImplementedError(f"the engine of the pages has no {', '.join(sorted(lacking))}")


def _require_same(function: Callable[..., Any], tape: Tape, inputs: tuple[Any, ...]) -> None:
    expected, played = function(*inputs), play(tape, *inputs)
    try:
        torch.testing.assert_close(played, expected, equal_nan=True)
    except AssertionError as error:
        raise ValueError(f"the tape computes something else than the function: {error}") from error
