"""Tables: what ships with scikit-learn, and splits in which nothing leaks."""

import pandas as pd
import pytest
import torch
from sklearn.preprocessing import StandardScaler

from dlbook.data import TABLES, load_table, split_table


@pytest.mark.parametrize("name", TABLES)
def test_the_last_column_of_a_table_is_its_target(name: str) -> None:
    table = load_table(name)
    assert not table.isna().any().any()
    target = table.columns[-1]
    assert target in ("benign", "class", "progression")
    split = split_table(table, target)
    assert split.train.x.shape[1] == len(split.features) == table.shape[1] - 1
    assert sum(map(len, (split.train, split.val, split.test))) == len(table)


def test_labels_are_integers_and_values_are_columns() -> None:
    assert split_table(load_table("wine"), "class").train.y.dtype == torch.int64
    assert split_table(load_table("wine"), "class").train.y.ndim == 1
    for name, target in (("diabetes", "progression"), ("breast cancer", "benign")):
        y = split_table(load_table(name), target).train.y
        assert y.dtype == torch.float32
        assert y.shape[1:] == (1,)
    assert set(load_table("breast cancer")["benign"]) == {0.0, 1.0}


@pytest.fixture
def numbered() -> pd.DataFrame:
    """A table whose target is the number of the row."""
    return pd.DataFrame({"a": range(50), "b": [i % 7 for i in range(50)], "row": range(50)})


def test_every_row_lands_in_one_part(numbered: pd.DataFrame) -> None:
    split = split_table(numbered, "row", val=0.1, test=0.3)
    parts = (split.train, split.val, split.test)
    assert [len(part) for part in parts] == [30, 5, 15]
    rows = torch.cat([part.y for part in parts])
    assert rows.sort().values.tolist() == list(range(50))
    assert repr(split) == "TableSplit(train 30, val 5, test 15; 2 features)"


def test_the_training_part_alone_sets_the_scale(numbered: pd.DataFrame) -> None:
    split = split_table(numbered, "row")
    features = numbered.drop(columns="row").to_numpy(dtype=float)
    scaler = StandardScaler().fit(features[split.train.y])
    for part in (split.train, split.val, split.test):
        expected = torch.tensor(scaler.transform(features[part.y]), dtype=torch.float32)
        assert torch.allclose(part.x, expected, atol=1e-6)
    assert torch.allclose(split.mean, torch.tensor(scaler.mean_, dtype=torch.float32))
    assert torch.allclose(split.std, torch.tensor(scaler.scale_, dtype=torch.float32))
    # What happens in the test part does not reach the other two.
    changed = numbered.copy()
    changed.loc[changed["row"].isin(split.test.y.tolist()), "a"] = 10**6
    assert torch.equal(split_table(changed, "row").train.x, split.train.x)


def test_the_seed_decides_the_split(numbered: pd.DataFrame) -> None:
    first, again = (split_table(numbered, "row", seed=1).train.y for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, split_table(numbered, "row", seed=2).train.y)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"a": "text"}, "encode the column 'a'"),
        ({"b": float("nan")}, "fill in the column 'b'"),
        ({"b": 3.0}, "constant feature, got 'b'"),
    ],
)
def test_a_table_that_is_not_ready_is_refused(
    numbered: pd.DataFrame, change: dict, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        split_table(numbered.assign(**change), "row")


def test_other_mistakes_are_named(numbered: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"name must be one of breast cancer, .* got 'titanic'"):
        load_table("titanic")
    with pytest.raises(ValueError, match="target must be a column of the table, got 'c'"):
        split_table(numbered, "c")
    for val, test in ((0, 0.2), (0.5, 0.5), (0.2, 1.5), (float("nan"), 0.2)):
        with pytest.raises(ValueError, match=r"(val|test) must"):
            split_table(numbered, "row", val=val, test=test)
    with pytest.raises(ValueError, match="too few rows to split, got 2"):
        split_table(numbered[:2], "row")
