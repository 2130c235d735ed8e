"""Nothing is loaded that could run code. What lint knows of it (ruff's S) is left to lint."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# Where a page or a test shows what happens otherwise: file, cell or function, and the argument.
SHOWN = {
    ("09_training_loop.ipynb", "pickle-attack", "weights_only=False"),
    ("09_training_loop.ipynb", "pickle-refactor", "weights_only=False"),
    ("test_then_and_now.py", "", "nothing"),
    ("test_then_and_now.py", "", "weights_only=False"),
}
LOADERS = {"torch.load": "weights_only=True", "np.load": "", "numpy.load": ""}
NEVER = {"allow_pickle=True", "weights_only=False"}


def programs() -> Iterator[tuple[Path, str, str]]:
    """File, cell and source of all Python in the project."""
    for folder in ("dlbook", "book", "benchmarks", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, "", path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                yield path, cell.id, re.sub(r"^(\s*)[%!].*", r"\1pass", cell.source, flags=re.M)


def loads(source: str) -> Iterator[str]:
    """How each call of a loader guards itself: ``weights_only=True``, or another argument."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in LOADERS:
            keywords = {ast.unparse(keyword) for keyword in node.keywords}
            if keywords & NEVER:
                yield (keywords & NEVER).pop()
            elif LOADERS[name] and LOADERS[name] not in keywords:
                yield "nothing"


def test_loaders_read_data_alone() -> None:
    found = {
        (path.name, place, guard) for path, place, source in programs() for guard in loads(source)
    }
    assert found == SHOWN


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("torch.load(path)", ["nothing"]),
        ("torch.load(path, weights_only=False)", ["weights_only=False"]),
        ("torch.load(path, map_location='cpu', weights_only=True)", []),
        ("np.load(path)", []),
        ("np.load(path, allow_pickle=True)", ["allow_pickle=True"]),
    ],
)
def test_what_is_found(source: str, found: list[str]) -> None:
    assert list(loads(source)) == found


def test_lint_looks_for_the_rest() -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^select = \[.*"S".*\]$', settings, re.MULTILINE)
    for rule in ("S301", "S302", "S506", "S602", "S604", "S605", "S202"):
        assert f'"{rule}"' not in settings, f"{rule} is ignored"
