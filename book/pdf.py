"""Print the one-page book with Chromium and check the result: ``pdf.py PAGE PDF``."""

import sys
from pathlib import Path
from typing import Any

from chromium import launched
from pdf_check import complaints, not_drawn, places
from playwright.sync_api import Page

from dlbook.files import replacing

_PATIENCE_MS = 600_000  # a whole book is a large page
_LINE_PX = 642  # the width of print.css's pages between their margins
_PAPER: dict[str, Any] = {
    "outline": True,
    "tagged": True,
    "prefer_css_page_size": True,
    "print_background": True,
}
_UNFOLD = "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"
# Pictures are lazy; one that does not come ends in an error.
_LOAD = """async () => {
    for (const picture of document.images) picture.loading = "eager";
    await Promise.all([...document.images].map((picture) => picture.decode()));
    await document.fonts.ready;
}"""
_TOO_WIDE = """() => [...document.querySelectorAll("article *")]
    .filter((box) => box.checkVisibility() && !box.closest("svg, math"))
    .filter((box) => Math.max(box.scrollWidth - box.clientWidth && box.scrollWidth, box.offsetWidth)
        + box.getBoundingClientRect().left > document.documentElement.clientWidth + 1)
    .map((box) => `${box.tagName} ${box.textContent.trim().slice(0, 60)}`)"""
_NOWHERE = """() => [...document.querySelectorAll("a[href^='#']")]
    .map((link) => link.getAttribute("href").slice(1))
    .filter((name) => !document.getElementById(name))"""
_NUMBER = """(pages) => {
    for (const place of document.querySelectorAll(".page-number"))
        place.textContent = pages[place.closest("a").getAttribute("href").slice(1)];
}"""


class PrintError(Exception):
    """The book does not fit the paper, or its PDF has faults."""


def printed(page: Page) -> bytes:
    """Return the PDF of the one-page book, whose contents name the pages of the chapters.

    Raises:
        PrintError: something is wider than the paper, or a link leads nowhere.
    """
    page.set_viewport_size({"width": _LINE_PX, "height": 960})
    page.emulate_media(media="print")
    page.evaluate(_UNFOLD)
    page.evaluate(_LOAD)
    _demand_none("wider than the paper", page.evaluate(_TOO_WIDE))
    _demand_none("a link to a place that is not there", page.evaluate(_NOWHERE))
    page.evaluate(_NUMBER, places(page.pdf(**_PAPER)))
    pdf = page.pdf(**_PAPER)
    _demand_none("a fault of the PDF", complaints(pdf, page.locator("h1").count()))
    return pdf


def _demand_none(what: str, found: list[str]) -> None:
    if found:
        raise PrintError("\n".join(f"{what}: {each}" for each in found))


def main(source: Path, target: Path) -> None:
    """Print a page to a file, and say what it holds."""
    with launched() as browser, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(source.absolute().as_uri())
        pdf = printed(page)
    with replacing(target) as unfinished:
        unfinished.write_bytes(pdf)
    if count := not_drawn(pdf):
        print(f"{count} characters are empty boxes: a font is missing here, such as fonts-noto-cjk")
    print(f"{len(pdf) / 1e6:.1f} MB  {target}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except (FileNotFoundError, PrintError) as error:
        sys.exit(str(error))
