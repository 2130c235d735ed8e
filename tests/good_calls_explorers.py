"""Working calls of explorers: what the small ones are made of."""

import inspect
import json
import re
from collections.abc import Callable
from functools import partial

import pytest
import small_explorers
from fuzzing import Arguments, Good

from dlbook import explorers
from dlbook.explorers import Explorer

DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


def readable(explorer: Explorer, arguments: Arguments) -> bool:
    """Whether its data are JSON as browsers read it, without NaN and Infinity."""
    found = DATA.search(explorer._repr_html_())
    assert found is not None
    json.loads(found[1].replace("<\\/", "</"), parse_constant=_refuse)
    return True


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def arguments_of(make: Callable[[], Explorer]) -> Arguments:
    """The arguments by which a small explorer is made."""
    signature = inspect.signature(getattr(explorers, make.__name__))
    given: Arguments = {}

    def note(*args: object, **options: object) -> None:
        given.update(signature.bind(*args, **options).arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorers, make.__name__, note)
        make()
    return given


def words(make: Callable[[], Explorer]) -> dict[str, str]:
    """What messages name: the argument, or the control that gets its values from it."""
    return {key: rf"\b{key}\b|^(values|start) of \w+ must be" for key in arguments_of(make)}


GOOD_CALLS: dict[str, Good] = {
    f"dlbook.explorers:{make.__name__}": Good(
        partial(arguments_of, make), readable, words=words(make), endless=("steps",)
    )
    for make in small_explorers.MAKERS
}
