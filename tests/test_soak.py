"""The soak runs every notebook in each circumstance, and says in which one it failed."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from soak import ROUNDS, THREADS, main, passes

NOTEBOOKS = [f"{letter}.ipynb" for letter in "abcdef"]


def test_every_pass_runs_all_notebooks_in_its_own_circumstances() -> None:
    planned = list(passes(7, NOTEBOOKS))
    assert [one.threads for one in planned] == ROUNDS * list(THREADS)
    assert all(sorted(one.notebooks) == NOTEBOOKS for one in planned)
    assert len({one.hash_seed for one in planned}) == len(planned)
    assert len({one.notebooks for one in planned}) > 1


def test_a_seed_repeats_a_soak() -> None:
    assert list(passes(7, NOTEBOOKS)) == list(passes(7, NOTEBOOKS))
    assert list(passes(7, NOTEBOOKS)) != list(passes(8, NOTEBOOKS))


def test_a_notebook_that_hangs_on_the_threads_is_caught(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = tmp_path / "threads.ipynb"
    text = new_output("stream", name="stdout", text="1\n")
    source = "import os\nprint(os.environ['OMP_NUM_THREADS'])"
    cell = new_code_cell(source, outputs=[text], execution_count=1)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), notebook)
    assert main(7, [str(notebook)], rounds=1) == 1
    said = capsys.readouterr().out.splitlines()
    (failed,) = (line for line in said if line.startswith("failed:"))
    assert "OMP_NUM_THREADS=2" in failed
    assert str(notebook) in failed
