"""Cells that do more on a GPU, as far as a CPU can go through them."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import torch
from chapter_cells import defined, sources

pytestmark = pytest.mark.slow


def test_where_nothing_can_be_compiled_chapter_20_says_so_and_goes_on(tmp_path: Path) -> None:
    [cell] = sources("20_scaling_up", "compiler")
    script = f"import torch\n{cell}\nprint(try_to_compile(torch.tanh, torch.ones(3)))"
    nothing = {"CXX": str(tmp_path / "none"), "TORCHINDUCTOR_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | nothing,
        capture_output=True,
        text=True,
        check=True,
    )
    said, result = done.stdout.splitlines()
    assert said.startswith("not compiled: ")
    assert result == "None"


@pytest.mark.parametrize("kind", ["cpu", "cuda"])
def test_the_profile_of_chapter_20_has_the_time_of_the_device(kind: str) -> None:
    given = {"device": torch.device(kind), "wait": lambda: None, "torch": torch, "pd": pd}
    cells = defined("20_scaling_up", "profiled", **given)
    table = cells.profiled(lambda: torch.ones(100, 100) @ torch.ones(100, 100))
    assert table.loc["mm", "calls"] == 1
    assert (table["microseconds"] > 0).any() == (kind == "cpu")  # no CUDA device did anything


def test_a_program_of_chapter_18_counts_the_cards_that_take_a_tensor() -> None:
    program = defined("18_image_project", "cards-program").PROGRAM
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert int(done.stdout) == torch.cuda.device_count()
