"""Hostile arguments to everything public on the lower floors."""

import pytest
from fuzzing import fuzz
from good_calls_low import GOOD_CALLS

ROOMS = ("dlbook.data",)


@pytest.mark.parametrize("name", sorted(GOOD_CALLS))
def test_it_answers_or_names_what_is_wrong(name: str) -> None:
    fuzz(name, GOOD_CALLS[name])
