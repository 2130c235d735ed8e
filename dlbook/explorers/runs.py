"""Finished training runs, of which a figure shows the one that its controls choose."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.explorers.controls import Menu
from dlbook.explorers.digits import few_digits


class Runs:
    """Looks runs up, for figures whose work takes too long to be done at each move.

    The page plays tapes, so that a run is found by operations on tensors: ``runs(lr=…, seed=…)``
    are its columns, shape (n,). Runs that are shorter than others end in NaN, which no chart draws.

    Args:
        table: tidy rows of several runs, each in order.
        keys: columns that tell the runs apart.
        columns: columns to keep.
        digits: significant digits that are kept.

    Attributes:
        choices: the values of each key.

    Raises:
        ValueError: the table lacks a column, or the run of some combination of keys.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        keys: Sequence[str],
        columns: Sequence[str],
        *,
        digits: int = 4,
    ) -> None:
        self.choices: dict[str, list[Any]] = {key: _values(table[key].tolist()) for key in keys}
        found = table.groupby(list(keys), sort=False)
        if found.ngroups != math.prod(map(len, self.choices.values())):
            raise ValueError(f"table must have a run for each combination of {', '.join(keys)}")
        shape = (*map(len, self.choices.values()), int(found.size().max()))
        self._columns = {name: torch.full(shape, math.nan).double() for name in columns}
        for key, run in found:
            place = tuple(map(list.index, self.choices.values(), key))
            for name, column in self._columns.items():
                short = [few_digits(v, digits) for v in run[name].tolist()]
                column[place][: len(run)] = torch.tensor(short, dtype=torch.float64)

    def __call__(self, **given: Tensor) -> dict[str, Tensor]:
        """The columns of all runs that have the values given; these are for the first keys."""
        found = self._columns
        for key in list(self.choices)[: len(given)]:
            found = at(found, self.place(key, given[key]))
        return found

    def menu(self, key: str, label: str, start: str) -> Menu:
        """A menu of texts. It sets the number of the text, so that one tape serves all."""
        texts = self.choices[key]
        return Menu(key, label, range(len(texts)), texts.index(start), say=texts.__getitem__)

    def place(self, key: str, value: Tensor) -> Tensor:
        """Where a value stands among the choices of its key, shape (1,)."""
        values = self.choices[key]
        if isinstance(values[0], str):
            return value[None]
        numbers = torch.tensor(values, dtype=value.dtype)
        return (numbers == value).long().argmax()[None]


def at(columns: Mapping[str, Tensor], place: Tensor) -> dict[str, Tensor]:
    """The columns at one place of their first axis, a tensor of shape (1,)."""
    return {name: column.index_select(0, place)[0] for name, column in columns.items()}


def _values(column: list[Any]) -> list[Any]:
    """Numbers rising, texts in the order in which they come."""
    found = list(dict.fromkeys(column))
    return found if isinstance(found[0], str) else sorted(found)
