"""Explorers: small, deterministic, complete HTML; the browser test moves their controls."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import small_explorers
from made_explorers import made
from page_data import page_data
from small_explorers import MAKERS, resume

from dlbook.explorers import Explorer, Menu, Slider
from dlbook.explorers.digits import few_digits
from dlbook.explorers.figure import LARGEST_BYTES


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Callable[[], Explorer]:
    """A function that makes one of the book's explorers."""
    return request.param


@pytest.fixture(autouse=True)
def for_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", "1")


def test_the_same_data_give_the_same_html(make: Callable[[], Explorer]) -> None:
    assert make()._repr_html_() == made(make)["html"]


def test_it_is_small_and_asks_no_other_host(make: Callable[[], Explorer]) -> None:
    text = made(make)["html"]
    assert len(text.encode()) < LARGEST_BYTES
    assert "https://" not in text
    assert "$schema" not in text


def test_it_has_stills_a_caption_an_alternative_and_labelled_controls(
    make: Callable[[], Explorer],
) -> None:
    text = made(make)["html"]
    data = page_data(text)
    assert text.count('<div class="dlx-view" aria-hidden="true"><svg') == len(data["specs"])
    assert "<figcaption>" in text
    assert len(re.search(r'role="img" aria-label="([^"]+)"', text)[1]) > 40
    assert text.count("<label>") == len(data["controls"])
    assert re.search(
        r'class="dlx-controls"[^>]* hidden>', text
    )  # no dead slider where scripts are stripped


def test_every_choice_has_its_words(make: Callable[[], Explorer]) -> None:
    for control in page_data(made(make)["html"])["controls"]:
        assert len(control["words"]) == len(control["values"]) > 1


def test_text_is_escaped() -> None:
    assert "Stop &amp; resume." in made(resume)["html"]


def test_a_page_names_the_shared_script_and_colab_pinned_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert page_data(resume()._repr_html_())["vega"] == {"page": "_static/vega.js"}
    monkeypatch.delenv("DLBOOK_PAGE")
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    pinned = page_data(resume()._repr_html_())["vega"]["pinned"]
    assert len(pinned) == 3
    assert all(re.search(r"@\d+\.\d+\.\d+/", script["src"]) for script in pinned)
    assert all(script["integrity"].startswith("sha384-") for script in pinned)


@pytest.mark.slow
def test_in_a_kernel_the_first_explorer_alone_carries_vega() -> None:
    script = "import small_explorers as small; print(len(small.resume()._repr_html_()) > 800_000)"
    folder = Path(small_explorers.__file__).parent
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PATH": "", "DLBOOK_PAGE": "", "PYTHONPATH": str(folder)},
    )  # fmt: skip
    assert result.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("value", "short"),
    [(1 / 3, 0.3333), (float("inf"), float("inf")), (0.0, 0.0), (-123456.0, -123500.0)],
)
def test_few_digits(value: float, short: float) -> None:
    assert few_digits(value) == short


@pytest.mark.parametrize("kind", [Slider, Menu])
def test_a_control_starts_at_one_of_its_values(kind: type) -> None:
    with pytest.raises(ValueError, match="start of a must be one of its values, got 3"):
        kind("a", "a", [1.0, 2.0], 3.0)


def test_an_explorer_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="300,000 bytes"):
        Explorer([], lambda: {}, [], caption="c" * LARGEST_BYTES, alt_text="a")
