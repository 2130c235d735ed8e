"""Phones are shown a figure's narrow drawing, which its picture carries (`dlbook.plots.narrow`)."""

import re

from dlbook.png import size, split
from textbook.finishing.site import Site

PHONES = "screen and (max-width: 36rem)"
NARROW = "-narrow.png"
WIDE = "when-wide"
PLACES = {"left": "above", "right": "below"}
STACKED = 1.2  # a single panel is not so much higher than wide
# What captions say of panels: "Left: …", "Right, for the swing: …", "(left)".
_PLACE = re.compile(r"\b(?:Left|Right)(?=[:,])|(?<=\()(?:left|right)(?=\))")
_FIGURE = re.compile(
    r'(?P<before><source [^>]*)width="(?P<width>\d+)" height="(?P<height>\d+)"'
    r"(?P<between>>(?:(?!</?figure).)*?)(?P<caption><figcaption>.*?</figcaption>)",
    re.DOTALL,
)
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
            path.with_name(path.stem + NARROW).write_bytes(narrow)
            path.write_bytes(wide)
    for path in (site.folder / "_images").glob(f"*{NARROW}"):
        sizes[path.name.removesuffix(NARROW)] = size(path.read_bytes())
    for page, html in site.pages.items():
        offered = _IMAGE.sub(lambda found: _picture(found, sizes), html)
        site.pages[page] = _FIGURE.sub(_caption, offered)


def _picture(found: re.Match[str], sizes: dict[str, tuple[int, int]]) -> str:
    """Both drawings for an image that has two."""
    address = found[1]
    drawn = sizes.get(address.rpartition("/")[2]) if address else None
    if drawn is None:
        return found[0]
    room = 'width="{}" height="{}"'.format(*drawn)
    source = f'<source media="{PHONES}" srcset="{address}{NARROW}" {room}>'
    return f"<picture>{source}{found[0]}</picture>"


def _caption(found: re.Match[str]) -> str:
    """A figure whose caption says where the panels are, beside or below one another."""
    before, height, between, caption = found.group("before", "height", "between", "caption")
    width = found["width"]
    if int(height) > STACKED * int(width) and WIDE not in caption:
        caption = _PLACE.sub(_both_places, caption)
    return f'{before}width="{width}" height="{height}"{between}{caption}'


def _both_places(found: re.Match[str]) -> str:
    wide = found[0]
    below = PLACES[wide.lower()]
    narrow = below.capitalize() if wide[0].isupper() else below
    return f'<span class="{WIDE}">{wide}</span><span class="when-narrow">{narrow}</span>'
