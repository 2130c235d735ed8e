"""Passengers: the shares, the holes and the effects that the table was made with."""

import pandas as pd
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from dlbook.data import PASSENGER_LOG_ODDS, passengers

MANY = 100_000


@pytest.fixture(scope="module")
def complete() -> pd.DataFrame:
    return passengers(MANY, seed=1, missing=False)


@pytest.fixture(scope="module")
def holed() -> pd.DataFrame:
    return passengers(MANY, seed=1)


def test_the_seed_fixes_the_table_and_nothing_else_does() -> None:
    state = torch.get_rng_state()
    first, again, other = (passengers(50, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_holes_are_all_that_missing_changes(complete: pd.DataFrame, holed: pd.DataFrame) -> None:
    assert not complete.isna().any().any()
    assert list(holed.columns) == ["survived", "cabin", "sex", "age", "fare", "harbor"]
    for name in holed:
        kept = holed[name].notna()
        assert (holed.loc[kept, name] == complete.loc[kept, name]).all()
        assert kept.all() == (name not in ("age", "harbor"))


def test_shares(complete: pd.DataFrame) -> None:
    for column, expected in (
        ("cabin", {"first": 0.25, "second": 0.20, "third": 0.55}),
        ("harbor", {"east": 0.7, "north": 0.2, "west": 0.1}),
        ("sex", {"female": 0.4, "male": 0.6}),
    ):
        found = complete[column].value_counts(normalize=True)
        assert found.to_dict() == pytest.approx(expected, abs=0.01)
    assert set(complete["survived"]) == {0, 1}


def test_ages_are_whole_years_and_fares_follow_the_cabin(complete: pd.DataFrame) -> None:
    age = complete["age"]
    assert (age == age.round()).all()
    assert (age.min(), age.max()) == (1, 75)
    assert (age.mean(), age.std()) == pytest.approx((30, 13), abs=0.3)
    medians = complete.groupby("cabin")["fare"].median()
    assert medians.to_dict() == pytest.approx({"first": 60, "second": 20, "third": 10}, rel=0.02)


def test_missing_shares(holed: pd.DataFrame) -> None:
    by_cabin = holed["age"].isna().groupby(holed["cabin"]).mean()
    assert by_cabin.to_dict() == pytest.approx(
        {"first": 0.10, "second": 0.15, "third": 0.30}, abs=0.01
    )
    assert holed["harbor"].isna().mean() == pytest.approx(0.03, abs=0.005)
    # A hole says nothing about survival beyond what the cabin says.
    for _, rows in holed.groupby("cabin"):
        assert rows["survived"].groupby(rows["age"].isna()).mean().diff().abs().max() < 0.02


def test_a_logistic_regression_finds_the_effects(complete: pd.DataFrame) -> None:
    x = pd.DataFrame(
        {
            "second": complete["cabin"] == "second",
            "third": complete["cabin"] == "third",
            "male": complete["sex"] == "male",
            "age": complete["age"],
            "fare": complete["fare"],
            "north": complete["harbor"] == "north",
            "west": complete["harbor"] == "west",
        }
    ).astype(float)
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(x / x.std(), complete["survived"])
    found = dict(zip(x.columns, fitted.coef_[0] / x.std(), strict=True))
    found["intercept"] = fitted.intercept_[0]
    for name, value in found.items():
        tolerance = 0.003 if name in ("age", "fare") else 0.1
        assert value == pytest.approx(PASSENGER_LOG_ODDS.get(name, 0.0), abs=tolerance), name


def test_n_out_of_range() -> None:
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        passengers(0, seed=1)
    for wrong in (2.0, True):
        with pytest.raises(TypeError, match=f"n must be a whole number of at least 1, got {wrong}"):
            passengers(wrong, seed=1)
    assert len(passengers(1, seed=1)) == 1
