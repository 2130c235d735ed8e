"""What stands around a chapter's title, and before it elsewhere."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book
from textbook.contents.chapter_heading import WORDS_A_MINUTE, duration, times_line

pytestmark = pytest.mark.slow

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
book/how_to_read_the_code
```
"""


@pytest.mark.parametrize(
    ("words", "lines", "exercises", "seconds", "line"),
    [
        (
            40 * WORDS_A_MINUTE,
            400,
            7,
            12.4,
            "About 40 minutes of text · 2 hours with the code · 3 hours with the exercises · "
            "computed in 12 seconds",
        ),
        (10, 0, 0, 0.6, "About 5 minutes of text · computed in 1 second"),
    ],
)
def test_times_are_said_in_words(
    words: int, lines: int, exercises: int, seconds: float, line: str
) -> None:
    assert times_line(words, lines, exercises, seconds) == line


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "5 minutes"), (57, "55 minutes"), (58, "1 hour"), (80, "1½ hours"), (110, "2 hours")],
)
def test_a_duration_is_rounded(minutes: float, said: str) -> None:
    assert duration(minutes) == said


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A chapter that has run, its neighbor, and a page that is no chapter."""
    book = Book(
        tmp_path_factory.mktemp("book"),
        extensions=["myst_nb"],
        parts=["contents.chapter_heading"],
        settings={"nb_execution_mode": "force", "html_theme": "sphinx_book_theme"},
    )
    text = new_markdown_cell("# One knob\n\n" + "word " * 20 * WORDS_A_MINUTE)
    seen = new_code_cell("many = 'not read ' * 1000\n" * 49 + "many")
    folded = new_code_cell("x = 1\n" * 900, metadata={"tags": ["solution", "hide-input"]})
    notebook = new_notebook(cells=[text, seen, folded])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    book.write("notebooks/01_knob.ipynb", nbformat.writes(notebook))
    book.write("notebooks/02_more.md", "# More\n")
    book.write("index.md", INDEX)
    book.write("setup.md", "# Setup\n")
    book.write("book/how_to_read_the_code.md", "# How to read the code\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    return book


def test_part_number_and_times_stand_around_the_title(book: Book) -> None:
    page = BeautifulSoup(book.page("notebooks/01_knob"), "html.parser").article
    assert page is not None
    place, title, times = page.select("p.chapter-place, h1, p.chapter-times")
    assert place.text == "Part I · Chapter 01"
    assert title.text.startswith("One knob")
    assert times.text.startswith(
        "About 20 minutes of text · 30 minutes with the code · 40 minutes with the exercises · "
    )
    assert times.text.endswith("· How to read the code")
    assert "chapter-place" not in book.page("setup")
    assert "minutes of text" not in book.page("notebooks/02_more")


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
