"""What is wrong with this machine: ``python -m dlbook doctor``.

It must run where the book does not. So it needs the standard library alone, and makes its checks
in processes of their own, which may crash or hang. Each finding says what is so, why it matters,
and the command that mends it. What messages mean stands in ``book/setup.md``; the doctor points
there.
"""

import importlib
import json
import os
import platform
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import distributions, requires
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

__all__ = ["Finding", "as_json", "as_text", "examine"]

Level = Literal["ok", "note", "broken"]
MARKS = {"ok": "[ok]", "note": "[note]", "broken": "[BROKEN]"}
LONGEST_LINE = 300  # characters of a message that are worth showing
ANSWER = "dlbook.doctor:"  # begins a line of a check's process; others come from what is imported

SETUP = "book/setup.md"
HOME = "HOME" if os.name == "posix" else "USERPROFILE"
# Which build of torch fits depends on system and driver; its makers keep the table.
CHOOSE_A_BUILD = "run the command that https://pytorch.org/get-started/locally/ shows for you"

# The packages with compiled parts, in the order in which they are imported.
IMPORTS = ("numpy", "pandas", "matplotlib", "scikit-learn", "pillow", "torch", "torchvision")
MODULES = {"scikit-learn": "sklearn", "pillow": "PIL.Image"}  # of those whose name differs
INSTALLED_AS = {"sklearn": "scikit-learn", "PIL": "pillow", "jupyter_client": "ipykernel"}
TORCH_PAIR = ("torch", "torchvision")  # they fit each other only as a pair

# What a failing import says: under which heading of book/setup.md it is explained.
SYMPTOMS = {
    r"operator torchvision::|different CUDA": "operator torchvision::nms does not exist",
    r"DLL load failed|WinError": "DLL load failed, WinError 126",
    r"numpy\.dtype size|compiled using NumPy|_ARRAY_API": "numpy.dtype size changed",
    r"libiomp5|KMP_DUPLICATE_LIB_OK": "KMP_DUPLICATE_LIB_OK",
    r"_imaging": "No module named 'PIL', or cannot import name '_imaging'",
    r"undefined symbol|Symbol not found|shared object": "cannot open shared object file",
    r"partially initialized|has no attribute": "module 'torch' has no attribute …",
    r"^crashed|^exit|^no answer": "The kernel dies, or an import never ends",
}
# Whose requirements must be met, and what it means where they are not.
UNMET: dict[str, tuple[Level, str]] = {
    "dlbook": ("broken", "The book's code uses what these versions brought."),
    "torchvision": ("note", "Each is built for one torch. With another it may fail later."),
    "ipywidgets": ("broken", "Instead of sliders you would read 'Error displaying widget'."),
}

# Run by a kernel's Python, which may be older than ours. A kernel starts in the folder of the
# notebook, so what lies in the current folder must not count.
LOOK = """
import importlib.util, sys
sys.path = [folder for folder in sys.path if folder]
needed = "ipykernel", "torch", "dlbook"
print("missing:", *[name for name in needed if importlib.util.find_spec(name) is None])
"""


@dataclass(frozen=True)
class Finding:
    """One thing that is so on this machine.

    Attributes:
        topic: what was examined, such as ``"torch"``; the same word in every release.
        level: ``"ok"``; ``"note"`` for what is good to know, though the book works; ``"broken"``.
        what: what is so.
        why: why it matters; empty where nothing is to be done.
        mend: the command that mends it, one per line, or what to do where no command can.
    """

    topic: str
    level: Level
    what: str
    why: str = ""
    mend: str = ""


Check = Callable[[float], Iterator[Finding]]  # its argument: the seconds that its process gets


# Checks are made in processes of their own


def examine(limit: float) -> list[Finding]:
    """Examine this machine, and the Python environment that this runs in.

    Args:
        limit: seconds after which a process that makes checks is ended; they run side by side.

    Returns:
        What was found, in the same order each time.
    """
    with ThreadPoolExecutor(len(PROCESSES)) as pool:
        results = pool.map(lambda checks: ask(list(checks), limit), PROCESSES)
        return [finding for findings in results for finding in findings]


def ask(names: Sequence[str], limit: float) -> list[Finding]:
    """Make checks in one fresh process. Where it crashes or hangs, the later ones are not made."""
    code = "import sys; from dlbook import doctor; doctor.answer(*sys.argv[1:])"
    out, failure = run([sys.executable, "-c", code, str(limit), *names], limit)
    lines = [line.removeprefix(ANSWER) for line in out.splitlines() if line.startswith(ANSWER)]
    answers = [json.loads(line) for line in lines]
    findings = [Finding(**answer) for answer in answers if answer]
    unfinished = names[answers.count(None) :]
    findings += [failed(name, failure or "it ended early") for name in unfinished[:1]]
    not_made = "not examined, for a check before it did not end well"
    return findings + [Finding(name, "note", not_made) for name in unfinished[1:]]


