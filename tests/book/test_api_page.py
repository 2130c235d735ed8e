"""The page on the package names every room that has something public."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import dlbook

PAGE = Path(__file__).parents[2] / "book" / "api.md"


def test_every_room_stands_on_the_page() -> None:
    names = {f"dlbook.{room.name}" for room in pkgutil.iter_modules(dlbook.__path__) if room.ispkg}
    public = {name for name in names if getattr(import_module(name), "__all__", None)}
    shown = set(re.findall(r"automodule:: (dlbook\.\w+)", PAGE.read_text(encoding="utf-8")))
    assert public <= shown, f"missing on the page: {sorted(public - shown)}"
    assert all(import_module(name) for name in shown)
