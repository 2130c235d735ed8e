"""The doctor on machines that nobody planned: it answers in its own words, and it ends."""

import ast
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from broken_python import TESTED, Environment, empty_environment
from children import LIMIT
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlbook import doctor
from dlbook.cli import main
from dlbook.doctor import Finding

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TOPICS = {"python", "requirements", *doctor.IMPORTS, "data", "kernel"}
VARIABLES = ["CUDA_VISIBLE_DEVICES", "DLBOOK_DATA", "HOME", "JUPYTER_PATH", "LANG", "PATH"]
VARIABLES += ["TMPDIR", "XDG_CACHE_HOME"]
# A variable can hold any bytes but the zero.
ODD = st.one_of(
    st.sampled_from([b"", b"/dev/null", b"/nowhere", b"~", b"~nobody-of-this-name/x", b"a" * 999]),
    st.binary(max_size=99).map(lambda value: value.replace(b"\0", b"/")),
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment in which the doctor needs a second: nothing but where data go."""
    where = empty_environment(tmp_path_factory.mktemp("bare") / "env")
    (where.packages / "platformdirs").symlink_to(TESTED / "platformdirs")
    return where


def examined(where: Environment, variables: Mapping[bytes, bytes]) -> list[Finding]:
    """What the doctor finds in an environment with these variables alone; it must end well."""
    ours = {b"PYTHONPATH": os.fsencode(ROOT), b"PYTHONDONTWRITEBYTECODE": b"1"}
    finished = subprocess.run(
        [where.python, "-m", "dlbook", "doctor", "--json", "--timeout", f"{LIMIT}"],
        cwd=where.folder,
        env=dict(variables) | ours,
        capture_output=True,
        timeout=3 * LIMIT,
    )
    assert (finished.returncode, finished.stderr.decode()) == (1, "")
    findings = [Finding(**found) for found in json.loads(finished.stdout)]
    assert {finding.topic for finding in findings} >= TOPICS
    assert [finding.what for finding in findings if "check failed" in finding.what] == []
    assert all(finding.why and finding.mend for finding in findings if finding.level != "ok")
    return findings


@settings(max_examples=settings().max_examples // 5)
@given(st.dictionaries(st.sampled_from(VARIABLES).map(os.fsencode), ODD, max_size=4))
@example({name.encode(): b"" for name in VARIABLES})
@example({name.encode(): b"/dev/null" for name in VARIABLES})
def test_odd_variables(bare: Environment, variables: dict[bytes, bytes]) -> None:
    examined(bare, variables)


def test_a_cache_that_not_even_root_can_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DLBOOK_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc")
    (finding,) = doctor.check_data(LIMIT)
    assert (finding.level, "data cannot be stored" in finding.what) == ("broken", True)
    assert finding.mend.startswith("export DLBOOK_DATA=")


# Nobody's home


@pytest.fixture
def homeless() -> list[str]:
    """What starts a command as a user whom the system does not know, and who may read all files."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become somebody else")
    ids = ["--reuid=12345", "--regid=12345", "--clear-groups"]
    caps = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    names = ("HOME", "DLBOOK_DATA", "XDG_CACHE_HOME")
    return ["setpriv", *ids, *caps, "env", *(f"--unset={name}" for name in names)]


@pytest.fixture
def everybodys(tmp_path: Path) -> Path:
    """A folder that takes everybody's files."""
    tmp_path.chmod(0o777)
    return tmp_path


SOME_CHECKS = f"""
from dlbook import doctor
print(doctor.as_json(doctor.ask(["home", "data", "kernel"], {LIMIT})))
"""
LOOK_AROUND = """
from dlbook.data import load_images
from dlbook.data_root import data_root
from dlbook.exercises import check, progress
print(data_root())
load_images("mnist")
check("4.1", ...)
progress(4)
"""


def test_without_a_home_data_go_where_temporary_files_go(
    homeless: list[str], everybodys: Path, no_network: None
) -> None:
    finished = subprocess.run(
        [
            *homeless,
            f"TMPDIR={everybodys}",
            f"PYTHONPATH={ROOT}",
            sys.executable,
            "-c",
            LOOK_AROUND,
        ],
        cwd=everybodys,
        capture_output=True,
        text=True,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    root, fallback, tried, solved = finished.stdout.splitlines()
    assert root == f"{everybodys}/dlbook-12345"
    assert f"put its four .gz files into {root}/MNIST/raw" in fallback
    assert (tried[:3], solved[:11]) == ("4.1", "0 of 6 solv")


@pytest.mark.parametrize("named", ["~/data", "~nobody-of-this-name"])
def test_a_data_root_below_no_home(homeless: list[str], named: str) -> None:
    variables = [f"DLBOOK_DATA={named}", f"PYTHONPATH={ROOT}"]
    command = ["-m", "dlbook", "train", "--epochs=1"]
    finished = subprocess.run(
        [*homeless, *variables, sys.executable, *command], capture_output=True, text=True
    )
    assert finished.returncode == 2
    assert f"DLBOOK_DATA is {named}, and there is no such home folder; set HOME" in finished.stderr


def test_the_doctor_says_to_set_home_and_blames_nobody_else(
    homeless: list[str], everybodys: Path
) -> None:
    def broken(*command: str, variables: Sequence[str] = ()) -> list[tuple[str, str]]:
        ours = [f"TMPDIR={everybodys}", f"PYTHONPATH={ROOT}", *variables]
        finished = subprocess.run(
            [*homeless, *ours, sys.executable, *command], cwd=everybodys, capture_output=True
        )
        findings = [Finding(**found) for found in json.loads(finished.stdout)]
        return [(found.topic, found.mend) for found in findings if found.level == "broken"]

    ((topic, mend),) = broken("-m", "dlbook", "doctor", "--json", f"--timeout={LIMIT}")
    assert (topic, mend) == ("home", f"export HOME={everybodys}")
    home = mend.removeprefix("export ")
    assert broken("-c", SOME_CHECKS, variables=[home]) == []
    below = "DLBOOK_DATA=~/data"
    ((topic, _), (_, mend)) = broken("-c", SOME_CHECKS, variables=[below])
    assert (topic, mend) == ("home", f"export DLBOOK_DATA={everybodys}/dlbook-data")
    assert broken("-c", SOME_CHECKS, variables=[home, mend.removeprefix("export ")]) == []


# The command


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon", "1e9"])
def test_times_that_no_process_can_wait(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["doctor", "--timeout", seconds])
    assert f"--timeout: expected a number above 0, at most 86400, got '{seconds}'" in (
        capsys.readouterr().err
    )


def test_a_stream_that_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook, where stdout has an encoding and no buffer."""
    monkeypatch.setattr(doctor, "examine", lambda limit: [Finding("disk", "ok", "ä\udcff")])
    monkeypatch.setattr(sys, "stdout", said := io.StringIO())
    assert main(["doctor"]) == 0
    assert "disk: ä\\udcff" in said.getvalue()


@pytest.mark.parametrize("version", [(3, 6), (3, 10)])
def test_an_older_python_hears_why(version: tuple[int, int]) -> None:
    for name in ("__init__.py", "__main__.py"):
        ast.parse((ROOT / "dlbook" / name).read_text(encoding="utf-8"), feature_version=version)
    pretend = f"import runpy, sys; sys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0); "
    finished = subprocess.run(
        [sys.executable, "-c", pretend + "runpy.run_module('dlbook', run_name='__main__')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 1
    assert finished.stderr.startswith("dlbook needs Python 3.11 or newer, and ")
