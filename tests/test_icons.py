"""The icon fonts hold what the pages show and little else."""

from io import BytesIO
from pathlib import Path

import icons
from fontTools.ttLib import TTFont
from sphinx_build import Book

STYLES = (
    '.fa-sun:before{content:"\\f185"}.fa-guitar:before{content:"\\f7a6"}'
    '.fa-search:before,.fa-magnifying-glass:before{content:"\\f002"}'
    '.onthispage:after{content:"\\f107"}.quote:before{content:"“"}'
)


def test_names_are_those_of_icons_alone() -> None:
    page = '<i class="fa-solid fa-sun fa-lg"></i> <span class="fa-moon"></span> <p class="fa-x">'
    assert icons.names_in(page) == {"fa-solid", "fa-sun", "fa-lg", "fa-moon"}


def test_rules_of_other_icons_go_and_all_other_rules_stay() -> None:
    kept, code_points = icons.cut_rules(STYLES, {"fa-sun", "fa-magnifying-glass"})
    assert kept == STYLES.replace('.fa-guitar:before{content:"\\f7a6"}', "")
    assert code_points == {0xF185, 0xF002, 0xF107}


def test_a_built_site_draws_its_icons_with_small_fonts(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        extensions=["myst_parser", "icons"],
        settings={"html_theme": "pydata_sphinx_theme"},
    )
    book.write("index.md", "# Page\n")
    assert book.build("-W").returncode == 0
    static = book.site / "_static"
    styles = (static / icons.STYLES).read_text(encoding="utf-8")
    assert "fa-guitar" not in styles
    sizes = {path.name: path.stat().st_size for path in (static / icons.FONTS).iterdir()}
    assert all(name.endswith(".woff2") and size < 10_000 for name, size in sizes.items()), sizes
    assert not list((static / "scripts").glob("fontawesome*.js*"))
    drawn, code_points = icons.cut_rules(styles, icons.names_in(book.page("index")))
    assert drawn == styles
    fonts = [TTFont(BytesIO(path.read_bytes())) for path in (static / icons.FONTS).iterdir()]
    assert code_points <= {code for font in fonts for code in font.getBestCmap() or {}}
