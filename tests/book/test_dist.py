"""What readers take along: the same files give the same bytes, and nothing is missing."""

import os
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from dist import notebook_files, pack, site_files, write_zip

import dlbook

PAGES = {
    "index.html": '<link href="_static/book.css"><a href="notebooks/01.html">Chapter 1</a>',
    "notebooks/01.html": '<a href="../index.html">Start</a>',
    "_static/book.css": "body { color: black }",
    ".buildinfo": "of the machine",
    ".cache/pages": "of the machine",
}


def write_site(folder: Path, names: list[str]) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES[name], encoding="utf-8")
    return folder


def test_the_unpacked_site_is_the_site_without_its_hidden_files(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", list(PAGES))
    write_zip(tmp_path / "site.zip", site_files(site, "book"))
    with ZipFile(tmp_path / "site.zip") as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path / "unpacked")
    unpacked = tmp_path / "unpacked" / "book"
    files = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*.*")}
    assert files == {name for name in PAGES if not name.startswith(".")}
    for name in files:
        assert (unpacked / name).read_text(encoding="utf-8") == PAGES[name]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one = write_site(tmp_path / "one", list(PAGES))
    two = write_site(tmp_path / "two", list(reversed(PAGES)))
    os.utime(two / "index.html", (10**9, 10**9))
    (two / "index.html").chmod(0o600)
    for site in (one, two):
        write_zip(site.with_suffix(".zip"), site_files(site, "book"))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    (two / "index.html").write_text("another page", encoding="utf-8")
    write_zip(tmp_path / "two.zip", site_files(two, "book"))
    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "two.zip").read_bytes()


def test_a_book_that_is_not_built_cannot_be_packed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make book"):
        site_files(tmp_path, "book")


def test_a_failure_leaves_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "site.zip"
    target.write_bytes(b"earlier")
    with pytest.raises(FileNotFoundError):
        write_zip(target, {"page": tmp_path / "missing"})
    assert target.read_bytes() == b"earlier"


def test_all_chapters_are_packed_with_their_license(root: Path) -> None:
    files = notebook_files(root, "notebooks")
    chapters = {f"notebooks/{path.name}" for path in (root / "notebooks").glob("*.ipynb")}
    assert chapters
    assert set(files) == chapters | {"notebooks/LICENSE", "notebooks/CITATION.cff"}
    assert all(path.is_file() for path in files.values())


def test_the_wheel_is_made_of_files_that_are_here(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {project["readme"], *project["license-files"]}
    assert named == {"README.md", "LICENSE"}  # dist.py copies these


def test_a_release_is_four_files(tmp_path: Path, root: Path) -> None:
    site, pdf = write_site(tmp_path / "site", list(PAGES)), tmp_path / "book.pdf"
    pdf.write_bytes(b"%PDF-1.4")
    pack(root, site, pdf, tmp_path / "dist")
    name = f"dlbook-{dlbook.__version__}"
    made = {path.name for path in (tmp_path / "dist").iterdir()}
    others = {f"{name}-html.zip", f"{name}-notebooks.zip", f"{name}.pdf"}
    assert made == {*others, f"{name}-py3-none-any.whl"}
