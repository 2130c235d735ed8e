"""Explorers in an isolated frame, as Colab shows every output."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from browser import Watch
from playwright.sync_api import Browser, Frame

MAKE = """
import sys
import torch
from dlbook import explorers
if {colab}:
    sys.modules["google.colab"] = sys
cell = lambda i, j, stride_0, stride_1, offset: offset + i * stride_0 + j * stride_1
views = {{"x": torch.arange(6).view(2, 3)}}
explorer = explorers.strides(cell, views, start=(2, 3, 3, 1, 0), caption="Strides.")
sys.stdout.write(explorer._repr_html_())
"""


def output(*, colab: bool) -> str:
    """The HTML of the first explorer of a fresh kernel."""
    command = [sys.executable, "-c", MAKE.format(colab=colab)]
    environment = os.environ | {"DLBOOK_PAGE": ""}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout


def framed(browser: Browser, html: str) -> tuple[Frame, Watch]:
    """The output in a sandboxed frame that may run scripts and do nothing else."""
    context = browser.new_context()
    watch = Watch(context)
    page = context.new_page()
    page.set_content('<iframe sandbox="allow-scripts" width="700" height="600"></iframe>')
    page.evaluate("(html) => { document.querySelector('iframe').srcdoc = html; }", html)
    page.wait_for_timeout(300)
    return page.frames[-1], watch


def test_an_explorer_that_carries_vega_works(browser: Browser) -> None:
    frame, watch = framed(browser, output(colab=False))
    frame.wait_for_selector(".dlx[data-drawn]")
    before = frame.locator(".dlx-views").inner_html()
    frame.locator("input").first.press("ArrowRight")
    frame.wait_for_function(
        "(before) => document.querySelector('.dlx-views').innerHTML !== before", arg=before
    )
    watch.assert_clean()
    frame.page.context.close()


def test_on_colab_without_a_network_the_still_stays_and_the_reason_is_said(
    browser: Browser,
) -> None:
    frame, _ = framed(browser, output(colab=True))
    frame.wait_for_function(
        "document.querySelector('.dlx-outcome').textContent.includes('could not load')"
    )
    assert not frame.locator(".dlx-controls").is_visible()
    assert frame.locator(".dlx-view svg").first.is_visible()
    # The frame's own record: the browser's reports may leave out a frame's first requests.
    asked = frame.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert asked
    assert all(url.startswith("https://cdn.jsdelivr.net/npm/vega") for url in asked)
    frame.page.context.close()


@pytest.mark.skipif("COLAB_PYTHON" not in os.environ, reason="COLAB_PYTHON names no environment")
def test_the_html_of_colabs_altair_opens(browser: Browser, tmp_path: Path) -> None:
    command = [os.environ["COLAB_PYTHON"], "-c", MAKE.format(colab=False)]
    environment = os.environ | {"DLBOOK_PAGE": ""}
    made = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    frame, watch = framed(browser, made.stdout)
    frame.wait_for_selector(".dlx[data-drawn]")
    watch.assert_clean()
    frame.page.context.close()
