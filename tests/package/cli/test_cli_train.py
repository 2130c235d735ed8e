"""``python -m dlbook train``: what it prints, what it writes, and how it ends."""

import gzip
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from children import LIMIT
from parallel_runs import TORCHRUN

from dlbook.cli import main
from dlbook.training.checkpoint import read_checkpoint

pytestmark = pytest.mark.slow

QUICK = ("train", "--data=digits", "--device=cpu", "--limit=200", "--batch-size=50")


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    """The exit status and what was printed, without the seconds."""
    try:
        status = main([*QUICK, *options])
    except SystemExit as leaving:  # argparse's way
        status = int(str(leaving.code))
    out, err = capsys.readouterr()
    return status, re.sub(r"[\d.]+ s$", "… s", out, flags=re.MULTILINE), err


@pytest.mark.parametrize("model", ["linear", "mlp", "cnn"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_a_line_for_each_epoch_and_one_for_the_test_set(
    capsys: pytest.CaptureFixture[str], model: str, optimizer: str
) -> None:
    status, out, err = run(capsys, "--epochs=2", f"--model={model}", f"--optimizer={optimizer}")
    assert (status, err) == (0, "")
    epochs = [rf"epoch {epoch}/2: loss \d\.\d{{4}}, … s\n" for epoch in (1, 2)]
    assert re.fullmatch("".join(epochs) + r"test accuracy 0\.\d{4}\n", out)


def test_it_learns(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--epochs=5", "--limit=1000", "--model=linear", "--momentum=0.5")
    assert float(out.split()[-1]) > 0.85


def test_it_is_repeatable_and_the_seed_matters(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (
        run(capsys, "--epochs=1", f"--seed={seed}", "--precision=float64")[1] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_history_in_each_precision(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    losses = {}
    for precision in ("float64", "float32", "bfloat16"):
        path = tmp_path / f"{precision}.csv"
        status, _, _ = run(capsys, "--epochs=2", f"--precision={precision}", f"--history={path}")
        assert status == 0
        epochs, steps = pd.read_csv(path), pd.read_csv(tmp_path / f"{precision}_steps.csv")
        assert list(epochs) == ["epoch", "train_loss", "seconds"]
        assert steps["step"].tolist() == list(range(1, 9))
        means = steps.groupby("epoch")["loss"].mean()
        assert epochs["train_loss"].tolist() == pytest.approx(means.tolist(), rel=1e-6)
        losses[precision] = steps["loss"].to_numpy()
    assert len(list(tmp_path.iterdir())) == 6
    assert 1e-9 < abs(losses["float32"] / losses["float64"] - 1).max() < 1e-4
    assert 1e-4 < abs(losses["bfloat16"] / losses["float64"] - 1).max() < 1e-1


def test_a_run_goes_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    _, whole, _ = run(capsys, "--epochs=3", "--optimizer=adam")
    run(capsys, "--epochs=1", "--optimizer=adam", f"--save={path}")
    status, rest, _ = run(capsys, "--epochs=3", "--optimizer=adam", f"--resume={path}")
    assert status == 0
    assert rest.splitlines() == whole.splitlines()[1:]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--data=cifar"], "argument --data: invalid choice: 'cifar'"),
        (["--lr=0"], "argument --lr: expected a number above 0, at most 1e+30, got '0'"),
        (["--lr=nan"], "argument --lr: expected a number above 0, at most 1e+30, got 'nan'"),
        (["--lr=1e100"], "argument --lr: expected a number above 0, at most 1e+30, got '1e100'"),
        (["--lr=fast"], "argument --lr: expected a number above 0, at most 1e+30, got 'fast'"),
        (["--epochs=0"], "argument --epochs: expected a whole number from 1 to"),
        (["--batch-size=2.5"], "argument --batch-size: expected a whole number from 1 to"),
        (["--seed=9223372036854775808"], "775807, got '9223372036854775808'"),
        (["--seed=-1"], "argument --seed: expected a whole number from 0 to"),
        (["--momentum=1"], "argument --momentum: expected a number from 0 to below 1, got '1'"),
        (["--momentum=0.9", "--optimizer=adam"], "--momentum is an option of sgd, got --optimizer"),
        (["--device=abacus"], "--device 'abacus': expected a device of this machine, such as"),
        (["--device=\n"], "--device '\\n': expected a device of this machine, such as"),
        (["--limit=1438"], "--limit must be at most 1437 for digits, got 1438"),
        (["--save=missing/run.pt"], "--save must lie in a folder that exists, got missing/run.pt"),
        (["--history=missing/run.csv"], "--history must lie in a folder that exists, got missing"),
        (["--resume=missing.pt"], "No such file or directory: 'missing.pt'"),
        (["--resume=README.md"], "README.md is no checkpoint"),
    ],
)
def test_bad_values(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    root: Path,
    options: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(root)
    status, out, err = run(capsys, "--epochs=1", *options)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--save=run", "--history=run"], "--save and --history must be different files"),
        (["--save=run", "--history=RUN"], "--save and --history must be different files"),
        (["--save=run", "--history=link"], "--save and --history must be different files"),
        (["--save=h_steps.csv", "--history=h.csv"], "--save and the steps of --history must be"),
        (["--resume=run", "--history=run"], "--resume and --history must be different files"),
        (["--history=self.csv"], "--history and the steps of --history must be different files"),
        (["--history=a.csv.zst"], "--history must be compressed by none or one of .gz, .bz2, .xz"),
        ([f"--history={'a' * 210}.csv"], "the steps of --history must name a file, got"),
        ([f"--save={'a' * 240}"], "--save must name a file, got"),
        (["--save=pipe"], "--save must name a file, got pipe: it is a pipe, no plain file"),
        (["--history=pipe"], "--history must name a file, got pipe: it is a pipe, no plain file"),
    ],
)
def test_files_that_would_be_lost(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    options: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run").write_text("kept")
    Path("link").symlink_to("run")
    Path("self.csv").write_text("kept")
    Path("self_steps.csv").symlink_to("self.csv")
    os.mkfifo("pipe")
    before = sorted(tmp_path.iterdir())
    status, out, err = run(capsys, "--epochs=1", *options)
    assert (status, out) == (2, "")
    assert words in err
    assert sorted(tmp_path.iterdir()) == before
    assert Path("run").read_text() == Path("self.csv").read_text() == "kept"


def test_the_history_may_be_compressed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, _ = run(capsys, "--epochs=2", f"--history={tmp_path / 'h.csv.GZ'}")
    assert status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h.csv.GZ", "h_steps.csv.GZ"]
    for path, rows in {"h.csv.GZ": 2, "h_steps.csv.GZ": 8}.items():
        with gzip.open(tmp_path / path, "rt") as file:
            assert len(file.readlines()) == 1 + rows


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(root: Path, tmp_path: Path, closed: str) -> None:
    """No file takes the number of a closed stream, and a complaint goes to the one that is open."""
    path = tmp_path / "run.pt"

    def in_shell(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dlbook", *QUICK, "--epochs=1", *options]
        environment = {name: os.environ[name] for name in os.environ if name != "DLBOOK_PROGRESS"}
        return subprocess.run(
            ["sh", "-c", f"{shlex.join(command)} {closed}"],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
        )

    good, bad, worse = in_shell(f"--save={path}"), in_shell("--save=no/no"), in_shell("--lr=x")
    assert (good.returncode, bad.returncode, worse.returncode) == (0, 2, 2)
    assert "parts" in read_checkpoint(path)
    assert ("test accuracy" in good.stdout) == (closed == "2>&-")
    open_one = bad.stdout + bad.stderr, worse.stdout + worse.stderr
    assert ["--save must" in open_one[0], "--lr: expected" in open_one[1]] == [
        closed in {"2>&-", ">&-"}
    ] * 2


@pytest.mark.parametrize("encoding", ["cp1251", "cp437", "ascii"])
def test_streams_of_other_encodings(root: Path, tmp_path: Path, encoding: str) -> None:
    variables = {"DLBOOK_DATA": str(tmp_path), "DLBOOK_MIRRORS": "http://127.0.0.1:9/"}
    finished = subprocess.run(
        [sys.executable, "-m", "dlbook", *QUICK, "--data=mnist", "--epochs=1"],
        cwd=root,
        env=os.environ | variables | {"PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert finished.returncode == 0, finished.stderr
    assert rb"enlarged to 28\xd728. Why: " in finished.stdout
    assert b"test accuracy" in finished.stdout


def test_training_that_diverges(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "--epochs=9", "--lr=1e9")
    assert status == 1
    assert re.fullmatch(r"python -m dlbook train: the loss became (inf|nan) at epoch .*\n", err)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_one_line_that_says_how_to_go_on(
    root: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    path = tmp_path / "run.pt"
    command = [sys.executable, "-m", "dlbook", *QUICK, "--epochs=100000", f"--save={path}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        for _ in range(2):  # the first epoch is saved before the second begins
            process.stdout.readline()
        process.send_signal(ending)
        _, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert err == (
        "python -m dlbook train: ended before it was done; "
        f"to go on, give the same command again with --resume {path}\n"
    )


def test_two_processes_print_and_write_what_one_does(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    options = ("--epochs=2", "--precision=float64", "--optimizer=adamw", "--limit=203")
    _, alone, _ = run(capsys, *options, f"--history={tmp_path / 'one.csv'}")
    files = (f"--history={tmp_path / 'two.csv'}", f"--save={tmp_path / 'run.pt'}")
    together = subprocess.run(
        [*TORCHRUN, "-m", "dlbook", *QUICK, *options, *files],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert together.returncode == 0, together.stderr
    assert re.sub(r"[\d.]+ s$", "… s", together.stdout, flags=re.MULTILINE) == alone
    one, two = (pd.read_csv(tmp_path / f"{name}_steps.csv") for name in ("one", "two"))
    assert two["loss"].tolist() == pytest.approx(one["loss"].tolist(), abs=1e-10)
    status, out, _ = run(capsys, *options, f"--resume={tmp_path / 'run.pt'}")
    assert (status, out) == (0, alone.splitlines(keepends=True)[-1])


def test_the_command_line_loads_no_torch(root: Path) -> None:
    script = "import sys, dlbook.cli; print('torch' in sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "False\n"
