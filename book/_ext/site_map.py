"""The site map: the addresses of all pages, for search engines.

Pages that were written in earlier builds count as well, so it is made of what is there.
"""

from pathlib import Path
from xml.etree import ElementTree

from site_pages import pages
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

FILE = "sitemap.xml"
LEFT_OUT = {"404.html", "search.html"}
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def site_map(address: str, names: list[str]) -> bytes:
    """Return the map of a site that stands at an address, which ends in a slash."""
    root = ElementTree.Element("urlset", xmlns=_NAMESPACE)
    for name in names:
        place = ElementTree.SubElement(ElementTree.SubElement(root, "url"), "loc")
        place.text = address + name
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the map of the finished site, when it is known where that will stand."""
    if error is not None or app.builder.format != "html" or not app.config.html_baseurl:
        return
    site = Path(app.outdir)
    names = [path.relative_to(site).as_posix() for path in pages(site)]
    kept = [name for name in names if name not in LEFT_OUT]
    (site / FILE).write_bytes(site_map(app.config.html_baseurl, kept))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write the map when the site is finished."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