def answer(limit: str, *names: str) -> None:
    """Make checks in this process: print each finding at once, and null after each check."""
    checks = {name: check for process in PROCESSES for name, check in process.items()}
    for name in names:
        try:
            for finding in checks[name](float(limit)):
                _print(asdict(finding))
        except (Exception, SystemExit) as error:
            _print(asdict(failed(name, f"{type(error).__name__}: {error}")))
        _print(None)


def _print(found: dict[str, str] | None) -> None:
    sys.stdout.write(f"\n{ANSWER}{json.dumps(found)}\n")
    sys.stdout.flush()


def run(command: Sequence[str], limit: float) -> tuple[str, str]:
    """Run a program: what it wrote to stdout, and how it failed, which is empty if it did not."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired as expired:
        return (expired.stdout or b"").decode("utf-8", "replace"), f"no answer within {limit:g} s"
    except (OSError, ValueError) as error:  # ValueError: a text that no process can be given
        return "", f"not started: {error}"
    code = done.returncode
    how = f"crashed ({signal.strsignal(-code)})" if code < 0 else f"exit {code}"
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:LONGEST_LINE]
    return done.stdout.decode("utf-8", "replace"), f"{how}: {last}" if code else ""


def failed(name: str, failure: str) -> Finding:
    """The finding for a check that raised, crashed or hung: what its message means."""
    if missing := re.search(r"No module named '(\w+)'", failure):
        package = INSTALLED_AS.get(missing[1], missing[1])
        what, why = f"{package} is not installed", "The book's code needs it in this environment."
        return Finding(name, "broken", what, why, pip_install(*_pair(package)))
    message = _first_line(failure)
    if name not in IMPORTS:
        why = "What it looks at may be broken, or the doctor itself is."
        mend = f"look for the message in {SETUP}; report it if it is not there"
        return Finding(name, "broken", f"this check failed: {message}", why, mend)
    headings = [text for pattern, text in SYMPTOMS.items() if re.search(pattern, failure)]
    mend = "\n".join([f'read "{text}" in {SETUP}' for text in headings[:1]] + [reinstall(name)])
    why = "Without it the book does not run."
    spec = find_spec(_module(name).partition(".")[0])
    if spec and spec.origin:
        why += f" It was taken from {spec.origin}."
    return Finding(name, "broken", f"importing {name} fails: {message}", why, mend)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:LONGEST_LINE]


# Python, packages


def check_python(_: float, bits: int = 8 * struct.calcsize("P")) -> Iterator[Finding]:
    """Whether there is a torch for this Python; and where it lies, for pip installs there."""
    what = f"{platform.python_version()}, {bits}-bit, in {sys.prefix}"
    if bits == 64:
        yield Finding("python", "ok", what)
    else:
        why = "There is no torch for a 32-bit Python, whatever the machine is."
        mend = "conda create --name dlbook python=3.11 pip"
        yield Finding("python", "broken", what, why, mend)


def check_home(_: float) -> Iterator[Finding]:
    """Whether the user has a home folder: in a container there can be none."""
    if os.path.expanduser("~").startswith("~"):  # noqa: PTH111  it never raises
        what = f"this user has no home folder: {HOME} is not set, and the system knows none"
        why = "Jupyter needs one, and data sets go where temporary files go. Name any folder."
        yield Finding("home", "broken", what, why, set_variable(HOME, home()))


def check_requirements(_: float) -> Iterator[Finding]:
    """Whether the versions fit: of what dlbook needs, of torchvision's torch, of the widgets."""
    if _version_of("dlbook"):
        yield Finding("requirements", "ok", f"dlbook {_version_of('dlbook')} is installed")
    else:
        what = "dlbook is not installed; it runs from the current folder"
        why = "Notebooks run in a folder of their own and will not find it."
        yield Finding("requirements", "note", what, why, pip_install("--editable", "."))
    for name, (level, why) in UNMET.items():
        if unmet := list(_unmet(name)):
            here = (f"{one}, here {_version_of(one.name) or 'missing'}" for one in unmet)
            # Two packages that must fit each other do so in their newest versions.
            new = map(str, unmet) if name == "dlbook" else (name, *(one.name for one in unmet))
            mend = pip_install("--upgrade", *new)
            yield Finding("requirements", level, f"{name} asks for {'; '.join(here)}", why, mend)


