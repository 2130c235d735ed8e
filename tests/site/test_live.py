"""Chapters in a real JupyterLab: sliders moved, a training stopped.

Chapter 04 runs from top to bottom. Chapter 17, which trains for minutes, runs without the cells
that neither its drawing pad nor its lab needs: nbval runs those.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import nbformat
import pytest
from browser import Watch
from chapter_cells import NOTEBOOKS, needed
from playwright.sync_api import Browser, Locator, Page, expect

START_SECONDS = 60
RUN_SECONDS = 240  # on a busy machine
GOALS = {
    "04_gradient_descent": None,  # all cells
    "17_mnist": ("drawing-pad", "training-lab", "progress"),
}
SETTINGS = {
    # All cells in the page at once, so that a test can find them without scrolling.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that serves copies of the chapters."""
    folder = tmp_path_factory.mktemp("jupyter")
    (folder / "notebooks").mkdir()
    for name, goals in GOALS.items():
        nbformat.write(chapter(name, goals), folder / "notebooks" / f"{name}.ipynb")
    settings = folder / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--IdentityProvider.token=", f"--notebook-dir={folder / 'notebooks'}",
    ]  # fmt: skip
    environment = os.environ | {
        "DLBOOK_DATA": str(folder / "data"),  # empty: the bundled digits
        "DLBOOK_PAGE": "",
        "HOME": str(folder),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
    }
    log = (folder / "log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    wait_until_up(address)
    yield address
    process.terminate()
    process.wait(START_SECONDS)
    log.close()


def chapter(name: str, goals: tuple[str, ...] | None) -> nbformat.NotebookNode:
    """A chapter, or the cells of it that lead to some, without its stored outputs.

    Whatever is seen was then made here.
    """
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    if goals is not None:
        kept = needed(notebook.cells, goals)
        assert kept >= set(goals)
        notebook.cells = [cell for cell in notebook.cells if cell.id in kept]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def wait_until_up(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(START_SECONDS * 4):
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=5).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(f"JupyterLab did not answer at {address}")


@pytest.fixture
def lab_page(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    """A page for JupyterLab, and what goes wrong in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    watch = Watch(context)
    yield context.new_page(), watch
    context.close()


def run_all(page: Page, address: str, name: str) -> None:
    """Open a notebook, run all cells, and wait for the last one."""
    page.goto(f"{address}/lab/tree/{name}.ipynb?reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=START_SECONDS * 1000)
    # Just after its start JupyterLab may ignore the command, or give the cells up again.
    for _ in range(10):
        page.get_by_text("| Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_timeout(1000)
        page.wait_for_function(f"{prompts('*')} === 0", timeout=RUN_SECONDS * 1000)
        if page.locator(".jp-OutputArea-output", has_text="solved. Open").count():
            break
    errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    assert errors.count() == 0, errors.first.inner_text()


def prompts(text: str) -> str:
    """How many cells have a text in their prompt, as a script: a star waits or runs."""
    return (
        "[...document.querySelectorAll('.jp-InputPrompt')]"
        f".filter((prompt) => prompt.textContent.includes('{text}')).length"
    )


def picture(lab: Locator) -> str:
    """The address of the picture that a lab shows now."""
    return lab.locator("img").last.get_attribute("src") or ""


def changes(page: Page, lab: Locator, before: str, seconds: float = 30) -> str:
    """Wait until a lab shows another picture."""
    for _ in range(int(seconds * 20)):
        if picture(lab) != before:
            return picture(lab)
        page.wait_for_timeout(50)
    raise AssertionError("the picture did not change")


def click_slider(lab: Locator, name: str, place: float) -> None:
    """Click on the track of a widget's slider, at a share of its length."""
    slider = lab.locator(".widget-hslider", has_text=name)
    words = slider.inner_text()
    track = slider.locator(".slider-container")
    track.wait_for()
    box = track.bounding_box()
    assert box is not None
    track.click(position={"x": place * box["width"], "y": box["height"] / 2})
    expect(slider).not_to_have_text(words)


def widget_box(page: Page, text: str) -> Locator:
    """The output of widgets that holds a text."""
    return page.locator(".jp-OutputArea-output", has=page.locator(".widget-vbox")).filter(
        has_text=text
    )


def test_chapter_04_answers_to_its_sliders(lab_page: tuple[Page, Watch], jupyter: str) -> None:
    page, watch = lab_page
    run_all(page, jupyter, "04_gradient_descent")
    assert page.locator(".dlx").count() == 2
    for explorer in page.locator(".dlx").all():
        explorer.scroll_into_view_if_needed()
        page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
        before = explorer.locator(".dlx-views").inner_html()
        explorer.locator("input").first.press("ArrowRight")
        page.wait_for_function(
            "([views, before]) => views.innerHTML !== before",
            arg=[explorer.locator(".dlx-views").element_handle(), before],
        )
    lab = widget_box(page, "landscape")
    lab.scroll_into_view_if_needed()
    before = picture(lab)
    click_slider(lab, "learning rate", 0.8)
    changes(page, lab, before)
    assert not watch.script_errors
    assert not watch.foreign


def test_chapter_17_trains_and_stops(lab_page: tuple[Page, Watch], jupyter: str) -> None:
    page, watch = lab_page
    run_all(page, jupyter, "17_mnist")
    pad = page.locator(".dlp")
    pad.get_by_role("button", name="Clear").click()
    expect(pad.locator(".dlp-answer")).to_have_text("Draw a digit.")
    lab = widget_box(page, "batch size")
    lab.scroll_into_view_if_needed()
    click_slider(lab, "epochs", 0.95)
    train = lab.get_by_role("button", name="Train")
    stop = lab.get_by_role("button", name="Stop")
    model = lab.locator("select").nth(1)
    model.select_option(label="CNN")
    before = picture(lab)
    train.click()
    first = changes(page, lab, before)
    changes(page, lab, first)  # the curve grows
    stop.click()
    expect(lab).to_contain_text("stopped", timeout=30_000)
    expect(train).to_be_enabled(timeout=30_000)
    assert not watch.script_errors
    assert not watch.foreign
