"""Read a printed book back: where its places are, and what is wrong with it."""

from collections.abc import Container, Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination

_OUTSIDE = ("https://", "http://", "mailto:")
_NOT_DRAWN = "\0"  # what a character becomes for which no font has a glyph


def places(pdf: bytes) -> dict[str, int]:
    """Return the number of the page, from 1 on, on which each place is that a link leads to."""
    reader = PdfReader(BytesIO(pdf))
    found = reader.named_destinations.items()
    return {name.removeprefix("/"): _number(reader, place) for name, place in found}


def outline(pdf: bytes) -> list[tuple[int, str]]:
    """Return the headings that readers of the PDF see beside it: level, from 1 on, and text."""
    return list(_flat(PdfReader(BytesIO(pdf)).outline, 1))


def not_drawn(pdf: bytes) -> int:
    """Return how many characters the PDF shows as empty boxes, for want of a font."""
    pages = PdfReader(BytesIO(pdf)).pages
    return sum(page.extract_text().count(_NOT_DRAWN) for page in pages)


def complaints(pdf: bytes, chapters: int) -> list[str]:
    """Say what is wrong with the links and the outline.

    Args:
        pdf: the printed book.
        chapters: how many headings of the first level the outline must have.
    """
    reader = PdfReader(BytesIO(pdf))
    known = reader.named_destinations.keys()
    found = {link for link in _links(reader) if not _leads_somewhere(link, known)}
    faults = [f"this link leads to nothing that a reader has: {link}" for link in sorted(found)]
    begun = sum(level == 1 for level, _ in outline(pdf))
    if begun != chapters:
        faults.append(f"the outline begins {begun} chapters, expected {chapters}")
    return faults


def _number(reader: PdfReader, place: Destination) -> int:
    page = reader.get_destination_page_number(place)
    if page is None:
        raise ValueError(f"the place {place.title} is on no page of the PDF")
    return page + 1


def _flat(entries: list[Any], level: int) -> Iterator[tuple[int, str]]:
    """Yield the entries of an outline, in which a list holds what belongs to the entry before."""
    for entry in entries:
        if isinstance(entry, list):
            yield from _flat(entry, level + 1)
        else:
            yield level, entry.title


def _links(reader: PdfReader) -> Iterator[str]:
    """Yield where the links lead: the names of places in the PDF, the addresses of others."""
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link: dict[str, Any] = annotation.get_object()
            if link["/Subtype"] == "/Link":
                yield str(link["/Dest"] if "/Dest" in link else link["/A"]["/URI"])


def _leads_somewhere(link: str, known: Container[str]) -> bool:
    return link in known or link.startswith(_OUTSIDE)
