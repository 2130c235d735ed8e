"""The three lists of requirements agree, and the pins name no address."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

Requirements = dict[str, str]  # of each project's name: the whole requirement
NAME = re.compile(r"[A-Za-z0-9._-]+")


def by_name(requirements: list[str]) -> Requirements:
    named = {NAME.match(line)[0].lower().replace("_", "-"): line for line in requirements}
    assert len(named) == len(requirements), "a name stands there twice"
    return named


@pytest.fixture(scope="module")
def required(root: Path) -> Requirements:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return by_name(
        project["dependencies"]
        + [line for extra in project["optional-dependencies"].values() for line in extra]
    )


@pytest.fixture(scope="module")
def pins(root: Path) -> list[str]:
    return (root / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_conda_installs_what_the_project_requires(root: Path, required: Requirements) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    options = [line for line in pip if line.startswith("-")]
    assert options == ["--constraint constraints.txt", "--editable ."]
    assert by_name([line for line in pip if line not in options]) == required


def test_conda_brings_the_python_of_the_project(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    assert f"python{project['requires-python']}" in environment["dependencies"]


def test_runtime_requirements_are_lower_bounds(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        assert re.fullmatch(r"[\w.-]+>=[\d.]+", requirement)


def test_every_requirement_is_pinned(required: Requirements, pins: list[str]) -> None:
    assert required.keys() <= by_name(pins).keys()


def test_pins_are_exact_and_name_no_address(pins: list[str]) -> None:
    for pin in pins:
        assert re.fullmatch(r"[\w.-]+==[\w.]+", pin), pin


def test_what_colab_has_is_enough(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (root / "tests" / "colab.txt").read_text(encoding="utf-8").splitlines()
    here = by_name([line for line in lines if not line.startswith("#")])
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in here.values())
    needed = [Requirement(line) for line in project["dependencies"]]
    pinned = [requirement for requirement in needed if requirement.name in here]
    assert len(pinned) > len(needed) / 2
    for requirement in pinned:
        version = here[requirement.name].partition("==")[2]
        assert requirement.specifier.contains(version), requirement
