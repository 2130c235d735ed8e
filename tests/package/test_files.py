"""Files appear as a whole or not at all."""

import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dlbook.files import left_over, replacing, require_different, require_writable


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def make_device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root can make a device")


NODES: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a socket": make_socket,
    "a device": make_device,
}


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
    (tmp_path / "file").touch()
    for folder in ("missing", "file"):
        with pytest.raises(ValueError, match=r"in a folder that exists, got .*/a"):
            require_writable(tmp_path / folder / "a", "save_to")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc refuses files on Linux")
def test_a_folder_that_takes_no_files() -> None:
    with pytest.raises(ValueError, match="save_to must lie in a folder that can be written, got"):
        require_writable(Path("/proc/a"), "save_to")


def kept(path: Path) -> tuple[int, ...]:
    """What a write changes of a path; to look at one may change the time of its last access."""
    status = path.lstat()
    return status.st_mode, status.st_ino, status.st_nlink, status.st_size, status.st_mtime_ns


@pytest.mark.parametrize("by_link", [False, True])
@pytest.mark.parametrize("kind", NODES)
def test_what_is_no_plain_file_is_never_replaced(tmp_path: Path, kind: str, by_link: bool) -> None:
    path = tmp_path / "a"
    NODES[kind](node := tmp_path / "node" if by_link else path)
    if by_link:
        path.symlink_to(node)
    before = [kept(part) for part in (path, node)]
    with pytest.raises(ValueError, match=f"save_to must name a file, got {path}: it is {kind}, no"):
        require_writable(path, "save_to")
    with pytest.raises(OSError, match=f"it is {kind}, no plain file: '{path}'"), replacing(path):
        raise AssertionError("nothing is written")
    assert [kept(part) for part in (path, node)] == before
    assert set(tmp_path.iterdir()) == {path, node}


@pytest.mark.parametrize("old", [None, "old"])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, old: str | None) -> None:
    (other := tmp_path / "other").mkdir()
    if old is not None:
        (other / "b").write_text(old)
    (tmp_path / "near").symlink_to(other / "b")
    (path := tmp_path / "a").symlink_to("near")
    require_writable(path, "save_to")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert temporary.parent == other, "a rename does not cross file systems"
    assert path.readlink() == Path("near")
    assert not (other / "b").is_symlink()
    assert (other / "b").read_text() == "new"
    assert list(other.iterdir()) == [other / "b"]


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(ValueError, match=r"save_to must name a file, got .*symbolic links"):
        require_writable(tmp_path / "circle", "save_to")
    (tmp_path / "away").symlink_to(tmp_path / "missing" / "a")
    with pytest.raises(ValueError, match=r"save_to must lie in a folder that exists, got .*/away"):
        require_writable(tmp_path / "away", "save_to")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o777])
def test_a_file_keeps_its_mode_and_owner(tmp_path: Path, mode: int) -> None:
    (path := tmp_path / "a").touch()
    with suppress(PermissionError):
        os.chown(path, 12345, 54321)
    path.chmod(mode)
    before = path.stat()
    with replacing(path) as temporary:
        assert temporary.stat().st_mode == before.st_mode, "nobody else reads it meanwhile"
        temporary.write_text("new")
    after = path.stat()
    assert path.read_text() == "new"
    assert after.st_ino != before.st_ino
    for name in ("st_mode", "st_uid", "st_gid"):
        assert getattr(after, name) == getattr(before, name)


def test_a_file_that_is_protected(tmp_path: Path) -> None:
    (path := tmp_path / "a").touch()
    path.chmod(0o444)
    with pytest.raises(ValueError, match=r"save_to must name a file that may be written, got .*/a"):
        require_writable(path, "save_to")


def test_the_longest_name_that_is_taken_can_be_written(tmp_path: Path) -> None:
    longest = 0
    for length in range(150, 300):
        with suppress(ValueError):
            require_writable(tmp_path / ("é" * (length // 2) + "a" * (length % 2)), "save_to")
            longest = length
    assert 200 < longest < 256
    with replacing(tmp_path / ("a" * longest)) as temporary:
        temporary.touch()
    with pytest.raises(ValueError, match=r"save_to must name a file, got .*: File name too long"):
        require_writable(tmp_path / ("a" * (longest + 1)), "save_to")


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "a"), ("a", "A"), ("ä", "a\u0308"), ("a", "link"), ("a", "folder/a"), ("a", "x/../a")],
)
def test_two_names_of_one_file(tmp_path: Path, one: str, other: str) -> None:
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / "x").mkdir()
    message = "--save and --history must be different files, got "
    with pytest.raises(ValueError, match=message):
        require_different({"--save": tmp_path / one, "--history": tmp_path / other})
    require_different({"--save": tmp_path / one, "--history": tmp_path / "x" / other[-1:]})
