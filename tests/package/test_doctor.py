"""The doctor, on environments that are broken for real, and on the healthy one."""

import json
import math
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import torchvision  # noqa: F401  whose datasets the check of data then compares
from broken_python import TESTED, Environment, empty_environment, environment, path_with, program
from children import LIMIT

from dlbook import doctor
from dlbook.doctor import Finding, as_text

pytestmark = pytest.mark.slow

SEGFAULT = "import ctypes; ctypes.string_at(0)"
HANG = "import time; time.sleep(600)"
CPU_BUILD = """\
__version__ = "2.15.0+cpu"
debug, cuda, hip, git_version = False, None, None, "0"
xpu = rocm = None
"""
NO_DRIVER = (
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. "
    "Make sure that the latest NVIDIA driver is installed and running."
)
# The doctor, which fails if it imported other than the standard library.
WITNESSED = """
import sys
before = set(sys.modules)
from dlbook.cli import main
status = main(["doctor", "--json"])
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
others = loaded - sys.stdlib_module_names - {"dlbook"}
sys.exit(status or " ".join(sorted(others)) or 0)
"""
# Of each unpacked file of MNIST, how it begins: its kind, and the lengths of its axes.
UNPACKED = {
    "train-images-idx3-ubyte": (0x803, 2, 28, 28),
    "train-labels-idx1-ubyte": (0x801, 2),
    "t10k-images-idx3-ubyte": (0x803, 2, 28, 28),
    "t10k-labels-idx1-ubyte": (0x801, 2),
}
# The beginning of what `nvidia-smi -q -x` prints on a machine with one card.
SMI_REPORT = """\
<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Tue Mar  5 10:21:54 2024</timestamp>
	<driver_version>550.54.15</driver_version>
	<cuda_version>12.4</cuda_version>
	<attached_gpus>1</attached_gpus>
	<gpu id="00000000:00:04.0">
		<product_name>Tesla T4</product_name>
		<product_brand>NVIDIA</product_brand>
	</gpu>
</nvidia_smi_log>
"""


def at(findings: Iterable[Finding], topic: str) -> list[Finding]:
    return [finding for finding in findings if finding.topic == topic]


def the(findings: Iterable[Finding], topic: str) -> Finding:
    """The one finding on a topic."""
    (finding,) = at(findings, topic)
    return finding


def asked(where: Environment, *names: str, limit: float = LIMIT) -> list[Finding]:
    """What some checks find in an environment."""
    script = f"from dlbook import doctor; print(doctor.as_json(doctor.ask({names}, {limit})))"
    finished = where.run("-c", script)
    assert finished.returncode == 0, finished.stderr
    return [Finding(**found) for found in json.loads(finished.stdout)]


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of an nvidia-smi that the shell finds, and which is still to be written."""
    monkeypatch.setenv("PATH", path_with(tmp_path / "bin"))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return tmp_path / "bin" / "nvidia-smi"


@pytest.fixture
def own_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's kernels, which is empty."""
    folder = tmp_path / "jupyter" / "kernels"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder.parent))
    return folder


