"""The formulas' font: STIX Two Math, cut down to the characters that the book's formulas use.

Ziamath ships the font (SIL Open Font License 1.1). Each page's characters are kept in Sphinx's
environment, so those of pages that were not read again still count.
"""

import zlib
from collections.abc import Iterable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from kept_files import place
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

FONT = "_static/fonts/stix-two-math.woff2"
LICENSE = "_static/fonts/stix-two-math-license.txt"
_LICENSE = """\
stix-two-math.woff2 is a subset of STIX Two Math.
{copyright}
{license}
{url}
"""
# What every formula may need: letters, digits, and the signs of plain text.
_BASE = "".join(map(chr, range(0x20, 0x7F))) + "−×·±√∑∏∫∂∇∞≤≥≈≠→←∈′…⋯"
_COPYRIGHT_ID, _LICENSE_ID, _LICENSE_URL_ID = 0, 13, 14


def characters_of(doctree: nodes.document) -> set[str]:
    """Return the characters of all formulas of a page that katex_mathml has typeset."""
    return {
        character
        for kind in (nodes.math, nodes.math_block)
        for node in doctree.findall(kind)
        for character in node.get("math_characters", "")
    }


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
    with TTFont(source_font(), recalcTimestamp=False) as font:
        subsetter = Subsetter(_options())
        subsetter.populate(text="".join(sorted({*_BASE, *characters})))
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


def _page_characters(env: BuildEnvironment) -> dict[str, set[str]]:
    """Return the characters by page, from the environment that Sphinx pickles."""
    if not hasattr(env, "dlbook_math_characters"):
        env.dlbook_math_characters = {}  # type: ignore[attr-defined]
    pages: dict[str, set[str]] = env.dlbook_math_characters  # type: ignore[attr-defined]
    return pages


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    _page_characters(app.env)[app.env.docname] = characters_of(doctree)


def _purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _page_characters(env).pop(docname, None)


def _merge(
    _app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment
) -> None:
    read = _page_characters(other)
    _page_characters(env).update({name: read[name] for name in docnames if name in read})


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        used = set().union(*_page_characters(app.env).values())
        version = zlib.crc32("".join(sorted(used)).encode())
        place(app, f"math-{version:08x}.woff2", FONT, partial(write_subset, used))
        write_license(Path(app.outdir) / LICENSE)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Collect characters as pages are read; write the font when the site is finished."""
    app.connect("doctree-read", _collect)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _write)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
