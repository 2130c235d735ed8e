"""Image sets: the real files, damaged ones, and what comes in their place."""

import gzip
import math
import os
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from children import child
from full_disk import mounted
from loopback import Reply, Server
from sklearn.datasets import load_digits

from dlbook.data import ImageSet, Samples, load_images
from dlbook.data.images import FALLBACKS
from dlbook.data_root import data_root

HTTP_MIRROR = "http://yann.lecun.com/exdb/mnist/"


FIRST_FILE = "train-images-idx3-ubyte.gz"
UNPACKED = {
    f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
}
PACKED = {f"{name}.gz" for name in UNPACKED}
FAULTS = {
    "forbidden": (Reply(status=403), "Forbidden"),
    "unavailable": (Reply(status=503), "Service Unavailable"),
    "a login page": (Reply(b"<html>please log in</html>"), "its checksum is"),
    "cut": (Reply(bytes(1000), missing=10), "it sent 990 of 1,000 bytes"),
    "a circle": (Reply(status=302, location=FIRST_FILE), "infinite loop"),
    "a local file": (Reply(status=302, location="file:///etc/passwd"), "not allowed"),
}


@pytest.fixture
def digits() -> ImageSet:
    return load_images("digits")


@pytest.fixture
def raw(empty_data_root: Path, no_network: None) -> Path:
    """Where MNIST's files are looked for; nothing can be downloaded."""
    folder = empty_data_root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    return folder


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def copy_packed(source: Path, target: Path) -> None:
    for name in PACKED:
        shutil.copy(source / name, target)


def idx(*shape: int, kind: int = 8) -> bytes:
    """A file of MNIST's format, with bytes that count up."""
    head = struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape)
    return head + bytes(i % 256 for i in range(math.prod(shape)))


def write_unpacked(folder: Path) -> None:
    for part, n in (("train", 5), ("t10k", 3)):
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(n, 28, 28))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx(n))


def assert_equal(found: ImageSet, expected: ImageSet) -> None:
    for part in ("train", "test"):
        a, b = getattr(found, part), getattr(expected, part)
        torch.testing.assert_close((a.x, a.y), (b.x, b.y), rtol=0, atol=0)


