"""One style sheet a page instead of a dozen: a browser draws nothing before it has them all.

The theme, MyST-NB and the book bring a sheet each, and one of them asks for another only when it
has come. They are joined in the order in which the page names them, so the rules that win stay the
same.
"""

import hashlib
import posixpath
import re
from pathlib import Path

from site_pages import pages
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_AFTER_USED_STYLES = 700
JOINED = "all-{}.css"
_STATIC = "_static/"
_LINK = re.compile(
    r'[ \t]*<link (?:rel="stylesheet" )?(?:type="text/css" )?'
    r'href="([^":?]*)_static/([\w./-]+\.css)[^"]*"(?: rel="stylesheet")?'
    r'(?: data-of="([^"]*)")? ?/>\n?'
)
_IMPORT = re.compile(r'@import "([\w./-]+)";')
_ADDRESS = re.compile(r"""url\((["']?)(?![\w+-]+:|[/#])([^"')]+)\1\)""")


def sheets(html: str) -> list[str]:
    """Return the style sheets of a page in order, as paths below the static files.

    A page whose sheets have been joined still says which they were.
    """
    return [name for _, sheet, of in _LINK.findall(html) for name in of.split() or [sheet]]


def joined(static: Path, names: list[str]) -> str:
    """Return one style sheet for the folder of static files, made of several in this order."""
    return "\n".join(_moved(static, name) for name in names)


def _moved(static: Path, name: str) -> str:
    """A sheet with what it imports, and its addresses as seen from the folder ``static``."""
    folder = posixpath.dirname(name)

    def from_static(address: str) -> str:
        return posixpath.normpath(posixpath.join(folder, address))

    styles = (static / name).read_text(encoding="utf-8")
    styles = _ADDRESS.sub(lambda found: f'url("{from_static(found[2])}")', styles)
    return _IMPORT.sub(lambda found: _moved(static, from_static(found[1])), styles)


def with_one_sheet(html: str, target: str, version: str) -> str:
    """Return a page that asks for the joined sheet in the place of its first one.

    Args:
        html: the page.
        target: the joined sheet, a path below the static files.
        version: what changes when the sheet does, so that browsers do not take an old one.
    """
    links = list(_LINK.finditer(html))
    address = f"{links[0][1]}{_STATIC}{target}?v={version}"
    link = f'<link rel="stylesheet" href="{address}" data-of="{" ".join(sheets(html))}" />\n'
    begin = links[0].start()
    return html[:begin] + link + _LINK.sub("", html[begin:])


def _join(app: Sphinx, error: Exception | None) -> None:
    """Write the joined sheets of the finished site, and let its pages ask for them."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    versions: dict[str, str] = {}
    for page in pages(site):
        html = page.read_text(encoding="utf-8")
        head, *body = html.partition("</head>")  # long pages are searched slowly
        if not (names := sheets(head)):
            continue
        target = JOINED.format(_digest(" ".join(names)))  # pages of one kind share it
        if target not in versions:
            styles = joined(site / _STATIC, names)
            (site / _STATIC / target).write_text(styles, encoding="utf-8")
            versions[target] = _digest(styles)
        if (linked := with_one_sheet(head, target, versions[target])) != head:
            page.write_text("".join((linked, *body)), encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Join the styles when they are cut."""
    app.connect("build-finished", _join, priority=_AFTER_USED_STYLES)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
