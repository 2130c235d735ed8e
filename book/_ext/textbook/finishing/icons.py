"""The theme's icons: fonts with the few glyphs that the pages' styles draw, instead of thousands.

The theme brings Font Awesome (fonts: SIL Open Font License 1.1) as fonts, and as a script of
1.5 MB that the pages do without.
"""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from textbook.finishing.site import Site
from textbook.finishing.styles import JOINED

FONTS = "vendor/fontawesome/webfonts"
_GLYPH = re.compile(r'content: ?"([\ue000-\uf8ff])"')  # a cut sheet has the characters themselves


def cut(site: Site) -> None:
    """Replace the icon fonts of a site whose styles are cut."""
    sheets = [path.read_text("utf-8") for path in site.static.glob(JOINED.format("*"))]
    code_points = {ord(glyph) for sheet in sheets for glyph in _GLYPH.findall(sheet)}
    for font in _theme_fonts():
        write_subset(font, site.static / FONTS / font.name, code_points)
        (site.static / FONTS / font.with_suffix(".ttf").name).unlink(missing_ok=True)
    for unused in (site.static / "scripts").glob("fontawesome.js*"):
        unused.unlink()


def write_subset(source: Path, target: Path, code_points: Iterable[int]) -> None:
    """Write the glyphs of a font that are asked for; the same ones always give the same bytes."""
    options = Options()
    options.hinting = False
    options.name_IDs = ["*"]  # the copyright notice stays
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=sorted(code_points))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)


def _theme_fonts() -> list[Path]:
    package = find_spec("pydata_sphinx_theme")
    if package is None or package.origin is None:
        raise ExtensionError("icons: the package pydata-sphinx-theme is missing")
    static = Path(package.origin).parent / "theme" / "pydata_sphinx_theme" / "static"
    return list((static / FONTS).glob("*.woff2"))
