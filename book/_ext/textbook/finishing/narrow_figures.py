"""Phones are shown a figure's narrow drawing, which its picture carries (`dlbook.plots.narrow`)."""

import re
import struct

from dlbook.plots.narrow import split
from textbook.finishing.site import Site

PHONES = "screen and (max-width: 36rem)"
NARROW = "-narrow.png"
# A page that an earlier build has finished has its pictures already.
_IMAGE = re.compile(
    r'<picture>.*?</picture>|<img [^>]*src="([^"]*_images/\w+)\.png"[^>]*>', re.DOTALL
)


def place(site: Site) -> None:
    """Take both drawings apart, and let each page offer both."""
    sizes = {}
    for path in sorted((site.folder / "_images").glob("*.png")):
        wide, narrow = split(path.read_bytes())
        if narrow:
            path.write_bytes(wide)
            path.with_name(path.stem + NARROW).write_bytes(narrow)
    for path in (site.folder / "_images").glob(f"*{NARROW}"):
        sizes[path.name.removesuffix(NARROW)] = struct.unpack(">II", path.read_bytes()[16:24])
    for page, html in site.pages.items():
        site.pages[page] = _IMAGE.sub(lambda found: _picture(found, sizes), html)


def _picture(found: re.Match[str], sizes: dict[str, tuple[int, int]]) -> str:
    """Both drawings for an image that has two."""
    address = found[1]
    size = sizes.get(address.rpartition("/")[2]) if address else None
    if size is None:
        return found[0]
    room = 'width="{}" height="{}"'.format(*size)
    source = f'<source media="{PHONES}" srcset="{address}{NARROW}" {room}>'
    return f"<picture>{source}{found[0]}</picture>"
