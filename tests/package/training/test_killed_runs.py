"""Training survives kill -9 at any moment; `make soak-kills` does this fifty times."""

from pathlib import Path

import pytest
from killed_runs import killed_runs

pytestmark = pytest.mark.slow

KILLS = 5


def test_a_killed_run_ends_as_if_it_had_never_been_killed(tmp_path: Path) -> None:
    *kills, result = killed_runs(KILLS, seed=9, folder=tmp_path)
    assert len(kills) == KILLS, kills
    assert result.startswith(f"{KILLS} kills of ")
