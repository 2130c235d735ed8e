"""Tables: the ones that come with scikit-learn, and a split that lets nothing leak."""

from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from dlbook import require
from dlbook.data.samples import Samples

LARGEST = torch.finfo(torch.float32).max
TABLES = ("breast cancer", "diabetes", "iris", "wine")


@dataclass(frozen=True, eq=False, repr=False)
class TableSplit:
    """A table in three parts, its features standardized by the training part's statistics.

    Attributes:
        train: x of shape (N, features), float32, each feature with mean 0 and deviation 1; y as
            values (N, 1), float32, or as labels (N,), int64.
        val: the same for model selection.
        test: the same, to be looked at once.
        features: the names of the columns of x.
        mean: of each feature in the training part before standardizing, shape (features,).
        std: its standard deviation, shape (features,).
    """

    train: Samples
    val: Samples
    test: Samples
    features: tuple[str, ...]
    mean: Tensor
    std: Tensor

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(getattr(self, name))}" for name in ("train", "val", "test"))
        return f"TableSplit({sizes}; {len(self.features)} features)"


def load_table(name: str) -> pd.DataFrame:
    """A table that ships with scikit-learn; the last column is the target.

    ``"breast cancer"``: 30 measurements of 569 tumors, ``benign`` 0.0 or 1.0. ``"diabetes"``: ten
    measurements of 442 patients, ``progression`` after a year. ``"iris"``: four of 150 flowers, and
    ``"wine"``: thirteen of 178 wines, both with a ``class`` from 0 to 2.

    Raises:
        ValueError: an unknown name.
    """
    require.one_of("name", name, TABLES)
    from sklearn import datasets  # only here: importing it takes a second

    table: pd.DataFrame = getattr(datasets, f"load_{name.replace(' ', '_')}")(as_frame=True).frame
    target = {"breast cancer": "benign", "diabetes": "progression"}.get(name, "class")
    table = table.rename(columns={"target": target})
    return table.astype({target: float}) if name == "breast cancer" else table


def split_table(
    table: pd.DataFrame, target: str, *, val: float = 0.2, test: float = 0.2, seed: int = 0
) -> TableSplit:
    """Shuffle, split in three, then standardize by the training part alone (chapter 14).

    Args:
        table: numbers, with no missing values.
        target: the column to predict: integers become labels, other numbers become values.
        val: the share of rows for validation.
        test: the share of rows for the test set.
        seed: of the shuffle.

    Raises:
        TypeError: an argument of another type.
        ValueError: an unknown target, a column that is not numeric, or has missing or infinite
            values, or the name of another, a share out of range, a part left without rows, or a
            feature that is constant in the training part.
    """
    features = _require_numbers(table, target)
    sizes = _sizes(len(table), val, test)
    generator = torch.Generator().manual_seed(require.seed("seed", seed))
    order = torch.randperm(len(table), generator=generator)
    x = torch.tensor(features.to_numpy(dtype=float))
    y = _targets(table[target])
    parts = order.split(sizes)
    mean, std = x[parts[0]].mean(dim=0), x[parts[0]].std(dim=0, correction=0)
    if (std == 0).any():
        constant = features.columns[int((std == 0).int().argmax())]
        raise ValueError(f"table must not have a constant feature, got {constant!r}")
    train, held_out, unseen = (Samples(((x[p] - mean) / std).float(), y[p]) for p in parts)
    names = tuple(map(str, features.columns))
    return TableSplit(train, held_out, unseen, names, mean.float(), std.float())


def _require_numbers(table: pd.DataFrame, target: str) -> pd.DataFrame:
    """The features of a table that is ready to become a tensor."""
    require.kind("table", table, pd.DataFrame)
    if not table.columns.is_unique or table.shape[1] < 2:
        raise ValueError(
            "table must have two columns or more, all of different names, got "
            f"{require.shown(list(table))}"
        )
    if require.kind("target", target, str) not in table:
        raise ValueError(f"target must be a column of the table, got {target!r}")
    for name in table:
        if table[name].dtype.kind not in "biuf":
            raise ValueError(f"table must hold numbers; encode the column {name!r} first")
        if table[name].isna().any():
            raise ValueError(f"table must be complete; fill in the column {name!r} first")
        if not (table[name].astype(float).abs() <= LARGEST).all():
            raise ValueError(f"table must hold finite numbers; look at the column {name!r}")
    return table.drop(columns=target)


def _sizes(rows: int, val: float, test: float) -> list[int]:
    require.number("val", val, above=0, below=1)
    require.number("test", test, above=0, below=1)
    if val + test >= 1:
        raise ValueError(f"val and test must leave some rows to train on, got {val} and {test}")
    held_out, unseen = round(val * rows), round(test * rows)
    sizes = [rows - held_out - unseen, held_out, unseen]
    if min(sizes) < 1:
        raise ValueError(f"table has too few rows to split, got {rows}")
    return sizes


def _targets(column: "pd.Series[float]") -> Tensor:
    values = torch.tensor(column.to_numpy())
    if values.is_floating_point():
        return values.float().unsqueeze(1)
    return values.long()
