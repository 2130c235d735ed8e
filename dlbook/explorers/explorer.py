"""A figure whose controls work wherever it is read."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import altair as alt

from dlbook import require
from dlbook.explorers.assets import asset
from dlbook.explorers.controls import Control
from dlbook.explorers.look import CONFIG
from dlbook.explorers.still import still
from dlbook.explorers.vega import carried_script, sources

LARGEST_BYTES = 300_000


class Explorer:
    """Altair charts that share one bar of native controls, as a single piece of HTML.

    It works on a published page without a kernel, from a file, in JupyterLab and on Colab. The
    charts react to Altair parameters; each control sets the parameter of its name in every chart
    that has it. Until Vega has come, in print, and where scripts are stripped, a still picture
    stands in the charts' place.

    Args:
        charts: one or more charts, shown side by side where there is room.
        controls: sliders and menus.
        caption: what the reader should see, in a sentence or two of plain text.
        alt_text: what the picture shows, for people who cannot see it.
        outcomes: a sentence about the result for each combination of the first ``k`` controls'
            values; shown under the controls and announced when it changes.

    Raises:
        TypeError: charts that are not Altair's, controls that are no sliders or menus, or a text
            that is none.
        ValueError: no charts or no controls, two controls of one name, a parameter without a
            control, an outcome that is no combination of values, or more than 300 kB of HTML (Vega
            not counted).
    """

    def __init__(
        self,
        charts: Sequence[alt.TopLevelMixin],
        controls: Sequence[Control],
        *,
        caption: str,
        alt_text: str,
        outcomes: Mapping[Any, str] | None = None,
    ) -> None:
        for name, chart in require.each("charts", charts):
            require.kind(name, chart, alt.TopLevelMixin)
        for name, control in require.each("controls", controls):
            require.kind(name, control, Control)
        if len(names := {control.name for control in controls}) < len(controls):
            raise ValueError(f"controls must have names that differ, got {len(names)} of them")
        self.caption = require.kind("caption", caption, str)
        self._alt_text = require.kind("alt_text", alt_text, str)
        self._controls = tuple(controls)
        self._specs = [_specification(chart) for chart in charts]
        self._outcomes = _by_index({} if outcomes is None else outcomes, controls)
        _require_controls(self._specs, names)
        self._body = self._html()
        if (size := len(self._body.encode())) > LARGEST_BYTES:
            raise ValueError(
                f"an explorer may have {LARGEST_BYTES:,} bytes of HTML, this one has {size:,}; "
                "use fewer runs, fewer points, or fewer digits"
            )

    def __repr__(self) -> str:
        return f"Explorer: {self.caption}"

    def _repr_html_(self) -> str:
        return carried_script() + self._body

    def _html(self) -> str:
        first = tuple(control.index for control in self._controls)
        outcome = next(
            (text for key, text in self._outcomes.items() if key == first[: len(key)]), ""
        )
        views = "".join(
            f'<div class="dlx-view" aria-hidden="true">{still(spec)}</div>' for spec in self._specs
        )
        return (
            f"<style>{asset('explorer.css')}</style>"
            '<figure class="dlx"><div class="dlx-controls" hidden>'
            f"{''.join(control.html() for control in self._controls)}</div>"
            f'<p class="dlx-outcome" role="status">{escape(outcome)}</p>'
            f'<div class="dlx-views" role="img" aria-label="{escape(self._alt_text)}">{views}</div>'
            f"<figcaption>{escape(self.caption)}</figcaption>"
            f'<script type="application/json">{self._data()}</script></figure>'
            f"<script>{asset('explorer.js')}</script>"
        )

    def _data(self) -> str:
        data = {
            "specs": self._specs,
            "controls": [control.data() for control in self._controls],
            "outcomes": {",".join(map(str, key)): text for key, text in self._outcomes.items()},
            "vega": sources(),
        }
        return json.dumps(data, separators=(",", ":")).replace("</", "<\\/")


def _specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    # Its address would be looked up when an editor opens the file, and the page needs none.
    spec.pop("$schema", None)
    spec["config"] = CONFIG
    return spec


def _by_index(
    outcomes: Mapping[Any, str], controls: Sequence[Control]
) -> dict[tuple[int, ...], str]:
    choices = [list(control.values) for control in controls]
    found = {}
    for key, text in require.mapping("outcomes", outcomes).items():
        require.kind(f"outcomes[{key!r}]", text, str)
        if not isinstance(key, tuple) or len(key) > len(choices):
            raise ValueError(
                f"outcomes must be keyed by tuples of the controls' values, got {key!r}"
            )
        try:
            found[tuple(map(list.index, choices, key))] = text
        except ValueError as error:
            message = f"outcomes must be keyed by values of the controls: {error}"
            raise ValueError(message) from error
    return found


def _require_controls(specs: Sequence[dict[str, Any]], names: set[str]) -> None:
    parameters = {p["name"] for spec in specs for p in spec.get("params", []) if "value" in p}
    if parameters != names:
        raise ValueError(
            f"charts have the parameters {sorted(parameters)}, but controls set {sorted(names)}"
        )
