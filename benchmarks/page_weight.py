"""What the pages of the book send to a phone before they are scrolled, compressed."""

from collections.abc import Sequence
from dataclasses import dataclass

from chromium import launched
from pages import SITE, pages
from serve import served
from weight import MOST_KILOBYTES, sent

from benchmarks.rows import Bar, CannotMeasureError, Row

BAR = Bar("≤", MOST_KILOBYTES, of="all")


@dataclass(frozen=True)
class Weight:
    """Kilobytes of one page: of its HTML alone, and of all files."""

    page: str
    html: float
    total: float


def main() -> list[Row]:
    """The weights of the chapters and of the other pages."""
    weights = weigh()
    chapters = [each for each in weights if each.page.startswith("notebooks/")]
    others = [each for each in weights if each not in chapters]
    return [*rows("chapters", chapters), *rows("other pages", others)]


def weigh() -> list[Weight]:
    """Open every page of the book as `make serve` serves it.

    Raises:
        CannotMeasureError: there is no book.
    """
    if not pages():
        raise CannotMeasureError("there is no book in _build/html; run `make book` first")
    weights = []
    with served(SITE) as address, launched() as browser:
        for page in pages():
            files = sent(browser, f"{address}/{page}")
            kilobytes = {file: size / 1000 for file, size in files.items()}
            html = kilobytes[f"{address}/{page}"]
            weights.append(Weight(page, html, sum(kilobytes.values())))
    return weights


def rows(what: str, weights: Sequence[Weight]) -> list[Row]:
    """Return both weights of some pages; the notes name the heaviest."""
    html = {each.page: each.html for each in weights}
    total = {each.page: each.total for each in weights}
    return [row(f"{what}: HTML", html), row(f"{what}: all files", total, BAR)]


def row(name: str, kilobytes: dict[str, float], bar: Bar | None = None) -> Row:
    """Return a value for each page."""
    heaviest = max(kilobytes, key=kilobytes.__getitem__)
    note = f"{len(kilobytes)} pages, the heaviest: {heaviest}"
    return Row(name, "kB", tuple(kilobytes.values()), bar, note)