def write_kernel(folder: Path, *argv: str) -> None:
    folder.mkdir(parents=True)
    spec = {"argv": argv, "display_name": folder.name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def change_metadata(where: Environment, distribution: str, pattern: str, line: str) -> None:
    """Put another line in the place of one in what a distribution says of itself."""
    (folder,) = where.packages.glob(f"{distribution}-*.dist-info")
    text = (folder / "METADATA").read_text(encoding="utf-8")
    changed, count = re.subn(rf"^{pattern}$", line, text, count=1, flags=re.MULTILINE)
    assert count == 1
    (where.own_copy(folder.name, "METADATA") / "METADATA").write_text(changed, encoding="utf-8")


# The whole doctor


def test_the_tested_environment_is_healthy(
    tmp_path: Path, own_kernels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLBOOK_DATA", str(tmp_path))
    out, failure = doctor.run([sys.executable, "-c", WITNESSED], 3 * LIMIT)
    assert failure == "", "it found something broken, or imported what it should not"
    findings = [Finding(**found) for found in json.loads(out)]
    assert [finding for finding in findings if finding.level == "broken"] == []
    for topic in ("python", "requirements", *doctor.IMPORTS, "accelerator", "disk", "kernel"):
        assert {finding.level for finding in at(findings, topic)} == {"ok"}, topic


def test_it_runs_where_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DLBOOK_DATA", raising=False)
    where = empty_environment(tmp_path / "empty")
    finished = where.run("-m", "dlbook", "doctor", "--json")
    assert (finished.returncode, finished.stderr) == (1, "")
    findings = [Finding(**found) for found in json.loads(finished.stdout)]
    broken = {finding.topic: finding for finding in findings if finding.level == "broken"}
    assert broken["torch"].what == "torch is not installed"
    assert broken["torch"].mend == "python -m pip install torch torchvision"
    assert broken["pillow"].mend == "python -m pip install pillow"
    assert broken["kernel"].mend == "python -m pip install ipykernel"
    assert broken["data"].what == "platformdirs is not installed"
    assert at(findings, "accelerator") == []
    monkeypatch.setenv("DLBOOK_DATA", str(tmp_path / "Größe"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    said = where.run("-m", "dlbook", "doctor")
    assert (said.returncode, said.stderr) == (1, "")
    assert "\n[BROKEN] torch: torch is not installed\n" in said.stdout
    assert "Gr\\xf6\\xdfe" in said.stdout
    assert said.stdout.endswith("Mend the first one first, then run this again.\n")


def test_the_text_fits_eighty_columns_and_keeps_commands_whole() -> None:
    words = "word " * 60
    command = "pip install " + "package " * 20
    findings = [Finding("torch", "broken", words, words, command), Finding("disk", "ok", "x")]
    text = as_text(findings)
    assert [line for line in text.splitlines() if len(line) > 80] == [f"         -> {command}"]
    assert text.startswith("[BROKEN] torch: word")
    assert "\n[ok]     disk: x\n" in text
    assert text.endswith("1 broken. Mend the first one first, then run this again.")


def test_a_check_that_fails_is_a_finding(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.replace("packaging", "1 / 0")
    finding = at(asked(where, "requirements"), "requirements")[-1]
    assert finding.level == "broken"
    assert finding.what == "this check failed: ZeroDivisionError: division by zero"


# Packages


@pytest.mark.parametrize("bits", [32, 64])
def test_there_is_no_torch_for_32_bits(bits: int) -> None:
    finding = the(doctor.check_python(LIMIT, bits), "python")
    assert (finding.level == "ok") == (bits == 64)


def test_torchvision_built_for_another_torch(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.own_copy("torchvision", "_C.so", "_C_stable.so")
    findings = asked(where, "torch", "torchvision")
    assert the(findings, "torch").level == "ok"
    finding = the(findings, "torchvision")
    assert finding.level == "broken"
    assert "operator torchvision::nms does not exist" in finding.what
    assert finding.mend.splitlines() == [
        'read "operator torchvision::nms does not exist" in book/setup.md',
        "python -m pip install --upgrade --force-reinstall torch torchvision",
    ]


def test_pillow_is_missing(tmp_path: Path) -> None:
    where = environment(tmp_path / "env", without=["PIL"])
    findings = asked(where, "pillow", "torchvision")
    assert [finding.what for finding in findings] == ["pillow is not installed"] * 2
    assert {finding.mend for finding in findings} == {"python -m pip install pillow"}


def test_pillow_without_its_compiled_part(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    for path in where.own_copy("PIL").glob("_imaging.*"):
        path.unlink()
    finding = the(asked(where, "pillow"), "pillow")
    assert (finding.level, "_imaging" in finding.what) == ("broken", True)
    assert finding.mend.endswith("\npython -m pip install --upgrade --force-reinstall pillow")


def test_a_file_of_the_readers_own_hides_torch(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    (where.folder / "torch.py").write_text("print('my first try')", encoding="utf-8")
    (finding,) = asked(where, "torch", "accelerator")
    assert (finding.topic, finding.level) == ("torch", "broken")
    assert "has no attribute" in finding.what
    assert str(where.folder / "torch.py") in finding.why


@pytest.mark.parametrize(
    ("source", "limit", "said"),
    [(SEGFAULT, LIMIT, "crashed (Segmentation fault)"), (HANG, 0.5, "no answer within 0.5 s")],
)
def test_an_import_that_crashes_or_hangs(
    tmp_path: Path, source: str, limit: float, said: str
) -> None:
    where = environment(tmp_path / "env")
    where.replace("PIL", source)
    finding, later = asked(where, "pillow", "torch", limit=limit)
    assert (finding.topic, finding.level) == ("pillow", "broken")
    assert finding.what.startswith(f"importing pillow fails: {said}")
    assert (later.topic, later.level, later.what[:12]) == ("torch", "note", "not examined")


def test_what_was_found_before_a_crash_is_kept(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.replace("PIL", SEGFAULT)
    findings = asked(where, "python", "home", "pillow")
    assert [(found.topic, found.level) for found in findings] == [
        ("python", "ok"),
        ("pillow", "broken"),
    ]


@pytest.mark.parametrize(
    ("failure", "heading"),
    [
        (
            "RuntimeError: Detected that PyTorch and torchvision were compiled with different "
            "CUDA major versions. PyTorch has CUDA Version=12.8 and torchvision has 13.0.",
            "operator torchvision::nms does not exist",
        ),
        (
            "OSError: [WinError 126] The specified module could not be found. "
            'Error loading "c10.dll" or one of its dependencies.',
            "DLL load failed, WinError 126",
        ),
        (
            "ValueError: numpy.dtype size changed, may indicate binary incompatibility. "
            "Expected 96 from C header, got 88 from PyObject",
            "numpy.dtype size changed",
        ),
        (
            "crashed (Aborted): OMP: Hint [...] you can set the environment variable "
            "KMP_DUPLICATE_LIB_OK=TRUE to allow the program to continue to execute",
            "KMP_DUPLICATE_LIB_OK",
        ),
        (
            "ImportError: libcudnn.so.9: cannot open shared object file: No such file",
            "cannot open shared object file",
        ),
        (
            "ImportError: libtorch_cuda.so: undefined symbol: ncclCommRegister",
            "cannot open shared object file",
        ),
        (
            "AttributeError: partially initialized module 'torch' has no attribute 'nn' "
            "(most likely due to a circular import)",
            "module 'torch' has no attribute",
        ),
        ("ValueError: never seen", ""),
    ],
)
def test_known_messages(failure: str, heading: str) -> None:
    finding = doctor.failed("torch", failure)
    *read, mend = finding.mend.splitlines()
    assert failure[:40] in finding.what
    assert len(read) == bool(heading)
    assert all(line.startswith(f'read "{heading}') for line in read)
    assert mend.endswith(" -m pip install --upgrade --force-reinstall torch torchvision")


def test_the_page_explains_what_the_doctor_points_to(root: Path) -> None:
    lines = (root / doctor.SETUP).read_text(encoding="utf-8").replace("`", "").splitlines()
    headings = [line.lstrip("# ") for line in lines if line.startswith("###")]
    for named in (*doctor.SYMPTOMS.values(), "When the network is slow"):
        assert any(heading.startswith(named) for heading in headings), named


def test_versions_that_are_too_old(tmp_path: Path) -> None:
    (altair,) = (path.name for path in TESTED.glob("altair-*.dist-info"))
    where = environment(tmp_path / "env", without=[altair])
    change_metadata(where, "pandas", "Version: .*", "Version: 2.1.0")
    change_metadata(where, "jupyterlab_widgets", "Version: .*", "Version: 1.1.0")
    change_metadata(
        where, "torchvision", r"Requires-Dist: torch\b.*", "Requires-Dist: torch==2.11.0"
    )
    _, book, torch, widgets = asked(where, "requirements")
    assert book.level == "broken"
    assert "pandas>=2.2, here 2.1.0" in book.what
    assert "altair>=5.5, here missing" in book.what
    assert book.mend == "python -m pip install --upgrade 'pandas>=2.2' 'altair>=5.5'"
    assert torch.level == "note"
    assert re.fullmatch(r"torchvision asks for torch==2\.11\.0, here \S+", torch.what)
    assert torch.mend == "python -m pip install --upgrade torchvision torch"
    assert (widgets.level, "here 1.1.0" in widgets.what) == ("broken", True)
    assert widgets.mend == "python -m pip install --upgrade ipywidgets jupyterlab_widgets"


# The accelerator


def test_a_cpu_build_on_a_machine_with_a_card(tmp_path: Path, smi: Path) -> None:
    program(smi, f"print({SMI_REPORT!r})")
    where = environment(tmp_path / "env")
    (where.own_copy("torch", "version.py") / "version.py").write_text(CPU_BUILD, encoding="utf-8")
    torch, card = asked(where, "torch", "accelerator")
    assert (torch.level, torch.what) == ("ok", "2.15.0+cpu")
    assert card.level == "broken"
    assert card.what == "torch is a build for the CPU alone; here is: Tesla T4"
    assert "driver 550.54.15 serves CUDA up to 12.4" in card.why


@pytest.mark.parametrize(
    ("cuda", "visible", "level", "said"),
    [
        ("13.2", None, "broken", "the driver is too old for this torch, which is built for CUDA 1"),
        ("12.8", None, "broken", "torch sees none of: Tesla T4. no device"),
        ("12.8", "0", "broken", "torch sees none of: Tesla T4. no device"),
        ("12.8", "", "note", "CUDA_VISIBLE_DEVICES='' hides: Tesla T4"),
        ("12.8", "-1", "note", "CUDA_VISIBLE_DEVICES='-1' hides: Tesla T4"),
    ],
)
def test_a_card_that_torch_does_not_see(
    smi: Path, cuda: str, visible: str | None, level: str, said: str
) -> None:
    program(smi, f"print({SMI_REPORT!r})")
    driver, failure = doctor.ask_driver(LIMIT)
    assert driver == doctor.Driver("driver 550.54.15 serves CUDA up to 12.4", "12.4", ("Tesla T4",))
    assert failure == ""
    finding = doctor.unseen(driver, cuda, visible, "no device")
    assert finding.level == level
    assert said in finding.what


def test_a_device_that_cannot_compute() -> None:
    assert doctor.using(["cpu"]).level == "ok"
    finding = doctor.using(["cpu", "meta"])
    assert finding.level == "broken"
    assert finding.what.startswith("meta cannot compute: ")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"import sys; sys.exit({NO_DRIVER!r})", "exit 1: NVIDIA-SMI has failed because"),
        (f"print({NO_DRIVER!r}); raise SystemExit(9)", "exit 9:  NVIDIA-SMI has failed because"),
        ("print('No devices')", "it names no driver No devices"),
        ("import sys; sys.stdout.buffer.write(b'<cuda_version>\\xff')", "it names no driver"),
        (HANG, "no answer within 0.5 s"),
    ],
)
def test_a_driver_that_does_not_answer(smi: Path, source: str, said: str) -> None:
    program(smi, source)
    driver, failure = doctor.ask_driver(0.5 if source == HANG else LIMIT)
    assert driver is None
    assert said in failure


# Kernels


def test_no_kernel_at_all(tmp_path: Path, own_kernels: Path) -> None:
    where = environment(tmp_path / "env", without=["ipykernel"])
    (finding,) = asked(where, "kernel")
    assert (finding.level, finding.what) == ("broken", "no kernel has the book's code")
    assert finding.mend.splitlines()[0] == "python -m pip install ipykernel"
    write_kernel(own_kernels / "other", str(empty_environment(tmp_path / "other").python))
    other, none = asked(where, "kernel")
    assert ("lacks" in other.what, none) == (True, finding)


def test_kernels_that_cannot_start(tmp_path: Path, own_kernels: Path) -> None:
    write_kernel(own_kernels / "gone", str(tmp_path / "gone" / "bin" / "python"), "-m")
    write_kernel(own_kernels / "nothing")
    program(tmp_path / "python", "print('hello')")
    write_kernel(own_kernels / "talks", str(tmp_path / "python"))
    (own_kernels / "no_json").mkdir()
    (own_kernels / "no_json" / "kernel.json").write_bytes(b"\xff")
    found = {finding.what.split()[0]: finding for finding in doctor.check_kernel(LIMIT)}
    assert found.keys() == {"gone", "nothing", "talks", "python3"}
    assert found.pop("python3").level == "ok"
    for name, finding in found.items():
        assert finding.level == "broken"
        assert finding.mend.endswith(f" -m jupyter kernelspec remove {name}")
    assert "No such file" in found["gone"].what
    assert "other words" in found["talks"].what


def test_kernels_of_other_environments(tmp_path: Path, own_kernels: Path) -> None:
    other = environment(tmp_path / "other", without=["torch"])
    write_kernel(own_kernels / "other", str(other.python), "-m", "ipykernel_launcher")
    bare = empty_environment(tmp_path / "bare")
    write_kernel(own_kernels / "bare", str(bare.python), "-m", "ipykernel_launcher")
    found = {finding.what.split()[0]: finding for finding in doctor.check_kernel(LIMIT)}
    assert found["python3"].level == "ok"
    assert (found["other"].level, "lacks torch" in found["other"].what) == ("note", True)
    assert (found["bare"].level, "lacks ipykernel" in found["bare"].what) == ("broken", True)
    assert found["bare"].mend == f"{bare.python} -m pip install ipykernel"


# Data, disks


def test_no_data_yet(empty_data_root: Path) -> None:
    folder, mnist, fashion, *disks = doctor.check_data(LIMIT)
    assert (folder.level, mnist.level, fashion.level) == ("ok", "note", "note")
    assert folder.what == f"{empty_data_root}, made when first needed"
    assert f"MNIST: 4 of its files are not in {empty_data_root}" in mnist.what
    assert {disk.topic for disk in disks} == {"disk"}
    assert not empty_data_root.exists()


def test_mnist_whole_and_cut(mnist_folder: Path, empty_data_root: Path) -> None:
    folder = empty_data_root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for path in mnist_folder.glob("*.gz"):
        shutil.copy(path, folder)
    whole = Finding("data", "ok", "MNIST is here, and whole")
    assert [*doctor.check_data(LIMIT)][1] == whole
    packed = folder / "train-images-idx3-ubyte.gz"
    os.truncate(packed, packed.stat().st_size // 2)
    finding = [*doctor.check_data(LIMIT)][1]
    assert (finding.level, finding.mend) == ("broken", f"rm {packed}")


def test_unpacked_files_are_enough(empty_data_root: Path) -> None:
    folder = empty_data_root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for path, (kind, *shape) in UNPACKED.items():
        header = b"".join(length.to_bytes(4, "big") for length in (kind, *shape))
        (folder / path).write_bytes(header + bytes(math.prod(shape)))
        (folder / f"{path}.gz").write_bytes(b"not looked at")
    assert [*doctor.check_data(LIMIT)][1].what == "MNIST is here, and whole"
    os.truncate(cut := folder / "t10k-labels-idx1-ubyte", 9)
    finding = [*doctor.check_data(LIMIT)][1]
    assert (finding.level, str(cut) in finding.mend) == ("broken", True)
    assert ".gz" not in finding.mend


def test_files_that_are_none_of_the_published(empty_data_root: Path) -> None:
    folder = empty_data_root / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    (path := folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"<html>please log in</html>")
    os.mkfifo(folder / "t10k-images-idx3-ubyte.gz")
    finding = [*doctor.check_data(LIMIT)][2]
    assert (finding.level, finding.mend) == ("broken", f"rm {path}")
    path.unlink()
    finding = [*doctor.check_data(LIMIT)][2]
    assert (finding.level, finding.what[:38]) == ("note", "FashionMNIST: 4 of its files are not i")


@pytest.mark.parametrize("below", ["file", "file/folder"])
def test_a_data_root_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLBOOK_DATA", str(tmp_path / below))
    (finding,) = doctor.check_data(LIMIT)
    assert finding.level == "broken"
    assert str(tmp_path / "file") in finding.what
    assert finding.mend.startswith("export DLBOOK_DATA=")


@pytest.mark.parametrize(("free", "level"), [(5e8, "ok"), (5e7, "broken")])
def test_disks(tmp_path: Path, free: float, level: str) -> None:
    assert doctor.room(tmp_path, int(free)).level == level
