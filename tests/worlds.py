"""Run the chapters in other worlds, and say in which of them a sentence is not true.

A world has kernels of torch, image sets, a number of threads and, where seeds are moved, an offset.
Under moved seeds outputs differ, so that the asserts alone are looked at. What passed is not run
again in its world while the chapter, dlbook, the pins and the data are the same.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from exempt_cells import printing

from dlbook.data_root import data_root

ROOT = Path(__file__).parents[1]
MOVER = ROOT / "tests" / "moved_seeds.py"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STAMPS = ROOT / "_build" / "worlds"
LINKS = STAMPS / "data"
KERNELS: dict[str, dict[str, str]] = {
    "native": {},
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    },
    "sse": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    },
}
# The image sets that a world has; without any, dlbook takes scikit-learn's digits.
DATA = {"digits": (), "mnist": ("MNIST",), "fashion": ("MNIST", "FashionMNIST")}
NO_NETWORK = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}
ONE_DRAW = "one-draw"  # the tag of a cell whose assert is true for its seed alone
OFFSETS_FOR_A_FALL = 20  # of so many offsets, one may break an assert
PYTEST = ("-m", "pytest", "-q", "--nbval-current-env", "--nbval-cell-timeout=300", "--color=no")
MOVING = "import moved_seeds; moved_seeds.move({offset}, {calls!r})\n"


@dataclass(frozen=True)
class World:
    """The circumstances in which chapters run: variables, data, and the offset of all seeds."""

    name: str
    compares: bool = True
    variables: Mapping[str, str] = field(default_factory=dict, compare=False)
    data: str = ""
    threads: int = 1
    offset: int = 0

    def has(self, notebook: Path) -> bool:
        """Whether a chapter runs here: Fashion-MNIST concerns those that name it."""
        return self.data != "fashion" or "fashion_mnist" in notebook.read_text("utf-8")


def world(kernels: str, data: str, threads: int, offset: int = 0) -> World:
    """A world without a network, whose image sets are links to those that are here."""
    name = f"{f'seeds+{offset} ' if offset else ''}{kernels} {data} {threads}"
    circumstances = {
        "DLBOOK_DATA": str(LINKS / data),
        "OMP_NUM_THREADS": str(threads),
        "PYTHONHASHSEED": str(zlib.crc32(name.encode())),
    }
    variables = KERNELS[kernels] | NO_NETWORK | circumstances
    return World(name, not offset, variables, data, threads, offset)


HERE = World("here")
ASSERTS = World("asserts", compares=False)  # for systems on which last digits differ
FASHION = world("native", "fashion", 1)
# Each pair of kernels, data and threads meets.
PAIRS = [
    *(world("native", data, threads) for data in ("digits", "mnist") for threads in (1, 2)),
    world("sse", "digits", 2),
    world("avx2", "mnist", 1),
    FASHION,
]
TWELVE = [*(world(*parts) for parts in product(KERNELS, ("digits", "mnist"), (1, 2))), FASHION]


@dataclass(frozen=True)
class Outcome:
    """What came of a chapter in a world."""

    ran: int
    compared: int
    moved: int
    fallen: dict[str, str]  # the id of each cell that failed, and what it said

    def __str__(self) -> str:
        """Such as ``61/54, 12 moved: check-fit``."""
        moved = f", {self.moved} moved" if self.moved else ""
        return (
            f"{self.ran}/{self.compared}{moved}" + ": " * bool(self.fallen) + " ".join(self.fallen)
        )


def chapter(notebook: Path) -> str:
    """The number of a chapter, or the name of another notebook."""
    return notebook.stem.partition("_")[0]


def link_data(kind: str) -> None:
    """Give a kind of data its folder.

    Raises:
        FileNotFoundError: an image set is not here.
    """
    (LINKS / kind).mkdir(parents=True, exist_ok=True)
    for image_set in DATA[kind]:
        source = data_root() / image_set
        if not list(source.glob("raw/*-ubyte*")):
            raise FileNotFoundError(
                f"{data_root()} holds no {image_set}: run make data, or set DLBOOK_DATA"
            )
        link = LINKS / kind / image_set
        link.unlink(missing_ok=True)
        link.symlink_to(source.resolve(), target_is_directory=True)


def state(place: World) -> Path:
    """The folder for what passed in a world, named by all that its outputs depend on."""
    command = [sys.executable, str(ROOT / "book" / "_ext" / "textbook" / "running" / "cache.py")]
    environment = os.environ | place.variables
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return STAMPS / place.name.replace(" ", "-") / said.stdout.strip()


def outcome(place: World, notebook: Path, stamps: Path) -> Outcome:
    """Run a chapter, or read what came of it where it has passed."""
    mover = MOVER.read_bytes() if place.offset else b""
    digest = hashlib.sha256(notebook.read_bytes() + mover).hexdigest()[:16]
    stamp = stamps / f"{notebook.stem}-{digest}.json"
    if stamp.exists():
        return Outcome(**json.loads(stamp.read_text("utf-8")))
    found = run(place, notebook)
    print(f"{place.name}, {notebook.stem}: {found}", flush=True)  # noqa: T201
    if not found.fallen:
        stamps.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(asdict(found)), "utf-8")
    return found


def run(place: World, notebook: Path) -> Outcome:
    """Run a chapter under nbval.

    Raises:
        RuntimeError: nbval itself failed; the message is what it said.
    """
    with tempfile.TemporaryDirectory() as made:
        report, calls = Path(made, "report.xml"), Path(made, "calls")
        calls.touch()
        environment = os.environ | place.variables
        if place.offset:
            environment |= _moving(Path(made, "ipython"), place.offset, calls)
        compare = "--nbval" if place.compares else "--nbval-lax"
        command = [sys.executable, *PYTEST, compare, f"--junitxml={report}", str(notebook)]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode > 1:
            raise RuntimeError(f"{place.name}, {notebook.name}: {done.stdout}{done.stderr}")
        fallen, ran = _read(report, notebook, drawn=bool(place.offset))
        compared = sum(cell.compared for cell in printing(notebook)) if place.compares else 0
        return Outcome(ran, compared, calls.stat().st_size, fallen)


def _moving(profiles: Path, offset: int, calls: Path) -> dict[str, str]:
    """What has each kernel move the seeds before its first cell."""
    startup = profiles / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "move.py").write_text(MOVING.format(offset=offset, calls=str(calls)), "utf-8")
    found = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    return {"IPYTHONDIR": str(profiles), "PYTHONPATH": found}


def _read(report: Path, notebook: Path, *, drawn: bool) -> tuple[dict[str, str], int]:
    """The cells that failed with what they said, and how many ran.

    Where seeds are drawn anew, cells that are true for one draw alone are left out.
    """
    cells = nbformat.read(notebook, as_version=nbformat.NO_CONVERT).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    cases = list(ElementTree.parse(report).iter("testcase"))
    fallen = {}
    for case in cases:
        cell = code[int(case.attrib["name"].rpartition(" ")[2])]
        failures = [*case.iter("failure"), *case.iter("error")]
        if failures and not (drawn and ONE_DRAW in cell.metadata.get("tags", [])):
            fallen[cell.id] = _essence(failures[0].text or "")
    return fallen, len(cases)


def _essence(text: str) -> str:
    """The lines that raised and the error, or the outputs that differ, from what nbval says."""
    lines = re.sub(r"(\x1b|#x1B)\[[0-9;]*m", "", text).strip().splitlines()
    raised = [line for line in lines if re.match(r"-+> *\d+ ", line)]
    return "\n    ".join([*raised, lines[-1]] if raised else lines[-4:])


Outcomes = Mapping[tuple[World, str], Outcome]


def table(outcomes: Outcomes) -> str:
    """A row for each world, a column for each chapter: cells run/compared, and which fell."""
    worlds, chapters = (list(dict.fromkeys(each)) for each in zip(*outcomes, strict=True))
    rows = [["world", *chapters], ["---"] * (len(chapters) + 1)]
    for place in worlds:
        cells = [outcomes.get((place, number), "") for number in chapters]
        rows.append([place.name, *map(str, cells)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def what_fell(outcomes: Outcomes) -> Iterator[str]:
    """Each cell that fell, where, and what it said."""
    for (place, number), found in outcomes.items():
        for cell, said in found.fallen.items():
            yield f"{place.name}, {number} {cell}:\n    {said}"


def wrong(outcomes: Outcomes) -> Iterator[str]:
    """The cells that fell in a world, or under more offsets than chance explains."""
    offsets = {place.offset for place, _ in outcomes if place.offset}
    falls = Counter[str]()
    for (place, number), found in outcomes.items():
        for cell in found.fallen:
            if place.offset:
                falls[f"{number} {cell}"] += 1
            else:
                yield f"{number} {cell} in {place.name}"
    for cell, times in falls.items():
        if times > len(offsets) // OFFSETS_FOR_A_FALL:
            yield f"{cell} under {times} of {len(offsets)} offsets"


def chosen(only: set[str], offsets: Iterable[int], *, every: bool) -> list[World]:
    """The worlds that have one of the words in their names; without words, all."""
    if alone := [place for place in (HERE, ASSERTS) if place.name in only]:
        return alone
    seeds = [world("native", "digits", 1, offset) for offset in offsets]
    worlds = [*(TWELVE if every else PAIRS), *seeds]
    return [place for place in worlds if not only or only & set(re.split(r"[ +]", place.name))]


def visit(worlds: list[World], notebooks: list[Path]) -> Outcomes:
    """Run the chapters in the worlds, each thread on a core, the longest of each world first."""
    stamps = {place: state(place) for place in worlds}
    reached: dict[tuple[World, str], Outcome] = {}
    for threads in sorted({place.threads for place in worlds}):
        stays = [
            (place, path)
            for place in worlds
            for path in reversed(notebooks)
            if place.threads == threads and place.has(path)
        ]
        pool = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // threads))
        try:
            found = pool.map(lambda stay: outcome(*stay, stamps[stay[0]]), stays)
            for (place, path), each in zip(stays, found, strict=True):
                reached[place, chapter(path)] = each
        finally:
            pool.shutdown(cancel_futures=True)
    return dict(sorted(reached.items(), key=lambda item: (worlds.index(item[0][0]), item[0][1])))


def main(arguments: list[str]) -> int:
    """Print the table and what fell, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=str.split, default=[], help="words of worlds' names")
    parser.add_argument("--chapters", type=str.split, default=[], help="such as '09 17'")
    parser.add_argument("--offsets", type=str.split, default=["1000", "2000"])
    parser.add_argument("--all", action="store_true", help="twelve worlds instead of six")
    said = parser.parse_args(arguments)
    worlds = chosen(set(said.only), map(int, said.offsets), every=said.all)
    notebooks = [path for path in NOTEBOOKS if not said.chapters or chapter(path) in said.chapters]
    if not worlds or not notebooks:
        parser.error(f"no world or no chapter has such a name: {said.only} {said.chapters}")
    try:
        for kind in {place.data for place in worlds} - {""}:
            link_data(kind)
    except FileNotFoundError as error:
        parser.error(str(error))
    outcomes = visit(worlds, notebooks)
    print(table(outcomes), *what_fell(outcomes), sep="\n")  # noqa: T201
    errors = list(wrong(outcomes))
    print(*(f"wrong: {error}" for error in errors), sep="\n")  # noqa: T201
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
