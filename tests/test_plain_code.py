"""Code on the pages has elements only around what looks unlike plain text."""

import re
from pathlib import Path

import pytest
from plain_code import PLAIN, PlainFormatter
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx_build import Book

CODE = "import torch.nn\n\n\nclass Net(torch.nn.Module):\n    size: int = 3  # of a side\n"
PLAIN_SPAN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
COLOR = re.compile(r"html\[data-theme=\"(\w+)\"\] \.highlight (\.\w+ )?\{[^}]*\bcolor: (#\w+)")


def test_only_plain_tokens_lose_their_elements() -> None:
    whole = highlight(CODE, PythonLexer(), HtmlFormatter())
    assert PLAIN_SPAN.search(whole)
    assert highlight(CODE, PythonLexer(), PlainFormatter()) == PLAIN_SPAN.sub(r"\1", whole)


def test_a_built_page_is_written_with_it(tmp_path: Path) -> None:
    book = Book(tmp_path, extensions=["myst_parser", "plain_code"])
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
