"""The wheel works where it is alone, and the tests that go with it are those of the package."""

import sys
from pathlib import Path

import pytest
from broken_python import TESTED, environment
from elsewhere import IMPORT_ALL, ROOT, install, installed, of_the_package, run


def test_the_wheel_is_whole_without_its_sources(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ours = [path.name for path in TESTED.glob("*dlbook*")]
    where = environment(tmp_path / "env", without=ours)
    assert run(str(where.python), tmp_path, "-c", "import dlbook") == 1
    install(str(where.python), tmp_path)
    capfd.readouterr()
    assert run(str(where.python), tmp_path, "-c", IMPORT_ALL) == 0
    number, _, _, folder = capfd.readouterr().out.split()
    assert folder == str(where.packages / "dlbook")
    assert int(number) == len(list((ROOT / "dlbook").rglob("*.py"))) - 1


def test_the_tests_that_go_along_are_those_of_the_package() -> None:
    chosen = {path.stem for path in of_the_package(sys.executable)}
    assert chosen >= {"test_batches", "test_cli_train", "test_download", "test_fit", "test_images"}
    assert chosen.isdisjoint({"test_dist", "test_doctor", "test_imports", "test_workflows"})


def test_what_can_be_imported_is_asked_of_the_environment() -> None:
    assert installed(sys.executable, ["torch", "dist", "no_such_module"]) == {"torch"}
