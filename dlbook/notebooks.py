"""The chapters as files: run them, and store what may be stored."""

import os
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from traitlets.config import Config

import dlbook
from dlbook import progress, require
from dlbook.files import replacing, require_writable

TIMEOUT_SECONDS = 300
NEVER_STORED = ("image/", "application/vnd.jupyter.widget")
NOT_COMPARED = "nbval-ignore-output"

# pip leaves alone what is there. Of what dlbook requires, Colab lacks vl-convert-python alone.
SETUP_CELL = """\
# On Colab, this cell installs dlbook, the book's helper package. Everywhere it
# checks that the package fits this chapter.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet --no-deps vl-convert-python
    %pip install --quiet --no-deps git+{repository}

import dlbook

dlbook.require_release("{release}")"""


def setup_cell(repository: str) -> str:
    """The source of every chapter's first cell, for the repository's address."""
    return SETUP_CELL.format(repository=repository, release=dlbook.release())


def strip(notebook: Any) -> None:
    """Remove, in place, what does not belong into the repository.

    Pictures, widgets and tracebacks go, for they change with every run; text stays, because nbval
    compares it. Cells that are not compared keep plain text alone: their HTML can be large.
    """
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        compared = NOT_COMPARED not in cell.metadata.get("tags", [])
        dropped = NEVER_STORED if compared else (*NEVER_STORED, "text/html")
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = []
            for kind in list(output.get("data", {})):
                if kind.startswith(dropped):
                    del output.data[kind]


def store(path: Path | str) -> None:
    """Run a notebook in its folder and write it back with its outputs, stripped.

    Progress bars stay silent, as when the book is built or tested.

    Raises:
        ValueError: the file is no notebook, or it cannot be written.
        OSError: it is not there, or cannot be read.
        nbclient.exceptions.CellExecutionError: a cell failed; the file stays as it was.
    """
    path = require.path("path", path)
    if path.exists():
        require_writable(path, "path")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        coalesce_streams=True,
        shutdown_kernel="immediate",  # the outputs are here; Python's own end takes seconds
        resources={"metadata": {"path": str(path.parent)}},
        config=encrypted(),
    )
    client.execute(env=os.environ | {progress.ENVIRONMENT_VARIABLE: "0"})
    strip(notebook)
    notebook.metadata.pop("language_info", None)
    with replacing(path) as unfinished:
        nbformat.write(notebook, unfinished)


def encrypted() -> Config:
    """Settings of a kernel that it and its client talk to each other unheard, where they can.

    A kernel that others could listen to says so, which reads like a danger.
    """
    known = KernelManager.class_trait_names(config=True)
    policy = {"transport_encryption": "auto"} if "transport_encryption" in known else {}
    return Config({"KernelManager": policy})
