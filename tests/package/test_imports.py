"""Imports: they only go down the floors of the package, and light modules stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "dlbook"

# From top to bottom; a room may import from the floors below its own, and from itself.
FLOORS = (
    ("__main__",),
    ("cli",),
    ("notebooks",),
    ("labs",),
    ("explorers", "exercises", "faults"),
    ("plots", "recipes", "sweeps"),
    ("training", "tapes"),
    ("models", "descent", "information"),
    ("data",),
    ("distributed", "doctor", "page", "progress"),
    ("device",),
    ("checksum", "data_root", "files", "png", "require", "say"),
    ("__init__",),
)
HEIGHT = {room: len(FLOORS) - level for level, floor in enumerate(FLOORS) for room in floor}
HEAVY = ("matplotlib", "altair", "ipywidgets", "sklearn", "torchvision", "nbclient", "IPython")
LIGHT = ("dlbook", "dlbook.device", "dlbook.data", "dlbook.descent", "dlbook.training")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> Iterator[str]:
    """The rooms of dlbook that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            assert not name.startswith("."), f"relative import {name}"
            package, _, rest = name.partition(".")
            if package == "dlbook":
                yield rest.partition(".")[0] or "__init__"


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    assert room in HEIGHT, f"on which floor is {room}?"
    for other in imported_rooms(ast.parse(path.read_text(encoding="utf-8"))):
        assert other in HEIGHT, f"{room} imports {other}, which is on no floor"
        assert other == room or HEIGHT[other] < HEIGHT[room], f"{room} imports {other}"


@pytest.mark.slow
def test_light_modules_load_nothing_heavy(root: Path) -> None:
    script = f"""
import importlib, sys
import torch
for name in {LIGHT}:
    importlib.import_module(name)
    print(name, *sorted(set({HEAVY}) & set(sys.modules)))
"""
    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert finished.stdout.splitlines() == list(LIGHT)
    assert finished.stderr == ""
