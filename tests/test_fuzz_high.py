"""Hostile arguments to everything public that draws."""

import pytest
from fuzzing import fuzz
from good_calls_high import GOOD_CALLS


@pytest.mark.parametrize("name", sorted(GOOD_CALLS))
def test_it_answers_or_names_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", "1")
    fuzz(name, GOOD_CALLS[name])
