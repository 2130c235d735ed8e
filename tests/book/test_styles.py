"""The style sheets of a page become one, which loses what may not apply and nothing else."""

import re
from pathlib import Path

import pytest
from textbook.finishing.styles import cut, names_used, sheets, with_imports, with_one_sheet

USED = {"a", "b"}
PAGE = """<head>
  <link href="../_static/styles/theme.css?digest=5" rel="stylesheet" />
  <link rel="icon" href="../_static/favicon.svg" />
    <link rel="stylesheet" type="text/css" href="../_static/book.css?v=4e" />
  <link rel="stylesheet" href="https://elsewhere.example/_static/other.css" />
</head>
"""


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "theme.css").write_text('@import "../basic.css";\np{color:red}')
    (tmp_path / "basic.css").write_text("b{background:url(file.png)}")
    (tmp_path / "book.css").write_text("p{color:blue}")
    return tmp_path


def test_a_page_names_its_own_sheets_in_order() -> None:
    assert sheets(PAGE) == ["styles/theme.css", "book.css"]


def test_a_page_asks_for_one_sheet_and_keeps_all_else() -> None:
    changed = with_one_sheet(PAGE, "all.css", "7")
    assert changed.count("/_static/") == 3
    assert '<link rel="stylesheet" href="../_static/all.css?v=7"' in changed
    assert "favicon.svg" in changed
    assert "elsewhere.example/_static/other.css" in changed


def test_a_page_that_is_not_built_again_can_be_joined_again() -> None:
    once = with_one_sheet(PAGE, "all.css", "7")
    assert sheets(once) == sheets(PAGE)
    assert with_one_sheet(once, "all.css", "7") == once
    assert with_one_sheet(once, "all.css", "8") == once.replace("v=7", "v=8")


def test_imports_come_first(static: Path) -> None:
    styles = with_imports(static, "styles/theme.css")
    assert re.findall(r"[bp]\{(?:color:)?(\w+)", styles) == ["background", "red"]
    assert "@import" not in styles


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("url(../fonts/a.woff2)", 'url("fonts/a.woff2")'),
        ('url("a.woff2")', 'url("styles/a.woff2")'),
        ("url('a.woff2')", 'url("styles/a.woff2")'),
        ("url(/a.png)", "url(/a.png)"),
        ("url(#a)", "url(#a)"),
        ("url(data:image/png;base64,AA)", "url(data:image/png;base64,AA)"),
        ('url("data:image/svg+xml,%3Csvg/%3E")', 'url("data:image/svg+xml,%3Csvg/%3E")'),
    ],
)
def test_addresses_lead_to_the_same_files(static: Path, address: str, seen: str) -> None:
    (static / "styles" / "theme.css").write_text(f"p{{src:{address}}}")
    assert with_imports(static, "styles/theme.css") == f"p{{src:{seen}}}"


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
