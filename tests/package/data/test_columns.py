"""Tables that lack a column, or have it twice, are refused in words."""

import pandas as pd
import pytest

from dlbook.data.columns import require_columns

TABLE = pd.DataFrame({"lr": [0.1], "step": [1]})


def test_a_table_with_all_columns_passes() -> None:
    require_columns(TABLE, "lr", "step")
    require_columns(TABLE)


def test_the_first_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="runs lacks the column 'w'; it has lr, step"):
        require_columns(TABLE, "lr", "w", "b", name="runs")


def test_a_column_that_is_there_twice_is_named() -> None:
    twice = pd.DataFrame([[1, 2, 3]], columns=["lr", "w", "lr"])
    require_columns(twice, "w")
    with pytest.raises(ValueError, match="table must have the column 'lr' once, got 2"):
        require_columns(twice, "w", "lr")
