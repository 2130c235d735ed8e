"""The narrow drawing of a figure: its panels stand below one another, and nothing else changes."""

import base64
import io
import itertools

import matplotlib.pyplot as plt
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from nbclient import NotebookClient
from PIL import Image

from dlbook.plots.narrow import WIDTH, in_one_row, stacked, with_narrow
from dlbook.png import split

NOTEBOOK = ["import matplotlib.pyplot as plt\nfrom dlbook import plots\nplots.use_style()",
            "plots.use_style()\n_ = plt.figure()\n_ = plt.subplots(1, 2)"]  # fmt: skip


def drawn(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def extents(figure: Figure) -> list[float]:
    """Where the panels end, in shares of the figure, and its size."""
    figure.draw_without_rendering()
    ends = [end for ax in figure.axes for end in ax.get_position().extents]
    return [*ends, *figure.get_size_inches()]


def row(panels: int, **options: bool) -> Figure:
    figure, _ = plt.subplots(1, panels, figsize=(7.2, 2.6), layout="constrained", **options)
    for number, ax in enumerate(figure.axes):
        ax.plot([0, number, 1])
        ax.set(xlabel="step", title=f"panel {number}")
    figure.axes[0].set_ylabel("loss")
    plt.close(figure)
    return figure


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("panels", [1, 2, 3])
def test_panels_stand_below_one_another_and_then_as_before(panels: int, *, share: bool) -> None:
    figure = row(panels, sharey=share)
    before = extents(figure)
    with stacked(figure, in_one_row(figure)):
        figure.draw_without_rendering()
        boxes = [ax.get_position() for ax in figure.axes]
        assert figure.get_figwidth() == WIDTH
        assert all(above.y0 > below.y1 for above, below in itertools.pairwise(boxes))
        assert len({round(box.x0, 3) for box in boxes}) == 1
        for ax in figure.axes:
            assert any(label.get_visible() and label.get_text() for label in ax.get_yticklabels())
        if share:
            assert {ax.get_ylabel() for ax in figure.axes} == {"loss"}
    assert extents(figure) == pytest.approx(before, abs=0.01)
    assert [ax.get_ylabel() for ax in figure.axes] == ["loss", *[""] * (panels - 1)]


def test_a_panel_with_labels_of_its_own_keeps_them() -> None:
    figure, (_, right) = plt.subplots(1, 2, layout="constrained")
    right.yaxis.tick_right()
    plt.close(figure)
    with stacked(figure, in_one_row(figure)):
        assert right.yaxis.get_tick_params()["labelleft"] is False
        assert right.get_ylabel() == ""


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_both_drawings_are_pictures_and_come_apart(panels: int) -> None:
    figure = row(panels)
    png = drawn(figure)
    both = with_narrow(png, figure)
    with Image.open(io.BytesIO(both)) as shown, Image.open(io.BytesIO(png)) as alone:
        shown.load()
        assert shown.tobytes() == alone.tobytes()
    wide, narrow = split(both)
    assert wide == png
    assert narrow is not None
    with Image.open(io.BytesIO(narrow)) as image:
        image.load()
        assert (image.height > image.width) == (panels > 1)
    assert split(narrow) == (narrow, None)


@given(st.integers(1, 8), st.integers(1, 8), st.binary(max_size=64))
def test_other_pictures_stay_as_they_are(width: int, height: int, noise: bytes) -> None:
    buffer = io.BytesIO()
    pixels = (noise * (width * height) + bytes(width * height))[: width * height]
    Image.frombytes("L", (width, height), pixels).save(buffer, "png")
    assert split(buffer.getvalue()) == (buffer.getvalue(), None)


def test_grids_color_bars_and_drawings_stay_wide() -> None:
    figures = [plt.subplots(2, 2, layout="constrained")[0], plt.subplots(1, 4)[0], plt.figure()]
    figures.append(plt.subplots(1, 2)[0])  # without a layout, panels may stand anywhere
    figure, ax = plt.subplots(layout="constrained")
    figure.colorbar(ax.imshow([[0, 1]]), ax=ax)
    figures.append(figure)
    figure, ax = plt.subplots(figsize=(6, 2), layout="constrained")
    ax.set_axis_off()
    figures.append(figure)
    figure, axes = plt.subplots(1, 2, layout="constrained")
    for number in range(4):
        axes[0].plot([0, number], label=f"a rather long name of line {number}")
    figure.legend(loc="outside lower center", ncols=4)
    figures.append(figure)
    for each in figures:
        assert with_narrow(b"as it was", each) == b"as it was"
        plt.close(each)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "twice"), [("1", True), ("", False)])
def test_a_kernel_draws_twice_for_a_page_alone(
    monkeypatch: pytest.MonkeyPatch, page: str, *, twice: bool
) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", page)
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in NOTEBOOK])
    NotebookClient(notebook, kernel_name="python3").execute()
    (picture,) = (
        output["data"]["image/png"]
        for output in notebook.cells[1].outputs
        if "image/png" in output.get("data", {})
    )
    wide, narrow = split(base64.b64decode(picture))
    assert (narrow is not None) == twice
    assert split(wide) == (wide, None)
