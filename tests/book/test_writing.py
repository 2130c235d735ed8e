"""How pages are written: plain code, sized pictures, folds with names, tables with headers."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from small_book import Book, book_of_notebooks
from textbook.finishing.writing import PLAIN, PlainFormatter, with_headers

pytestmark = pytest.mark.slow

CODE = "import torch.nn\n\n\nclass Net(torch.nn.Module):\n    size: int = 3  # of a side\n"
PLAIN_SPAN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
COLOR = re.compile(r"html\[data-theme=\"(\w+)\"\] \.highlight (\.\w+ )?\{[^}]*\bcolor: (#\w+)")


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
    book = book_of_notebooks(tmp_path, "finishing.writing")
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


def test_only_plain_tokens_lose_their_elements_and_lines_are_counted() -> None:
    whole = highlight(CODE, PythonLexer(), HtmlFormatter())
    assert PLAIN_SPAN.search(whole)
    plain = PLAIN_SPAN.sub(r"\1", whole).replace("<pre>", '<pre style="--lines:5">')
    assert highlight(CODE, PythonLexer(), PlainFormatter()) == plain


def test_a_built_page_is_written_with_it(tmp_path: Path) -> None:
    book = Book(tmp_path, extensions=["myst_parser"], parts=["finishing.writing"])
    book.write("index.md", f"# Page\n\n```python\n{CODE}```\n")
    assert book.build("-W").returncode == 0
    page = book.page("index")
    assert '<span class="k">class</span> <span class="nc">Net</span>(torch' in page
    assert not PLAIN_SPAN.search(page)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_tokens_have_the_color_of_plain_text_in_the_theme(tmp_path: Path, mode: str) -> None:
    book = Book(
        tmp_path, extensions=["myst_parser"], settings={"html_theme": "pydata_sphinx_theme"}
    )
    book.write("index.md", "# Page\n")
    assert book.build("-W").returncode == 0
    styles = (book.site / "_static" / "pygments.css").read_text("utf-8")
    colors = {name.strip(): color for of, name, color in COLOR.findall(styles) if of == mode}
    classes = {f".{HtmlFormatter()._get_css_class(token)}" for token in PLAIN}
    assert {colors[name] for name in classes} == {colors[""]}


def test_pictures_have_their_size_and_wait_for_the_reader(tmp_path: Path) -> None:
    Image.new("RGB", (60, 20)).save(tmp_path / "wide.png")
    book = Book(tmp_path, extensions=["myst_parser"], parts=["finishing.writing"])
    book.write("index.md", "# Page\n\n![a wide picture](wide.png)\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    picture = BeautifulSoup(book.page("index"), "html.parser").img
    assert picture is not None
    assert (picture["width"], picture["height"]) == ("60", "20")
    assert picture["loading"] == "lazy"
    assert picture["alt"] == "a wide picture"
    assert (book.site / str(picture["src"])).is_file()
