"""The pages of a built site."""

from pathlib import Path


def pages(site: Path) -> list[Path]:
    """Return the pages; the theme also leaves pieces of its templates among the static files."""
    found = (path for path in site.rglob("*.html") if "_static" not in path.parts)
    return sorted(found)