def test_mnist_is_what_it_is_known_to_be(mnist: ImageSet) -> None:
    assert repr(mnist) == "ImageSet(MNIST: 60,000 training, 10,000 test)"
    for part, n in ((mnist.train, 60_000), (mnist.test, 10_000)):
        assert part.x.shape == (n, 1, 28, 28)
        assert part.x.dtype == torch.uint8
        assert (int(part.x.min()), int(part.x.max())) == (0, 255)
        assert part.y.dtype == torch.int64
        assert part.y.unique().tolist() == list(range(10))
    assert mnist.train.y[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.mean == pytest.approx(0.1307, abs=5e-5)
    assert mnist.std == pytest.approx(0.3081, abs=5e-5)


def test_mnist_through_a_mirror_when_another_fails(
    mnist: ImageSet,
    mnist_folder: Path,
    empty_data_root: Path,
    proxy: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in mnist_folder.glob("*-ubyte.gz"):
        proxy.replies[HTTP_MIRROR + path.name] = Reply(path.read_bytes())
    fetched = load_images("mnist")
    assert torch.equal(fetched.train.x, mnist.train.x)
    assert torch.equal(fetched.test.y, mnist.test.y)
    assert capsys.readouterr() == ("", "")
    assert len(proxy.asked) == 4
    load_images("mnist")
    assert len(proxy.asked) == 4, "the second time the files are there"
    assert names_in(empty_data_root / "MNIST" / "raw") == PACKED | UNPACKED


def test_debian_packs_fashion_mnist_with_another_header(
    mnist_folder: Path, empty_data_root: Path, no_network: None
) -> None:
    published = mnist_folder / ".." / ".." / "FashionMNIST" / "raw"
    if not published.is_dir():
        pytest.skip("DLBOOK_DATA holds no Fashion-MNIST")
    here = empty_data_root / "FashionMNIST" / "raw"
    here.mkdir(parents=True)
    for path in published.glob("*.gz"):
        _, packed = path.read_bytes()[10:].split(b"\0", 1)  # after the name in its header
        (here / path.name).write_bytes(bytes.fromhex("1f8b0800ed0ada5e0003") + packed)
    images = load_images("fashion_mnist")
    assert repr(images) == "ImageSet(FashionMNIST: 60,000 training, 10,000 test)"
    assert images.mean == pytest.approx(0.2860, abs=5e-5)
    assert images.std == pytest.approx(0.3530, abs=5e-5)


def test_a_mirror_that_the_reader_names(
    mnist: ImageSet,
    mnist_folder: Path,
    empty_data_root: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in mnist_folder.glob("*-ubyte.gz"):
        server.replies[f"/near/MNIST/raw/{path.name}"] = Reply(path.read_bytes())
    monkeypatch.setenv("DLBOOK_MIRRORS", f"{server.url}gone {server.url}near")
    assert torch.equal(load_images("mnist").test.x, mnist.test.x)
    assert capsys.readouterr() == ("", "")
    assert server.asked[:2] == [f"/{name}/MNIST/raw/{FIRST_FILE}" for name in ("gone", "near")]
    assert names_in(empty_data_root / "MNIST" / "raw") == PACKED | UNPACKED


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_of_all_mirrors_is_one_line_and_the_digits(
    empty_data_root: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    reply, reason = FAULTS[kind]
    for name in ("one", "two"):
        server.replies[f"/{name}/MNIST/raw/{FIRST_FILE}"] = reply
    monkeypatch.setenv("DLBOOK_MIRRORS", f"{server.url}one/, {server.url}two/")
    assert load_images("mnist").name == "digits"
    out, err = capsys.readouterr()
    assert (out.count("\n"), out.count(reason), err) == (1, 2, "")
    assert {Path(path).name for path in server.asked} == {FIRST_FILE}, "the others are not tried"
    assert not [path for path in empty_data_root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("options", "reason"),
    [("size=64k", "No space left on device"), ("ro", "Read-only file system")],
)
def test_a_disk_that_cannot_be_written_is_one_line_and_the_digits(
    empty_data_root: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: str,
    reason: str,
) -> None:
    server.replies[f"/MNIST/raw/{FIRST_FILE}"] = Reply(bytes(1_000_000))
    monkeypatch.setenv("DLBOOK_MIRRORS", server.url)
    empty_data_root.mkdir()
    with mounted(empty_data_root, options):
        assert load_images("mnist").name == "digits"
        assert not [path for path in empty_data_root.rglob("*") if path.is_file()]
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert f"cannot be written to {empty_data_root / 'MNIST' / 'raw'}: {reason}" in out


def test_fashion_mnist_falls_back_to_mnist(
    mnist_folder: Path,
    empty_data_root: Path,
    no_network: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(mnist_folder, empty_data_root / "MNIST" / "raw")
    assert load_images("fashion_mnist").name == "MNIST"
    said = capsys.readouterr().out
    assert said.startswith("FashionMNIST is not here: using MNIST. Why: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("name", "title"), [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST")])
def test_without_files_and_network_the_digits_come_and_say_so(
    empty_data_root: Path,
    no_network: None,
    capsys: pytest.CaptureFixture[str],
    name: str,
    title: str,
) -> None:
    assert load_images(name).name == "digits"
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    assert out.startswith(f"{title} is not here: using scikit-learn's 1,797 bundled digits")
    assert "Connection refused" in out
    assert str(empty_data_root / title / "raw") in out
    assert not list(empty_data_root.rglob("*"))


def test_packed_files_are_unpacked_beside_them(
    mnist: ImageSet, mnist_folder: Path, raw: Path
) -> None:
    copy_packed(mnist_folder, raw)
    assert_equal(load_images("mnist"), mnist)
    assert names_in(raw) == PACKED | UNPACKED
    for name in UNPACKED:
        assert (raw / name).read_bytes() == gzip.decompress((raw / f"{name}.gz").read_bytes())
    for name in PACKED:
        (raw / name).unlink()
    assert_equal(load_images("mnist"), mnist)


@pytest.mark.parametrize("options", ["size=12m", "remount,ro"])
def test_where_nothing_can_be_written_packed_files_are_read_all_the_same(
    mnist: ImageSet,
    mnist_folder: Path,
    raw: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    with mounted(raw, "size=12m"):
        copy_packed(mnist_folder, raw)
        subprocess.run(["mount", "-o", f"remount,{options}", str(raw)], check=True)
        assert_equal(load_images("mnist"), mnist)
        assert not names_in(raw) - PACKED - UNPACKED
        assert "train-images-idx3-ubyte" not in names_in(raw)
    assert names_in(elsewhere) == set()


def load_mnist(root: Path) -> None:
    os.environ["DLBOOK_DATA"] = str(root)  # a forked process has the variables of an earlier test
    load_images("mnist")


def test_two_processes_unpack_at_once(mnist: ImageSet, mnist_folder: Path, raw: Path) -> None:
    copy_packed(mnist_folder, raw)
    root = raw.parents[1]
    with child(load_mnist, root) as one, child(load_mnist, root) as two:
        pass
    assert (one.exitcode, two.exitcode) == (0, 0)
    assert names_in(raw) == PACKED | UNPACKED
    assert_equal(load_images("mnist"), mnist)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_has_the_name_of_an_unpacked_file_and_is_none_is_left_alone(
    mnist: ImageSet, mnist_folder: Path, raw: Path, make: Callable[[Path], None]
) -> None:
    copy_packed(mnist_folder, raw)
    make(raw / "train-images-idx3-ubyte")
    assert_equal(load_images("mnist"), mnist)
    assert not (raw / "train-images-idx3-ubyte").is_file()


@pytest.mark.parametrize(
    "content", [b"", b"<html>please log in</html>", gzip.compress(idx(5, 28, 28))]
)
def test_a_damaged_file_is_named(raw: Path, content: bytes) -> None:
    (path := raw / FIRST_FILE).write_bytes(content)
    for name in PACKED - {FIRST_FILE}:
        (raw / name).touch()
    with pytest.raises(ValueError, match=f"{path} is damaged: its MD5 checksum is .* expected"):
        load_images("mnist")
    assert names_in(raw) == PACKED


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_waited_for(raw: Path, make: Callable[[Path], None]) -> None:
    for name in PACKED:
        make(raw / name)
    with pytest.raises(ValueError, match=f"{raw / FIRST_FILE} is no file"):
        load_images("mnist")


def test_unpacked_files_are_enough(raw: Path) -> None:
    write_unpacked(raw)
    images = load_images("mnist")
    assert repr(images) == "ImageSet(MNIST: 5 training, 3 test)"
    assert images.train.x.flatten()[:257].tolist() == [*range(256), 0]
    assert images.test.y.tolist() == [0, 1, 2]


@pytest.mark.parametrize("name", sorted(UNPACKED))
@pytest.mark.parametrize(
    "content",
    [
        b"",
        idx(5, 28, 28)[:-1],
        idx(3)[:-1],
        idx(5, 28, 28) + b"more",
        b"<html>please log in</html>",
        idx(2, 3, kind=13),
        idx(4, kind=10),
        idx(4),
        idx(4, 28, 28),
        struct.pack(">BBBB3I", 0, 0, 8, 3, *3 * [2**32 - 1]),
        struct.pack(">BBBBI", 0, 0, 8, 1, 2**32 - 1),
    ],
    ids=repr,
)
def test_a_damaged_unpacked_file_is_one_clear_message(raw: Path, name: str, content: bytes) -> None:
    write_unpacked(raw)
    (raw / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"an unpacked file in {raw} is damaged \(.*; delete"):
        load_images("mnist")


def test_a_data_root_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file := tmp_path / "file").touch()
    monkeypatch.setenv("DLBOOK_DATA", str(file))
    with pytest.raises(NotADirectoryError, match=f"{file} is a file, not a folder"):
        load_images("mnist")


def test_the_data_root_is_in_the_cache_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_DATA", "~/somewhere")
    assert data_root() == Path.home() / "somewhere"
    monkeypatch.setenv("DLBOOK_DATA", " ")
    assert data_root().name == "dlbook"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match=f"one of {', '.join(FALLBACKS)}, got 'cifar'"):
        load_images("cifar")


def test_the_digits_are_scikit_learns(digits: ImageSet) -> None:
    bunch = load_digits()
    x, y = (torch.cat((getattr(digits.train, k), getattr(digits.test, k))) for k in "xy")
    assert x.shape == (1797, 1, 28, 28)
    assert (x.dtype, y.dtype) == (torch.uint8, torch.int64)
    assert y.tolist() == bunch.target.tolist()
    assert len(digits.train) == 1437
    ink = x.double().sum(dim=(1, 2, 3)).numpy()
    assert np.corrcoef(ink, bunch.images.sum(axis=(1, 2)))[0, 1] > 0.99
    assert x[:, :, :4].sum() == x[:, :, -4:].sum() == x[..., :4].sum() == x[..., -4:].sum() == 0


def test_every_class_is_in_both_parts_of_the_digits(digits: ImageSet) -> None:
    for part in (digits.train, digits.test):
        assert part.y.unique().tolist() == list(range(len(digits.classes)))


def test_moments_are_those_of_numpy(digits: ImageSet) -> None:
    pixels = digits.train.x.numpy() / 255
    assert digits.mean == pytest.approx(pixels.mean(), rel=1e-12)
    assert digits.std == pytest.approx(pixels.std(), rel=1e-12)


def test_standardized_has_mean_0_and_deviation_1(digits: ImageSet, device: torch.device) -> None:
    train, test = digits.standardized(device)
    assert train.x.device.type == test.y.device.type == device.type
    assert train.x.dtype == torch.float32
    assert train.x.double().mean().item() == pytest.approx(0, abs=1e-6)
    assert train.x.double().std().item() == pytest.approx(1, abs=1e-6)
    by_hand = (digits.test.x.double() / 255 - digits.mean) / digits.std
    torch.testing.assert_close(test.x.cpu().double(), by_hand, atol=1e-5, rtol=0)


def test_standardizing_leaves_the_bytes_alone() -> None:
    x = torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1)
    part = Samples(x, torch.tensor([0, 1]))
    images = ImageSet("two pixels", part, part, ("black", "white"))
    assert (images.mean, images.std) == (0.5, 0.5)
    assert images.standardized()[0].x.flatten().tolist() == [-1, 1]
    assert x.flatten().tolist() == [0, 255]
    assert math.isclose(images.std, 0.5)
