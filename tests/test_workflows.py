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


def test_there_is_one_for_changes_one_for_the_site_and_one_for_endurance() -> None:
    assert [path.name for path in FILES] == ["ci.yml", "publish.yml", "soak.yml"]


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


def test_no_secret_is_used_and_no_credentials_stay(name: str) -> None:
    assert "secrets" not in (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
    for step in steps(load(name)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}


def test_no_command_holds_words_from_outside(name: str) -> None:
    assert all("${{" not in step.get("run", "") for step in steps(load(name)))


def test_it_ends_and_does_not_pile_up(name: str) -> None:
    workflow = load(name)
    assert workflow["concurrency"].keys() == {"group", "cancel-in-progress"}
    assert all(job["timeout-minutes"] <= 350 for job in workflow["jobs"].values())


def test_what_it_makes_can_be_made(name: str) -> None:
    known = set(TARGET.findall(MAKEFILE))
    made = {target for job in load(name)["jobs"].values() for target in targets(job)}
    assert made
    assert made <= known


def test_every_change_is_tested_built_and_opened() -> None:
    workflow = load("ci.yml")
    assert workflow[TRIGGER].keys() == {"push", "pull_request"}
    assert targets(workflow["jobs"]["checks"]) == ["lint", "types", "unit"]
    assert targets(workflow["jobs"]["book"]) == ["data", "test", "book", "site-test"]


def test_checks_run_on_the_pythons_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = load("ci.yml")["jobs"]["checks"]["strategy"]["matrix"]["python"]
    assert versions == [line.removeprefix(PYTHON) for line in project["classifiers"]]
    assert project["requires-python"] == f">={versions[0]}"
    first = int(versions[0].removeprefix("3."))
    assert versions == [f"3.{first + number}" for number in range(len(versions))]


def test_what_is_not_in_the_matrix_runs_on_the_python_of_the_pins(name: str) -> None:
    versions = {
        step["with"]["python-version"]
        for step in steps(load(name))
        if step.get("uses", "").startswith("actions/setup-python@")
    }
    assert versions - {"${{ matrix.python }}"} == {"3.11"}


def test_the_site_is_published_from_main_alone_after_the_check() -> None:
    workflow = load("publish.yml")
    assert workflow[TRIGGER]["push"] == {"branches": ["main"]}
    assert workflow[TRIGGER].keys() == {"push", "workflow_dispatch"}
    made = targets(workflow["jobs"]["build"])
    assert made.index("publish-check") < made.index("book")
    assert workflow["jobs"]["deploy"]["needs"] == "build"
    assert workflow["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def test_the_soak_runs_every_week() -> None:
    workflow = load("soak.yml")
    ((minute, hour, *days),) = (entry["cron"].split() for entry in workflow[TRIGGER]["schedule"])
    assert minute.isdigit()
    assert hour.isdigit()
    assert days[:2] == ["*", "*"]
    assert days[2].isdigit()
    assert targets(workflow["jobs"]["soak"]) == ["data", "soak"]


def test_the_pinned_versions_are_audited_every_week() -> None:
    assert "audit-dependencies" in load("soak.yml")["jobs"]["soak"]["strategy"]["matrix"]["part"]
    (command,) = re.findall(r"pip-audit (--.*)", MAKEFILE)
    assert {"--strict", "--requirement", "constraints.txt"} <= set(command.split())


def test_the_soak_runs_every_part_by_itself() -> None:
    (parts,) = re.findall(r"^SOAK \?= (.+)$", MAKEFILE, re.MULTILINE)
    job = load("soak.yml")["jobs"]["soak"]
    assert job["strategy"] == {"fail-fast": False, "matrix": {"part": parts.split()}}
    assert job["env"]["SOAK"] == "${{ matrix.part }}"
    assert set(parts.split()) <= set(TARGET.findall(MAKEFILE))


def test_the_chapters_run_every_week_on_other_systems_with_the_pins_and_the_newest() -> None:
    job = load("soak.yml")["jobs"]["systems"]
    assert {"macos-latest", "windows-latest"} < set(job["strategy"]["matrix"]["system"])
    assert job["strategy"]["matrix"]["constraint"] == ["constraints.txt", ""]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[-1] == "python tests/worlds.py --only asserts"
    assert all(command.startswith("python ") for command in commands), "there is no make"


def test_image_data_is_kept_where_dlbook_looks_for_it(name: str) -> None:
    for job in load(name)["jobs"].values():
        caches = [s["with"] for s in job["steps"] if s.get("uses", "").startswith("actions/cache@")]
        folders = [f"${{{{ github.workspace }}}}/{cache['path']}" for cache in caches]
        assert folders == [path for path in [job.get("env", {}).get("DLBOOK_DATA")] if path]
