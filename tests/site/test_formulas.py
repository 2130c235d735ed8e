"""How Chromium draws formulas with the book's font and styles: roots and fences, to the pixel."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pytest
from browser import Watch
from chromium import launch
from numpy.typing import NDArray
from pages import SITE, pages
from PIL import Image
from playwright.sync_api import Browser, Locator, Page
from scipy import ndimage
from textbook.formulas.typesetting import typeset

DENSITY = 2  # of the screen: its pixels in one of the page's
TOUCHING = np.ones((3, 3))

HARD = [
    r"\frac{\hat m}{\sqrt{\hat v} + \varepsilon}",
    r"\frac{z - \bar z}{\sqrt{v + \varepsilon}}",
    r"\frac{1}{\sigma\sqrt{2\pi}}\; e^{-x^2 / (2\sigma^2)}",
    r"\operatorname{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V",
    r"\sqrt{n}\,\sqrt{\frac{1}{3}} = 0.58",
    r"\lVert \mathbf{x} \rVert = \sqrt{\sum_{i=1}^n x_i^2}",
    r"\sqrt{\frac{1}{N} \sum_i (x_i w - y_i)^2}",
    r"\frac{1}{2} \left( \nabla \frac{2}{B} \sum_{i \le B/2} \ell_i \right)",
    r"\begin{pmatrix} w \\ b \end{pmatrix} - \begin{bmatrix} 2 & 1 \\ 1 & 2 \end{bmatrix}",
    r"\left\{ \frac{a}{b} \right\} \left\lfloor \frac{a}{b} \right\rfloor",
]


class Box(NamedTuple):
    """Where something is drawn, in the page's pixels from the left end and the top."""

    left: float
    right: float
    top: float
    bottom: float


Ink = NDArray[np.bool_]


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """A page of the book on a screen of two pixels in one, with nothing on it."""
    dense = (f"--force-device-scale-factor={DENSITY}", "--window-size=900,1200")
    with launch(browser.browser_type, *dense) as other:
        context = other.new_context(no_viewport=True)
        watch = Watch(context)
        page = context.new_page()
        page.goto((SITE / pages()[0]).as_uri())
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        yield page
        watch.assert_clean()


@pytest.fixture(params=HARD)
def formula(sheet: Page, request: pytest.FixtureRequest) -> Locator:
    markup = typeset(request.param, display=True).markup
    body = f'<div class="formula-display" style="background: white">{markup}</div>'
    sheet.evaluate("html => { document.body.innerHTML = html }", body)
    sheet.evaluate("document.fonts.ready")
    return sheet.locator("math")


def boxes(formula: Locator, selector: str) -> list[Box]:
    """Where the parts of a formula lie."""
    script = """(math, selector) => [...math.querySelectorAll(selector)].map((part) => {
        const whole = math.getBoundingClientRect(), box = part.getBoundingClientRect();
        return [box.left - whole.left, box.right - whole.left,
                box.top - whole.top, box.bottom - whole.top];
    })"""
    return [Box(*each) for each in formula.evaluate(script, selector)]


def drawn(formula: Locator) -> Ink:
    """Where the formula has ink, in the screen's pixels."""
    picture = Image.open(BytesIO(formula.screenshot())).convert("L")
    return np.asarray(picture) < 160


def within(ink: Ink, box: Box) -> Ink:
    """The part of the ink that lies in a box."""
    left, right, top, bottom = (round(DENSITY * edge) for edge in box)
    return ink[max(top, 0) : bottom, max(left, 0) : right]


def test_the_font_is_the_books(formula: Locator) -> None:
    assert formula.evaluate("() => document.fonts.check('16px \"STIX Two Math\"')")


def test_roots(formula: Locator) -> None:
    ink = drawn(formula)
    for root, under in zip(boxes(formula, "msqrt"), boxes(formula, "msqrt > *"), strict=True):
        inside = within(ink, root)
        parts, _ = ndimage.label(inside, TOUCHING)
        start = round(DENSITY * (under.left - root.left))
        middle = (start + inside.shape[1]) // 2
        sign = parts == parts[np.flatnonzero(inside[:, middle])[0], middle]
        assert sign[inside.shape[0] // 2 :, :start].any(), "the bar does not touch the hook"
        bar = np.flatnonzero(sign[:, middle])
        below = np.flatnonzero((inside & ~sign)[:, start:].any(axis=1))
        clear = (below[0] - bar[-1] - 1) / DENSITY
        assert 1 <= clear <= 3, f"{clear} px between the bar and what is under it"
        hook = np.flatnonzero(sign[bar[-1] + 2])[-1]
        first = np.flatnonzero((inside & ~sign)[:, start:].any(axis=0))[0] + start
        gap = (first - hook - 1) / DENSITY
        assert gap <= 2.5, f"{gap} px behind the hook"  # a fraction brings one by itself


def test_fences(formula: Locator) -> None:
    ink = drawn(formula)
    for fence in boxes(formula, "mo:is(:first-child, :last-child):not([stretchy=false])"):
        columns = np.flatnonzero(within(ink, fence).any(axis=0)) / DENSITY
        before, behind = columns[0], fence.right - fence.left - columns[-1]
        assert max(before, behind) <= 2.5, f"{before} px before the fence, {behind} px behind it"
