"""The driver of NVIDIA's cards, as nvidia-smi reports it."""

import shutil
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from dlbook.doctor.finding import Finding
from dlbook.doctor.processes import LONGEST_LINE, run

BUS = Path("/sys/bus/pci/devices")  # where Linux lists what is in the machine, driver or not
NVIDIA, DISPLAY = "0x10de", "0x03"  # the maker, and how the class of a graphics card begins


@dataclass(frozen=True)
class Driver:
    """What nvidia-smi reports.

    Attributes:
        version: of the driver, such as ``"550.54.15"``.
        cuda: the newest CUDA that it can serve, such as ``"12.4"``.
        cards: the names of the graphics cards.
    """

    version: str
    cuda: str
    cards: tuple[str, ...]

    def __str__(self) -> str:
        return f"driver {self.version} serves CUDA up to {self.cuda}"


def ask_driver(limit: float) -> tuple[Driver | None, list[Finding]]:
    """The driver, where nvidia-smi is there and answers; a finding where it fails."""
    path = shutil.which("nvidia-smi")
    if path is None:
        return None, []
    finished = run([path, "-q", "-x"], limit)
    if finished.status != 0:
        said = finished.out.strip().partition("\n")[0][:LONGEST_LINE]
        return None, [_silent(f"{finished.failure} {said}".strip())]
    try:
        return read_driver(finished.out), []
    except ET.ParseError as error:
        return None, [_silent(f"it prints no XML, {error}")]


def read_driver(report: str) -> Driver:
    """Read what ``nvidia-smi -q -x`` prints.

    Raises:
        xml.etree.ElementTree.ParseError: it is no XML.
    """
    root = ET.fromstring(report)
    return Driver(
        root.findtext("driver_version", "unknown"),
        root.findtext("cuda_version", "unknown"),
        tuple(gpu.findtext("product_name", "a card") for gpu in root.findall("gpu")),
    )


def cards_on(bus: Path) -> int:
    """How many graphics cards of NVIDIA are in a machine, even if nothing drives them."""
    return sum(
        (device / "vendor").read_text().strip() == NVIDIA
        and (device / "class").read_text().startswith(DISPLAY)
        for device in (bus.iterdir() if bus.is_dir() else ())
    )


def _silent(failure: str) -> Finding:
    why = (
        "nvidia-smi is here, but the driver does not answer. After an update of the system the "
        "machine has to be started again; else install the driver anew."
    )
    return Finding("driver", "broken", f"nvidia-smi fails: {failure}", why, "restart the machine")
