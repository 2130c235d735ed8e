"""Almost all text that chapters print is compared, and each exception has a reason."""

from pathlib import Path

import nbformat
import pytest
from exempt_cells import REASONS, Cell, printing, report, shared
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dlbook.notebooks import NOT_COMPARED

CHAPTERS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
COMPARED = 0.9  # at least this share of the cells that print text and could be compared


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    """The cells of all chapters that print text."""
    return [cell for path in CHAPTERS for cell in printing(path)]


def test_each_exempt_cell_says_why_and_no_other_does(cells: list[Cell]) -> None:
    assert [cell.place for cell in cells if bool(cell.reasons) == cell.compared] == []


def test_every_reason_is_needed(cells: list[Cell]) -> None:
    assert {reason for cell in cells for reason in cell.reasons} == REASONS.keys()


def test_nine_in_ten_texts_are_compared(cells: list[Cell]) -> None:
    compared, possible = shared(cells)
    assert compared >= COMPARED * possible, report(cells)


def test_the_report_counts_each_kind(tmp_path: Path) -> None:
    printed = new_output("stream", text="1\n")
    shown = {
        name: new_output("display_data", {"text/plain": text})
        for name, text in (("explorer", "Explorer: a line"), ("picture", "<Figure size 1x1>"))
    }
    exempt = {"tags": [NOT_COMPARED]}
    timed = {"tags": [NOT_COMPARED, "varies-with-time"]}
    chapter = [
        new_markdown_cell("text"),
        new_code_cell("silent()"),
        new_code_cell("picture()", outputs=[shown["picture"]]),
        *(new_code_cell("compared()", outputs=[printed]) for _ in range(3)),
        new_code_cell("explorer()", outputs=[shown["explorer"]], metadata=exempt),
        new_code_cell("live()", outputs=[shown["picture"]], metadata=exempt),
        new_code_cell("clock()", id="clock", outputs=[printed], metadata=timed),
        new_code_cell('progress("4")', outputs=[printed], metadata=exempt),
        new_code_cell("forgotten()", id="forgotten", outputs=[printed], metadata=exempt),
    ]
    nbformat.write(new_notebook(cells=chapter), tmp_path / "small.ipynb")
    cells = list(printing(tmp_path / "small.ipynb"))
    assert shared(cells) == (3, 5)
    lines = report(cells).splitlines()
    assert "small clock: varies-with-time" in lines
    assert "small forgotten: " in lines
    assert "8 cells print text, 5 of them are not compared:" in lines
    numbers = {line.split(":")[0].split()[1]: int(line.split()[0]) for line in lines[6:-1]}
    assert {reason: n for reason, n in numbers.items() if n} == {
        "explorer": 1,
        "lab": 1,
        "varies-with-time": 1,
        "progress": 1,
    }
    assert lines[-1] == "Of the 5 that could be compared, 3 are: 60.0%."
