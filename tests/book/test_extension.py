"""The extension as a whole: a page is written anew when a part of it has changed."""

from pathlib import Path

import pytest
from textbook import PARTS, digest


def test_every_file_that_registers_something_is_a_part() -> None:
    shelf = Path(__file__).parents[2] / "book" / "_ext" / "textbook"
    there = {path for path in shelf.rglob("*.py") if "\ndef register(" in path.read_text("utf-8")}
    assert there == {shelf / f"{part.replace('.', '/')}.py" for part in PARTS}


@pytest.mark.parametrize("change", ["write", "add", "rename"])
def test_the_digest_notices_what_changes(tmp_path: Path, change: str) -> None:
    file = tmp_path / "room" / "part.py"
    file.parent.mkdir()
    file.write_text("WORDS = 1\n")
    before = digest(tmp_path)
    assert digest(tmp_path) == before
    if change == "write":
        file.write_text("WORDS = 2\n")
    elif change == "add":
        (tmp_path / "other.py").touch()
    else:
        file.rename(tmp_path / "room" / "other.py")
    assert digest(tmp_path) != before
