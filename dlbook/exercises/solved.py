"""Which exercises the reader has solved: a small file that survives a restarted kernel."""

import json
from pathlib import Path

from dlbook.data_root import data_root
from dlbook.files import replacing

FILENAME = "exercises.json"


def solved() -> set[str]:
    """The names of the exercises that were passed.

    Raises:
        ValueError: the file is damaged.
    """
    path = _path()
    if not path.is_file():
        return set()
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}; delete it to start anew") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{path} is damaged: it should hold a list of names; delete it")
    return set(names)


def record(name: str) -> None:
    """Remember that an exercise was passed; the file is replaced as a whole or not at all."""
    names = solved() | {name}
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(sorted(names)), encoding="utf-8")


def _path() -> Path:
    return data_root() / FILENAME
