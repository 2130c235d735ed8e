"""Tables: what ships with scikit-learn."""

import pytest

from dlbook.data import TABLES, load_table


@pytest.mark.parametrize("name", TABLES)
def test_the_last_column_of_a_table_is_its_target(name: str) -> None:
    table = load_table(name)
    assert not table.isna().any().any()
    assert table.columns[-1] in ("benign", "class", "progression")


def test_the_outcomes_of_breast_cancer_are_numbers() -> None:
    assert set(load_table("breast cancer")["benign"]) == {0.0, 1.0}


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(ValueError, match=r"name must be one of breast cancer, .* got 'titanic'"):
        load_table("titanic")
