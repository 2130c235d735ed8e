"""The wheel works where it is alone, and the tests that go with it are those of the package."""

import sys
from pathlib import Path

import pytest
from broken_python import TESTED, Environment, environment
from elsewhere import IMPORT_ALL, ROOT, install, installed, of_the_package, run

pytestmark = pytest.mark.slow


@pytest.fixture
def bare(tmp_path: Path) -> Environment:
    """An environment with all that is tested here, but without dlbook."""
    return environment(tmp_path / "env", without=[path.name for path in TESTED.glob("*dlbook*")])


def test_the_wheel_is_whole_without_its_sources(
    bare: Environment, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(str(bare.python), tmp_path, "-c", "import dlbook") == 1
    install(str(bare.python), tmp_path)
    capfd.readouterr()
    assert run(str(bare.python), tmp_path, "-c", IMPORT_ALL) == 0
    number, _, _, folder = capfd.readouterr().out.split()
    assert folder == str(bare.packages / "dlbook")
    assert int(number) == len(list((ROOT / "dlbook").rglob("*.py"))) - 1


def test_the_tests_that_go_along_are_those_of_the_package() -> None:
    chosen = {path.stem for path in of_the_package(sys.executable)}
    assert chosen >= {"test_batches", "test_cli_train", "test_download", "test_fit", "test_images"}
    assert chosen.isdisjoint({"test_dist", "test_doctor", "test_imports", "test_workflows"})


def test_they_are_the_same_before_dlbook_is_installed(bare: Environment) -> None:
    assert of_the_package(str(bare.python)) == of_the_package(sys.executable)


def test_what_can_be_imported_is_asked_of_the_environment() -> None:
    assert installed(sys.executable, ["torch", "dist", "no_such_module"]) == {"torch"}
