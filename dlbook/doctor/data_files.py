"""The data root: can it be written to, and are the image sets in it whole?

Asked in a process of its own, for a folder on a network drive can hang whoever looks at it.
"""

import tempfile
from dataclasses import asdict
from pathlib import Path

from dlbook.checksum import md5_of
from dlbook.data_root import ENVIRONMENT_VARIABLE, data_root
from dlbook.doctor.asking import ask
from dlbook.doctor.commands import command, move_away, python, remove, set_variable
from dlbook.doctor.finding import Finding
from dlbook.doctor.home import home
from dlbook.doctor.image_sets import Published, image_sets
from dlbook.doctor.symptoms import import_failed
from dlbook.files import left_over


def examine(limit: float) -> list[Finding]:
    """Look at the folder, then at each image set in it."""
    (answer,) = ask(data_facts, limit=limit)
    if "No module named" in answer.failure:
        return [import_failed("data", "platformdirs", answer.failure)]
    if answer.failure:
        return [_unwritable(f"the data root cannot be looked at: {answer.failure}")]
    return [Finding(**found) for found in answer.value]


def data_facts() -> list[dict[str, str]]:
    """The findings on the folder and on each image set in it."""
    try:
        root = data_root()
        findings = [_folder(root)]
        for images in image_sets():
            findings += _files(root / images.title / "raw", images)
    except OSError as error:
        findings = [_unwritable(str(error))]
    return [asdict(finding) for finding in findings]


def existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(place for place in (path, *path.absolute().parents) if place.exists())


def _folder(root: Path) -> Finding:
    place = existing(root)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return _unwritable(f"nothing can be written to {place}: {error.strerror}")
    return Finding("data", "ok", f"{root}{'' if place == root else ', made when first needed'}")


def _unwritable(what: str) -> Finding:
    why = "Data sets cannot be stored there, nor which exercises you have solved."
    mend = set_variable(ENVIRONMENT_VARIABLE, f"{home()}/dlbook-data")
    return Finding("data", "broken", what, why, mend)


def _files(folder: Path, images: Published) -> list[Finding]:
    here = {name: md5 for name, md5 in images.files.items() if (folder / name).exists()}
    judged = (_file(folder / name, md5) for name, md5 in here.items())
    findings = [finding for finding in judged if finding] + _left_over(folder)
    if findings:
        return findings
    if len(here) == len(images.files):
        return [Finding("data", "ok", f"{images.title} is here, and whole")]
    what = f"{images.title}: {len(here)} of its {len(images.files)} files are in {folder}"
    why = "A chapter fetches the others, or computes with a smaller set and says so."
    load = f'from dlbook.data import load_images; load_images("{images.name}")'
    mend = command(python(), "-c", load)
    return [Finding("data", "note", what, why, mend)]


def _file(path: Path, md5: str) -> Finding | None:
    """What is wrong with one file of a set, if anything is."""
    if not path.is_file():
        what, mend = f"{path} is no file", move_away(str(path))
    else:
        mend = remove(str(path))
        try:
            if md5_of(path) == md5:
                return None
            what = f"{path} is damaged or cut: its checksum is not the published one"
        except OSError as error:
            what = f"{path} cannot be read: {error.strerror}"
    why = "Chapters that load this set stop. Once the file is gone, it is fetched again."
    return Finding("data", "broken", what, why, mend)


def _left_over(folder: Path) -> list[Finding]:
    parts = sorted(left_over(folder))
    if not parts:
        return []
    what = f"{len(parts)} half-loaded file{'s' if len(parts) > 1 else ''} in {folder}"
    why = "A download was cut, or is going on. They do no harm but take space."
    return [Finding("data", "note", what, why, remove(*map(str, parts)))]
