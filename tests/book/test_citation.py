"""How to cite the book: one version everywhere, and the page says what CITATION.cff says."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import dlbook


@pytest.fixture
def citation(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_file_has_what_the_format_requires(citation: dict[str, Any]) -> None:
    assert citation.keys() >= {"cff-version", "message", "title", "authors"}
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in {"software", "dataset"}
    assert citation["preferred-citation"].keys() >= {"type", "title", "authors"}


def test_there_is_one_version(citation: dict[str, Any], project: dict[str, Any]) -> None:
    assert citation["version"] == citation["preferred-citation"]["version"] == project["version"]
    assert dlbook.__version__ == project["version"]


def test_the_newest_entry_of_the_changelog_is_this_version(
    root: Path, project: dict[str, Any]
) -> None:
    entries = re.findall(
        r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert entries[0] == project["version"]


def test_title_author_and_license_are_the_books(root: Path, citation: dict[str, Any]) -> None:
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    book = citation["preferred-citation"]
    assert citation["authors"] == book["authors"] == [{"name": settings["author"]}]
    assert str(book["year"]) == settings["copyright"]
    front = (root / "index.md").read_text(encoding="utf-8").splitlines()[0]
    assert front == f"# {book['title']}"
    terms = " ".join((root / "LICENSE").read_text(encoding="utf-8").split())
    assert f"under the {citation['license']} License" in terms
    assert f"({book['license'].replace('CC-BY-', 'CC BY ')})" in terms


def test_the_page_says_the_same(root: Path, citation: dict[str, Any]) -> None:
    page = (root / "book" / "cite.md").read_text(encoding="utf-8")
    book = citation["preferred-citation"]
    (author,) = (entity["name"] for entity in book["authors"])
    assert f"{author}. *{book['title']}*, version {book['version']}, {book['year']}." in page
    fields = re.findall(r"^  (\w+) += \{+(.+?)\}+,$", page, re.MULTILINE)
    assert dict(fields) == {
        "author": author,
        "title": book["title"],
        "year": str(book["year"]),
        "note": f"Version {book['version']}",
    }
