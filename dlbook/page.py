"""Whether outputs are made for a published page, which has no kernel."""

import json
import os
from typing import Any

ENVIRONMENT_VARIABLE = "DLBOOK_PAGE"
# The pages of the book share one copy of Vega, fetched when a figure nears the window.
VEGA = "_static/vega.js"
# What plays the tapes of figures and labs.
ENGINE = "_static/tapes.js"


def for_page() -> bool:
    """Whether ``DLBOOK_PAGE=1`` is set, as it is while the book is built."""
    return os.environ.get(ENVIRONMENT_VARIABLE, "").strip() == "1"


def json_text(data: Any) -> str:
    """Data as they may stand in an element for scripts, which a "</" would end."""
    return json.dumps(data, separators=(",", ":")).replace("</", "<\\/")


def json_script(data: Any) -> str:
    """An element that holds data for a script of the page."""
    return f'<script type="application/json">{json_text(data)}</script>'
