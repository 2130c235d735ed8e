"""The style sheets of a page become one that says the same."""

import re
from pathlib import Path

import pytest
from joined_styles import joined, sheets, with_one_sheet
from sphinx_build import Book

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


def test_imports_come_first_and_the_order_stays(static: Path) -> None:
    styles = joined(static, ["styles/theme.css", "book.css"])
    assert re.findall(r"[bp]\{(?:color:)?(\w+)", styles) == ["background", "red", "blue"]
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
    assert joined(static, ["styles/theme.css"]) == f"p{{src:{seen}}}"


def test_every_page_of_a_built_site_asks_for_one_sheet_with_all_rules(tmp_path: Path) -> None:
    settings = {"html_theme": "pydata_sphinx_theme"}
    book = Book(tmp_path, extensions=["myst_parser", "joined_styles"], settings=settings)
    book.write("index.md", "# Page\n\n```{toctree}\nfolder/other\n```\n")
    book.write("folder/other.md", "# Other\n")
    for _ in range(2):  # the second time nothing is to be done
        assert book.build("-W").returncode == 0
        for page, folder in {"index": "", "folder/other": "../", "search": ""}.items():
            (link,) = re.findall(r"<link[^>]*\.css[^>]*>", book.page(page))
            found = re.search(rf'href="{re.escape(folder)}_static/(all-\w+\.css)\?v=\w+"', link)
            assert found is not None
            styles = (book.site / "_static" / found[1]).read_text("utf-8")
            assert ".fa-sun:before" in styles, "the theme's"
            assert ".highlight .k" in styles, "Pygments'"
            assert "div.sphinxsidebar" in styles, "what the theme imports"
