"""The progress bar: there for people, silent where output is kept."""

import io
import os
import subprocess
import sys
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlbook.progress import is_watched, progress_bar

SCRIPT = "from dlbook.progress import is_watched, progress_bar; print(is_watched()); "
SCRIPT += "[bar.update() for bar in [progress_bar(total=1)]]"


def run_script(stderr: int, root: Path, **variables: str) -> str:
    """What the script prints when its stderr goes to the file descriptor."""
    environment = {name: value for name, value in os.environ.items() if name != "DLBOOK_PROGRESS"}
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=root,
        env=environment | variables,
        text=True,
        check=True,
    )
    return finished.stdout.strip()


@pytest.mark.parametrize(("variables", "seen"), [({}, True), ({"DLBOOK_PROGRESS": "0"}, False)])
def test_a_terminal_is_watched_unless_it_is_forbidden(
    root: Path, variables: dict[str, str], seen: bool
) -> None:
    reader, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    try:
        assert run_script(terminal, root, **variables) == str(seen)
        os.write(terminal, b".")
        assert (b"0/1" in os.read(reader, 10_000)) == seen
    finally:
        os.close(reader)
        os.close(terminal)


def test_a_pipe_is_not_watched(root: Path) -> None:
    reader, writer = os.pipe()
    try:
        assert run_script(writer, root) == "False"
        os.write(writer, b".")
        assert os.read(reader, 10_000) == b"."
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("stream", ["None", "closed", "bare"])
def test_a_stderr_that_is_none_is_not_watched(
    root: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    monkeypatch.delenv("DLBOOK_PROGRESS", raising=False)
    (closed := io.StringIO()).close()
    written = SimpleNamespace(write=lambda text: None)
    streams = {"None": None, "closed": closed, "bare": written}
    monkeypatch.setattr(sys, "stderr", streams[stream])
    assert not is_watched()
    for show in (None, True):
        with progress_bar(show=show, total=2) as bar:
            bar.update(2)


def test_whoever_asks_gets_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(show=True, total=2, desc="loading") as bar:
        bar.update(2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "loading" in err
    assert err.endswith("\r"), "it leaves nothing behind"
