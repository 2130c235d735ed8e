"""Hostile arguments to everything public that draws."""

import sys
from typing import get_type_hints

import good_calls_explorers
import good_calls_high
import pytest
from fuzzing import fuzz, public_names

from dlbook import explorers

PLOTS, EXPLORERS = good_calls_high.GOOD_CALLS, good_calls_explorers.GOOD_CALLS
PARTS = good_calls_explorers.PARTS


def test_every_plot_is_called() -> None:
    assert public_names("dlbook.plots") == {*PLOTS, "dlbook.plots:use_style"}


def test_every_explorer_is_called() -> None:
    # Checked by who takes them, or called by authors alone, whose tables and functions are trusted.
    trusted = {"NetView", "Dial", "Explorer", "Walk"} | {
        name
        for name in explorers.__all__
        if get_type_hints(getattr(explorers, name)).get("return") is explorers.Explorer
    }
    data = {f"dlbook.explorers:{name}" for name in trusted}
    methods = {name for name in public_names("dlbook.explorers") if "." in name.partition(":")[2]}
    assert public_names("dlbook.explorers") - data - methods == {*EXPLORERS, *PARTS}


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_it_answers_or_names_what_is_wrong(name: str) -> None:
    fuzz(name, PLOTS[name])


@pytest.mark.parametrize("name", sorted({*EXPLORERS, *PARTS}))
def test_an_explorer_is_made_or_names_what_is_wrong(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Still pictures, which take long and much memory, are left out where vl-convert is missing.
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    fuzz(name, (EXPLORERS | PARTS)[name])
