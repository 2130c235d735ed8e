"""Pack the built book for those who take it along; run in its root: ``dist.py SITE PDF FOLDER``.

The same files always give the same bytes: names are sorted, dates and permissions are fixed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # that a zip file can hold
_OLDEST_SECOND = "315532800"  # the same, since 1970
_UNIX, _READABLE = 3, 0o644 << 16


def write_zip(target: Path, files: Mapping[str, Path]) -> None:
    """Write a zip file whose bytes depend on the names and contents of the files alone.

    Args:
        target: the zip file.
        files: of each name in the zip file: where its contents are.
    """
    unfinished = target.with_suffix(".unfinished")
    with ZipFile(unfinished, "w") as packed:
        for name in sorted(files):
            entry = ZipInfo(name, _OLDEST_DATE)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            packed.writestr(entry, files[name].read_bytes(), ZIP_DEFLATED, compresslevel=9)
    unfinished.replace(target)


def site_files(site: Path, top: str) -> dict[str, Path]:
    """Return the files of the built site under a top folder; hidden ones stay behind.

    Raises:
        FileNotFoundError: there is no index.html in the site.
    """
    if not (site / "index.html").is_file():
        raise FileNotFoundError(f"{site} holds no index.html; run `make book` first")
    names = {path.relative_to(site): path for path in site.rglob("*") if path.is_file()}
    return {
        f"{top}/{name.as_posix()}": path
        for name, path in names.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def notebook_files(root: Path, top: str) -> dict[str, Path]:
    """Return the chapters, their license and how to cite them, under a top folder."""
    beside = [root / "LICENSE", root / "CITATION.cff"]
    chapters = (root / "notebooks").glob("*.ipynb")
    return {f"{top}/{path.name}": path for path in (*beside, *chapters)}


def write_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of dlbook from a fresh copy, so that no leftover of a build gets in.

    Raises:
        subprocess.CalledProcessError: pip failed; it says why on stderr.
    """
    with tempfile.TemporaryDirectory() as copy:
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(root / name, copy)
        unneeded = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / "dlbook", Path(copy, "dlbook"), ignore=unneeded)
        # Not isolated: with the setuptools that is pinned, and without a network.
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        subprocess.run(
            [*command, "--no-build-isolation", "--wheel-dir", str(folder), copy],
            env={**os.environ, "SOURCE_DATE_EPOCH": _OLDEST_SECOND},
            check=True,
        )


def pack(root: Path, site: Path, pdf: Path, folder: Path) -> None:
    """Write the site, the PDF, the chapters and the wheel into a folder."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{project['name']}-{project['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(folder / f"{name}-html.zip", site_files(site, f"{name}-html"))
    write_zip(folder / f"{name}-notebooks.zip", notebook_files(root, f"{name}-notebooks"))
    shutil.copyfile(pdf, folder / f"{name}.pdf")
    write_wheel(root, folder)


if __name__ == "__main__":
    site, pdf, packed = map(Path, sys.argv[1:])
    pack(Path(), site, pdf, packed)
    for path in sorted(packed.iterdir()):
        print(f"{path.stat().st_size / 1e6:6.1f} MB  {path}")
