"""Whether outputs are made for a published page, which has no kernel."""

import os

ENVIRONMENT_VARIABLE = "DLBOOK_PAGE"
# The pages of the book share one copy of Vega, fetched when a figure nears the window.
VEGA = "_static/vega.js"
# What plays the tapes of figures and labs.
ENGINE = "_static/tapes.js"


def for_page() -> bool:
    """Whether ``DLBOOK_PAGE=1`` is set, as it is while the book is built."""
    return os.environ.get(ENVIRONMENT_VARIABLE, "").strip() == "1"
