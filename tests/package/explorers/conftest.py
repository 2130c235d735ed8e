"""What the tests of explorers on functions share."""

from typing import Any

import pytest

from dlbook.explorers.explorer import Explorer


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the next explorer is made of: its function, its sentence, its phrases."""
    seen: dict[str, Any] = {}
    original = Explorer.__init__

    def spying(self: Explorer, controls: Any, function: Any, charts: Any, **rest: Any) -> None:
        seen.update(function=function, **rest)
        original(self, controls, function, charts, **rest)

    monkeypatch.setattr(Explorer, "__init__", spying)
    return seen
