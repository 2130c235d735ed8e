"""Nothing is published under a placeholder, and what is wrong is said in words."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook
from publish_check import PLACEHOLDER, complaints

from dlbook.notebooks import setup_cell

REPOSITORY = "https://example.org/ada/book"


def write_book(root: Path, **changed: str) -> Path:
    """A book of one chapter that can be published, but for what is changed."""
    said = {"url": REPOSITORY, "site": "https://ada.example.org/book/"}
    said |= {"cell": REPOSITORY} | changed
    settings = {
        "repository": {"url": said["url"]},
        "html": {"baseurl": said["site"]},
    }
    (root / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (root / "notebooks").mkdir()
    chapter = new_notebook(cells=[new_code_cell(setup_cell(said["cell"]))])
    nbformat.write(chapter, root / "notebooks" / "01_one.ipynb")
    return root


def test_a_book_with_an_owner_can_be_published(tmp_path: Path) -> None:
    assert complaints(write_book(tmp_path)) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"url": "https://example.org/OWNER/b", "cell": "https://example.org/OWNER/b"},
            "repository.url is https://example.org/OWNER/b. OWNER is a placeholder",
        ),
        ({"site": "https://OWNER.example.org/book/"}, "html.baseurl is https://OWNER.example.org"),
        ({"cell": "https://example.org/OWNER/b"}, f"does not install dlbook from {REPOSITORY}"),
    ],
)
def test_what_must_be_changed_is_said(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    (complaint,) = complaints(write_book(tmp_path, **changed))
    assert words in complaint


def test_the_command_refuses_while_this_book_has_no_owner(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "book/publish_check.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    refused = PLACEHOLDER in (root / "_config.yml").read_text(encoding="utf-8")
    assert done.returncode == refused
    assert ("repository.url" in done.stdout) == refused
