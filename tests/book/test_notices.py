"""What the notices say of others' work stands in the packages that build the pages."""

import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from textbook.formulas.font import source_font

PAGE = (Path(__file__).parents[2] / "book" / "notices.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([a-z-]+) \| [^|]+ \| ([^|]+) \| (Copyright [^|]+) \|$", re.MULTILINE)
PACKAGES = {name: (terms, line) for name, terms, line in ROW.findall(PAGE)}
KIND = {  # words that a license of this kind, and none of the others, has
    "MIT": "Permission is hereby granted, free of charge",
    "BSD 2-clause": "Redistribution and use in source and binary forms",
    "BSD 3-clause": "Neither the name of",
}


def texts(package: str, name: str) -> Iterator[str]:
    """The contents of a package's files whose names match a pattern."""
    for path in distribution(package).files or []:
        if re.search(name, str(path)):
            yield " ".join(Path(path.locate()).read_text(encoding="utf-8").split())


def test_the_packages_are_found_on_the_page() -> None:
    assert len(PACKAGES) == 7


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_under_the_license_that_is_stated(package: str) -> None:
    terms, line = PACKAGES[package]
    (license_text,) = texts(package, r"dist-info/(licenses/)?LICENSE[^/]*$")
    assert line in license_text
    assert KIND[terms] in license_text.replace("names of its", "name of its")
    assert (KIND["BSD 3-clause"] in license_text) == (terms == "BSD 3-clause")


@pytest.mark.parametrize(
    ("package", "name", "words"),
    [
        ("pydata-sphinx-theme", r"static/scripts/bootstrap.js.LICENSE.txt", "Bootstrap v5.3.3"),
        (
            "pydata-sphinx-theme",
            r"static/scripts/bootstrap.js.LICENSE.txt",
            "Copyright 2011-2024 The Bootstrap Authors",
        ),
        (
            "pydata-sphinx-theme",
            r"static/scripts/fontawesome.js.LICENSE.txt",
            "Copyright 2024 Fonticons, Inc.",
        ),
        (
            "pydata-sphinx-theme",
            r"static/scripts/fontawesome.js.LICENSE.txt",
            "Font Awesome Free 6.5.2",
        ),
        ("sphinx-copybutton", r"clipboard.min.js", "Licensed MIT © Zeno Rocha"),
        ("vl-convert-python", r"LICENSE", "Copyright 2023 Jon Mease"),
        (
            "scikit-learn",
            r"licenses/COPYING",
            "Copyright (c) 2007-2026 The scikit-learn developers",
        ),
    ],
)
def test_what_packages_contain_says_so(package: str, name: str, words: str) -> None:
    (text,) = texts(package, name)
    assert words in text
    assert words in PAGE


def test_the_fonts_name_their_license() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(source_font()) as font:
        copyright_line = font["name"].getDebugName(0)
        assert "SIL Open Font License, Version 1.1" in font["name"].getDebugName(13)
    assert copyright_line.startswith("Copyright 2001-2020 The STIX Fonts Project Authors")
    assert "Copyright 2001-2020 The STIX Fonts Project Authors" in PAGE
