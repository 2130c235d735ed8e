"""The pages of the built book that a reader comes to."""

from pathlib import Path

from textbook.finishing.site import page_paths

SITE = Path(__file__).parents[2] / "_build" / "html"
_HELPERS = ("404.html", "search.html")


def pages() -> list[str]:
    """Return the pages' paths in the site."""
    paths = (path for path in page_paths(SITE) if path.name not in _HELPERS)
    return [path.relative_to(SITE).as_posix() for path in paths]
