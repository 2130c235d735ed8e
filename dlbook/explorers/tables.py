"""Tables made small for the page: one row per run, with arrays of few digits."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dlbook.data.columns import require_columns

LARGEST = 1e9  # stands for everything beyond, and for inf and nan, which JSON does not have


def few_digits(value: float, digits: int = 4) -> float:
    """The value with that many significant digits; what is not finite becomes ±`LARGEST`."""
    if not math.isfinite(value):
        return -LARGEST if value == -math.inf else LARGEST
    return float(f"{max(-LARGEST, min(LARGEST, value)):.{digits}g}")


def runs(table: pd.DataFrame, keys: Sequence[str], columns: Sequence[str]) -> alt.Data:
    """One row per run: its keys, and each of the columns as an array.

    Args:
        table: tidy rows of several runs, each in order.
        keys: columns that tell the runs apart.
        columns: columns to keep.

    Raises:
        ValueError: the table lacks one of them.
    """
    require_columns(table, *keys, *columns)
    rows: list[dict[str, Any]] = []
    for values, run in table.groupby(list(keys), sort=False):
        row: dict[str, Any] = dict(zip(keys, values, strict=True))
        row |= {name: [few_digits(v) for v in run[name].tolist()] for name in columns}
        rows.append(row)
    return alt.Data(values=rows)


def rows(**columns: Sequence[Any]) -> alt.Data:
    """One row per place in columns of equal length, numbers with few digits."""
    names = list(columns)
    short = [
        [few_digits(v) if isinstance(v, float) else v for v in column]
        for column in columns.values()
    ]
    return alt.Data(values=[dict(zip(names, row, strict=True)) for row in zip(*short, strict=True)])


def chosen(*names: str) -> str:
    """A Vega filter for the run whose keys equal the parameters of the same names."""
    return " && ".join(f"datum.{name} == {name}" for name in names)
