"""The filters explorer: its outputs against loops, its sentences, and what it refuses."""

import json
import re
from typing import Any

import pytest
import torch
from torch import Tensor

from dlbook.explorers import RunExplorer, filters

PICTURE = torch.arange(36.0).view(6, 6) / 35
KERNELS = {"edge": torch.tensor([[-1.0, 0, 1]] * 3), "blur": torch.full((3, 3), 1 / 9)}


def make(**changes: Any) -> RunExplorer:
    settings: dict[str, Any] = {
        "picture": PICTURE,
        "kernels": KERNELS,
        "strides": [1, 2],
        "paddings": [0, 1],
        "start": ("edge", 2, 1),
        "caption": "Filters.",
    } | changes
    return filters(settings.pop("picture"), settings.pop("kernels"), **settings)


def page(explorer: RunExplorer, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("DLBOOK_PAGE", "1")
    found = re.search(
        r'<script type="application/json">(.*?)</script>', explorer._repr_html_(), re.DOTALL
    )
    assert found
    everything: dict[str, Any] = json.loads(found[1])
    return everything


def by_loops(w: Tensor, s: int, p: int) -> Tensor:
    padded = torch.zeros(6 + 2 * p, 6 + 2 * p)
    padded[p : p + 6, p : p + 6] = PICTURE
    starts = range(0, len(padded) - len(w) + 1, s)
    return torch.tensor(
        [[(padded[i : i + 3, j : j + 3] * w).sum() for j in starts] for i in starts]
    )


def test_the_shades_are_those_of_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    specs = page(make(), monkeypatch)["specs"]
    rows = [row for row in find_rows(specs) if "stride" in row and "values" in row]
    assert len(rows) == 8
    for name, w in KERNELS.items():
        largest = max(by_loops(w, s, p).abs().max() for s in (1, 2) for p in (0, 1))
        for row in (row for row in rows if row["kernel"] == name):
            want = (by_loops(w, row["stride"], row["padding"]) / largest * 99).round()
            lines = [line.split(" ") for line in row["values"].split(",")]
            got = [[float(n or 0) for n in line] for line in lines]
            for line, wanted in zip(got, want.tolist(), strict=True):
                padded_line = line + [0.0] * (len(wanted) - len(line))
                assert padded_line == pytest.approx(wanted, abs=1)


def find_rows(part: Any) -> list[dict[str, Any]]:
    """Every row of inline data, wherever it stands in the charts."""
    if isinstance(part, list):
        return [row for item in part for row in find_rows(item)]
    if not isinstance(part, dict):
        return []
    own = part.get("values")
    rows = own if isinstance(own, list) and own and isinstance(own[0], dict) else []
    return rows + [row for value in part.values() for row in find_rows(value)]


def test_the_sentence_says_size_and_what_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = page(make(), monkeypatch)["outcomes"]
    assert outcomes["0,1,1"].startswith("Output 3 × 3, since ⌊(6 + 2·1 − 3) / 2⌋ + 1 = 3.")
    assert "The last row and column are never read." in outcomes["0,1,0"]
    assert "never read" not in outcomes["0,0,0"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"picture": torch.zeros(3, 4)}, "picture must be square"),
        ({"kernels": {"edge": torch.ones(1, 3)}}, "edge must be square"),
        ({"paddings": [0, 3]}, "paddings must be smaller"),
        ({"paddings": [-1, 0]}, r"paddings at least 0, got strides .* and paddings \[-1, 0\]"),
        ({"strides": [0, 1]}, r"strides must be at least 1 .* got strides \[0, 1\]"),
        ({"start": ("edge", 3, 1)}, "start of stride"),
    ],
)
def test_it_refuses(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(**changes)
