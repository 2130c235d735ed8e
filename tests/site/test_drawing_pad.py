"""The drawing pad in a browser: its answers are torch's, its preparation is the chapter's."""

import base64
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from browser import Watch
from chapter_cells import defined
from conftest import PAGES, SITE
from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Browser, Locator, Page, expect
from torch import Tensor

from dlbook.data import load_images
from dlbook.explorers import DrawingPad
from dlbook.models import fuse, quantize, small_cnn

WITH_PADS = [path for path in PAGES if 'class="dlp"' in (SITE / path).read_text("utf-8")]
SIDE = 112  # cells of a drawing
# Only scripts that stand in the document itself, and nothing that makes code out of text.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
READ = """([root, text]) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const pictures = Array.from({ length: bytes.length / 784 }, (_, i) => bytes.subarray(784 * i, 784 * (i + 1)));
    return pictures.map(root.dlbookPad.read);
}"""  # noqa: E501
DATA = """(root) => {
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    return { ...data, ...window.dlbookData[data.later.key] };
}"""
PREPARE = """([root, text, width]) => {
    const ink = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return Array.from(root.dlbookPad.prepare({ width, height: ink.length / width, ink }));
}"""


@pytest.fixture(params=WITH_PADS)
def pad(page: Page, base: str, request: pytest.FixtureRequest) -> Iterator[Locator]:
    """A pad on the page; no error may be written to the console."""
    errors: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    # The theme calls it an error that no mode was ever chosen.
    page.add_init_script("localStorage.setItem('mode', 'light')")
    page.goto(f"{base}/{request.param}")
    yield ready(page)
    assert not errors


def ready(page: Page) -> Locator:
    """The pad of a page, in the window, when its network has come."""
    page.locator(".dlp").scroll_into_view_if_needed()
    pad = page.locator(".dlp[data-ready]")
    pad.wait_for()
    return pad


def text_of(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def torch_shares(data: dict, pictures: Tensor, mean: float, std: float) -> Tensor:
    """The probabilities of the chapter's CNN, which torch computes with the page's numbers."""
    numbers = [
        torch.tensor(
            np.frombuffer(base64.b64decode(n["bytes"]), n["type"])
        ).float().view(n["shape"])
        for n in data["numbers"]
    ]  # fmt: skip
    x = (pictures.float() / 255 - mean) / std
    *hidden, last = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    for weight, scale, shift in hidden:
        if weight.ndim == 4:
            sums = F.max_pool2d(F.conv2d(x, weight), 2)
            x = F.relu(sums * scale[:, None, None] + shift[:, None, None])
        else:
            x = F.relu(F.linear(x.flatten(1), weight) * scale + shift)
    weight, scale, shift = last
    return (F.linear(x, weight) * scale + shift).softmax(dim=1)


def draw(page: Page, pad: Locator, *strokes: Sequence[tuple[float, float]]) -> None:
    """Draw with the mouse; points are (x, y) as shares of the paper's width and height."""
    box = pad.locator(".dlp-paper").bounding_box()
    assert box is not None
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=5)
        page.mouse.up()


def test_there_is_a_pad() -> None:
    assert WITH_PADS


def test_its_probabilities_are_torchs(pad: Locator) -> None:
    data = pad.evaluate(DATA)
    images = load_images("mnist")
    pictures = images.test.x[:1000]
    root = pad.element_handle()
    shares = [
        share
        for batch in pictures.split(100)
        for share in pad.page.evaluate(READ, [root, text_of(batch.numpy())])
    ]
    expected = torch_shares(data, pictures, images.mean, images.std)
    assert (torch.tensor(shares) - expected).abs().max() < 1e-3
    assert expected.amax(dim=1).median() > 0.9  # it is trained: there is something to compare


def test_it_prepares_a_drawing_as_the_chapter_does(pad: Locator) -> None:
    centered = defined("17_mnist", "centered", Image=Image, ImageOps=ImageOps, np=np).centered
    random, root = np.random.default_rng(0), pad.element_handle()
    for _ in range(40):
        drawing = Image.new("L", (SIDE, SIDE))
        corner, size = random.integers(0, SIDE, 2), random.integers(1, SIDE)
        points = [tuple(corner + random.integers(-size, size, 2)) for _ in range(5)]
        width, gray = int(random.integers(3, 12)), int(random.integers(1, 256))
        ImageDraw.Draw(drawing).line(points, fill=gray, width=width, joint="curve")
        if drawing.getbbox() is None:
            continue
        made = pad.page.evaluate(PREPARE, [root, text_of(np.asarray(drawing)), SIDE])
        expected = np.asarray(centered(drawing), dtype=int)
        assert np.abs(np.array(made).reshape(28, 28) - expected).max() <= 1  # of 255: a rounding


