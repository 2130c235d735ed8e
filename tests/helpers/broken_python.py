"""Python environments that are broken for real, in a second: links to the tested one's packages."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTED = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip, whose packages are links.

    Attributes:
        folder: where it lies.
    """

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        return next((self.folder / "lib").glob("python*/site-packages"))

    def own_copy(self, package: str, *without: str) -> Path:
        """A folder in place of the link to a package, without some of its entries."""
        folder = self.packages / package
        folder.unlink()
        folder.mkdir()
        link(TESTED / package, folder, without)
        return folder

    def replace(self, package: str, source: str) -> None:
        """Put a module of another content in the place of a package."""
        (self.packages / package).unlink()
        (self.packages / f"{package}.py").write_text(source, encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its Python, which finds this dlbook."""
        variables = {
            "PATH": path_with(self.python.parent),
            "PYTHONPATH": str(ROOT),
            # Through the links it would land in the tested environment.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=os.environ | variables,
            capture_output=True,
            text=True,
        )


def environment(folder: Path, *, without: Collection[str] = ()) -> Environment:
    """An environment with links to all packages of the tested one, but for some."""
    venv.create(folder, symlinks=True)
    made = Environment(folder)
    link(TESTED, made.packages, without)
    return made


def empty_environment(folder: Path) -> Environment:
    """An environment with nothing but the standard library."""
    venv.create(folder, symlinks=True)
    return Environment(folder)


def link(source: Path, target: Path, without: Collection[str]) -> None:
    """Link the entries of a folder from another, but for .pth files: they lead elsewhere."""
    for entry in source.iterdir():
        if entry.name not in without and entry.suffix != ".pth":
            (target / entry.name).symlink_to(entry)


def path_with(folder: Path) -> str:
    """PATH with a folder in front."""
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def program(path: Path, source: str) -> None:
    """A program in Python that a shell finds by its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{source}\n", encoding="utf-8")
    path.chmod(0o755)
