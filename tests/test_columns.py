"""Tables that lack a column are refused in words."""

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
