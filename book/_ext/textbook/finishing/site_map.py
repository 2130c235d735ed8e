"""The site map: the addresses of all pages, for search engines.

Pages that were written in earlier builds count as well, so it is made of what is there.
"""

from xml.etree import ElementTree

from textbook.finishing.site import Site

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


def write(site: Site) -> None:
    """Write the map of a site, which will stand at the address of the configuration."""
    names = [path.relative_to(site.folder).as_posix() for path in site.pages]
    kept = [name for name in names if name not in LEFT_OUT]
    (site.folder / FILE).write_bytes(site_map(site.app.config.html_baseurl, kept))
