"""The pages of the built book that a reader comes to."""

from pathlib import Path

SITE = Path(__file__).parents[2] / "_build" / "html"
_HELPERS = ("404.html", "search.html")


def pages() -> list[str]:
    """Return the pages' paths in the site; the theme leaves pieces of its templates in _static."""
    return sorted(
        path.relative_to(SITE).as_posix()
        for path in SITE.rglob("*.html")
        if "_static" not in path.parts and path.name not in _HELPERS
    )
