"""Each chapter's first cell: what it does on Colab, where dlbook is missing, and elsewhere."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from broken_python import TESTED, Environment, empty_environment, link
from dist import write_wheel

import dlbook
from dlbook.notebooks import setup_cell

OURS = {"dlbook", f"dlbook-{dlbook.__version__}.dist-info"}
# As on Colab: there is a module google.colab, and IPython runs the cell, with its %pip.
RUN = """
import json, sys, types
from IPython.core.interactiveshell import InteractiveShell
sys.modules["google.colab"] = types.ModuleType("google.colab")
outcome = InteractiveShell.instance().run_cell(sys.stdin.read())
found = getattr(sys.modules.get("dlbook"), "__file__", "")
print(json.dumps({"error": repr(outcome.error_in_exec), "found": found}))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `make dist` makes."""
    folder = tmp_path_factory.mktemp("wheel")
    write_wheel(root, folder)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(params=["tested", "colab"])
def colab(request: pytest.FixtureRequest, tmp_path: Path) -> Environment:
    """An environment without dlbook: of the tested versions, and of Colab's where one is named."""
    made = empty_environment(tmp_path / "colab")
    if request.param == "colab" and "COLAB_PYTHON" not in os.environ:
        pytest.skip("COLAB_PYTHON names no environment")
    packages = TESTED if request.param == "tested" else _packages(os.environ["COLAB_PYTHON"])
    link(packages, made.packages, {path.name for path in packages.glob("*dlbook*")})
    return made


def _packages(python: str) -> Path:
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.check_output([python, "-c", ask], text=True).strip())


def installed(place: Environment) -> dict[str, str]:
    """What lies among the packages: a link to what was there before, or what is new."""
    entries = [path for path in place.packages.iterdir() if path.name != "__pycache__"]
    return {path.name: str(path.readlink()) if path.is_symlink() else "new" for path in entries}


def run(place: Environment, cell: str) -> dict[str, str]:
    """Run a cell in IPython, outside of the repository."""
    result = subprocess.run(
        [place.python, "-c", RUN],
        input=cell,
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": "", "IPYTHONDIR": str(place.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    said: dict[str, str] = json.loads(result.stdout.splitlines()[-1])
    return said


def cell_for(wheel: Path) -> str:
    """The first cell as it is in the chapters, but the wheel stands in for the repository."""
    return setup_cell("REPOSITORY").replace("git+REPOSITORY", str(wheel))


def test_it_installs_dlbook_and_touches_nothing_that_is_there(
    colab: Environment, wheel: Path
) -> None:
    before = installed(colab)
    said = run(colab, cell_for(wheel))
    assert said["error"] == "None"
    assert Path(said["found"]).is_relative_to(colab.packages)
    after = installed(colab)
    assert before.items() <= after.items()
    added = {name for name in after.keys() - before.keys() if not name.startswith("vl_convert")}
    assert added == OURS


def test_a_second_run_changes_nothing(colab: Environment, wheel: Path) -> None:
    run(colab, cell_for(wheel))
    before = installed(colab)
    assert run(colab, cell_for(wheel))["error"] == "None"
    assert installed(colab) == before


def test_a_chapter_of_another_release_says_so(colab: Environment, wheel: Path) -> None:
    cell = cell_for(wheel).replace(f'"{dlbook.release()}"', '"9.9"')
    error = run(colab, cell)["error"]
    assert "ImportError" in error
    assert f"written for dlbook 9.9, and dlbook {dlbook.__version__} is installed" in error
