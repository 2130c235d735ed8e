"""Where the script library Vega comes from, in each place where an explorer is read."""

import sys
from functools import cache
from typing import Any

import vl_convert

from dlbook import page

VEGA_LITE_VERSION = "6.4"

# Colab shows every output in a frame of its own, so nothing can be shared or carried once.
PINNED = (
    (
        "https://cdn.jsdelivr.net/npm/vega@6.2.0/build/vega.min.js",
        "sha384-0Wc8+KeboSkAq/fK81pd4uFbWKu4ouB+y4KWCYxlC69hRWol7vnc6zZSruXOtc0F",
    ),
    (
        "https://cdn.jsdelivr.net/npm/vega-lite@6.4.1/build/vega-lite.min.js",
        "sha384-QtG7pnWvq1Tk0Rcvl53B1TEVw7U1PUqfciCz3XMUqSmi1fNpJwiv5ml+m5NeOOzH",
    ),
    (
        "https://cdn.jsdelivr.net/npm/vega-embed@7.1.0/build/vega-embed.min.js",
        "sha384-giTAWqsEDsWuWzWKi6NCvjgwi160SClnTYYXWPLuy/DnaQTqmk4soinrpxcCS4dx",
    ),
)

_carrier: str | None = None


@cache
def bundle() -> str:
    """Vega, Vega-Lite and vegaEmbed as one script."""
    script = vl_convert.javascript_bundle(None, VEGA_LITE_VERSION)  # type: ignore[arg-type]
    # A function's body, for at the top level its names clash with those of other scripts.
    return f"(function () {{{script}}})();"


def sources() -> dict[str, Any]:
    """What the page's script needs to find Vega in this place."""
    if page.for_page():
        return {"page": page.VEGA}
    if "google.colab" in sys.modules:
        return {"pinned": [{"src": src, "integrity": integrity} for src, integrity in PINNED]}
    return {}


def carried_script() -> str:
    """The script that the first explorer of a local kernel carries; later ones wait for it.

    The same cell carries it again when it is run again, for its earlier output is then gone.
    """
    global _carrier
    cell = _running_cell()
    if sources() or _carrier not in (None, cell):
        return ""
    _carrier = cell
    # "</script" inside a script would end it.
    return "<script>" + bundle().replace("</script", "<\\/script") + "</script>"


def _running_cell() -> str:
    """The id of the notebook cell that is being run; outside a notebook, one name for all."""
    if "IPython" not in sys.modules:
        return ""
    from IPython import get_ipython

    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str(parent.get("metadata", {}).get("cellId", ""))
