"""Files appear as a whole or not at all."""

import sys
from pathlib import Path

import pytest

from dlbook.files import left_over, replacing, require_writable


def test_a_file_takes_its_place_when_the_block_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
        assert temporary.parent == tmp_path, "a rename does not cross file systems"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_fails_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["run.pt", "[a-z]*?.pt"])
def test_what_a_killed_writer_has_left_is_deleted_by_the_next(tmp_path: Path, name: str) -> None:
    mine, others = (tmp_path / f".{stem}.{'0' * 32}.part" for stem in (name, "a.pt"))
    notes = tmp_path / f".{name}.notes.part"
    for path in (mine, others, notes):
        path.write_text("half")
    assert set(left_over(tmp_path)) == {mine, others}
    with replacing(tmp_path / name) as temporary:
        temporary.write_text("whole")
    assert set(tmp_path.iterdir()) == {tmp_path / name, others, notes}


def test_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with replacing(path) as slow:
        slow.write_text("slow")
        with replacing(path) as fast:
            fast.write_text("fast")
        assert path.read_text() == "fast"
    assert path.read_text() == "slow"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_over_where_there_is_no_folder(tmp_path: Path) -> None:
    assert list(left_over(tmp_path / "missing")) == []
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "missing" / "a"):
        raise AssertionError("there is nowhere to write")


def test_a_place_that_can_be_written(tmp_path: Path) -> None:
    require_writable(tmp_path / "a", "save_to")
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"save_to must name a file, got the folder {tmp_path}"):
        require_writable(tmp_path, "save_to")
    (tmp_path / "file").touch()
    for folder in ("missing", "file"):
        with pytest.raises(ValueError, match=r"in a folder that exists, got .*/a"):
            require_writable(tmp_path / folder / "a", "save_to")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc refuses files on Linux")
def test_a_folder_that_takes_no_files() -> None:
    with pytest.raises(ValueError, match="save_to must lie in a folder that can be written, got"):
        require_writable(Path("/proc/a"), "save_to")
