"""The accelerator: card, driver, and the CUDA that torch was built for.

Three versions of CUDA can be on a machine. torch's wheel brings its own libraries. The driver
says up to which CUDA it can serve. A toolkit (nvcc) is for those who compile; torch's wheels do
not use it.
"""

import os
import re
import shutil
from itertools import takewhile
from typing import Any

from dlbook.doctor.asking import Answer
from dlbook.doctor.commands import CHOOSE_A_BUILD, unset_variable
from dlbook.doctor.driver import BUS, Driver, ask_driver, cards_on
from dlbook.doctor.finding import Finding
from dlbook.doctor.processes import run

HIDING = "CUDA_VISIBLE_DEVICES"
SIDE = 64  # of the matrices that every card multiplies


def device_facts() -> dict[str, Any]:
    """Each accelerator with the error of a small product on it; why CUDA does not start."""
    import torch

    reason = ""
    if torch.version.cuda and not torch.cuda.is_available():
        try:
            torch.cuda.init()
        except (RuntimeError, AssertionError) as error:
            reason = str(error)
    kind = torch.accelerator.current_accelerator(check_available=True)
    count = torch.accelerator.device_count() if kind else 0
    devices = [_multiplied(f"{kind.type}:{index}") for index in range(count)] if kind else []
    return {"devices": devices, "reason": reason}


def _multiplied(device: str) -> dict[str, str]:
    """Multiply two matrices of ones on the device: each entry of the product is their side."""
    import torch

    error = ""
    try:
        ones = torch.ones(SIDE, SIDE, device=device)
        if not (ones @ ones == SIDE).all().item():
            error = "it computed a wrong product"
    except RuntimeError as raised:
        error = str(raised)
    return {"name": device, "error": error.partition("\n")[0]}


def examine(torch: Answer, devices: Answer, limit: float) -> list[Finding]:
    """Compare what torch was built for, what it sees, and what the driver says."""
    driver, findings = ask_driver(limit)
    if not torch.failure:
        findings.append(_judge(torch.value, devices, driver))
    return findings + _toolkit(limit)


def _judge(torch: dict[str, Any], devices: Answer, driver: Driver | None) -> Finding:
    if devices.failure:
        return _failed(f"asking torch for accelerators fails: {devices.failure}", driver)
    seen: list[dict[str, str]] = devices.value["devices"]
    if errors := [device for device in seen if device["error"]]:
        return _failed("{name} cannot compute: {error}".format(**errors[0]), driver)
    if driver and driver.cards and len(seen) < len(driver.cards):
        return _unseen_cards(torch, len(seen), devices.value["reason"], driver)
    if not seen:
        return no_accelerator(cards_on(BUS))
    names = ", ".join(device["name"] for device in seen)
    return Finding("accelerator", "ok", f"{names}; a product on each is right{_also(driver)}")


def no_accelerator(cards: int) -> Finding:
    """The finding where torch sees nothing, and nvidia-smi is not there or lists no card."""
    if not cards:
        return Finding("accelerator", "ok", "none: the book computes on the CPU, which it can")
    what = "a graphics card of NVIDIA is in this machine, but no driver serves it"
    why = (
        "The book computes on the CPU, which it can. With a driver, the card computes, too; in a "
        "container or virtual machine, its host must hand the card on."
    )
    mend = "install the driver that https://www.nvidia.com/drivers shows for the card"
    return Finding("accelerator", "note", what, why, mend)


def _unseen_cards(torch: dict[str, Any], seen: int, reason: str, driver: Driver) -> Finding:
    """Why torch sees fewer cards than the driver: a build without CUDA, a variable, the driver."""
    cards = ", ".join(driver.cards)
    if not torch["cuda"] and not torch["rocm"]:
        what = f"torch {torch['version']} is a build for the CPU alone; here is: {cards}"
        why = f"The card stays idle. The {driver}."
        return Finding("accelerator", "broken", what, why, CHOOSE_A_BUILD)
    if seen == _visible(len(driver.cards)):
        what = f"{HIDING} hides cards: torch sees {seen} of {len(driver.cards)}"
        why = "If you did not mean that, unset it before Python or Jupyter starts."
        return Finding("accelerator", "note", what, why, unset_variable(HIDING))
    if _too_old(driver.cuda, torch["cuda"] or ""):
        what = f"the {driver}, but torch is built for CUDA {torch['cuda']}"
        why = (
            "A driver serves its own CUDA and older ones, not one of a newer main version. Update "
            "it, or install a torch built for its CUDA. Installing a toolkit does not help."
        )
        return Finding("accelerator", "broken", what, why, CHOOSE_A_BUILD)
    if HIDING in os.environ:
        reason += f" ({HIDING}={os.environ[HIDING]!r})"
    return _failed(f"torch sees {seen} of {len(driver.cards)} cards. {reason}", driver)


def _failed(what: str, driver: Driver | None) -> Finding:
    why = "The card cannot be used, or not by this build of torch" + _also(driver) + "."
    return Finding("accelerator", "broken", what, why, CHOOSE_A_BUILD)


def _toolkit(limit: float) -> list[Finding]:
    """The CUDA toolkit, where there is one."""
    path = shutil.which("nvcc")
    release = re.search(r"release ([\d.]+)", run([path, "--version"], limit).out) if path else None
    if release is None:
        return []
    return [Finding("toolkit", "ok", f"CUDA toolkit {release[1]}; torch's wheels do not use it")]


def _also(driver: Driver | None) -> str:
    return f"; {driver}" if driver else ""


def _visible(cards: int) -> int | None:
    """How many cards ``CUDA_VISIBLE_DEVICES`` leaves; ``None`` where it is not set.

    As CUDA reads it, the list ends at the first entry that names no card, such as ``-1``.
    """
    if HIDING not in os.environ:
        return None
    entries = (entry.strip() for entry in os.environ[HIDING].split(","))
    named = takewhile(lambda entry: entry and not entry.startswith("-"), entries)
    return min(cards, len(list(named)))


def _too_old(served: str, built: str) -> bool:
    """Whether the driver's CUDA is of an older main version than the wheel's."""
    new, wanted = re.match(r"\d+", served), re.match(r"\d+", built)
    return new is not None and wanted is not None and int(new[0]) < int(wanted[0])
