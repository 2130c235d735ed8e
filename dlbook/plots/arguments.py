"""Arguments of plots and explorers, checked by their annotations before anything is drawn."""

import inspect
from collections.abc import Callable, Container, Mapping, Sequence
from functools import wraps
from types import UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype
from torch import Tensor

from dlbook import require
from dlbook.data import Samples
from dlbook.data.columns import require_columns

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Columns = Mapping[str, type]


def checked(
    *, finite: bool = True, may_be_empty: Container[str] = (), **tables: Columns
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a function refuse what has another type than annotated, before it does anything.

    Numbers must be finite; tensors real, finite and not empty; tables not empty. Where several
    numbers are annotated, an array or a tensor of them is passed on as a list.

    Args:
        finite: whether tensors must be; not where their numbers are only shown.
        may_be_empty: the tables that need no rows.
        **tables: for an argument that is a table, the type of each column that it needs: ``int``
            for finite whole numbers, ``float`` for any numbers, ``str``, or ``list``.
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        signature, hints = inspect.signature(function), get_type_hints(function)

        @wraps(function)
        def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            bound = signature.bind(*args, **kwargs)
            for name, value in bound.arguments.items():
                _check(name, value, hints[name], finite)
                if get_origin(hints[name]) is Sequence and isinstance(value, np.ndarray | Tensor):
                    bound.arguments[name] = value.tolist()
                if isinstance(value, pd.DataFrame):
                    if not len(value) and name not in may_be_empty:
                        raise ValueError(f"{name} must have one row or more, got an empty table")
                    check_columns(name, value, tables.get(name, {}))
            return function(*bound.args, **bound.kwargs)

        return call

    return decorate


def _check(name: str, value: Any, hint: Any, finite: bool) -> None:
    """Refuse a value that has another type than the hint, and name it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):  # in this package always with None
        if value is not None:
            _check(name, value, inner[0], finite)
    elif origin is Literal:
        require.one_of(name, value, inner)
    elif origin is tuple and inner[-1] is not ...:
        _check_parts(name, value, inner, finite)
    elif origin is Mapping:
        _check_mapping(name, value, inner, finite)
    elif origin in (Sequence, tuple):
        absent = isinstance(value, tuple) and not value
        for item_name, item in () if absent else require.each(name, value):
            _check(item_name, item, inner[0], finite)
    elif origin is Callable:
        require.function(name, value)
    elif hint is not Any:
        _check_single(name, value, hint, finite)


def _check_parts(name: str, value: Any, hints: tuple[Any, ...], finite: bool) -> None:
    if not isinstance(value, tuple | list) or len(value) != len(hints):
        kinds = ", ".join(getattr(hint, "__name__", "tuple") for hint in hints)
        error = ValueError if isinstance(value, tuple | list) else TypeError
        raise error(f"{name} must be a tuple ({kinds}), got {require.shown(value)}")
    for i, (part, hint) in enumerate(zip(value, hints, strict=True)):
        _check(f"{name}[{i}]", part, hint, finite)


def _check_mapping(name: str, value: Any, hints: tuple[Any, ...], finite: bool) -> None:
    if not require.kind(name, value, dict):
        raise ValueError(f"{name} must hold one entry or more, got {{}}")
    for key, item in value.items():
        _check(f"a key of {name}", key, hints[0], finite)
        _check(f"{name}[{key!r}]", item, hints[1], finite)


def _check_single(name: str, value: Any, hint: Any, finite: bool) -> None:
    if hint is int:
        require.whole(name, value, least=-require.LARGEST)
    elif hint is float:
        require.number(name, value)
    elif hint is bool:
        require.flag(name, value)
    elif hint is Tensor:
        _check_tensor(name, value, finite)
    else:
        require.kind(name, value, hint)
    if hint is Samples:
        _check_tensor(f"{name}.x", value.x, finite)
        _check_tensor(f"{name}.y", value.y, finite)


def _check_tensor(name: str, value: Any, finite: bool) -> None:
    if require.tensor(name, value).is_complex():
        raise TypeError(f"{name} must be a tensor of real numbers, got {require.shown(value)}")
    if value.numel() == 0:
        raise ValueError(f"{name} must hold one number or more, got {require.shown(value)}")
    if finite and not value.isfinite().all():
        raise ValueError(f"{name} must be finite, got {int((~value.isfinite()).sum())} nan or inf")


def check_columns(name: str, table: pd.DataFrame, columns: Columns) -> None:
    """Refuse a table that lacks a column, or has one twice or of another type."""
    require_columns(table, *columns, name=name)
    for column, kind in columns.items():
        values, place = table[column], f"column {column!r} of {name}"
        if kind in (str, list):
            if wrong := [value for value in values if not isinstance(value, kind)]:
                words = "texts" if kind is str else "lists"
                raise TypeError(f"{place} must hold {words}, got {require.shown(wrong[0])}")
        elif not is_numeric_dtype(values) or is_bool_dtype(values) or is_complex_dtype(values):
            raise TypeError(f"{place} must hold numbers, got the dtype {values.dtype}")
        elif kind is int and not (values % 1 == 0).all():
            raise ValueError(
                f"{place} must hold whole numbers, got {values[values % 1 != 0].iloc[0]}"
            )
