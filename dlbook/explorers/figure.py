"""The HTML of a figure with controls: one piece that works wherever it is read."""

from collections.abc import Sequence
from html import escape
from typing import Any

import altair as alt

from dlbook.explorers.assets import asset
from dlbook.explorers.controls import Control, Dial
from dlbook.explorers.look import CONFIG
from dlbook.explorers.still import still
from dlbook.explorers.vega import sources
from dlbook.page import json_script

LARGEST_BYTES = 300_000


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """A chart as Vega-Lite's specification, in the book's look."""
    spec: dict[str, Any] = chart.to_dict()
    # Its address would be looked up when an editor opens the file, and the page needs none.
    spec.pop("$schema", None)
    spec["config"] = CONFIG
    return spec


def figure(
    specs: Sequence[dict[str, Any]],
    controls: Sequence[Control | Dial],
    *,
    caption: str,
    alt_text: str,
    outcome: str,
    data: dict[str, Any],
) -> str:
    """Controls, a sentence, charts, of which stills stand there until Vega comes, and a caption.

    Args:
        specs: of the charts, with the data that they show first.
        controls: sliders and menus.
        caption: what the reader should see.
        alt_text: what the picture shows, for people who cannot see it.
        outcome: the sentence under the controls.
        data: what ``explorer.js`` needs besides the controls.
    """
    views = "".join(
        f'<div class="dlx-view" aria-hidden="true">{still(spec)}</div>' for spec in specs
    )
    told = data | {"controls": [control.data() for control in controls], "vega": sources()}
    return (
        f"<style>{asset('explorer.css')}</style>"
        '<figure class="dlx"><div class="dlx-controls" hidden>'
        f"{''.join(control.html() for control in controls)}</div>"
        f'<p class="dlx-outcome" role="status">{escape(outcome)}</p>'
        f'<div class="dlx-views" role="img" aria-label="{escape(alt_text)}">{views}</div>'
        f"<figcaption>{escape(caption)}</figcaption>"
        f"{json_script(told)}</figure>"
        f"<script>{asset('explorer.js')}</script>"
    )


def require_small(html: str) -> str:
    """The HTML of an explorer, unless it is too large for a page.

    Raises:
        ValueError: more than 300 kB.
    """
    if (size := len(html.encode())) > LARGEST_BYTES:
        raise ValueError(
            f"an explorer may have {LARGEST_BYTES:,} bytes of HTML, this one has {size:,}; "
            "use fewer runs, fewer points, or fewer digits"
        )
    return html
