"""Hostile arguments to everything public that draws."""

import pytest
from fuzzing import fuzz, public_names
from good_calls_high import GOOD_CALLS


def test_every_plot_is_called() -> None:
    assert public_names("dlbook.plots") == {*GOOD_CALLS, "dlbook.plots:use_style"}


@pytest.mark.parametrize("name", sorted(GOOD_CALLS))
def test_it_answers_or_names_what_is_wrong(name: str) -> None:
    fuzz(name, GOOD_CALLS[name])
