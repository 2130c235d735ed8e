"""Chapters as files: run in a real kernel, stored with their text and without their pictures."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import dlbook
from dlbook.cli import main
from dlbook.notebooks import setup_cell, store, strip

SHOW_PICTURE = """\
from IPython.display import display
picture = {"image/png": "aWI=", "image/svg+xml": "<svg/>", "text/plain": "a picture"}
display(picture, raw=True)"""
WATCHED = """\
import os
from dlbook.progress import is_watched
del os.environ["DLBOOK_PROGRESS"]
print(is_watched())"""
SOURCES = {
    "text": "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "value": "6 * 7",
    "picture": SHOW_PICTURE,
    "place": "from pathlib import Path\nprint(*sorted(p.name for p in Path().iterdir()))",
    "bar": "from dlbook.progress import progress_bar\nprogress_bar(total=1).close()",
    "watched": WATCHED,
    "silence": "_ = 1",
}


def write(path: Path, **sources: str) -> Path:
    """A notebook with a code cell per source, the cell's id being its name."""
    cells = [new_code_cell(source, id=name) for name, source in sources.items()]
    cells[-1].metadata.tags = ["raises-exception"]
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Title", id="title"), *cells]), path)
    return path


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    """The cells of a notebook that was run and stored, by id."""
    path = write(tmp_path_factory.mktemp("book") / "a.ipynb", **SOURCES, error="1 / 0")
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("DLBOOK_PROGRESS", raising=False)
        store(path)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "language_info" not in notebook.metadata
    return {cell.id: cell for cell in notebook.cells}


def test_cells_keep_their_ids_and_get_numbers(stored: dict[str, NotebookNode]) -> None:
    assert list(stored) == ["title", *SOURCES, "error"]
    counts = [cell.execution_count for name, cell in stored.items() if name != "title"]
    assert counts == list(range(1, len(SOURCES) + 2))


def test_text_is_stored(stored: dict[str, NotebookNode]) -> None:
    texts = {output.name: output.text for output in stored["text"].outputs}
    assert texts == {"stdout": "one\nthree\n", "stderr": "two\n"}
    assert stored["value"].outputs[0].data == {"text/plain": "42"}
    assert stored["silence"].outputs == []


def test_pictures_are_not_stored_but_their_text_is(stored: dict[str, NotebookNode]) -> None:
    (output,) = stored["picture"].outputs
    assert output.data == {"text/plain": "a picture"}


def test_errors_are_stored_without_a_traceback(stored: dict[str, NotebookNode]) -> None:
    (error,) = stored["error"].outputs
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")
    assert error.traceback == []


def test_a_notebook_runs_in_its_own_folder(stored: dict[str, NotebookNode]) -> None:
    assert stored["place"].outputs[0].text == "a.ipynb\n"


def test_no_progress_bar_is_stored(stored: dict[str, NotebookNode]) -> None:
    assert stored["bar"].outputs == []


def test_a_kernel_is_watched_unless_it_is_forbidden(stored: dict[str, NotebookNode]) -> None:
    assert stored["watched"].outputs[0].text == "True\n"


def test_times_of_execution_are_not_stored(stored: dict[str, NotebookNode]) -> None:
    assert not any("execution" in cell.metadata for cell in stored.values())


def test_the_command_stores_and_a_failure_leaves_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.ipynb", only="print('fine')")
    bad = write(tmp_path / "bad.ipynb", broken="print('seen')\nraise OSError('no')", last="1")
    before = bad.read_bytes()
    with pytest.raises(CellExecutionError, match="raise OSError"):
        main(["store", str(good), str(bad)])
    assert bad.read_bytes() == before
    assert "fine" in good.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.ipynb", "good.ipynb"]
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("running")]
    assert said == [f"running {good} ...", f"running {bad} ..."]


@pytest.mark.parametrize(
    ("tags", "kept"),
    [([], {"text/plain", "text/html"}), (["nbval-ignore-output"], {"text/plain"})],
)
def test_strip_removes_widgets_and_html_that_nobody_compares(
    tags: list[str], kept: set[str]
) -> None:
    view = "application/vnd.jupyter.widget-view+json"
    data = {view: {"model_id": "1"}, "text/plain": "IntSlider()", "text/html": "<p>still</p>"}
    outputs = [new_output("display_data", data)]
    cell = new_code_cell("x", outputs=outputs, metadata={"tags": tags})
    notebook = new_notebook(cells=[cell], metadata={"widgets": {"state": {}}})
    strip(notebook)
    assert set(cell.outputs[0].data) == kept
    assert notebook.metadata == {}


def test_the_first_cell_does_nothing_here() -> None:
    exec(setup_cell("nowhere").replace("%pip", "raise RuntimeError #"), {})


def test_a_chapter_of_another_release_stops_in_its_first_cell() -> None:
    cell = setup_cell("nowhere").replace("%pip", "pass #")
    with pytest.raises(ImportError, match=r"written for dlbook 9\.9"):
        exec(cell.replace(dlbook.release(), "9.9"), {})


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "a.ipynb")
    with pytest.raises(ValueError, match=r"path must name a file, got .* it is a pipe"):
        store(path)


@pytest.mark.slow
def test_a_kernel_complains_of_nothing(root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb", only="1")
    finished = subprocess.run(
        [sys.executable, "-m", "dlbook", "store", path], cwd=root, capture_output=True, text=True
    )
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [[], ["sing"], ["store"]])
def test_the_command_line_says_what_it_wants(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    assert "usage: python -m dlbook" in capsys.readouterr().err


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == 0
    assert "run chapters and store their text outputs" in capsys.readouterr().out
