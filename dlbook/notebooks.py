"""The chapters as files: run them, and store what may be stored."""

import os
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from traitlets.config import Config

import dlbook
from dlbook import progress, require
from dlbook.files import replacing, require_writable

FORMAT = 4
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
    """The source of every chapter's first cell, for the repository's address.

    Raises:
        TypeError: repository is no text.
    """
    require.kind("repository", repository, str)
    return SETUP_CELL.format(repository=repository, release=dlbook.release())


def strip(notebook: Any) -> None:
    """Remove, in place, what does not belong into the repository.

    Pictures, widgets and tracebacks go, for they change with every run; text stays, because nbval
    compares it. Cells that are not compared keep plain text alone: their HTML can be large.

    Raises:
        TypeError: notebook is none that nbformat has read.
    """
    require.kind("notebook", notebook, nbformat.NotebookNode)
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
        TypeError: path is no path.
        ValueError: the file is no notebook, one of another format or for a kernel that is not
            here, or it cannot be written.
        OSError: it is not there, or cannot be read.
        nbclient.exceptions.CellExecutionError: a cell failed; the file stays as it was.
    """
    path = require.path("path", path)
    if path.exists():
        require_writable(path, "path")
    notebook = _read(path)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        coalesce_streams=True,
        shutdown_kernel="immediate",  # the outputs are here; Python's own end takes seconds
        resources={"metadata": {"path": str(path.parent)}},
        config=encrypted(),
    )
    try:
        client.execute(env=os.environ | {progress.ENVIRONMENT_VARIABLE: "0"})
    except NoSuchKernel as error:
        raise ValueError(
            f"path must name a notebook for a kernel that is here, got {path} for {error.name!r}"
        ) from error
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


def _read(path: Path) -> Any:
    try:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    # A list is an AttributeError of nbformat's, and its messages say nothing of the path.
    except (
        ValueError,
        nbformat.ValidationError,
        AttributeError,
        TypeError,
        RecursionError,
    ) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"path must name a notebook, got {path}: {reason}") from error
    if notebook.nbformat != FORMAT:
        raise ValueError(
            f"path must name a notebook of format {FORMAT}, got {path} of format "
            f"{notebook.nbformat}; `jupyter nbconvert --to notebook --inplace` converts it"
        )
    return notebook