def _unmet(distribution: str) -> Iterator[Any]:
    """The requirements of an installed distribution that are not met."""
    from packaging.requirements import Requirement

    lines = requires(distribution) if _version_of(distribution) else None
    for one in map(Requirement, lines or []):
        here = _version_of(one.name)
        needed = not one.marker or one.marker.evaluate({"extra": ""})
        if needed and not (here and one.specifier.contains(here, prereleases=True)):
            yield one


def _version_of(distribution: str) -> str:
    """Its version; an empty text if it is not installed."""
    return next((found.version for found in distributions(name=distribution)), "")


def check_import(name: str, _: float) -> Iterator[Finding]:
    """Whether a package can be imported, and is what it should be."""
    importlib.import_module(_module(name))
    module = sys.modules[_module(name).partition(".")[0]]
    found: str = module.__version__
    if name == "torch" and (built := module.version.cuda or module.version.hip):
        found += f", built for {'CUDA' if module.version.cuda else 'ROCm'} {built}"
    yield Finding(name, "ok", found)


def _module(name: str) -> str:
    return MODULES.get(name, name)


# The accelerator


@dataclass(frozen=True)
class Driver:
    """The driver of NVIDIA's cards, as nvidia-smi reports it.

    Attributes:
        says: its version and the next, such as ``"driver 550.54.15 serves CUDA up to 12.4"``.
        cuda: the newest CUDA that it serves, such as ``"12.4"``.
        cards: the names of the cards.
    """

    says: str
    cuda: str
    cards: tuple[str, ...]


def check_accelerator(limit: float) -> Iterator[Finding]:
    """Whether torch computes on the cards that the driver knows."""
    torch: Any = sys.modules.get("torch")
    if not hasattr(torch, "accelerator"):  # the finding on torch says why
        return
    driver, failure = ask_driver(limit / 2)
    if failure:
        why = "After an update of the system it needs a restart; else install the driver anew."
        yield Finding("driver", "broken", f"nvidia-smi fails: {failure}", why, "restart")
    kind = torch.accelerator.current_accelerator(check_available=True)
    count = torch.accelerator.device_count() if kind else 0
    devices = [f"{kind.type}:{index}" for index in range(count)] if kind else []
    if devices:
        yield using(devices)
    elif driver and driver.cards:
        visible = os.environ.get("CUDA_VISIBLE_DEVICES")
        yield unseen(driver, torch.version.cuda, visible, using(["cuda"]).what)
    else:
        yield Finding("accelerator", "ok", "none: the book computes on the CPU, which it can")


def ask_driver(limit: float) -> tuple[Driver | None, str]:
    """The driver, if nvidia-smi is there and answers; else how it fails."""
    path = shutil.which("nvidia-smi")
    if path is None:
        return None, ""
    out, failure = run([path, "-q", "-x"], limit)
    version = re.search("<driver_version>(.+?)</driver_version>", out)
    cuda = re.search(r"<cuda_version>(\d+\.\d+)</cuda_version>", out)
    if failure or not (version and cuda):
        return None, f"{failure or 'it names no driver'} {_first_line(out)}"
    cards = re.findall("<product_name>(.+?)</product_name>", out)
    return Driver(f"driver {version[1]} serves CUDA up to {cuda[1]}", cuda[1], tuple(cards)), ""


def using(devices: Sequence[str]) -> Finding:
    """Whether each device can multiply two matrices; the first one that cannot is named."""
    import torch

    for device in devices:
        try:
            ones = torch.ones(64, 64, device=device)
            (ones @ ones).sum().item()
        except (RuntimeError, AssertionError) as error:  # AssertionError: a build without CUDA
            what = f"{device} cannot compute: {_first_line(str(error))}"
            why = "This build of torch does not serve the card, or another program holds it."
            return Finding("accelerator", "broken", what, why, CHOOSE_A_BUILD)
    return Finding("accelerator", "ok", f"{', '.join(devices)}; each of them computes")


