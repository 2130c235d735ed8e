"""The cheat sheet runs from top to bottom, and each line gives what stands beside it."""

from pathlib import Path
from typing import Any

from page_code import page, run, snippets


def shown(value: Any) -> str:
    """What Python shows for a value, on one line."""
    return " ".join(repr(value).split())


def test_every_line_gives_what_the_page_shows(fresh_start: Path) -> None:
    names: dict[str, Any] = {}
    for snippet in snippets(page("cheat_sheet")):
        value = run(snippet.source, names)
        assert snippet.comment in ("", shown(value)), snippet.source
