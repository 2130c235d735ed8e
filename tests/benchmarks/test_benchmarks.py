"""The benchmarks' rows and file of results, and the page that is made of them."""

import json
import re
from pathlib import Path
from statistics import mean, median

import pytest
import torch
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from small_book import Book

from benchmarks.__main__ import NAMES, every_part, main
from benchmarks.results import RESULTS, keep
from benchmarks.rows import Bar, Row, table
from benchmarks.timing import interleave, ratio

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "benchmarks.md").read_text(encoding="utf-8")
FACTS = {"date", "processor", "device", "system", "python", "torch"}
ROW = {"name", "unit", "median", "low", "high", "bar", "verdict", "note", "values"}
MET = Row("fit / the bare loop", "×", (0.9, 1.0, 1.3), Bar("≤", 1.15), "a note")
MISSED = Row("one chapter changed", "s", (1234.4,), Bar("≤", 10))


@given(st.lists(st.floats(0.01, 1000), min_size=1), st.floats(0.01, 1000))
def test_a_bar_is_held_against_the_values_that_it_names(values: list[float], height: float) -> None:
    assert Bar("≤", height).is_met_by(values) == (median(values) <= height)
    assert Bar("≥", height, of="mean").is_met_by(values) == (mean(values) >= height)
    assert Bar("≤", height, of="all").is_met_by(values) == (max(values) <= height)
    below = sum(value <= height for value in values) / len(values)
    assert Bar("≤", height, of="19 of 20").is_met_by(values) == (below >= 0.95)


def test_a_row_says_what_was_measured_and_whether_its_bar_is_met() -> None:
    assert MET.record() == {
        "name": "fit / the bare loop",
        "unit": "×",
        "median": 1.0,
        "low": 0.9,
        "high": 1.3,
        "bar": "≤ 1.15",
        "verdict": "met",
        "note": "a note",
        "values": [0.9, 1.0, 1.3],
    }
    assert Row("no bar", "s", (1.0,)).verdict == ""
    shown = table([MET, MISSED]).splitlines()
    assert re.fullmatch(r"fit / the bare loop +1 +0.9 +1.3 × +≤ 1.15 met a note", shown[1])
    assert shown[2].endswith("≤ 10 missed")


def test_a_row_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="'fit' needs at least one value, got none"):
        Row("fit", "s", ())


def test_contestants_take_turns_and_the_first_round_does_not_count() -> None:
    turns: list[str] = []
    contestants = {name: lambda name=name: turns.append(name) for name in "ab"}  # type: ignore[misc]
    seconds = interleave(contestants, rounds=3)
    assert "".join(turns) == "abababab"
    assert [len(each) for each in seconds.values()] == [3, 3]
    assert ratio("a / b", [2.0, 9.0], [1.0, 3.0]).values == (2, 3)


def test_a_part_is_replaced_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.json"
    keep("fit", [MET], torch.device("cpu"), path)
    keep("build_time", [MISSED], torch.device("cpu"), path)
    keep("fit", [MET, MET], torch.device("cpu"), path)
    results = json.loads(path.read_text(encoding="utf-8"))
    assert list(results) == ["build_time", "fit"]
    assert results["fit"]["rows"] == [MET.record(), MET.record()]
    assert results["fit"]["measured"]["torch"] == torch.__version__
    assert "[0.9, 1.0, 1.3]" in path.read_text(encoding="utf-8")


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"expected names among input_pipeline, .*; got 'speed'"):
        main(["fit", "speed"])
    assert capsys.readouterr().out == ""


def test_the_committed_results_are_whole() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert results.keys() >= set(NAMES)
    assert {name.partition("@")[0] for name in results} <= set(every_part())
    for part in results.values():
        assert part["measured"].keys() == FACTS
        assert part["rows"]
        for row in part["rows"]:
            assert row.keys() == ROW
            assert min(row["values"]) == row["low"] <= row["median"] <= row["high"]
            assert row["verdict"] in (("met", "missed") if row["bar"] else ("",))


def test_the_page_shows_every_part() -> None:
    assert sorted(re.findall(r"^```\{benchmark\} (\w+)$", PAGE, re.MULTILINE)) == sorted(NAMES)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["contents.benchmark_tables"],
        settings={"benchmark_results": "results.json"},
    )
    book.write(
        "index.md", "# Speed\n\n```{missed-bars}\n```\n\n```{benchmark} fit\n:values:\n```\n"
    )
    keep("fit", [MET], torch.device("cpu"), tmp_path / "results.json")
    return book


def cells(book: Book) -> list[list[str]]:
    page = BeautifulSoup(book.page("index"), "html.parser")
    rows = page.select("table.benchmark tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


def test_a_page_shows_the_results_and_follows_them(book: Book) -> None:
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    assert cells(book) == [
        ["what", "median", "range", "bar"],
        ["fit / the bare loop a note", "1.00\xa0×", "0.90 – 1.30", "≤ 1.15, met"],
    ]
    page = book.page("index")
    assert "Every bar is met." in page
    assert "fit / the bare loop: 0.90, 1.00, 1.30" in page
    assert f"PyTorch {torch.__version__}" in page

    keep("fit", [MISSED], torch.device("cpu"), book.root / "results.json")
    assert book.build("-W", "-n").returncode == 0
    assert cells(book)[1:] == [["one chapter changed", "1,234\xa0s", "", "≤ 10, missed"]]
    assert "one chapter changed: 1,234\xa0s, bar ≤\xa010" in book.page("index")


def test_a_bar_for_all_is_listed_with_the_range(book: Book) -> None:
    slider = Row("a slider", "ms", (5.0, 6.0, 17.0), Bar("≤", 16, of="all"))
    keep("fit", [slider], torch.device("cpu"), book.root / "results.json")
    assert book.build("-W", "-n").returncode == 0
    assert "a slider: 6.00\xa0ms (5.00 – 17.0), bar all\xa0≤\xa016" in book.page("index")


def test_a_part_that_was_not_measured_is_an_error(book: Book) -> None:
    book.write("index.md", "# Speed\n\n```{benchmark} fit_cuda\n```\n")
    result = book.build()
    assert result.returncode != 0
    assert "index: no results of 'fit_cuda'; expected one of ['fit']" in result.stderr
