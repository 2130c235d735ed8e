"""Every link inside the book leads to a page that exists, and to a place on it."""

from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, SITE


@cache
def parsed(path: str) -> BeautifulSoup:
    return BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")


@cache
def anchors(path: str) -> frozenset[str]:
    return frozenset(str(tag["id"]) for tag in parsed(path).find_all(id=True))


def broken(path: str, target: str) -> bool:
    """Whether a link that stands on the page ``path`` leads nowhere."""
    parts = urlsplit(urljoin(path, target))
    file, place = unquote(parts.path), unquote(parts.fragment)
    if not (SITE / file).is_file():
        return True
    return bool(place) and file.endswith(".html") and place not in anchors(file)


@pytest.mark.parametrize("path", PAGES)
def test_no_link_inside_the_book_is_broken(path: str) -> None:
    targets = {str(tag["href"]) for tag in parsed(path).find_all("a", href=True)}
    inside = {target for target in targets if not urlsplit(target).scheme}
    assert inside
    assert sorted(target for target in inside if broken(path, target)) == []
