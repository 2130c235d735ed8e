"""The conventions that every chapter keeps, checked on the notebooks as they are stored."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from dlbook.notebooks import NEVER_STORED, setup_cell

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LAST_SECTIONS = ["Pitfalls", "Summary", "Where next"]
TAGS = {
    "check",
    "hide-cell",
    "hide-input",
    "hide-output",
    "nbval-ignore-output",
    "raises-exception",
    "remove-cell",
    "remove-input",
    "remove-output",
    "skip-execution",
    "solution",
    "varies-with-images",
    "varies-with-machine",
    "varies-with-rounding",
    "varies-with-time",
}

FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.DOTALL | re.MULTILINE)
CODE_OR_MATH = re.compile(r"(`+).+?\1|\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
# No HTML but what folds an answer, which Jupyter, Colab, GitHub and the book all understand.
HTML = re.compile(r"<(?!https?://|/?(details|summary)>)(/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
MYST = {
    "a role": re.compile(r"\{[a-z][\w:+.-]*\}`"),
    "a directive": re.compile(r"^ *(:::|(```+|~~~+) *\{)", re.MULTILINE),
    "a target": re.compile(r"^\([\w:.-]+\)= *$", re.MULTILINE),
    "a label of an equation": re.compile(r"\$\$ *\([\w:.-]+\) *$", re.MULTILINE),
}
ASSERT = re.compile(r"^ *assert\b", re.MULTILINE)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> NotebookNode:
    """One chapter after the other."""
    return read(request.param)


def code_cells(chapter: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in chapter.cells if cell.cell_type == "code"]


def markdown(chapter: NotebookNode) -> Iterator[tuple[str, str]]:
    """The id and the source of every Markdown cell."""
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            yield cell.id, cell.source


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def is_picture(output: NotebookNode) -> bool:
    return output.get("data", {}).get("text/plain", "").startswith("<Figure size")


def figure_of(cell: NotebookNode) -> NotebookNode:
    return cell.metadata.get("mystnb", {}).get("figure", {})


def test_the_first_cell_is_the_books(chapter: NotebookNode) -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert chapter.cells[0].cell_type == "code"
    assert chapter.cells[0].source == setup_cell(config["repository"]["url"])
    assert tags(chapter.cells[0]) == ["remove-cell"]


def test_it_is_a_valid_notebook_with_ids(chapter: NotebookNode) -> None:
    nbformat.validate(chapter)
    assert (chapter.nbformat, chapter.nbformat_minor) == (4, 5)
    assert [cell_id for cell_id, n in Counter(c.id for c in chapter.cells).items() if n > 1] == []


def test_nothing_is_stored_that_changes_by_itself(chapter: NotebookNode) -> None:
    assert "widgets" not in chapter.metadata
    for cell in code_cells(chapter):
        for output in cell.outputs:
            assert not output.get("traceback"), f"{cell.id} stores a traceback"
            for kind in output.get("data", {}):
                assert not kind.startswith(NEVER_STORED), f"{cell.id} stores {kind}"


def test_it_was_run_from_top_to_bottom(chapter: NotebookNode) -> None:
    numbered = enumerate(code_cells(chapter), start=1)
    assert [cell.id for number, cell in numbered if cell.execution_count != number] == []


def test_nothing_is_said_on_stderr(chapter: NotebookNode) -> None:
    for cell in code_cells(chapter):
        assert "stderr" not in [output.get("name") for output in cell.outputs], cell.id


def test_no_line_of_code_ends_in_a_semicolon(chapter: NotebookNode) -> None:
    for cell in code_cells(chapter):
        for line in cell.source.splitlines():
            assert not line.rstrip().endswith(";"), f"{cell.id}: {line}"


def test_markdown_is_plain(chapter: NotebookNode) -> None:
    for cell_id, source in markdown(chapter):
        for name, pattern in MYST.items():
            assert not pattern.search(source), f"{cell_id} holds {name} of MyST"
        prose = CODE_OR_MATH.sub("", FENCE.sub("", source))
        assert not HTML.search(prose), f"{cell_id} holds HTML: {HTML.search(prose)[0]}"


def test_it_ends_in_the_sections_that_all_have(chapter: NotebookNode) -> None:
    sources = (FENCE.sub("", source) for _, source in markdown(chapter))
    headings = [heading for source in sources for heading in HEADING.findall(source)]
    assert [heading for heading in headings if heading in LAST_SECTIONS] == LAST_SECTIONS
    assert headings[-1] == LAST_SECTIONS[-1]


def test_tags_are_known(chapter: NotebookNode) -> None:
    for cell in chapter.cells:
        assert set(tags(cell)) <= TAGS, cell.id
        assert len(set(tags(cell))) == len(tags(cell)), cell.id


def test_a_fold_says_what_it_holds_on_the_page_in_colab_and_in_jupyter(
    chapter: NotebookNode,
) -> None:
    for cell in chapter.cells:
        if "hide-input" in tags(cell) and "solution" not in tags(cell):
            assert re.match(r"# @title \S", cell.source), cell.id
            assert cell.metadata.jupyter.source_hidden, cell.id
            assert cell.metadata.cellView == "form", cell.id


def test_every_picture_has_a_caption_a_name_and_an_alternative(chapter: NotebookNode) -> None:
    for cell in code_cells(chapter):
        figure = figure_of(cell)
        assert figure or not any(map(is_picture, cell.outputs)), f"{cell.id} has no caption"
        if figure:
            assert figure.get("caption"), f"{cell.id} has no caption"
            assert figure.get("name"), f"{cell.id} has no name"
            alternative = cell.metadata.mystnb.get("image", {}).get("alt")
            assert alternative, f"{cell.id} has no text alternative"
            assert alternative != figure.caption, f"{cell.id} says the same twice"


def test_names_of_figures_are_unique() -> None:
    names = Counter(
        figure_of(cell).name
        for path in CHAPTERS
        for cell in code_cells(read(path))
        if figure_of(cell)
    )
    assert [name for name, n in names.items() if n > 1] == []


def test_what_is_not_compared_is_asserted(chapter: NotebookNode) -> None:
    cells = code_cells(chapter)
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if "nbval-ignore-output" in tags(cell) and not cell.source.startswith("progress("):
            checked = cell.source + "\n" + (after.source if after else "")
            assert ASSERT.search(checked), f"neither {cell.id} nor the next cell asserts anything"
