"""Figures on functions: what their HTML says before anything is moved, and what is refused."""

from typing import Any

import altair as alt
import pytest
import torch
from page_data import page_data
from torch import Tensor

from dlbook.explorers import Menu, Slider, charts
from dlbook.explorers.controls import Dial
from dlbook.explorers.explorer import Explorer, filled
from dlbook.explorers.walk import Walk


def parabola(at: Tensor, opens: str) -> dict[str, Any]:
    x = torch.linspace(-2, 2, 5, dtype=torch.float64)
    up = 1 if opens == "up" else -1
    y = up * at**2
    return {
        "curve": {"x": x, "y": up * x**2},
        "dot": {"x": at, "y": y},
        "y": y,
        "sign": (y < 0).long(),
    }


def explorer(**changed: Any) -> Explorer:
    settings = {
        "caption": "A parabola.",
        "alt_text": "A curve with a dot on it.",
        "sentence": "The dot is at {y:+.2f}, {sign}.",
        "phrases": {"sign": ["above", "below"]},
    }
    controls = [Dial("at", "x", -2, 2, 1.0, 40), Menu("opens", "opens", ["up", "down"], "up")]
    x, y = charts.Axis("x", (-2, 2)), charts.Axis("y", (-4, 4))
    layers = (charts.line("curve", "x", "y"), charts.dots("dot", "x", "y", name="at x"))
    return Explorer(controls, parabola, [charts.panel(*layers, x=x, y=y)], **settings | changed)


@pytest.fixture(autouse=True)
def for_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", "1")


def data(figure: Explorer) -> dict[str, Any]:
    return page_data(figure._repr_html_())


def test_its_sentence_and_still_are_of_the_first_values() -> None:
    html = explorer()._repr_html_()
    assert '<p class="dlx-outcome" role="status">The dot is at +1.00, above.</p>' in html
    assert html.count('<div class="dlx-view" aria-hidden="true"><svg') == 1
    assert html == explorer()._repr_html_()


def test_the_page_gets_a_tape_for_each_text_and_no_tables() -> None:
    told = data(explorer())
    assert told["tapes"].keys() == {"0", "1"}
    steps = [{name for name, *_ in tapes["function"]["steps"]} for tapes in told["tapes"].values()]
    assert all(names >= {"linspace.default", "pow.Tensor_Scalar"} for names in steps)
    assert "datasets" not in told["specs"][0]
    assert told["engine"] == "_static/tapes.js"


def test_outside_of_a_page_it_carries_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DLBOOK_PAGE")
    assert "window.dlbookTapes =" in explorer()._repr_html_()


def test_a_function_that_branches_on_a_value_is_refused() -> None:
    def branching(at: Tensor) -> dict[str, Any]:
        return {"size": at if at > 0 else -at}

    with pytest.raises(RuntimeError):
        Explorer([Dial("at", "x", -2, 2, 1.0, 40)], branching, [], caption="", alt_text="")


def test_infinite_numbers_are_written_as_such() -> None:
    numbers = {"h": torch.tensor(float("inf")), "k": torch.tensor(-float("inf"))}
    assert filled("{h:.2f} and {k:.2f}", numbers, {}) == "∞ and −∞"
    whole = {"n": torch.tensor(1234), "x": torch.tensor(3.0)}
    assert filled("{n} {n:,d} {x} {x:.1f}", whole, {}) == "1234 1,234 3 3.0"


def halving(steps: int) -> Walk:
    return Walk(lambda at: {"w": at}, lambda state, at: {"w": state["w"] / 2}, steps)


def test_a_walk_gives_the_function_its_columns() -> None:
    def figure(at: Tensor, path: dict[str, Tensor]) -> dict[str, Any]:
        return {"path": {"w": path["w"]}, "end": path["w"][-1]}

    dials = [Dial("at", "x", -2, 2, 1.0, 40)]
    told = Explorer(dials, figure, [], caption="", alt_text="", sentence="{end:.3f}",
                    walks={"path": halving(3)})  # fmt: skip
    assert ">0.125</p>" in told._repr_html_()
    assert data(told)["tapes"][""]["walks"][0]["steps"] == 3


@pytest.mark.parametrize(("log", "least"), [(False, -1.0), (True, 0.25)])
def test_a_dial_starts_on_one_of_its_steps(log: bool, least: float) -> None:
    assert Dial("a", "a", least, 4, 1.0, 40, log=log).place == (20 if log else 16)
    with pytest.raises(ValueError, match=r"start of a must be a step of its dial, such as"):
        Dial("a", "a", least, 4, 1.01, 40, log=log)


def test_a_parameter_that_no_control_sets_is_refused() -> None:
    chart = alt.Chart(alt.NamedData("t")).mark_point().add_params(alt.param(name="grpah", value=0))
    control = Slider("graph", "graph", [0, 1], 0)
    with pytest.raises(ValueError, match=r"parameters \['grpah'\] that no control sets"):
        Explorer([control], lambda graph: {"t": {"x": graph}}, [chart], caption="c", alt_text="a")


@pytest.mark.parametrize("start", [0.5, 1])
def test_a_choice_among_numbers_of_both_kinds_is_one_of_real_numbers(start: float) -> None:
    menu = Menu("noise", "noise", [0.5, 1], start)
    assert menu.data()["whole"] is False
    assert {example.dtype for example in menu.examples} == {torch.float64}
