"""The tapes of a figure: its function and its walks, for each combination of its texts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from torch import Tensor

from dlbook.explorers.controls import Control, Dial
from dlbook.explorers.walk import State, Walk
from dlbook.tapes import trace

Numbers = tuple[Tensor, ...]


class Tapes:
    """What a page plays when a control is moved.

    Menus of texts choose the tape; the other controls, in their order, are its inputs.
    """

    def __init__(
        self,
        controls: Sequence[Control | Dial],
        function: Callable[..., Any],
        walks: Mapping[str, Walk],
    ) -> None:
        self._menus = [c for c in controls if isinstance(c, Control) and c.texts]
        self._dials = [c for c in controls if c not in self._menus]
        self._function, self._walks = function, walks

    def returned(self) -> dict[str, Any]:
        """What the function returns for the first values."""
        first = {menu.name: menu.start for menu in self._menus}
        given = first | self._named(next(self._examples()))
        columns = {name: walk.columns(given) for name, walk in self._walks.items()}
        returned: dict[str, Any] = self._function(**given, **columns)
        return returned

    def recorded(self) -> dict[str, Any]:
        """For each combination of texts, by their places in the menus, the tapes as JSON."""
        places = product(*(range(len(menu.values)) for menu in self._menus))
        return {",".join(map(str, chosen)): self._of(chosen) for chosen in places}

    def _of(self, chosen: tuple[int, ...]) -> dict[str, Any]:
        texts = {m.name: m.values[i] for m, i in zip(self._menus, chosen, strict=True)}
        examples = list(self._examples())
        given = texts | self._named(examples[0])
        # One walk is enough to compare the function's tape on: it is compared step by step itself.
        columns = {name: walk.columns(given) for name, walk in self._walks.items()}

        def function(*numbers: Tensor, **walked: State) -> Any:
            return self._function(**texts, **self._named(numbers), **walked)

        inputs = [(*numbers, columns) for numbers in examples]
        return {
            "function": _tape(lambda *given: function(*given[:-1], **given[-1]), inputs),
            "walks": [
                self._walk(walk, texts, examples) | {"name": name, "steps": walk.length(given)}
                for name, walk in self._walks.items()
            ],
        }

    def _walk(self, walk: Walk, texts: dict[str, Any], examples: list[Numbers]) -> dict[str, Any]:
        def of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *numbers: function(**texts, **self._named(numbers))

        def step(state: State, *numbers: Tensor) -> State:
            return walk.step(state, **texts, **self._named(numbers))

        start = of_numbers(walk.start)
        return {
            "start": _tape(start, examples),
            "step": _tape(step, [(start(*numbers), *numbers) for numbers in examples]),
            "until": _tape(of_numbers(walk.until), examples) if walk.until else None,
        }

    def _examples(self) -> Iterator[Numbers]:
        """The values of the dials: those shown first, then all at one end and all at the other."""
        if not self._dials:
            return iter([()])
        return zip(*(dial.examples for dial in self._dials), strict=True)

    def _named(self, numbers: Sequence[Tensor]) -> dict[str, Any]:
        return dict(zip((dial.name for dial in self._dials), numbers, strict=True))


def _tape(function: Callable[..., Any], examples: Sequence[tuple[Any, ...]]) -> Any:
    return trace(function, *examples[0], others=examples[1:]).data()
