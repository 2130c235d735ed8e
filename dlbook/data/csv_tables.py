"""Tables written as CSV files, compressed as their names say."""

from pathlib import Path

import pandas as pd

from dlbook.files import replacing, require_writable

METHODS = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zip": "zip"}
# pandas reads files of these names unpacked, too, but with more than Python brings.
OTHERS = (".zst", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz")


def require_csv(path: Path, argument: str) -> None:
    """Raise unless `write_csv` can write a table to ``path``.

    Raises:
        ValueError: no file can be written there, or its name asks for another compression; the
            message names the argument.
    """
    if path.name.lower().endswith(OTHERS):
        known = ", ".join(METHODS)
        raise ValueError(f"{argument} must be compressed by none or one of {known}, got {path}")
    require_writable(path, argument)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table without its index, as a whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    packed = {"method": METHODS.get(path.suffix.lower())}
    if packed["method"] == "zip":
        packed["archive_name"] = path.stem
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, compression=packed)


def beside(path: Path, ending: str) -> Path:
    """The name of a second table: ``run.csv.gz`` and ``_steps`` give ``run_steps.csv.gz``."""
    packed = path.suffix if path.suffix.lower() in METHODS else ""
    table = Path(path.name.removesuffix(packed))
    return path.with_name(f"{table.stem}{ending}{table.suffix}{packed}")
