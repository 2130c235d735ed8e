"""A page is written anew when the extension that makes a part of it has changed."""

import shutil
from pathlib import Path

import pytest
from sphinx_build import EXTENSIONS, Book

GREETING = """\
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

class Greeting(SphinxDirective):
    def run(self):
        return [nodes.paragraph("", "{words}")]

def setup(app):
    app.add_directive("greeting", Greeting)
    return {{"parallel_read_safe": True, "parallel_write_safe": True}}
"""


@pytest.mark.parametrize("watched", [False, True])
def test_a_changed_extension_changes_its_pages(tmp_path: Path, watched: bool) -> None:
    shelf = tmp_path / "extensions"
    shelf.mkdir()
    shutil.copy(EXTENSIONS / "changed_extensions.py", shelf)
    names = ["myst_parser", "greeting", *(["changed_extensions"] if watched else [])]
    book = Book(tmp_path / "book", extensions=names, shelf=shelf)
    book.write("index.md", "# Page\n\n```{greeting}\n```\n")
    for words in ("Good morning.", "Good evening to you."):
        (shelf / "greeting.py").write_text(GREETING.format(words=words), encoding="utf-8")
        result = book.build("-W")
        assert result.returncode == 0, result.stderr
        expected = words if watched else "Good morning."
        assert expected in book.page("index")


def test_nothing_changed_reads_no_page(tmp_path: Path) -> None:
    book = Book(tmp_path, extensions=["myst_parser", "changed_extensions"])
    book.write("index.md", "# Page\n")
    outputs = [book.build("-W").stdout for _ in range(2)]
    assert "1 added" in outputs[0]
    assert "0 added, 0 changed, 0 removed" in outputs[1]
