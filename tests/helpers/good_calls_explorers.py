"""Working calls of explorers: what the small ones are made of."""

import inspect
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import altair as alt
import pytest
import small_explorers
from fuzzing import Arguments, Good

from dlbook import explorers
from dlbook.data import load_images
from dlbook.explorers import DrawingPad, Menu, RunExplorer, Slider
from dlbook.models import fuse, quantize, small_cnn

DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


def readable(explorer: RunExplorer | DrawingPad, arguments: Arguments) -> bool:
    """Whether its data are JSON as browsers read it, without NaN and Infinity."""
    found = DATA.search(explorer._repr_html_())
    assert found is not None
    json.loads(found[1].replace("<\\/", "</"), parse_constant=_refuse)
    return True


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def arguments_of(make: Callable[[], RunExplorer]) -> Arguments:
    """The arguments by which a small explorer is made."""
    signature = inspect.signature(getattr(explorers, make.__name__))
    given: Arguments = {}

    def note(*args: object, **options: object) -> None:
        given.update(signature.bind(*args, **options).arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorers, make.__name__, note)
        make()
    return given


def words(make: Callable[[], RunExplorer]) -> dict[str, str]:
    """What messages name: the argument, or the control that gets its values from it."""
    return {key: rf"\b{key}\b|^(values|start) of \w+\S* must" for key in arguments_of(make)}


GOOD_CALLS: dict[str, Good] = {
    f"dlbook.explorers:{make.__name__}": Good(
        partial(arguments_of, make), readable, words=words(make), endless=("steps",)
    )
    for make in small_explorers.MAKERS
}


def menu() -> Arguments:
    return {"name": "lr", "label": "learning rate", "values": (0.1, 0.5), "start": 0.1, "say": str}


def slider() -> Arguments:
    return {**menu(), "play": True, "pace": 0.2}


def parts() -> Arguments:
    chart = alt.Chart(alt.Data(values=[{"x": 1}])).mark_point().encode(x="x:Q")
    return {
        "charts": [chart.add_params(alt.param(name="lr", value=0.1))],
        "controls": [Slider(**slider())],
        "caption": "A point.",
        "alt_text": "One point.",
        "outcomes": {(0.1,): "slow", (0.5,): "fast"},
    }


def pad() -> Arguments:
    return {
        "network": quantize(fuse(small_cnn(seed=0))),
        "samples": load_images("digits").test[:3],
        "mean": 0.13,
        "std": 0.31,
        "caption": "Draw.",
        "start": 1,
    }


def written(control: Slider | Menu, arguments: Arguments) -> bool:
    """Whether it has the words of its first choice, and its data are JSON."""
    json.dumps(control.data(), allow_nan=False)
    return control.say(control.start) in control.data()["words"] and bool(control.html())


def _control_words(arguments: Callable[[], Arguments]) -> dict[str, str]:
    named: dict[str, Any] = {key: rf"\b{key}\b|\blr\b" for key in arguments()}
    return named


# What explorers are made of.
PARTS: dict[str, Good] = {
    "dlbook.explorers:Menu": Good(menu, written, words=_control_words(menu)),
    "dlbook.explorers:Slider": Good(slider, written, words=_control_words(slider)),
    "dlbook.explorers:RunExplorer": Good(parts, readable),
    "dlbook.explorers:DrawingPad": Good(pad, readable),
}
