"""The look of an explorer's charts."""

from typing import Any

from dlbook.plots.style import COLORS

# Two charts with their axes stand side by side in a page's column, and one fills a phone.
WIDTH, HEIGHT, TALL = 270, 205, 235
DASHES = ((), (6, 3), (2, 2), (8, 3, 2, 3))  # that tell lines apart without their colors
INK = "currentColor"  # follows the page's light or dark

# Digits as people write them; powers of ten for what is very small or large.
NUMBERS = (
    "datum.value && (abs(datum.value) < 0.001 || abs(datum.value) >= 1e6)"
    " ? format(datum.value, '.2~e') : format(datum.value, ',.4~r')"
)
ROOM = 50  # pixels beside an axis whose numbers change, so that its title stays in the picture

CONFIG: dict[str, Any] = {
    "aria": False,  # the explorer has its own text alternative
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "padding": 4,
    "axis": {
        "format": ".4~g",
        "domainColor": INK,
        "domainOpacity": 0.5,
        "gridColor": INK,
        "gridOpacity": 0.1,
        "labelColor": INK,
        "labelFontSize": 11,
        "labelOverlap": True,
        "labelSeparation": 6,
        "tickColor": INK,
        "tickOpacity": 0.5,
        "titleColor": INK,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "axisX": {"labelFlush": 12},  # a number near the end stays in the picture
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "titleFontSize": 12},
    "point": {"opacity": 1},
    "range": {"category": list(COLORS)},
    "rule": {"color": INK},
    "text": {"color": INK, "fontSize": 11},
    "title": {"color": INK, "fontSize": 12, "fontWeight": "normal", "anchor": "start"},
    "view": {"stroke": None},
}
