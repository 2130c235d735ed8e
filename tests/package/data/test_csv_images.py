"""Pictures in CSV files: written and read back exactly, also in worker processes."""

import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import torch
from torch.utils.data import DataLoader
from torchvision import transforms

from dlbook.data import CsvImages, Samples, load_images, write_csv_images


@pytest.fixture(scope="module")
def digits() -> Samples:
    return load_images("digits").train[:20]


@pytest.fixture(scope="module")
def path(digits: Samples, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csv") / "digits.csv.gz"
    write_csv_images(path, digits)
    return path


def test_what_was_written_is_read_back(digits: Samples, path: Path) -> None:
    images = CsvImages(path)
    assert len(images) == 20
    assert repr(images) == "CsvImages(20 images of 28×28)"
    for i, (picture, label) in enumerate(images[j] for j in range(20)):
        assert torch.equal(picture, digits.x[i].float() / 255)
        assert label == digits.y[i]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_file_is_a_table_of_labels_and_pixels(digits: Samples, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    write_csv_images(path, Samples(digits.x[:2, 0], digits.y[:2]))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("label,pixel0,pixel1,")
    assert [len(line.split(",")) for line in lines] == [785] * 3
    assert len(CsvImages(path)) == 2


def test_a_transform_is_applied_to_every_picture(path: Path) -> None:
    flipped = CsvImages(path, transform=transforms.RandomHorizontalFlip(p=1.0))
    plain = CsvImages(path)
    assert all(torch.equal(flipped[i][0], plain[i][0].flip(-1)) for i in range(20))


def test_it_is_torchvisions_tensor(digits: Samples, path: Path) -> None:
    as_picture = transforms.ToPILImage()(digits.x[3])
    assert torch.equal(transforms.ToTensor()(as_picture), CsvImages(path)[3][0])


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_worker_processes_can_read_it(digits: Samples, path: Path, context: str) -> None:
    loader = DataLoader(
        CsvImages(path), batch_size=8, num_workers=1, multiprocessing_context=context
    )
    batches = list(loader)
    assert [len(y) for _, y in batches] == [8, 8, 4]
    assert torch.equal(torch.cat([x for x, _ in batches]), digits.x.float() / 255)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("label,pixel0\n1,300\n", "0 to 255: column 'pixel0' holds 300"),
        ("label,pixel0\n-1,30\n", "0 to 255: column 'label' holds -1"),
        (f"label,pixel0\n1,{10**30}\n", "0 to 255"),
        ("label,pixel0\n1,0.5\n", "0 to 255"),
        ("label,pixel0\n1,\n", "0 to 255"),
        ("label,pixel0\n1,dark\n", "0 to 255"),
        ("name,pixel0\n1,2\n", "a column 'label'"),
        ("label,pixel0,pixel1\n1,2,3\n", "H·H columns"),
        ("label,pixel0\n3,1,2\n7,1,2\n", "0 to 255: .*[Ee]xpected 2 fields"),
        ("label,pixel0\n0,1,2\n1,1,2\n", "0 to 255: .*[Ee]xpected 2 fields"),
        ("label,pixel0\n3,1,2\n7,1,2\n1,1,2\n", "0 to 255: .*[Ee]xpected 2 fields"),
        ("label,pixel0\n1,2\n1,2,3\n", "0 to 255: .*[Ee]xpected 2 fields"),
        ("label\n1\n", "H·H columns"),
        ("label,pixel0\n", "a row or more"),
        ("", "0 to 255"),
    ],
)
def test_a_bad_file_is_named(text: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"bad\.csv must .*{word}"):
        CsvImages(path)


def test_other_pictures_are_refused(digits: Samples, tmp_path: Path) -> None:
    path = tmp_path / "never.csv"
    for x, y in (
        (digits.x.float(), digits.y),
        (digits.x, digits.y.float()),
        (digits.x[..., :-1], digits.y),
        (digits.x.flatten(1), digits.y),
    ):
        with pytest.raises(ValueError, match="samples must be square gray images"):
            write_csv_images(path, Samples(x, y))
    assert not path.exists()
    with pytest.raises(FileNotFoundError):
        CsvImages(path)


def test_a_failed_write_leaves_the_old_file(digits: Samples, tmp_path: Path) -> None:
    path = tmp_path / "folder.csv"
    (path / "inside").mkdir(parents=True)  # a folder cannot be replaced by a file
    with pytest.raises(ValueError, match=r"path must name a file, .*folder\.csv"):
        write_csv_images(path, digits[:1])
    assert [p.name for p in tmp_path.iterdir()] == ["folder.csv"]


UNPACKERS = {"": open, "gz": gzip.open, "BZ2": bz2.open, "xz": lzma.open}


@pytest.mark.parametrize("ending", [*UNPACKERS, "zip", "GZ"])
def test_a_name_says_how_the_file_is_compressed(
    digits: Samples, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"a.csv.{ending}".rstrip(".")
    write_csv_images(path, digits)
    again = CsvImages(path)
    assert torch.equal(again.pixels, digits.x)
    assert torch.equal(again.labels, digits.y)
    if ending == "zip":
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["a.csv"]
            text = archive.read("a.csv")
    else:
        with UNPACKERS.get(ending, gzip.open)(path, "rb") as file:
            text = file.read()
    assert text.startswith(b"label,pixel0,pixel1,")


@pytest.mark.parametrize("name", ["a.csv.zst", "a.ZST", "a.tar", "a.csv.tar.gz", "a.tar.XZ"])
def test_other_compressed_files_are_refused(digits: Samples, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=rf"path must be .*none or one of \.gz, .*/{name}$"):
        write_csv_images(tmp_path / name, digits)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "in_order"),
    [
        ("pixel{i}", False),
        ("{i}", False),
        ("p{i:03}", True),
        ("{row}x{column}", False),
        ("x{column}y{row}", None),
    ],
)
def test_columns_sorted_as_text_are_put_in_order(
    digits: Samples, tmp_path: Path, name: str, in_order: bool | None
) -> None:
    columns = [name.format(i=i, row=i // 28, column=i % 28) for i in range(784)]
    table = pd.DataFrame(digits.x.flatten(1).numpy(), columns=columns)
    table.insert(3, "label", digits.y.numpy())
    assert in_order is None or (sorted(columns) == columns) == in_order
    orders = [list(table)] if in_order is None else [list(table), sorted(table)]
    for order in orders:
        table[order].to_csv(path := tmp_path / "a.csv", index=False)
        found = CsvImages(path)
        assert torch.equal(found.pixels, digits.x)
        assert torch.equal(found.labels, digits.y)
