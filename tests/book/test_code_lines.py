"""Pages of single lines run from top to bottom, and each line gives what stands beside it."""

from pathlib import Path
from typing import Any

import pytest
from page_code import page, run, snippets


def shown(value: Any) -> str:
    """What Python shows for a value, on one line."""
    return " ".join(repr(value).split())


@pytest.mark.parametrize("name", ["cheat_sheet", "how_to_read_the_code"])
def test_every_line_gives_what_the_page_shows(fresh_start: Path, name: str) -> None:
    names: dict[str, Any] = {}
    for snippet in snippets(page(name)):
        value = run(snippet.source, names)
        assert snippet.comment in ("", shown(value)), snippet.source
