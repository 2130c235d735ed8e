"""Downloads from a real server: verified, whole or not at all, and never waited for too long."""

import hashlib
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from children import LIMIT, child, wait_until
from full_disk import allow_files_of, mounted
from loopback import Reply, Server

from dlbook.checksum import md5_of
from dlbook.data import transfer
from dlbook.data.download import DownloadError, download
from dlbook.data.transfer import PIECE
from dlbook.files import left_over

BODY = bytes(range(256)) * 1000
MD5 = hashlib.md5(BODY).hexdigest()
GOOD = Reply(BODY)
TIMEOUT = 2.0  # of servers that never answer
UNANSWERED = f"it did not answer within {TIMEOUT:g} s"
TOO_SLOW = f"it sent less than 65,536 bytes within {TIMEOUT:g} s"
BAD = {
    "wrong checksum": (Reply(BODY[::-1]), "checksum"),
    "forbidden": (Reply(status=403), "Forbidden"),
    "not found": (Reply(status=404), "Not Found"),
    "unavailable": (Reply(status=503), "Service Unavailable"),
    "empty": (Reply(), "checksum"),
    "nothing, not even a head": (Reply(bare=True), "closed connection without response"),
    "another protocol": (Reply(b"SSH-2.0-OpenSSH_9.2\r\n", bare=True), "SSH-2.0"),
    "too short": (Reply(BODY[:-1000]), "checksum"),
    "too long": (Reply(BODY + BODY), "checksum"),
    "too long, length unknown": (Reply(BODY + BODY, promised=-1), "checksum"),
    "cut short": (Reply(BODY, missing=1000), "it sent 255,000 of 256,000 bytes"),
    "cut short, length unknown": (Reply(BODY, missing=1000, promised=-1), "checksum"),
    "offers too much": (Reply(BODY, promised=10**12), "it offers 1,000,000,000,000 bytes"),
    "silent": (Reply(bare=True, hangs=True), UNANSWERED),
    "silent before the body": (Reply(BODY, missing=len(BODY), hangs=True), TOO_SLOW),
    "silent in the body": (Reply(BODY, missing=1000, hangs=True), TOO_SLOW),
    "slow head": (Reply(BODY, slow_head=True), UNANSWERED),
    "slow body": (Reply(BODY, slow_body=True), TOO_SLOW),
    "redirected to a file": (Reply(status=302, location="file:///etc/passwd"), "not allowed"),
    "redirected to ftp": (Reply(status=302, location="ftp://127.0.0.1/a.gz"), "type: ftp"),
    "redirected to a data URL": (Reply(status=302, location="data:,a"), "not allowed"),
    "redirected nowhere": (Reply(status=302), "Found"),
    "redirected in a circle": (Reply(status=302, location="a.gz"), "infinite loop"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "yet"


def fetch(folder: Path, *mirrors: str, timeout: float = LIMIT) -> Path:
    return download("a.gz", mirrors=mirrors, md5=MD5, folder=folder, timeout=timeout)


def fetch_patiently(folder: Path, mirror: str) -> None:
    """What a child process does; it does not give up before it is interrupted or killed."""
    os.environ["no_proxy"] = "127.0.0.1"
    fetch(folder, mirror, timeout=10 * LIMIT)


def fetch_though_another_thread_hears(folder: Path, mirror: str) -> None:
    """As when Ctrl-C comes just before the main thread begins to wait: that wait goes on."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    fetch_patiently(folder, mirror)


def fetch_with_little_space(folder: Path, mirror: str) -> None:
    allow_files_of(100_000)
    with pytest.raises(DownloadError, match=f"a.gz cannot be written to {folder}: File too large"):
        fetch_patiently(folder, mirror)


def patience(kind: str) -> float:
    """How long to wait for a bad mirror: for long, unless it is the waiting that shows it."""
    return TIMEOUT if BAD[kind][1] in {UNANSWERED, TOO_SLOW} else LIMIT


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


@pytest.mark.parametrize(
    "reply",
    [
        Reply(BODY, promised=-1),
        Reply(BODY + b"more than was promised", promised=len(BODY)),
        Reply(BODY, hangs=True),
        Reply(BODY, promised=len(BODY), slow_head=False),
    ],
    ids=["no length", "more than promised", "stays connected", "a length"],
)
def test_what_does_no_harm(server: Server, folder: Path, reply: Reply) -> None:
    assert fetch(folder, server.mirror("odd", a_gz=reply)).read_bytes() == BODY


def test_a_redirect_is_followed(server: Server, folder: Path) -> None:
    other = server.mirror("other", a_gz=GOOD)
    moved = server.mirror("moved", a_gz=Reply(status=301, location=f"{other}a.gz"))
    assert fetch(folder, moved).read_bytes() == BODY


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_mirror_is_named_and_leaves_nothing(server: Server, folder: Path, kind: str) -> None:
    reply, reason = BAD[kind]
    mirror = server.mirror("bad", a_gz=reply)
    message = rf"^a.gz could not be downloaded \({mirror}: .*{reason}.*\)$"
    with pytest.raises(DownloadError, match=message) as failure:
        fetch(folder, mirror, timeout=patience(kind))
    assert "\n" not in str(failure.value)
    assert files_below(folder) == []


@pytest.mark.parametrize("kind", BAD)
def test_the_second_mirror_helps_out(server: Server, folder: Path, kind: str) -> None:
    bad, good = server.mirror("bad", a_gz=BAD[kind][0]), server.mirror("good", a_gz=GOOD)
    assert fetch(folder, bad, good, timeout=patience(kind)).read_bytes() == BODY
    asked_again = 4 if kind == "redirected in a circle" else 0
    assert server.asked == ["/bad/a.gz"] * (1 + asked_again) + ["/good/a.gz"]
    assert files_below(folder) == [folder / "a.gz"]


def test_a_file_without_an_end(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGEST", 3 * len(BODY))
    mirror = server.mirror("endless", a_gz=Reply(BODY, endless=True, promised=-1))
    with pytest.raises(DownloadError, match="it sends more than 768,000 bytes"):
        fetch(folder, mirror)
    assert files_below(folder) == []


def test_what_a_server_says_moves_no_cursor(server: Server, folder: Path) -> None:
    says = b"HTTP/1.0 503 \x1b[2J\x07gone" + b" away" * 1000 + b"\r\n\r\n"
    with pytest.raises(DownloadError, match="gone away") as failure:
        fetch(folder, server.mirror("rude", a_gz=Reply(says, bare=True)))
    assert str(failure.value).isprintable()
    assert len(str(failure.value)) < 400


def test_a_good_mirror_is_asked_alone(server: Server, folder: Path) -> None:
    fetch(folder, server.mirror("good", a_gz=GOOD), server.mirror("other", a_gz=GOOD))
    assert server.asked == ["/good/a.gz"]


def test_the_error_names_each_mirror(server: Server, folder: Path) -> None:
    mirrors = [server.mirror(name) for name in ("one", "two")]
    with pytest.raises(DownloadError) as failure:
        fetch(folder, *mirrors, "http://[broken/", "no-scheme/", "file:///etc/")
    for mirror in (*mirrors, "http://[broken/", "no-scheme/", "file:///etc/"):
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


def test_a_host_that_takes_no_connection(folder: Path, full_backlog: str) -> None:
    """As behind a firewall that drops what it does not like."""
    with pytest.raises(DownloadError, match=UNANSWERED):
        fetch(folder, full_backlog, timeout=TIMEOUT)


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="Not a directory"):
        fetch(tmp_path / "file" / "folder", server.mirror("good", a_gz=GOOD))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(server: Server, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DownloadError, match="Permission denied"):
        fetch(tmp_path, server.mirror("good", a_gz=GOOD))


def test_a_disk_that_is_read_only(server: Server, tmp_path: Path) -> None:
    mirrors = [server.mirror(name, a_gz=GOOD) for name in ("one", "two")]
    with mounted(tmp_path, "ro"), pytest.raises(DownloadError, match="Read-only file system"):
        fetch(tmp_path, *mirrors)
    assert server.asked == ["/one/a.gz"], "no other mirror can help"


def test_a_full_disk(server: Server, tmp_path: Path) -> None:
    mirrors = [server.mirror(name, a_gz=GOOD) for name in ("one", "two")]
    message = f"^a.gz cannot be written to {tmp_path}: No space left on device$"
    with mounted(tmp_path, "size=128k"):
        with pytest.raises(DownloadError, match=message):
            fetch(tmp_path, *mirrors)
        assert files_below(tmp_path) == []
    assert server.asked == ["/one/a.gz"], "no other mirror can help"


def test_a_file_that_may_not_grow(server: Server, folder: Path) -> None:
    with child(fetch_with_little_space, folder, server.mirror("good", a_gz=GOOD)) as process:
        pass
    assert process.exitcode == 0
    assert files_below(folder) == []


def test_two_processes_at_once(server: Server, folder: Path) -> None:
    mirror = server.mirror("good", a_gz=GOOD)
    with (
        child(fetch_patiently, folder, mirror) as one,
        child(fetch_patiently, folder, mirror) as two,
    ):
        pass
    assert (one.exitcode, two.exitcode) == (0, 0)
    assert (folder / "a.gz").read_bytes() == BODY
    assert files_below(folder) == [folder / "a.gz"]


def test_what_another_process_is_writing_is_left_alone(server: Server, folder: Path) -> None:
    slow = server.mirror("slow", a_gz=BAD["silent in the body"][0])
    with child(fetch_patiently, folder, slow) as process:
        wait_until(lambda: files_below(folder) != [])
        (partial,) = files_below(folder)
        fetch(folder, server.mirror("good", a_gz=GOOD))
        assert sorted(files_below(folder)) == sorted([partial, folder / "a.gz"])
        process.kill()


@pytest.mark.parametrize("work", [fetch_patiently, fetch_though_another_thread_hears])
def test_ctrl_c_leaves_nothing(
    server: Server, folder: Path, work: Callable[[Path, str], None]
) -> None:
    slow = server.mirror("slow", a_gz=BAD["silent in the body"][0])
    with child(work, folder, slow) as process:
        # Three pieces have come; for the fourth it waits.
        wait_until(lambda: sum(path.stat().st_size for path in files_below(folder)) >= 3 * PIECE)
        os.kill(process.pid, signal.SIGINT)
    assert process.exitcode == 1, "it waited for the server"
    assert files_below(folder) == []


def test_what_a_killed_download_left_is_deleted_by_the_next(server: Server, folder: Path) -> None:
    slow = server.mirror("slow", a_gz=BAD["silent in the body"][0])
    with child(fetch_patiently, folder, slow) as process:
        wait_until(lambda: files_below(folder) != [])
        process.kill()
    assert files_below(folder) == list(left_over(folder)) != []
    fetch(folder, server.mirror("good", a_gz=GOOD))
    assert files_below(folder) == [folder / "a.gz"]
