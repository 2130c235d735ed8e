"""The line with a chapter's reading and running time."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book
from textbook.contents.chapter_times import WORDS_A_MINUTE, times_line


@pytest.mark.parametrize(
    ("words", "seconds", "line"),
    [
        (20 * WORDS_A_MINUTE, 12.4, "About 20 minutes to read · computed in 12 seconds"),
        (10, 0.6, "About 1 minute to read · computed in 1 second"),
    ],
)
def test_times_are_said_in_words(words: int, seconds: float, line: str) -> None:
    assert times_line(words, seconds) == line


def test_the_line_stands_below_the_title_of_a_notebook_alone(tmp_path: Path) -> None:
    text = new_markdown_cell("# Chapter\n\n" + "word " * 2 * WORDS_A_MINUTE)
    notebook = new_notebook(cells=[text, new_code_cell("many = 'not read ' * 1000\nmany")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "chapter.ipynb")
    book = Book(
        tmp_path,
        extensions=["myst_nb"],
        parts=["contents.chapter_times"],
        settings={"nb_execution_mode": "force"},
    )
    book.write("index.md", "# Book\n\n```{toctree}\nchapter\n```\n")
    assert book.build("-W").returncode == 0
    chapter = book.page("chapter")
    assert chapter.index("</h1>") < chapter.index("About 2 minutes to read") < chapter.index("word")
    assert "minutes to read" not in book.page("index")
