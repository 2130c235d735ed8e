"""The still picture of a chart: for print, for pages without scripts, and until Vega has come."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import vl_convert

from dlbook.explorers.look import CONFIG
from dlbook.explorers.vega import VEGA_LITE_VERSION

# It comes with matplotlib, and is as wide as any font of a page, so that no word is cut there.
FONT = "DejaVu Sans"
CLIP_ID = re.compile(r"\bclip\d+\b")
LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
GEOMETRY = re.compile(r' (d|transform|x|y|x1|x2|y1|y2|width|height|points)="[^"]*"')


def still(spec: dict[str, Any]) -> str:
    """An SVG of a Vega-Lite chart in its first state."""
    vl_convert.register_font_directory(str(Path(mpl.get_data_path(), "fonts", "ttf")))
    source = json.dumps(spec | {"config": CONFIG | {"font": FONT}})
    svg = str(vl_convert.vegalite_to_svg(source, vl_version=VEGA_LITE_VERSION))
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{CONFIG["font"]}"')
    svg = GEOMETRY.sub(lambda attribute: _rounded(attribute[0]), svg)
    return _with_own_ids(svg, hashlib.sha256(source.encode()).hexdigest()[:8])


def _with_own_ids(svg: str, prefix: str) -> str:
    """Number the clip paths anew: Vega counts through the process, a page holds many stills."""
    numbers: dict[str, int] = {}

    def renamed(match: re.Match[str]) -> str:
        return f"clip-{prefix}-{numbers.setdefault(match[0], len(numbers))}"

    return CLIP_ID.sub(renamed, svg)


def _rounded(geometry: str) -> str:
    """Coordinates to a tenth of a pixel, which nobody can see."""
    return LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}", geometry)
