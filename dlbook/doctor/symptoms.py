"""What the messages of failing imports mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dlbook.doctor.commands import FRESH_ENVIRONMENT, pip_install, reinstall, unset_variable
from dlbook.doctor.finding import Finding
from dlbook.doctor.processes import LONGEST_LINE

DISTRIBUTIONS = {"PIL": "pillow"}  # the name to install, where it is not the name to import
TORCH_PAIR = ("torch", "torchvision")


@dataclass(frozen=True)
class Symptom:
    """A message that is known.

    Attributes:
        pattern: how to recognize it.
        why: what it means; ``{}`` stands for the package.
        mend: makes the command from the package's name.
    """

    pattern: str
    why: str
    mend: Callable[[str], str]


def _installed_as(package: str) -> tuple[str, ...]:
    """What to install for a package: torch and torchvision always as a pair."""
    return TORCH_PAIR if package in TORCH_PAIR else (DISTRIBUTIONS.get(package, package),)


def _shown(package: str) -> str:
    return f"{DISTRIBUTIONS[package]} ({package})" if package in DISTRIBUTIONS else package


def _again(package: str) -> str:
    return reinstall(*_installed_as(package))


SYMPTOMS = (
    Symptom(
        r"operator torchvision::|custom C\+\+ ops|different CUDA",
        "This torchvision was built for another torch, so its compiled operators do not load. "
        "The two belong together: install both with one command.",
        lambda _: reinstall(*TORCH_PAIR),
    ),
    Symptom(
        r"DLL load failed|WinError",
        "Windows cannot load a library that {} needs. Most often the Microsoft Visual C++ "
        "Redistributable (x64) is missing; else the installation is damaged.",
        lambda package: "winget install Microsoft.VCRedist.2015+.x64\n" + _again(package),
    ),
    Symptom(
        r"_ARRAY_API|compiled using NumPy|numpy\.dtype size changed",
        "{} was compiled for another NumPy than the one that is here.",
        lambda package: reinstall("numpy", *_installed_as(package)),
    ),
    Symptom(
        r"libiomp5|KMP_DUPLICATE_LIB_OK",
        "Two copies of the OpenMP library are loaded, mostly one of conda and one of pip. "
        "Start with a fresh environment and install with pip alone.",
        lambda _: FRESH_ENVIRONMENT,
    ),
    Symptom(
        r"lib(cu|nv|nccl)\S*\.so",
        "A CUDA library is missing, or another one is found first. torch's wheels bring their "
        "own; LD_LIBRARY_PATH can put a wrong one in front of them.",
        lambda package: f"{unset_variable('LD_LIBRARY_PATH')}\n{_again(package)}",
    ),
    Symptom(
        r"undefined symbol|Symbol not found|cannot open shared object|built for another version"
        r"|cannot import name '_imaging'",
        "The compiled part of {} does not fit what is around it: its installation is damaged, or "
        "mixed from two versions.",
        _again,
    ),
    Symptom(
        r"partially initialized module|has no attribute",
        "This is not the real {}, or only a part of it: a file or folder of the same name hides "
        "it, or its installation is damaged. Rename the file if it is yours.",
        _again,
    ),
    Symptom(
        r"no answer within",
        "Importing {} hangs, so every chapter would. A slow disk or a virus scanner can be the "
        "cause: try once more, with --timeout 300. Else install it anew.",
        _again,
    ),
    Symptom(
        r"^crashed|^exit ",
        "Importing {} ends the whole process: a notebook would only say that its kernel died. "
        "Mostly libraries of different origin or version are mixed.",
        _again,
    ),
)
UNKNOWN = Symptom("", "Without {} the book does not run.", _again)


def import_failed(topic: str, package: str, failure: str) -> Finding:
    """The finding for an import of ``package`` that failed, with what its message means."""
    if missing := re.search(r"No module named '([^']+)'", failure):
        return _missing(topic, package, missing[1])
    symptom = next((known for known in SYMPTOMS if re.search(known.pattern, failure)), UNKNOWN)
    why = symptom.why.format(_shown(package))
    if origin := _origin(package):
        why += f" It was taken from {origin}."
    return Finding(topic, "broken", _what(package, failure), why, symptom.mend(package))


def _missing(topic: str, package: str, module: str) -> Finding:
    top = module.partition(".")[0]
    shown, mend = _shown(package), pip_install(*_installed_as(top))
    if module == package:
        what, why = f"{shown} is not installed", "The book's code needs it in this environment."
    elif top == package:
        what, why = f"{shown} lacks its part {module}", "Its installation is damaged."
        mend = _again(package)
    else:
        what = f"{shown} cannot be imported: it needs {_shown(top)}, which is not installed"
        why = f"{shown} itself may be whole."
    return Finding(topic, "broken", what, why, mend)


def _what(package: str, failure: str) -> str:
    first = next((line for line in failure.splitlines() if line.strip()), "no message")
    return f"importing {_shown(package)} fails: {first[:LONGEST_LINE]}"


def _origin(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin) if spec and spec.origin else None
