"""Hostile arguments to everything public on the lower floors."""

from pathlib import Path

import good_calls_low
import good_calls_training
import pytest
from fuzzing import fuzz, public_names

GOOD_CALLS = good_calls_low.GOOD_CALLS | good_calls_training.GOOD_CALLS
ROOMS = (
    "data",
    "descent",
    "device",
    "distributed",
    "information",
    "models",
    "sweeps",
    "training",
)
# Tables and parts that the package itself puts together, for readers to look at.
RECORDS = {
    "dlbook.data:ImageSet",
    "dlbook.descent:Landscape",
    "dlbook.training:EpochEnd",
    "dlbook.training:History",
}


def test_everything_public_is_fuzzed() -> None:
    public = public_names(*(f"dlbook.{room}" for room in ROOMS))
    assert set(GOOD_CALLS) == public - RECORDS


@pytest.mark.parametrize("name", sorted(GOOD_CALLS))
def test_it_answers_or_names_what_is_wrong(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where hostile file names lead
    fuzz(name, GOOD_CALLS[name])
