"""The doctor, on environments that are broken for real, and on the healthy one."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from broken_python import TESTED, Environment, empty_environment, environment, path_with, program
from children import LIMIT, wait_until
from loopback import Reply, Server
from torchvision import datasets

from dlbook.data.images import TITLES
from dlbook.doctor import Finding, as_json, as_text, data_files, driver, interpreter, kernels, space
from dlbook.doctor.asking import NOT_REACHED, Answer, ask
from dlbook.doctor.cuda import examine as examine_cuda
from dlbook.doctor.cuda import no_accelerator
from dlbook.doctor.examinations import guarded
from dlbook.doctor.image_sets import image_sets
from dlbook.doctor.mirrors import examine as examine_mirrors
from dlbook.doctor.processes import run
from dlbook.doctor.symptoms import import_failed

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
# The doctor, then on stderr what it imported of other than the standard library.
WITNESSED = """
import sys
before = set(sys.modules)
from dlbook.cli import main
status = main(["doctor", "--json"])
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
others = loaded - sys.stdlib_module_names - {"dlbook"}
print(*sorted(others), end="", file=sys.stderr)
sys.exit(status)
"""
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


def at(findings: list[Finding], topic: str) -> list[Finding]:
    return [finding for finding in findings if finding.topic == topic]


def the(findings: list[Finding], topic: str) -> Finding:
    """The one finding on a topic."""
    (finding,) = at(findings, topic)
    return finding


def examined(where: Environment, module: str, limit: float = LIMIT) -> list[Finding]:
    """What one examination finds in an environment."""
    script = (
        f"from dlbook.doctor import as_json, {module}; print(as_json({module}.examine({limit})))"
    )
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


def set_version(where: Environment, distribution: str, version: str) -> None:
    change_metadata(where, distribution, "Version: .*", f"Version: {version}")


# The whole doctor


def test_the_tested_environment_is_healthy(
    tmp_path: Path, own_kernels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLBOOK_DATA", str(tmp_path))
    finished = run([sys.executable, "-c", WITNESSED], 3 * LIMIT)
    findings = [Finding(**found) for found in json.loads(finished.out)]
    assert [finding for finding in findings if finding.level == "broken"] == []
    assert (finished.status, finished.err) == (0, ""), "it imported what it should not"
    for topic in ("python", "requirements", "widgets", "torch", "torchvision", "pillow", "kernel"):
        assert {finding.level for finding in at(findings, topic)} == {"ok"}, topic
    assert (
        "is right" in the(findings, "accelerator").what
        or "CPU" in the(findings, "accelerator").what
    )


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
    assert broken["pillow"].what == "pillow (PIL) is not installed"
    assert broken["pillow"].mend == "python -m pip install pillow"
    assert broken["kernel"].mend.startswith("python -m pip install ipykernel\n")
    assert broken["data"].what == "platformdirs is not installed"
    assert "disk" not in broken
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


def test_an_examination_that_fails_is_a_finding() -> None:
    def examine(limit: float) -> list[Finding]:
        raise LookupError(f"within {limit} s")

    (finding,) = guarded(examine, 3.0)
    assert finding.level == "broken"
    assert "LookupError: within 3.0 s" in finding.what


def test_findings_survive_json() -> None:
    findings = [Finding("torch", "note", "ä", "b", "c")]
    assert [Finding(**found) for found in json.loads(as_json(findings))] == findings


# torch, torchvision, Pillow


def test_torchvision_built_for_another_torch(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.own_copy("torchvision", "_C.so", "_C_stable.so")
    findings = examined(where, "torch_stack")
    assert the(findings, "torch").level == "ok"
    finding = the(findings, "torchvision")
    assert finding.level == "broken"
    assert "operator torchvision::nms does not exist" in finding.what
    assert "built for another torch" in finding.why
    assert finding.mend == "python -m pip install --upgrade --force-reinstall torch torchvision"


def test_torchvision_that_names_another_torch(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    change_metadata(
        where, "torchvision", r"Requires-Dist: torch\b.*", "Requires-Dist: torch==2.11.0"
    )
    finding = the(examined(where, "requirements"), "torchvision")
    assert finding.level == "note"
    assert re.fullmatch(r"torchvision asks for torch==2\.11\.0, here \S+", finding.what)


def test_pillow_is_missing(tmp_path: Path) -> None:
    where = environment(tmp_path / "env", without=["PIL"])
    finding = the(examined(where, "pillow"), "pillow")
    assert (finding.level, finding.what) == ("broken", "pillow (PIL) is not installed")
    finding = the(examined(where, "torch_stack"), "torchvision")
    assert (
        finding.what
        == "torchvision cannot be imported: it needs pillow (PIL), which is not installed"
    )
    assert finding.mend == "python -m pip install pillow"


def test_pillow_without_its_compiled_part(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    folder = where.own_copy("PIL")
    for path in folder.glob("_imaging.*"):
        path.unlink()
    finding = the(examined(where, "pillow"), "pillow")
    assert finding.level == "broken"
    assert "_imaging" in finding.what
    assert finding.mend == "python -m pip install --upgrade --force-reinstall pillow"


def test_a_file_of_the_readers_own_hides_torch(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    (where.folder / "torch.py").write_text("print('my first try')", encoding="utf-8")
    finding = the(examined(where, "torch_stack"), "torch")
    assert finding.level == "broken"
    assert "has no attribute" in finding.what
    assert str(where.folder / "torch.py") in finding.why


def test_an_import_that_crashes(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.replace("torch", SEGFAULT)
    findings = examined(where, "torch_stack")
    finding = the(findings, "torch")
    assert (finding.level, "SIGSEGV" in finding.what) == ("broken", True)
    assert "kernel died" in finding.why
    assert the(findings, "torchvision").level == "note"


def test_an_import_that_hangs(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    where.replace("PIL", HANG)
    finding = the(examined(where, "pillow", limit=0.5), "pillow")
    assert finding.level == "broken"
    assert finding.what == "importing pillow (PIL) fails: no answer within 0.5 s"
    assert "hangs" in finding.why


@pytest.mark.parametrize(
    ("failure", "why", "mend"),
    [
        (
            "RuntimeError: Detected that PyTorch and torchvision were compiled with different "
            "CUDA major versions. PyTorch has CUDA Version=12.8 and torchvision has 13.0.",
            "built for another torch",
            "torch torchvision",
        ),
        (
            "OSError: [WinError 126] The specified module could not be found. "
            'Error loading "c10.dll" or one of its dependencies.',
            "Visual C++",
            "winget",
        ),
        (
            "ValueError: numpy.dtype size changed, may indicate binary incompatibility. "
            "Expected 96 from C header, got 88 from PyObject",
            "another NumPy",
            "numpy",
        ),
        (
            "crashed (SIGABRT): OMP: Hint [...] you can set the environment variable "
            "KMP_DUPLICATE_LIB_OK=TRUE to allow the program to continue to execute",
            "OpenMP",
            "conda create",
        ),
        (
            "ImportError: libcudnn.so.9: cannot open shared object file: No such file",
            "LD_LIBRARY_PATH",
            "LD_LIBRARY_PATH",
        ),
        (
            "ImportError: libtorch_cuda.so: undefined symbol: ncclCommRegister",
            "compiled part",
            "--force-reinstall torch torchvision",
        ),
        (
            "AttributeError: partially initialized module 'torch' has no attribute 'nn' "
            "(most likely due to a circular import)",
            "of the same name",
            "--force-reinstall torch torchvision",
        ),
        ("ValueError: never seen", "does not run", "--force-reinstall torch torchvision"),
    ],
)
def test_known_messages(failure: str, why: str, mend: str) -> None:
    finding = import_failed("torch", "torch", failure)
    assert failure[:40] in finding.what
    assert why in finding.why
    assert mend in finding.mend


def test_answers_before_a_crash_are_kept() -> None:
    answers = ask(platform.system, os.abort, platform.system, limit=LIMIT)
    assert answers[0] == Answer(platform.system())
    assert answers[1].failure.startswith("crashed (SIGABRT)")
    assert answers[2].failure == NOT_REACHED


def test_programs_that_cannot_start(tmp_path: Path) -> None:
    finished = run([str(tmp_path / "nothing")], LIMIT)
    assert finished.failure.startswith("exit 127: [Errno 2]")


# The accelerator


def test_a_cpu_build_on_a_machine_with_a_card(tmp_path: Path, smi: Path) -> None:
    program(smi, f"print({SMI_REPORT!r})")
    where = environment(tmp_path / "env")
    (where.own_copy("torch", "version.py") / "version.py").write_text(CPU_BUILD, encoding="utf-8")
    findings = examined(where, "torch_stack")
    assert (the(findings, "torch").level, the(findings, "torch").what) == ("ok", "2.15.0+cpu")
    finding = the(findings, "accelerator")
    assert finding.level == "broken"
    assert finding.what == "torch 2.15.0+cpu is a build for the CPU alone; here is: Tesla T4"
    assert "driver 550.54.15 serves CUDA up to 12.4" in finding.why


@pytest.mark.parametrize(
    ("cuda", "variable", "level", "said"),
    [
        ("13.2", None, "broken", "CUDA up to 12.4, but torch is built for CUDA 13.2"),
        ("12.8", None, "broken", "torch sees 0 of 1 cards. no device"),
        ("12.8", "0", "broken", "no device (CUDA_VISIBLE_DEVICES='0')"),
        ("12.8", "", "note", "CUDA_VISIBLE_DEVICES hides cards: torch sees 0 of 1"),
        ("12.8", "-1", "note", "CUDA_VISIBLE_DEVICES hides cards: torch sees 0 of 1"),
    ],
)
def test_a_card_that_torch_does_not_see(
    smi: Path,
    monkeypatch: pytest.MonkeyPatch,
    cuda: str,
    variable: str | None,
    level: str,
    said: str,
) -> None:
    program(smi, f"print({SMI_REPORT!r})")
    if variable is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", variable)
    torch = Answer({"version": "2.15.0", "cuda": cuda, "rocm": None})
    devices = Answer({"devices": [], "reason": "no device"})
    finding = the(examine_cuda(torch, devices, LIMIT), "accelerator")
    assert finding.level == level
    assert said in finding.what


def test_a_card_that_nothing_drives(tmp_path: Path) -> None:
    """As Linux lists what is on the bus: a card, its sound, and a card of another maker."""
    listed = {"card": ("0x10de", "0x030000"), "sound": ("0x10de", "0x040300")}
    for name, (vendor, kind) in {**listed, "other": ("0x8086", "0x030000")}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(f"{vendor}\n", encoding="utf-8")
        (tmp_path / name / "class").write_text(f"{kind}\n", encoding="utf-8")
    assert driver.cards_on(tmp_path) == 1
    assert driver.cards_on(tmp_path / "not Linux") == 0
    assert no_accelerator(0).level == "ok"
    assert (no_accelerator(1).level, "no driver" in no_accelerator(1).what) == ("note", True)


def test_a_card_that_cannot_compute(smi: Path) -> None:
    program(smi, f"print({SMI_REPORT!r})")
    torch = Answer({"version": "2.15.0", "cuda": "12.8", "rocm": None})
    card = {"name": "cuda:0", "error": "CUDA error: no kernel image is available"}
    finding = the(examine_cuda(torch, Answer({"devices": [card]}), LIMIT), "accelerator")
    assert finding.level == "broken"
    assert "no kernel image" in finding.what


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"import sys; sys.exit({NO_DRIVER!r})", "exit 1: NVIDIA-SMI has failed because"),
        (f"print({NO_DRIVER!r}); raise SystemExit(9)", "exit 9 NVIDIA-SMI has failed because"),
        ("print('No devices')", "it prints no XML"),
        (HANG, "no answer within 0.5 s"),
    ],
)
def test_a_driver_that_does_not_answer(smi: Path, source: str, said: str) -> None:
    program(smi, source)
    found, (finding,) = driver.ask_driver(0.5 if source == HANG else LIMIT)
    assert found is None
    assert (finding.topic, finding.level) == ("driver", "broken")
    assert said in finding.what


# Kernels and versions


def test_no_kernel_at_all(tmp_path: Path, own_kernels: Path) -> None:
    where = environment(tmp_path / "env", without=["ipykernel"])
    *_, finding = at(examined(where, "kernels"), "kernel")
    assert finding.level == "broken"
    assert finding.mend.splitlines()[0] == "python -m pip install ipykernel"


def test_a_kernel_whose_interpreter_is_gone(tmp_path: Path, own_kernels: Path) -> None:
    write_kernel(own_kernels / "old", gone := str(tmp_path / "gone" / "bin" / "python"), "-m")
    (finding,) = [found for found in kernels.examine(LIMIT) if "old" in found.what]
    assert (finding.level, finding.what) == ("broken", f"old starts {gone}, which is not there")
    assert finding.mend.endswith(" -m jupyter kernelspec remove old")


def test_kernels_of_other_environments(tmp_path: Path, own_kernels: Path) -> None:
    other = environment(tmp_path / "other", without=["torch"])
    write_kernel(own_kernels / "other", str(other.python), "-m", "ipykernel_launcher")
    bare = empty_environment(tmp_path / "bare")
    write_kernel(own_kernels / "bare", str(bare.python), "-m", "ipykernel_launcher")
    found = {finding.what.split()[0]: finding for finding in kernels.examine(LIMIT)}
    assert found["python3"].level == "ok"
    assert found["other"].level == "note"
    assert "lacks torch" in found["other"].what
    assert found["bare"].level == "broken"
    assert "lacks ipykernel" in found["bare"].what


def test_versions_that_are_too_old(tmp_path: Path) -> None:
    (altair,) = (path.name for path in TESTED.glob("altair-*.dist-info"))
    where = environment(tmp_path / "env", without=[altair])
    set_version(where, "pandas", "2.1.0")
    set_version(where, "jupyterlab_widgets", "1.1.0")
    findings = examined(where, "requirements")
    finding = the(findings, "requirements")
    assert finding.level == "broken"
    assert "pandas>=2.2, here 2.1.0" in finding.what
    assert "altair>=5.5, here missing" in finding.what
    assert finding.mend == "python -m pip install --upgrade 'pandas>=2.2' 'altair>=5.5'"
    finding = the(findings, "widgets")
    assert finding.level == "broken"
    assert "here 1.1.0" in finding.what


def test_versions_that_are_none(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    set_version(where, "pandas", "newest")
    change_metadata(where, "altair", "Version: .*", "X-Version: lost")
    finding = the(examined(where, "requirements"), "requirements")
    assert "pandas>=2.2, here newest" in finding.what
    assert "altair>=5.5, here missing" in finding.what
    change_metadata(where, "torchvision", r"Requires-Dist: torch\b.*", "Requires-Dist: ==?")
    finding = the(examined(where, "requirements"), "requirements")
    assert (finding.level, "pip noted" in finding.why) == ("broken", True)
    assert "--force-reinstall torchvision ipywidgets" in finding.mend


def test_widgets_that_jupyterlab_cannot_show(tmp_path: Path) -> None:
    where = environment(tmp_path / "env")
    set_version(where, "ipywidgets", "7.7.1")
    finding = the(examined(where, "requirements"), "widgets")
    assert finding.level == "broken"
    assert "cannot show the widgets of ipywidgets 7.7.1" in finding.what


@pytest.mark.parametrize(
    ("version", "bits", "level"),
    [((3, 10), 64, "broken"), ((3, 11), 32, "broken"), ((3, 11), 64, "ok"), ((3, 14), 64, "ok")],
)
def test_pythons(version: tuple[int, int], bits: int, level: str) -> None:
    assert interpreter.judge(version, bits).level == level


# Data, disks, network


def test_the_published_sets_are_those_of_torchvision() -> None:
    found = {images.name: images for images in image_sets()}
    assert {name: images.title for name, images in found.items()} == {
        name: title for name, title in TITLES.items() if name != "digits"
    }
    for images in found.values():
        source = getattr(datasets, images.title)
        assert images.mirrors == tuple(source.mirrors)
        assert images.files == dict(source.resources)


def test_no_data_yet(empty_data_root: Path) -> None:
    folder, mnist, fashion = data_files.examine(LIMIT)
    assert (folder.level, mnist.level, fashion.level) == ("ok", "note", "note")
    assert f"MNIST: 0 of its 4 files are in {empty_data_root}" in mnist.what
    assert 'load_images("mnist")' in mnist.mend
    assert not empty_data_root.exists()


def test_mnist_whole_and_cut(mnist_folder: Path, empty_data_root: Path) -> None:
    copied = shutil.copytree(mnist_folder, empty_data_root / "MNIST" / "raw")
    assert data_files.examine(LIMIT)[1] == Finding("data", "ok", "MNIST is here, and whole")
    images = copied / "train-images-idx3-ubyte.gz"
    os.truncate(images, images.stat().st_size // 2)
    finding = data_files.examine(LIMIT)[1]
    assert finding.level == "broken"
    assert finding.what.startswith(f"{images} is damaged or cut")
    assert finding.mend == f"rm {images}"
    images.unlink()
    finding = data_files.examine(LIMIT)[1]
    assert (finding.level, finding.what.startswith("MNIST: 3 of its 4 files")) == ("note", True)


def test_a_corrupt_file(empty_data_root: Path) -> None:
    path = empty_data_root / "FashionMNIST" / "raw" / "t10k-labels-idx1-ubyte.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<html>please log in</html>")
    finding = data_files.examine(LIMIT)[-1]
    assert (finding.level, finding.mend) == ("broken", f"rm {path}")


def test_what_a_killed_download_left(server: Server, empty_data_root: Path) -> None:
    folder = empty_data_root / "MNIST" / "raw"
    mirror = server.mirror("slow", a_gz=Reply(bytes(100_000), missing=1000, hangs=True))
    script = (
        "from pathlib import Path\nfrom dlbook.data.download import download\n"
        f"download('a.gz', mirrors=[{mirror!r}], md5='', folder=Path({str(folder)!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        wait_until(lambda: folder.is_dir() and any(folder.iterdir()))
        process.kill()
    (left,) = folder.iterdir()
    finding = data_files.examine(LIMIT)[1]
    assert (finding.level, finding.what) == ("note", f"1 half-loaded file in {folder}")
    assert finding.mend == f"rm {left}"


@pytest.mark.parametrize("below", ["file", "file/folder"])
def test_a_data_root_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLBOOK_DATA", str(tmp_path / below))
    finding = data_files.examine(LIMIT)[0]
    assert finding.level == "broken"
    assert str(tmp_path / "file") in finding.what
    assert finding.mend.startswith("export DLBOOK_DATA=")
    assert {found.topic for found in space.examine(LIMIT)} == {"disk"}


@pytest.mark.parametrize(("free", "level"), [(5e9, "ok"), (5e8, "note"), (5e7, "broken")])
def test_disks(tmp_path: Path, free: float, level: str) -> None:
    assert space.judge("data", tmp_path, int(free)).level == level


def test_a_mirror_that_answers(proxy: Server) -> None:
    for images in image_sets():
        proxy.replies |= {mirror + next(iter(images.files)): Reply() for mirror in images.mirrors}
    findings = examine_mirrors(LIMIT)
    assert {finding.level for finding in findings} == {"ok"}
    assert findings[0].what.startswith("MNIST can be fetched from http://")


def test_mirrors_that_the_reader_names(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_MIRRORS", server.url)
    for images in image_sets():
        server.replies[f"/{images.title}/raw/{next(iter(images.files))}"] = Reply()
    findings = examine_mirrors(LIMIT)
    assert [finding.what.split(server.url)[1] for finding in findings] == [
        "MNIST/raw/",
        "FashionMNIST/raw/",
    ]
    monkeypatch.setenv("DLBOOK_MIRRORS", "ftp://host/")
    (finding,) = examine_mirrors(LIMIT)
    assert (finding.level, finding.mend) == ("broken", "unset DLBOOK_MIRRORS")
    assert "got 'ftp://host/'" in finding.what


def test_no_network_is_no_fault(no_network: None) -> None:
    (finding,) = examine_mirrors(LIMIT)
    assert finding.level == "note"
    assert "no mirror of MNIST or FashionMNIST answers" in finding.what
    assert "Connection refused" in finding.what
