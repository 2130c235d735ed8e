"""The formulas' font: STIX Two Math for browsers, cut down to what the book's formulas draw.

Ziamath ships the font (SIL Open Font License 1.1).
"""

import zlib
from collections.abc import Iterable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from unicodedata import normalize

from docutils import nodes
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from textbook.finishing.site import Site
from textbook.formulas import browser_font
from textbook.per_page import PerPage

FONT = "_static/fonts/stix-two-math.woff2"
LICENSE = "_static/fonts/stix-two-math-license.txt"
_LICENSE = """\
stix-two-math.woff2 is a part of STIX Two Math, modified: roots and large fences are
narrower, low roots and large primes are new, and bars are thinner.
{copyright}
{license}
{url}
"""
# What every formula may need: letters, digits, and the signs of plain text.
_BASE = "".join(map(chr, range(0x20, 0x7F))) + "−×·±√∑∏∫∂∇∞≤≥≈≠→←∈′…⋯√"
_COPYRIGHT_ID, _LICENSE_ID, _LICENSE_URL_ID = 0, 13, 14


# A lone letter is drawn in italics, so that each of these may need another one.
_ITALICS = {"h": "ℎ"} | {
    normalize("NFKC", chr(code)): chr(code)
    for block in (range(0x1D434, 0x1D468), range(0x1D6E2, 0x1D71C))
    for code in block
}


class FormulaCharacters(PerPage[set[str]]):
    """Finds the characters of all formulas of a page."""

    name = "book_formula_characters"

    def find(self, env: BuildEnvironment, document: nodes.document) -> set[str]:
        """Return the characters; a root shows no character of its own."""
        kinds = (nodes.math, nodes.math_block)
        return {each for kind in kinds for node in document.findall(kind) for each in node.astext()}


def source_font() -> Path:
    """Return the path of the whole font.

    Raises:
        ExtensionError: ziamath is not installed, or without the font.
    """
    package = find_spec("ziamath")
    if package is None or package.origin is None:
        raise ExtensionError("math_font: the package ziamath, which ships the font, is missing")
    path = Path(package.origin).with_name("fonts") / "STIXTwoMath-Regular.ttf"
    if not path.is_file():
        raise ExtensionError(f"math_font: ziamath should ship the font {path.name}; it is missing")
    return path


def write_subset(characters: Iterable[str], path: Path) -> None:
    """Write the font with the given characters and all their sizes.

    The same characters always give the same bytes.

    Args:
        characters: what the formulas draw; characters that the font lacks are left out.
        path: where the ``.woff2`` goes.
    """
    used = {*_BASE, *characters}
    with TTFont(source_font(), recalcTimestamp=False) as font:
        browser_font.adapt(font)
        subsetter = Subsetter(_options())
        subsetter.populate(text="".join(sorted(used | {_ITALICS.get(each, each) for each in used})))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(path)


def write_license(path: Path) -> None:
    """Write whose font it is, and under which license, as the font itself says."""
    with TTFont(source_font(), lazy=True) as font:
        notice = _LICENSE.format(
            copyright=font["name"].getDebugName(_COPYRIGHT_ID),
            license=font["name"].getDebugName(_LICENSE_ID),
            url=font["name"].getDebugName(_LICENSE_URL_ID),
        )
    path.write_text(notice, encoding="utf-8")


def _options() -> Options:
    options = Options()
    # ssty: sizes for superscripts; dtls: i and j without dots under accents; flac: flat accents.
    options.layout_features = ["ssty", "dtls", "flac", "ccmp", "kern", "mark", "mkmk"]
    options.name_IDs = [_COPYRIGHT_ID, 1, 2, 4, _LICENSE_ID, _LICENSE_URL_ID]
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    return options


def place(site: Site) -> None:
    """Put the font of this book's formulas beside the pages."""
    used = set().union(*FormulaCharacters.of(site.app.env).values())
    changes = Path(browser_font.__file__).read_bytes()
    version = zlib.crc32("".join(sorted(used)).encode() + changes)
    site.place(f"math-{version:08x}.woff2", FONT, partial(write_subset, used))
    write_license(site.folder / LICENSE)


def register(app: Sphinx) -> None:
    """Collect characters as pages are read."""
    app.add_env_collector(FormulaCharacters)
