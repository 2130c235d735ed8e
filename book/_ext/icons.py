"""The theme's icons: a font with the few glyphs that the pages show, instead of thousands.

The theme brings Font Awesome (fonts: SIL Open Font License 1.1) as a script of 1.5 MB and as fonts
with a style rule for each icon. Here the fonts and the rules are cut down to what is used.
"""

import re
from collections.abc import Iterable, Set
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from site_pages import pages
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

STYLES = "styles/pydata-sphinx-theme.css"
FONTS = "vendor/fontawesome/webfonts"
_USE = re.compile(r'<(?:i|span)\s[^>]*class="([^"]*\bfa-[^"]*)"')
_RULE = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
_OTHER_CONTENT = re.compile(r'content:"\\([ef][0-9a-f]{3})"')


def names_in(html: str) -> set[str]:
    """Return the names of the icons on a page, such as ``fa-sun``."""
    classes = {name for classes in _USE.findall(html) for name in classes.split()}
    return {name for name in classes if name.startswith("fa-")}


def cut_rules(styles: str, names: Set[str]) -> tuple[str, set[int]]:
    """Leave out the rules of icons that are not named.

    Args:
        styles: the theme's style sheet.
        names: of the icons to keep.

    Returns:
        The style sheet, and the code points that it still draws.
    """
    kept: set[int] = set()

    def cut(rule: re.Match[str]) -> str:
        selectors, code = rule.groups()
        if names.isdisjoint(re.findall(r"\.(fa-[\w-]+):", selectors)):
            return ""
        kept.add(int(code, 16))
        return rule.group()

    styles = _RULE.sub(cut, styles)
    return styles, kept | {int(code, 16) for code in _OTHER_CONTENT.findall(styles)}


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


def _theme_files() -> Path:
    package = find_spec("pydata_sphinx_theme")
    if package is None or package.origin is None:
        raise ExtensionError("icons: the package pydata-sphinx-theme is missing")
    return Path(package.origin).parent / "theme" / "pydata_sphinx_theme" / "static"


def _cut(app: Sphinx, error: Exception | None) -> None:
    """Replace the theme's styles and icon fonts in the finished site."""
    if error is not None or app.builder.format != "html":
        return
    site, theme = Path(app.outdir), _theme_files()
    used = {name for page in pages(site) for name in names_in(page.read_text("utf-8"))}
    styles, code_points = cut_rules((theme / STYLES).read_text(encoding="utf-8"), used)
    (site / "_static" / STYLES).write_text(styles, encoding="utf-8")
    for font in (theme / FONTS).glob("*.woff2"):
        write_subset(font, site / "_static" / FONTS / font.name, code_points)
        (site / "_static" / FONTS / font.with_suffix(".ttf").name).unlink(missing_ok=True)
    for unused in (site / "_static" / "scripts").glob("fontawesome.js*"):
        unused.unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Cut the icons down when the site is finished."""
    app.connect("build-finished", _cut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
