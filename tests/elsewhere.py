"""Try dlbook in another environment, from its wheel: ``elsewhere.py PYTHON [NOTEBOOK...]``.

The wheel is installed there. Then, in a folder without the package's sources, all its modules are
imported, the chapters run from top to bottom, and the tests of the package run. Left out are tests
of the book's tools and pages: those that import what is not there, or name the source tree.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from dist import write_wheel

ROOT = Path(__file__).parents[1]
# How a test says that it reads other files of the source tree, or a helper that does.
OF_THE_TREE = re.compile(
    r"""\b(root|ROOT|parents\[\d\]) / (?!"(notebooks|tests)")"""
    r"|\b(broken_python|page_code|small_book)\b"
)
IMPORT_ALL = """
import importlib, pkgutil, dlbook
names = [found.name for found in pkgutil.walk_packages(dlbook.__path__, "dlbook.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names), "modules of", dlbook.__path__[0])
"""
FIND = """
import importlib.util, sys
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
"""
SETTINGS = "[pytest]\npythonpath = tests tests/helpers\naddopts = -p no:cacheprovider\n"
CHAPTERS = ("--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300")


def run(python: str, folder: Path, *arguments: str) -> int:
    """Run another environment's Python, which sees nothing of this one; return the status."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    ours = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run([python, *arguments], cwd=folder, env=ours, check=False).returncode


def install(python: str, folder: Path) -> None:
    """Build the wheel into a folder and install it in the environment of a Python.

    Raises:
        subprocess.CalledProcessError: pip failed; it says why on stderr.
    """
    write_wheel(ROOT, folder)
    (wheel,) = folder.glob("*.whl")
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]
    subprocess.run([*command, str(wheel)], check=True)


def imports(path: Path) -> Iterator[str]:
    """The top-level names of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module.partition(".")[0]


def installed(python: str, names: Iterable[str]) -> set[str]:
    """Those of the names that an environment can import."""
    command = [python, "-I", "-c", FIND, *names]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(said.stdout.split())


def of_the_package(python: str) -> list[Path]:
    """The tests that need nothing but dlbook and what is installed beside it."""
    tests = ROOT / "tests"
    needed = {path: set(imports(path)) for path in sorted((tests / "package").rglob("test_*.py"))}
    helpers = {path.stem for path in (*tests.glob("*.py"), *(tests / "helpers").glob("*.py"))}
    helpers |= {path.name for path in tests.iterdir() if path.is_dir()}
    known = (
        helpers | {"dlbook"} | installed(python, sorted(set().union(*needed.values()) - helpers))
    )
    return [
        path
        for path, names in needed.items()
        if names <= known and not OF_THE_TREE.search(path.read_text(encoding="utf-8"))
    ]


def copy_into(folder: Path) -> None:
    """Copy what the chapters and tests need besides the package."""
    for part in ("tests", "notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", folder)
    (folder / "pytest.ini").write_text(SETTINGS, encoding="utf-8")


def main(python: str, notebooks: list[str]) -> int:
    """Do all of it, also after a failure, and return the exit status."""
    tests = of_the_package(python)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        install(python, folder)
        copy_into(folder)
        failures = [run(python, folder, "-c", IMPORT_ALL)]
        if notebooks:
            failures.append(run(python, folder, "-m", "pytest", "-q", *CHAPTERS, *notebooks))
        names = [str(path.relative_to(ROOT)) for path in tests]
        failures.append(run(python, folder, "-m", "pytest", "-q", *names))
    return int(any(failures))


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).absolute()), sys.argv[2:]))
