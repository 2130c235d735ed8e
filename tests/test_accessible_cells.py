"""Folded code is named by its words, and tables say what their headers head."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from accessible_cells import with_headers
from bs4 import BeautifulSoup
from sphinx_build import Book


def headers(html: str) -> list[tuple[str, str]]:
    table = BeautifulSoup(html, "html.parser")
    return [(str(each.get("scope")), each.text) for each in table.find_all("th")]


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({"lr": [0.1, 0.2], "loss": [3.0, 1.0]}, index=["slow", "fast"])


def test_headers_say_what_they_head(table: pd.DataFrame) -> None:
    html = with_headers(table.to_html())
    assert headers(html) == [("col", "lr"), ("col", "loss"), ("row", "slow"), ("row", "fast")]


def test_a_name_of_the_index_stays_a_header(table: pd.DataFrame) -> None:
    html = with_headers(table.rename_axis("run").to_html())
    assert ("col", "run") in headers(html)
    assert ("col", "") not in headers(html)


def test_nothing_is_lost(table: pd.DataFrame) -> None:
    html = table.to_html()
    before, after = (BeautifulSoup(each, "html.parser") for each in (html, with_headers(html)))
    assert after.get_text() == before.get_text()


def test_what_is_no_table_of_pandas_stays() -> None:
    html = "<p>thead</p><table><thead><tr><th></th></tr></thead></table>"
    assert with_headers(html) == html


def test_a_built_page_has_both(tmp_path: Path, table: pd.DataFrame) -> None:
    book = Book(
        tmp_path,
        extensions=["myst_nb", "accessible_cells"],
        settings={"nb_execution_mode": "off"},
    )
    output = nbformat.v4.new_output("execute_result", {"text/html": table.to_html()})
    cell = nbformat.v4.new_code_cell("table", outputs=[output], metadata={"tags": ["hide-input"]})
    title = nbformat.v4.new_markdown_cell("# Page")
    notebook = nbformat.v4.new_notebook(cells=[title, cell])
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    book.write("index.ipynb", nbformat.writes(notebook))
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    page = book.page("index")
    assert ("row", "fast") in headers(page)
    (summary,) = BeautifulSoup(page, "html.parser").find_all("summary")
    assert "aria-label" not in summary.attrs
    assert "Show" in summary.text
