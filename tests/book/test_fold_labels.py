"""Folds say what they hold, and a title is not said again in the code."""

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from small_book import book_of_notebooks

pytestmark = pytest.mark.slow

CELLS = {
    "figure": ("# @title The cost over w\nplot(cost)", ["hide-input"]),
    "check": ("# @title Checked: the cost falls\nassert falls", ["check", "hide-input"]),
    "solution": ("answer = 3", ["solution", "hide-input"]),
    "other": ("x = 1\n# @title no first line", ["hide-input"]),
    "open": ("# @title stays\ny = 2", []),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    folder: Path = tmp_path_factory.mktemp("folds")
    book = book_of_notebooks(folder, "contents.fold_labels")
    cells = [nbformat.v4.new_markdown_cell("# Page")]
    cells += [
        nbformat.v4.new_code_cell(source, metadata={"tags": tags})
        for source, tags in CELLS.values()
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    book.write("index.ipynb", nbformat.writes(notebook))
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    return BeautifulSoup(book.page("index"), "html.parser")


def test_each_fold_has_its_label(page: BeautifulSoup) -> None:
    assert [fold.find("summary").p.text for fold in page.find_all("details")] == [
        "Code: The cost over w",
        "✓ Checked: the cost falls",
        "Show the solution",
        "Show the code",
    ]


def test_a_title_is_said_once(page: BeautifulSoup) -> None:
    codes = [cell.find("pre").text.strip() for cell in page.find_all(class_="cell")]
    assert codes[:2] == ["plot(cost)", "assert falls"]
    assert codes[3:] == [CELLS["other"][0], CELLS["open"][0]]
