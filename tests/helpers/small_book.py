"""A small real book, built by Sphinx in a process of its own with parts of our extension."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
SETUP = """\
import sys
from importlib import import_module

def setup(app):
    sys.path.insert(0, {shelf!r})
    for part in {parts!r}:
        import_module(f"textbook.{{part}}").register(app)
"""


@dataclass
class Book:
    """A book in a folder of its own.

    Attributes:
        root: the folder with the sources.
        extensions: the names of the Sphinx extensions that it uses.
        parts: the parts of the book's own extension that it uses, such as ``links.terms``.
        settings: more of Sphinx's settings.
        environment: environment variables of the build.
        builder: the name of Sphinx's builder.
        shelf: the folder with the extensions, by default the book's own.
    """

    root: Path
    extensions: list[str]
    parts: list[str] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    builder: str = "html"
    shelf: Path = EXTENSIONS

    def write(self, name: str, text: str) -> None:
        """Write a source file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Build the site; ``-W`` among the options makes warnings fail."""
        self._write_settings()
        command = [sys.executable, "-m", "sphinx", "-b", self.builder, *options]
        return subprocess.run(
            [*command, str(self.root), str(self.site)],
            env={**os.environ, "NO_COLOR": "1", **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def site(self) -> Path:
        """The folder of the built pages."""
        return self.root / "_build" / self.builder

    def page(self, name: str) -> str:
        """Return the HTML of a built page."""
        return (self.site / f"{name}.html").read_text(encoding="utf-8")

    def _write_settings(self) -> None:
        settings = {
            "extensions": self.extensions,
            "html_theme": "basic",
            "exclude_patterns": ["_build"],
            **self.settings,
        }
        lines = [SETUP.format(shelf=str(self.shelf), parts=self.parts)]
        lines += [f"{name} = {value!r}" for name, value in settings.items()]
        conf, text = self.root / "conf.py", "\n".join(lines)
        if not conf.exists() or conf.read_text(encoding="utf-8") != text:
            conf.write_text(text, encoding="utf-8")


def book_of_notebooks(root: Path, part: str) -> Book:
    """A book of notebooks that are not run, with one part of the book's own extension."""
    return Book(root, extensions=["myst_nb"], parts=[part], settings={"nb_execution_mode": "off"})


def finished_book(root: Path, address: str = "https://somebody.example/book/") -> Book:
    """A book in the book's look, whose pages pass all steps when they are written."""
    return Book(
        root,
        extensions=["myst_nb"],
        parts=["formulas.nodes", "formulas.font", "finishing.page_parts", "finishing.finish"],
        settings={
            "html_theme": "sphinx_book_theme",
            "html_math_renderer": "mathml",
            "myst_enable_extensions": ["dollarmath"],
            "html_baseurl": address,
            "html_use_index": False,
            "nb_execution_cache_path": str(root / "_build" / "kept"),
            "templates_path": [str(EXTENSIONS.parent / "_templates")],
        },
    )