def test_no_ink_is_a_black_picture(pad: Locator) -> None:
    ink = text_of(np.zeros((3, 2), np.uint8))
    assert pad.page.evaluate(PREPARE, [pad.element_handle(), ink, 2]) == [0] * 784


def test_it_reads_strokes_of_the_mouse(page: Page, pad: Locator) -> None:
    answer, paths = pad.locator(".dlp-answer"), pad.locator(".dlp-paper path")
    draw(page, pad, [(0.5, 0.2), (0.5, 0.8)])
    expect(answer).to_contain_text("It answers 1 (")
    assert pad.locator("input:checked").count() == 0
    assert not pad.locator(".dlp-chosen").is_visible()
    pad.get_by_role("button", name="Clear").click()
    expect(answer).to_have_text("Draw a digit.")
    assert pad.locator(".dlp-hint").is_visible()
    assert pad.locator(".dlp-share").all_inner_texts() == ["–"] * 10
    draw(page, pad, [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)])
    expect(answer).to_contain_text("It answers 7 (")
    seven = answer.inner_text()
    draw(page, pad, [(0.2, 0.9), (0.8, 0.9)])
    assert paths.count() == 2
    expect(answer).not_to_have_text(seven)
    pad.get_by_role("button", name="Undo").click()
    expect(answer).to_have_text(seven)
    assert paths.count() == 1
    pad.get_by_role("button", name="Undo").click()
    pad.get_by_role("button", name="Undo").click()  # there is nothing left, and no error
    expect(answer).to_have_text("Draw a digit.")


def test_a_finger_draws_and_does_not_scroll(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 740}, has_touch=True)
    watch, page = Watch(context), context.new_page()
    page.goto(f"{server}/{WITH_PADS[0]}")
    pad = ready(page)
    before, box = page.evaluate("scrollY"), pad.locator(".dlp-paper").bounding_box()
    assert box is not None
    x, y, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    fingers = context.new_cdp_session(page)
    for i in range(12):
        kind = "touchStart" if i == 0 else "touchMove"
        point = {"x": x, "y": y + height * (0.8 - 0.05 * i)}
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(pad.locator(".dlp-answer")).to_contain_text("It answers 1 (")
    assert page.evaluate("scrollY") == before
    watch.assert_clean()
    context.close()


def test_samples_are_chosen_with_the_keyboard(page: Page, pad: Locator) -> None:
    answer = pad.locator(".dlp-answer")
    first, bars = answer.inner_text(), pad.locator(".dlp-bars").inner_text()  # torch's words
    pad.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Tab")  # to the sample that is chosen
    page.keyboard.press("ArrowLeft")
    expect(answer).not_to_have_text(first)
    name = pad.locator("label", has=page.locator(":checked")).locator("img").get_attribute("alt")
    assert name is not None
    assert f"It answers {name[-1]} (" in answer.inner_text()
    page.keyboard.press("ArrowRight")
    expect(answer).to_have_text(first)
    assert pad.locator(".dlp-bars").inner_text() == bars


def size(pad: Locator) -> tuple[int, int]:
    """Width and height in whole pixels."""
    box = pad.bounding_box()
    assert box is not None
    return round(box["width"]), round(box["height"])


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_answer_changes(page: Page, pad: Locator, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    before = size(pad)
    pad.get_by_role("button", name="Clear").click()
    assert size(pad) == before
    pad.locator(".dlp-paper").scroll_into_view_if_needed()
    draw(page, pad, [(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)])
    expect(pad.locator(".dlp-answer")).to_contain_text("It answers")
    assert size(pad) == before


@pytest.mark.parametrize("path", WITH_PADS)
def test_without_scripts_an_example_stands_and_no_control_is_dead(
    browser: Browser, server: str, path: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server}/{path}")
        pad = page.locator(".dlp")
        assert pad.locator(".dlp-chosen").is_visible()
        assert pad.locator(".dlp-still").is_visible()
        assert "It answers" in pad.locator(".dlp-answer").inner_text()
        assert not pad.locator("button, input").first.is_visible()


def test_it_works_in_an_isolated_frame_under_a_strict_policy(browser: Browser) -> None:
    made = DrawingPad(
        quantize(fuse(small_cnn(seed=0))), load_images("digits").test[:10],
        mean=0.13, std=0.31, caption="Draw.",
    )  # fmt: skip
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    context = browser.new_context()
    watch, page = Watch(context), context.new_page()
    page.set_content('<iframe sandbox="allow-scripts" width="700" height="700"></iframe>')
    page.evaluate(
        "(html) => { document.querySelector('iframe').srcdoc = html; }", policy + made._repr_html_()
    )
    pad = page.frame_locator("iframe").locator(".dlp[data-ready]")
    draw(page, pad, [(0.5, 0.2), (0.5, 0.8)])
    expect(pad.locator(".dlp-answer")).to_contain_text("It answers")
    assert pad.locator(".dlp-paper path").count() == 1
    watch.assert_clean()
    context.close()
