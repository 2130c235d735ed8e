"""What explorers are made of, and their HTML; each is made once for all tests of a process."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest

from dlbook.explorers.explorer import Explorer


@cache
def made(make: Callable[[], Explorer]) -> Mapping[str, Any]:
    """The arguments of an explorer, such as its function and its phrases, and its page's HTML."""
    seen: dict[str, Any] = {}
    original = Explorer.__init__

    def spying(self: Explorer, controls: Any, function: Any, charts: Any, **rest: Any) -> None:
        seen.update(function=function, **rest)
        original(self, controls, function, charts, **rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DLBOOK_PAGE", "1")
        patched.setattr(Explorer, "__init__", spying)
        seen["html"] = make()._repr_html_()
    return MappingProxyType(seen)
