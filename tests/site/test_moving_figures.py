"""Figures that compute on the page: after each move they show what their function returns."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import Tensor

from dlbook.explorers import Menu, charts, digits
from dlbook.explorers.controls import Dial
from dlbook.explorers.explorer import Explorer, filled
from dlbook.explorers.walk import Walk

NUMBERS = (0.0, 0.004, -0.0449, 1.0, 2 / 3, -7.25e-7, 12.3456, 99.996, 1234567.891, -8e15, 3e-310)
FORMATS = (".2f", "+.3f", ",.0f", ".1f", ".3g", ".6g", "+.2g", ".0%", ".1%", ",.2f")
SENTENCE = (
    "At {x:.3f} the curve is {y:+.4g} high and {verdict}; its logarithm is {log:.2f}; {cost:.6f}."
)
PHRASES = {"verdict": ["falls", "rises"]}
CONTROLS = [
    Dial("x", "place", -2, 2, 1.0, 40),
    Dial("scale", "scale", 0.1, 10, 1.0, 20, log=True),
    Menu("kind", "kind", ["sine", "square"], "sine"),
]


HALVING = Walk(
    lambda x, scale, kind: {"dot": torch.stack((x, x**2))},
    lambda state, x, scale, kind: {"dot": state["dot"] / torch.tensor([2.0, 4.0])},
    steps=5,
)


def curve(x: Tensor, scale: Tensor, kind: str, path: dict[str, Tensor]) -> dict[str, Any]:
    def height(at: Tensor) -> Tensor:
        return torch.sin(scale * at) if kind == "sine" else (scale * at) ** 2

    grid = torch.linspace(-2, 2, 9, dtype=torch.float64)
    rises = (height(x + 1e-3) > height(x)).long()
    y = height(x)
    return {
        "curve": {"x": grid, "y": height(grid)},
        "path": {"w": path["dot"][:, 0], "cost": path["dot"][:, 1]},
        "x": x,
        "y": y,
        "verdict": rises,
        "log": y.log(),
        "cost": path["dot"][-1, 1],
    }


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The figure as a notebook carries it, opened from a disk."""
    axes = {"x": charts.Axis("x", (-2, 2)), "y": charts.Axis("y", (-2, 4))}
    panel = charts.panel(charts.line("curve", "x", "y"), **axes)
    settings = {
        "caption": "Curve.",
        "alt_text": "A curve.",
        "sentence": SENTENCE,
        "phrases": PHRASES,
    }
    figure = Explorer(CONTROLS, curve, [panel], walks={"path": HALVING}, **settings)
    path = tmp_path_factory.mktemp("figure") / "figure.html"
    path.write_text(f"<meta charset=utf-8>{figure._repr_html_()}", encoding="utf-8")
    with browser.new_page() as opened:
        opened.goto(path.as_uri())
        opened.wait_for_selector(".dlx[data-drawn]")
        yield opened


def move(page: Page, places: list[int]) -> str:
    """Put the controls at these places, wait until all is drawn, and return the sentence."""
    return str(
        page.evaluate(
            """async (places) => {
                const root = document.querySelector(".dlx");
                const shown = new Promise((done) =>
                    root.addEventListener("dlx-shown", done, {once: true}));
                const inputs = [...root.querySelectorAll("input, select")];
                inputs.forEach((input, i) => { input.value = places[i]; });
                inputs[0].dispatchEvent(new Event("input"));
                await shown;
                return root.querySelector(".dlx-outcome").textContent;
            }""",
            places,
        )
    )


@pytest.mark.parametrize("places", [[0, 0, 0], [40, 20, 1], [13, 7, 0], [27, 11, 1], [20, 10, 1]])
def test_the_sentence_is_that_of_the_function(page: Page, places: list[int]) -> None:
    x, scale = (CONTROLS[i]._at(places[i]) for i in (0, 1))
    given: dict[str, Any] = {
        "x": torch.tensor(x, dtype=torch.float64),
        "scale": torch.tensor(scale, dtype=torch.float64),
        "kind": ["sine", "square"][places[2]],
    }
    expected = filled(SENTENCE, curve(**given, path=HALVING.columns(given)), PHRASES)
    assert move(page, places) == expected


def test_a_move_changes_the_picture(page: Page) -> None:
    pictures = set()
    for kind in (0, 1):
        move(page, [20, 10, kind])
        pictures.add(page.inner_html(".dlx-views"))
    assert len(pictures) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_numbers_are_written_as_python_writes_them(page: Page, form: str) -> None:
    script = (
        Path(sys.modules[Explorer.__module__].__file__ or "").parent / "explorer.js"
    ).read_text()
    words = script[script.index("  const trimmed") : script.index("  const filled")]
    found = page.evaluate(
        f"(numbers) => {{ {words} return numbers.map((x) => written(x, {json.dumps(form)})); }}",
        list(NUMBERS),
    )
    assert found == [digits.written(x, form) for x in NUMBERS]
