"""What stands around a chapter's title, and before it elsewhere."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book
from textbook.contents.chapter_heading import WORDS_A_MINUTE, times_line

INDEX = """
# Book

```{toctree}
:caption: Part I · Lines

notebooks/01_knob
notebooks/02_more
```

```{toctree}
:caption: Back matter

setup
```
"""


@pytest.mark.parametrize(
    ("words", "seconds", "line"),
    [
        (20 * WORDS_A_MINUTE, 12.4, "About 20 minutes to read · computed in 12 seconds"),
        (10, 0.6, "About 1 minute to read · computed in 1 second"),
    ],
)
def test_times_are_said_in_words(words: int, seconds: float, line: str) -> None:
    assert times_line(words, seconds) == line


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A chapter that has run, its neighbor, and a page that is no chapter."""
    book = Book(
        tmp_path_factory.mktemp("book"),
        extensions=["myst_nb"],
        parts=["contents.chapter_heading"],
        settings={"nb_execution_mode": "force", "html_theme": "sphinx_book_theme"},
    )
    text = new_markdown_cell("# One knob\n\n" + "word " * 2 * WORDS_A_MINUTE)
    notebook = new_notebook(cells=[text, new_code_cell("many = 'not read ' * 1000\nmany")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    book.write("notebooks/01_knob.ipynb", nbformat.writes(notebook))
    book.write("notebooks/02_more.md", "# More\n")
    book.write("index.md", INDEX)
    book.write("setup.md", "# Setup\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    return book


def test_part_number_and_times_stand_around_the_title(book: Book) -> None:
    page = BeautifulSoup(book.page("notebooks/01_knob"), "html.parser").article
    assert page is not None
    place, title, times = page.select("p.chapter-place, h1, p.chapter-times")
    assert place.text == "Part I · Chapter 01"
    assert title.text.startswith("One knob")
    assert times.text.startswith("About 2 minutes to read · computed in")
    assert "chapter-place" not in book.page("setup")
    assert "minutes to read" not in book.page("notebooks/02_more")


def test_the_number_stands_wherever_else_the_title_does(book: Book) -> None:
    assert "<title>01 · One knob" in book.page("notebooks/01_knob")
    neighbor = BeautifulSoup(book.page("notebooks/02_more"), "html.parser")
    previous = neighbor.select_one(".left-prev .prev-next-title")
    assert previous is not None
    assert previous.text == "01 · One knob"
    contents = {link.text.strip() for link in neighbor.select(".bd-links a")}
    assert {"01 · One knob", "02 · More", "Setup"} <= contents
    index = (book.site / "searchindex.js").read_text(encoding="utf-8")
    assert '"01 \\u00b7 One knob"' in index or '"01 · One knob"' in index
