"""What arguments hold at a moment, to see whether a call has changed it, and whether it is NaN."""

import copy
import math
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from dlbook.data import Batches


def snapshot(value: Any) -> Any:
    """A copy of all numbers in ``value`` and, at the top, of torch's own random state."""
    return copy.deepcopy((_parts(value), torch.get_rng_state()))


def same(first: Any, second: Any) -> bool:
    """Whether two snapshots are equal, NaN to NaN."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[k], second[k]) for k in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, Tensor):
        if first.is_meta:
            return first.shape == second.shape
        return first.shape == second.shape and torch.equal(_bits(first), _bits(second))
    if isinstance(first, pd.DataFrame):
        return first.equals(second)
    if isinstance(first, np.ndarray):
        if first.dtype == object:  # its bytes are addresses
            return same(first.tolist(), second.tolist())
        return first.tobytes() == second.tobytes()
    return bool(first is second or first == second or first != first)


def finite(value: Any, *, inf: bool = False) -> bool:
    """Whether there is no NaN, nor infinity unless ``inf`` allows it, among the numbers."""
    return all(map(_finite_or_inf if inf else _finite, _numbers(_parts(value))))


def _finite(number: Any) -> bool:
    return bool(torch.as_tensor(number).isfinite().all())


def _finite_or_inf(number: Any) -> bool:
    return not bool(torch.as_tensor(number).isnan().any())


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return _numbers(list(value.values()))
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    if isinstance(value, pd.DataFrame):
        numbers = value.select_dtypes("number").to_numpy(dtype=float, na_value=math.nan, copy=True)
        return [torch.from_numpy(numbers)]
    if isinstance(value, Tensor) and not value.is_meta:
        return [value]
    return [value] if isinstance(value, float) else []


def _parts(value: Any) -> Any:
    """The plain values that something is made of; of what is unknown, nothing."""
    if isinstance(value, dict):
        return {str(name): _parts(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_parts(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return [_parts(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, Batches):
        return [_parts(value.samples), value.generator.get_state()]
    if isinstance(value, nn.Module):
        modes = [layer.training for layer in value.modules()]
        return [modes, _parts(dict(value.state_dict()))]
    if isinstance(value, Optimizer):
        return _parts(value.state_dict())
    if isinstance(value, torch.Generator):
        return value.get_state()
    if isinstance(value, Tensor):
        return value.detach() if value.layout == torch.strided else value.detach().to_dense()
    known = (int, float, str, type(None), pd.DataFrame, np.ndarray)
    return value if isinstance(value, known) else None


def _bits(values: Tensor) -> Tensor:
    return values.nan_to_num(0.1234) if values.is_floating_point() else values
