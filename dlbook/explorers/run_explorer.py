"""A figure whose controls work wherever it is read."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dlbook.explorers.controls import Control
from dlbook.explorers.figure import figure, require_small, specification
from dlbook.explorers.vega import carried_script


class RunExplorer:
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
        ValueError: a parameter without a control or a control without a parameter, an outcome that
            is no combination of values, or more than 300 kB of HTML (Vega not counted).
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
        self.caption = caption
        specs = [specification(chart) for chart in charts]
        found = _by_index({} if outcomes is None else outcomes, controls)
        _require_controls(specs, [control.name for control in controls])
        first = tuple(control.index for control in controls)
        html = figure(
            specs,
            controls,
            caption=self.caption,
            alt_text=alt_text,
            outcome=next((text for key, text in found.items() if key == first[: len(key)]), ""),
            data={
                "specs": specs,
                "outcomes": {",".join(map(str, key)): text for key, text in found.items()},
            },
        )
        self._body = require_small(html)

    def __repr__(self) -> str:
        return f"Explorer: {self.caption}"

    def _repr_html_(self) -> str:
        return carried_script() + self._body


def _by_index(
    outcomes: Mapping[Any, str], controls: Sequence[Control]
) -> dict[tuple[int, ...], str]:
    choices = [list(control.values) for control in controls]
    return {tuple(map(list.index, choices, key)): text for key, text in outcomes.items()}


def _require_controls(specs: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    parameters = {p["name"] for spec in specs for p in spec.get("params", []) if "value" in p}
    if sorted(parameters) != sorted(names):  # some control would move nothing
        raise ValueError(
            f"charts have the parameters {sorted(parameters)}, but controls set {sorted(names)}"
        )
