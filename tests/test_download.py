"""Downloads from a real server: verified, whole or not at all."""

import hashlib
import os
from pathlib import Path

import pytest
from loopback import Reply, Server

from dlbook.checksum import md5_of
from dlbook.data.download import DownloadError, download

BODY = bytes(range(256)) * 1000
MD5 = hashlib.md5(BODY).hexdigest()
GOOD = Reply(BODY)
BAD = {
    "wrong checksum": (Reply(BODY[::-1]), "checksum"),
    "not found": (Reply(status=404), "Not Found"),
    "unavailable": (Reply(status=503), "Service Unavailable"),
    "cut short": (Reply(BODY, missing=1000), "checksum"),
    "silent before the body": (Reply(BODY, missing=len(BODY), hangs=True), "timed out"),
    "silent in the body": (Reply(BODY, missing=1000, hangs=True), "timed out"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "yet"


def fetch(folder: Path, *mirrors: str) -> Path:
    return download("a.gz", mirrors=mirrors, md5=MD5, folder=folder, timeout=0.2)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_writes_the_file_and_nothing_else(server: Server, folder: Path) -> None:
    path = fetch(folder, server.mirror("good", a_gz=GOOD))
    assert path == folder / "a.gz"
    assert path.read_bytes() == BODY
    assert files_below(folder) == [path]


def test_md5_of_is_that_of_hashlib(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BODY)
    assert md5_of(tmp_path / "a") == MD5


def test_others_may_read_the_file_as_any_other(server: Server, folder: Path) -> None:
    path = fetch(folder, server.mirror("good", a_gz=GOOD))
    (ordinary := folder / "ordinary").touch()
    assert path.stat().st_mode == ordinary.stat().st_mode


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_mirror_is_named_and_leaves_nothing(server: Server, folder: Path, kind: str) -> None:
    reply, reason = BAD[kind]
    mirror = server.mirror("bad", a_gz=reply)
    with pytest.raises(DownloadError, match=f"a.gz could not be downloaded .{mirror}.*{reason}"):
        fetch(folder, mirror)
    assert files_below(folder) == []


@pytest.mark.parametrize("kind", BAD)
def test_the_second_mirror_helps_out(server: Server, folder: Path, kind: str) -> None:
    bad, good = server.mirror("bad", a_gz=BAD[kind][0]), server.mirror("good", a_gz=GOOD)
    assert fetch(folder, bad, good).read_bytes() == BODY
    assert server.asked == ["/bad/a.gz", "/good/a.gz"]
    assert files_below(folder) == [folder / "a.gz"]


def test_a_good_mirror_is_asked_alone(server: Server, folder: Path) -> None:
    fetch(folder, server.mirror("good", a_gz=GOOD), server.mirror("other", a_gz=GOOD))
    assert server.asked == ["/good/a.gz"]


def test_the_error_names_each_mirror(server: Server, folder: Path) -> None:
    mirrors = [server.mirror(name) for name in ("one", "two")]
    with pytest.raises(DownloadError) as failure:
        fetch(folder, *mirrors, "http://[broken/", "no-scheme/")
    for mirror in (*mirrors, "http://[broken/", "no-scheme/"):
        assert mirror in str(failure.value)


def test_an_older_file_survives_a_failed_download(server: Server, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "a.gz").write_bytes(b"older")
    with pytest.raises(DownloadError):
        fetch(folder, server.mirror("bad", a_gz=BAD["cut short"][0]))
    assert (folder / "a.gz").read_bytes() == b"older"


def test_nobody_listens(no_network: None, folder: Path) -> None:
    with pytest.raises(DownloadError, match="Connection refused"):
        fetch(folder, "http://mirror.invalid/")


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="Not a directory"):
        fetch(tmp_path / "file" / "folder", server.mirror("good", a_gz=GOOD))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DownloadError, match="Permission denied"):
        fetch(tmp_path, server.mirror("good", a_gz=GOOD))