def unseen(driver: Driver, cuda: str | None, visible: str | None, reason: str) -> Finding:
    """Why torch sees no card where the driver does.

    Args:
        driver: what nvidia-smi says.
        cuda: the version that torch is built for, if it is.
        visible: the value of ``CUDA_VISIBLE_DEVICES``, if it is set.
        reason: what torch says.
    """
    cards = ", ".join(driver.cards)
    why = f"The card stays idle. The {driver.says}, and not a newer main version."
    if cuda is None:
        what = f"torch is a build for the CPU alone; here is: {cards}"
    elif visible is not None and not re.match(r"\s*\w", visible):  # as "" and "-1"
        what, why = (
            f"CUDA_VISIBLE_DEVICES={visible!r} hides: {cards}",
            "The book computes on the CPU.",
        )
        return Finding("accelerator", "note", what, why, "unset it before Python starts")
    elif int(driver.cuda.partition(".")[0]) < int(cuda.partition(".")[0]):
        what = f"the driver is too old for this torch, which is built for CUDA {cuda}"
        why += " Update it, or install a torch for its CUDA; a toolkit does not help."
    else:
        what = f"torch sees none of: {cards}. {reason}"
    return Finding("accelerator", "broken", what, why, CHOOSE_A_BUILD)


# Data


def check_data(_: float) -> Iterator[Finding]:
    """Whether data can be stored, and the image sets that are here are whole."""
    from dlbook.data_root import ENVIRONMENT_VARIABLE, data_root

    try:
        root = data_root()
        place = next(path for path in (root, *root.absolute().parents) if path.exists())
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        what = f"data cannot be stored: {error}"
        why = "Data sets cannot be stored there, nor which exercises you have solved."
        mend = set_variable(ENVIRONMENT_VARIABLE, f"{home()}/dlbook-data")
        yield Finding("data", "broken", what, why, mend)
        return
    yield Finding("data", "ok", f"{root}{'' if place == root else ', made when first needed'}")
    if hasattr(sys.modules.get("torchvision"), "datasets"):
        from torchvision.datasets import MNIST, FashionMNIST

        yield from (_image_set(source, root) for source in (MNIST, FashionMNIST))
    for folder in (place, Path(tempfile.gettempdir())):
        yield room(folder, shutil.disk_usage(folder).free)


def _image_set(source: Any, root: Path) -> Finding:
    """Whether a set's files, packed or unpacked, are here and whole."""
    from dlbook.checksum import md5_of

    folder = root / source.__name__ / "raw"
    files = {folder / name: md5 for name, md5 in source.resources}
    packed = {path: md5 for path, md5 in files.items() if not path.with_suffix("").is_file()}
    here = [path for path in packed if path.is_file()]
    damaged = [path for path in here if md5_of(path) != packed[path]]
    if not packed and not _can_be_read(source, root):
        damaged = [path.with_suffix("") for path in files]
    if damaged:
        what = f"{source.__name__} in {folder} is damaged or cut"
        why = "Chapters that load it stop. What is deleted is fetched or unpacked again."
        mend = "\n".join(shell("rm", str(path)) for path in damaged)
        return Finding("data", "broken", what, why, mend)
    if len(here) < len(packed):
        what = f"{source.__name__}: {len(packed) - len(here)} of its files are not in {folder}"
        why = "A chapter fetches them, or computes with a smaller set and says so."
        mend = f'let it; without a network read "When the network is slow" in {SETUP}'
        return Finding("data", "note", what, why, mend)
    return Finding("data", "ok", f"{source.__name__} is here, and whole")


def _can_be_read(source: Any, root: Path) -> bool:
    try:
        return all(source(root, train=train) for train in (True, False))
    except (AssertionError, KeyError, RuntimeError, TypeError, ValueError):
        return False


def room(folder: Path, free: int) -> Finding:
    """The finding for ``free`` bytes on the disk of a folder."""
    what = f"{free / 1e9:,.1f} GB free in {folder}"
    if free >= 200e6:  # both image sets, packed and unpacked, have 152 million bytes
        return Finding("disk", "ok", what)
    why = "Downloads and kernels fail on a full disk. pip's cache alone can hold gigabytes."
    return Finding("disk", "broken", what, why, shell(python(), "-m", "pip", "cache", "purge"))


# Kernels


def check_kernel(limit: float) -> Iterator[Finding]:
    """Whether one of Jupyter's kernels starts an environment that holds the book's code."""
    os.environ[HOME] = home()  # Jupyter needs one; the finding on it says if there is none
    from jupyter_client.kernelspec import KernelSpecManager

    specs = [(name, found["spec"]) for name, found in KernelSpecManager().get_all_specs().items()]
    starts = [
        (name, str(*spec["argv"][:1])) for name, spec in specs if spec["language"] == "python"
    ]
    with ThreadPoolExecutor() as pool:
        findings = list(pool.map(lambda each: _kernel(each[0], each[1], limit / 2), sorted(starts)))
    yield from findings
    if not any(finding.level == "ok" for finding in findings):
        why = "Without a kernel no notebook runs. Make one of this environment."
        mend = f"{pip_install('ipykernel')}\n{_register()}"
        yield Finding("kernel", "broken", "no kernel has the book's code", why, mend)


