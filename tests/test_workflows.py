"""What the workflows may do, what they call, and on which Pythons."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: ([\w-]+/[\w-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")
TARGET = re.compile(r"^([a-z-]+):(?!=)", re.MULTILINE)
PYTHON = "Programming Language :: Python :: "
TRIGGER = True  # YAML reads the key `on` as the truth value


def load(name: str) -> dict[Any, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def targets(job: dict[str, Any]) -> list[str]:
    """What a job makes, in order; one for systems without make, nothing."""
    commands = [step["run"].split() for step in job["steps"] if "run" in step]
    if "${{ matrix.system }}" not in job["runs-on"]:
        assert all(command[0] == "make" for command in commands)
    commands = [command for command in commands if command[0] == "make"]
    return [target for command in commands for target in command[1:]]


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def name(request: pytest.FixtureRequest) -> str:
    """The file name of one workflow after the other."""
    return request.param.name


def test_actions_are_pinned_by_commit_and_say_their_release() -> None:
    lines = [
        line.strip().removeprefix("- ")
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    pins = {found.groups() for line in lines if (found := PINNED.fullmatch(line))}
    assert [line for line in lines if not PINNED.fullmatch(line)] == []
    assert len(pins) == len({action for action, _, _ in pins}), "an action has two pins"


def test_a_workflow_may_read_and_nothing_else(name: str) -> None:
    workflow = load(name)
    assert workflow["permissions"] == {"contents": "read"}
    more = {
        key: job["permissions"] for key, job in workflow["jobs"].items() if "permissions" in job
    }
    pages = {"deploy": {"pages": "write", "id-token": "write"}}
    assert more == (pages if name == "publish.yml" else {})


def test_what_it_makes_can_be_made(name: str) -> None:
    known = set(TARGET.findall(MAKEFILE))
    made = {target for job in load(name)["jobs"].values() for target in targets(job)}
    assert made
    assert made <= known


def test_checks_run_on_the_pythons_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = load("ci.yml")["jobs"]["checks"]["strategy"]["matrix"]["python"]
    assert versions == [line.removeprefix(PYTHON) for line in project["classifiers"]]
    assert project["requires-python"] == f">={versions[0]}"
    first = int(versions[0].removeprefix("3."))
    assert versions == [f"3.{first + number}" for number in range(len(versions))]


def test_the_soak_runs_every_part_by_itself() -> None:
    (parts,) = re.findall(r"^SOAK \?= (.+)$", MAKEFILE, re.MULTILINE)
    job = load("soak.yml")["jobs"]["soak"]
    assert job["strategy"] == {"fail-fast": False, "matrix": {"part": parts.split()}}
    assert job["env"]["SOAK"] == "${{ matrix.part }}"
    assert set(parts.split()) <= set(TARGET.findall(MAKEFILE))
