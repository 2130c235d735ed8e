"""Figures of a page fetch what is large when they need it; nothing of it is lost or changed."""

import json
import re
from collections.abc import Callable

import pytest
import small_explorers
from page_data import DATA, page_data
from textbook.finishing.figure_data import FOLDER, without_figures

from dlbook.explorers import Explorer

SCRIPT = re.compile(r'\(window\.dlbookData \|\|= \{\}\)\["(\w+)"\] = (.*);\n', re.DOTALL)


@pytest.mark.parametrize("make", small_explorers.MAKERS)
def test_an_explorer_and_its_file_hold_what_the_output_held(
    make: Callable[[], Explorer],
) -> None:
    html = make()._repr_html_()
    page, files = without_figures(html)
    ((name, text),) = files.items()
    kept, whole = page_data(page), page_data(html)
    later, script = kept.pop("later"), SCRIPT.fullmatch(text)
    assert script is not None
    assert later == {"file": f"{FOLDER}/{name}", "key": script[1]}
    moved = json.loads(script[2])
    assert kept | moved == whole
    assert not kept.keys() & moved.keys()
    assert DATA.sub("", page) == DATA.sub("", html)


def test_other_data_and_a_page_that_is_done_stay_as_they_are() -> None:
    page = '<script type="application/json">{"a":[1]}</script>'
    assert without_figures(page) == (page, {})
    once, _ = without_figures('<script type="application/json">{"specs":["</p>"]}</script>')
    assert "</p>" not in once
    assert without_figures(once) == (once, {})
