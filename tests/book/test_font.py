"""The formulas' font: small, complete, and the same each time."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from textbook.formulas.font import source_font, write_license, write_subset


def font_at(path: Path) -> TTFont:
    return TTFont(BytesIO(path.read_bytes()))


@pytest.fixture(scope="module")
def subset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("font") / "math.woff2"
    write_subset("ℝ𝑥∑(√中", path)
    return path


def test_characters_of_the_formulas_are_there(subset: Path) -> None:
    characters = font_at(subset).getBestCmap()
    assert {ord(character) for character in "ℝ𝑥∑(√ABC123"} <= set(characters)
    assert ord("𝔤") not in characters


def test_math_table_and_large_sizes_stay(subset: Path) -> None:
    font = font_at(subset)
    stretched = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    names = font.getBestCmap()
    assert {names[ord(character)] for character in "∑(√"} <= set(stretched)
    assert len(font.getGlyphOrder()) > len(font.getBestCmap())


def test_it_is_small_and_reproducible(subset: Path, tmp_path: Path) -> None:
    write_subset("中√(∑𝑥ℝ", tmp_path / "again.woff2")
    assert (tmp_path / "again.woff2").read_bytes() == subset.read_bytes()
    assert subset.stat().st_size < 60_000 < source_font().stat().st_size


def test_license_is_told(tmp_path: Path) -> None:
    write_license(tmp_path / "license.txt")
    notice = (tmp_path / "license.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License" in notice
    assert "The STIX Fonts Project Authors" in notice
