"""The still picture of a chart: for print, for pages without scripts, and until Vega has come."""

import json
import re
from typing import Any

from dlbook.explorers.vega import VEGA_LITE_VERSION

LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
GEOMETRY = re.compile(r' (d|transform|x|y|x1|x2|y1|y2|width|height|points)="[^"]*"')


def still(spec: dict[str, Any]) -> str:
    """An SVG of a Vega-Lite chart in its first state, or "" where vl-convert is not installed."""
    try:
        import vl_convert
    except ImportError:
        return ""
    svg = str(vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VEGA_LITE_VERSION))
    return GEOMETRY.sub(lambda attribute: _rounded(attribute[0]), svg)


def _rounded(geometry: str) -> str:
    """Coordinates to a tenth of a pixel, which nobody can see."""
    return LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}", geometry)
