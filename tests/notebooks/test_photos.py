"""Chapter 17's picture of your own, as phones, tablets and scanners make them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from chapter_cells import defined
from PIL import Image, ImageOps

from dlbook.data import load_images

TURN = 0x0112  # the number of EXIF's note that says how to turn the photo


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The chapter's functions, and the photo that it makes."""
    names: dict[str, Any] = {
        "Image": Image,
        "ImageOps": ImageOps,
        "np": np,
        "folder": tmp_path_factory.mktemp("photos"),
        "image": Image.fromarray(load_images("digits").test.x[0, 0].numpy()),
    }
    for cell in ("make-a-photo", "centered", "from-photo"):
        names |= vars(defined("17_mnist", cell, **names))
    return SimpleNamespace(**names)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two pictures' pixels."""
    return float(np.corrcoef(np.asarray(one).ravel(), np.asarray(other).ravel())[0, 1])


@pytest.mark.parametrize("ending", ["jpg", "png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_its_note_says(
    chapter: SimpleNamespace, tmp_path: Path, ending: str, orientation: int
) -> None:
    stored = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transpose that undoes the turn
    photo = chapter.photo
    if orientation > 1:
        photo = photo.transpose(Image.Transpose(stored[orientation]))
    (exif := Image.Exif())[TURN] = orientation
    photo.save(tmp_path / f"photo.{ending}", exif=exif)
    with Image.open(tmp_path / f"photo.{ending}") as found:
        assert found.size == ((200, 300) if orientation > 4 else (300, 200))
        assert likeness(chapter.from_photo(found), chapter.prepared) > 0.95


@pytest.mark.parametrize("hidden", ["black", "white", "red"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_paper(
    chapter: SimpleNamespace, tmp_path: Path, mode: str, hidden: str
) -> None:
    ink = ImageOps.invert(chapter.photo.convert("L")).point(lambda value: 255 * (value > 120))
    drawing = Image.new("RGB", ink.size, hidden)
    drawing.paste("navy", mask=ink)
    drawing.putalpha(ink)
    drawing.convert(mode).save(tmp_path / "drawing.png")
    with Image.open(tmp_path / "drawing.png") as found:
        assert found.mode == mode
        assert likeness(chapter.from_photo(found), chapter.prepared) > 0.9


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "CMYK"])
def test_photos_of_every_kind(chapter: SimpleNamespace, mode: str) -> None:
    photo = chapter.photo.convert(mode)
    assert likeness(chapter.from_photo(photo), chapter.prepared) > 0.9


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("grain", [0, 4])
def test_blank_paper_is_said_to_be_blank(chapter: SimpleNamespace, grain: int, seed: int) -> None:
    paper = 215 + np.random.default_rng(seed).normal(0, 1, (200, 300)) * grain
    with pytest.raises(ValueError, match="this photo shows no ink"):
        chapter.from_photo(Image.fromarray(paper.astype(np.uint8)))
    with pytest.raises(ValueError, match="this photo shows no ink"):
        chapter.from_photo(Image.new("RGBA", (30, 20), (0, 0, 0, 0)))
