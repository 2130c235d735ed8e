"""A figure whose function is computed again, on the page, whenever a control is moved."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook import page
from dlbook.explorers.controls import Control, Dial
from dlbook.explorers.digits import few_digits, written
from dlbook.explorers.figure import figure, require_small, specification
from dlbook.explorers.recording import Tapes
from dlbook.explorers.vega import carried_script
from dlbook.explorers.walk import Walk
from dlbook.tapes import engine

FAR = 1e9  # where what is infinite is drawn


class Explorer:
    """Charts of what a torch function returns for the values of the controls.

    The function is recorded as tapes (`dlbook.tapes`), which the page plays at each move: one for
    each combination of the menus of texts.

    Args:
        controls: sliders, dials and menus; each sets the argument of its name.
        function: takes a text for each menu of texts, a tensor of shape () for each other control,
            and for each walk its columns; returns tables, which are dictionaries of columns
            (tensors of one length), and single numbers (tensors of shape ()).
        charts: Altair charts of ``alt.NamedData(name)`` for the tables of that name. They may
            have data of their own besides, and parameters that the controls of their names set.
        caption: what the reader should see, in a sentence or two of plain text.
        alt_text: what the picture shows, for people who cannot see it.
        sentence: what is said under the controls, a template in Python's format over the numbers.
        phrases: for some of the numbers the texts of which they pick one.
        walks: steps to take before the function is called.

    Raises:
        NotImplementedError: a function needs an operation that pages do not have.
        ValueError: more than 300 kB of HTML, or a chart's parameter that no control sets.
    """

    def __init__(
        self,
        controls: Sequence[Control | Dial],
        function: Callable[..., Any],
        charts: Sequence[alt.TopLevelMixin],
        *,
        caption: str,
        alt_text: str,
        sentence: str = "",
        phrases: Mapping[str, Sequence[str]] | None = None,
        walks: Mapping[str, Walk] | None = None,
    ) -> None:
        self.caption = caption
        specs = [specification(chart) for chart in charts]
        _require_controls(specs, controls)
        tapes = Tapes(controls, function, walks or {})
        returned = tapes.returned()
        html = figure(
            [_with_rows(spec, _rows_of(returned)) for spec in specs],
            controls,
            caption=caption,
            alt_text=alt_text,
            outcome=filled(sentence, returned, phrases or {}),
            data={
                "specs": specs,
                "tapes": tapes.recorded(),
                "sentence": sentence,
                "phrases": phrases or {},
                "engine": page.ENGINE,
            },
        )
        self._body = require_small(html)

    def __repr__(self) -> str:
        return f"Explorer: {self.caption}"

    def _repr_html_(self) -> str:
        carried = "" if page.for_page() else f"<script>{engine()}</script>"
        return carried_script() + carried + self._body


def filled(sentence: str, numbers: Mapping[str, Any], phrases: Mapping[str, Sequence[str]]) -> str:
    """A sentence with its numbers, as the page's script fills it."""
    found: dict[str, Any] = {}
    for name, part in numbers.items():
        if isinstance(part, Tensor):
            value = part.item()
            found[name] = phrases[name][int(value)] if name in phrases else _Number(value)
    return sentence.format_map(found)


class _Number(float):
    """A number that is written as a page writes it, and as a whole one where it is whole."""

    def __format__(self, form: str) -> str:
        return written(int(self) if self.is_integer() else float(self), form)


def _with_rows(spec: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """A chart with the tables of the function, beside those that it has of its own."""
    return spec | {"datasets": spec.get("datasets", {}) | rows}


def _rows_of(returned: Mapping[str, Any]) -> dict[str, list[dict[str, float | None]]]:
    """The tables as rows, for the still pictures."""
    tables = {name: part for name, part in returned.items() if not isinstance(part, Tensor)}
    return {name: _rows(columns) for name, columns in tables.items()}


def _rows(columns: Mapping[str, Tensor]) -> list[dict[str, float | None]]:
    spread = torch.broadcast_tensors(*(column.reshape(-1) for column in columns.values()))
    lists = [[_drawn(x) for x in column.tolist()] for column in spread]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    while rows[1:] and rows[-1] == rows[-2]:  # as behind the last step of a walk
        rows.pop()
    return rows


def _drawn(value: float) -> float | None:
    """A number as the page draws it: what is none nowhere, what is infinite far outside."""
    if math.isnan(value):
        return None
    return math.copysign(FAR, value) if math.isinf(value) else few_digits(value, 6)


def _require_controls(specs: Sequence[dict[str, Any]], controls: Sequence[Control | Dial]) -> None:
    known = {control.name for control in controls}
    parameters = {p["name"] for spec in specs for p in spec.get("params", []) if "value" in p}
    if unknown := parameters - known:  # it would never move
        raise ValueError(f"charts have parameters {sorted(unknown)} that no control sets")
