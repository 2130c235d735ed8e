"""Style sheets are cut to the rules that may apply, and lose nothing else."""

from pathlib import Path

import pytest
from sphinx_build import Book
from used_styles import cut, names_used

USED = {"a", "b"}


@pytest.mark.parametrize(
    "styles",
    [
        ".a{color:red}",
        "p,#c,[data-x]{color:red}",
        '.a.b>p::before{content:","}',
        "p:not(.c){color:red}",
        ":is(.a,.c) p{color:red}",
        "@font-face{src:url(c.woff2)}",
        "@keyframes c{0%{opacity:0}}",
        "@media print{.a{color:red}}",
        "@page{margin:2cm}",
        "/*! a notice */",
    ],
)
def test_what_may_apply_stays_as_it_is(styles: str) -> None:
    assert cut(styles, USED) == styles


@pytest.mark.parametrize(
    ("styles", "kept"),
    [
        (".c{color:red}p{color:blue}", "p{color:blue}"),
        (".c,.a{color:red}", ".a{color:red}"),
        (".a.c{color:red}", ""),
        (".c:not(.a){color:red}", ""),
        ("@media print{.c{color:red}.a{color:blue}}", "@media print{.a{color:blue}}"),
        ("@media print{.c{color:red}}", ""),
        ("@supports (gap:1px){@media print{.c{color:red}}}", ""),
    ],
)
def test_what_asks_for_a_missing_class_goes(styles: str, kept: str) -> None:
    assert cut(styles, USED) == kept


def test_names_come_from_pages_and_from_words_of_scripts() -> None:
    names = names_used(['<p class="a b-c">class d</p>'], ['e.classList.add("f-g")'])
    assert {"a", "b-c", "f-g"} <= names
    assert "d" not in names


def test_a_built_site_keeps_what_its_pages_use(tmp_path: Path) -> None:
    settings = {"html_theme": "pydata_sphinx_theme"}
    for name, extensions in {"whole": [], "cut": ["used_styles"]}.items():
        book = Book(tmp_path / name, extensions=["myst_parser", *extensions], settings=settings)
        book.write("index.md", "# Page\n")
        assert book.build("-W").returncode == 0
    whole, short = (
        (tmp_path / name / "_build/html/_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
        for name in ("whole", "cut")
    )
    assert len(short) < len(whole) / 2
    assert ".bd-sidebar-primary" in short
    assert ".carousel-item" in whole