def _kernel(name: str, program: str, limit: float) -> Finding:
    """Whether the program that a kernel starts is a Python with all that a chapter needs."""
    if re.fullmatch(r"python(\d+(\.\d+)?)?(\.exe)?", program):
        program = sys.executable  # which Jupyter puts in the place of a bare name
    if program and not Path(program).name.lower().startswith("python"):
        return Finding("kernel", "ok", f"{name} starts {program}; not examined further")
    out, failure = run([program, "-c", LOOK], limit)
    said = re.search(r"^missing:(.*)$", out, re.MULTILINE)
    if failure or said is None:
        what = f"{name} starts {program}: {failure or 'it answers with other words'}"
        why = "Its environment was removed or moved. Jupyter still offers it, and it cannot start."
        mend = shell(python(), "-m", "jupyter", "kernelspec", "remove", name)
        return Finding("kernel", "broken", what, why, mend)
    missing = said[1].split()
    if not missing:
        return Finding("kernel", "ok", f"{name} starts {program}")
    what = f"{name} starts {program}, which lacks {' and '.join(missing)}"
    if "ipykernel" in missing:
        why = "Without ipykernel a kernel dies as soon as it is started."
        mend = shell(program, "-m", "pip", "install", "ipykernel")
        return Finding("kernel", "broken", what, why, mend)
    why = "The chapters fail there. Choose another kernel for them, in Jupyter's menu Kernel."
    return Finding("kernel", "note", what, why, _register())


def _register() -> str:
    return shell(python(), "-m", "ipykernel", "install", "--user", "--name", "dlbook")


# All checks: those of one process, one after the other

PROCESSES: tuple[dict[str, Check], ...] = (
    {"python": check_python, "home": check_home, "requirements": check_requirements},
    {name: partial(check_import, name) for name in IMPORTS}
    | {"accelerator": check_accelerator, "data": check_data},
    {"kernel": check_kernel},
)


# Commands that findings recommend, for the Python that the doctor runs in


def shell(*words: str) -> str:
    """The words as one line to paste into a shell: sh, or PowerShell on Windows."""
    return shlex.join(words) if os.name == "posix" else subprocess.list2cmdline(words)


def python() -> str:
    """The word that starts this very Python: ``python`` if the shell finds it by that."""
    return "python" if shutil.which("python") == sys.executable else sys.executable


def pip_install(*arguments: str) -> str:
    """Install into this environment."""
    return shell(python(), "-m", "pip", "install", *arguments)


def reinstall(package: str) -> str:
    """Install a package anew, whatever of it is there."""
    return pip_install("--upgrade", "--force-reinstall", *_pair(package))


def _pair(package: str) -> tuple[str, ...]:
    return TORCH_PAIR if package in TORCH_PAIR else (package,)


def set_variable(name: str, value: str) -> str:
    """Set an environment variable for what the shell starts from now on."""
    posix = os.name == "posix"
    return shell("export", f"{name}={value}") if posix else f"$env:{name} = '{value}'"


def home() -> str:
    """The home folder; where there is none, the folder for temporary files."""
    folder = os.path.expanduser("~")  # noqa: PTH111  it never raises
    return tempfile.gettempdir() if folder.startswith("~") else folder


# The report


def as_json(findings: Iterable[Finding]) -> str:
    """A list of objects with the keys topic, level, what, why and mend."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def as_text(findings: Sequence[Finding]) -> str:
    """At most 80 columns, except for commands and paths: those must be copied whole."""
    broken = [finding.level for finding in findings].count("broken")
    last = f"{broken} broken. Mend the first one first, then run this again."
    return "\n".join([*map(_paragraph, findings), "", last if broken else "Nothing is broken."])


def _paragraph(finding: Finding) -> str:
    indent = " " * 9  # the longest mark and a space
    mark = MARKS[finding.level].ljust(len(indent))
    text = textwrap.TextWrapper(80, mark, indent, break_long_words=False, break_on_hyphens=False)
    lines = text.wrap(f"{finding.topic}: {finding.what}")
    text.initial_indent = indent
    lines += text.wrap(finding.why)
    return "\n".join(lines + [f"{indent}-> {command}" for command in finding.mend.splitlines()])
