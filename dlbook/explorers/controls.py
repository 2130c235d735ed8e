"""The controls of an explorer: sliders and menus whose values are named in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import torch
from torch import Tensor

from dlbook.explorers.digits import written

Value = float | int | str

# In JupyterLab the arrow keys belong to the notebook unless the element in focus keeps them.
KEEP_KEYS = 'data-lm-suppress-shortcuts="true"'
PACE = 0.16  # seconds between two values while a control plays


def as_tensor(value: Any) -> Tensor:
    """A number as functions of explorers get it: whole, or real in double precision."""
    return torch.tensor(value, dtype=torch.int64 if isinstance(value, int) else torch.float64)


def plain(value: Value) -> str:
    """A number with at most three significant digits, or a text as it is."""
    return value if isinstance(value, str) else f"{value:.3g}"


@dataclass(frozen=True)
class Control:
    """A choice between values.

    Attributes:
        name: of the function's argument that it sets, and of the parameter of charts that have it.
        label: what people read, for example ``"learning rate"``.
        values: the choices, in order.
        start: the choice at the beginning.
        say: turns a value into words.

    Raises:
        ValueError: a start that is none of the values.
    """

    name: str
    label: str
    values: Sequence[Value]
    start: Value
    say: Callable[[Any], str] = plain

    def __post_init__(self) -> None:
        if self.start not in self.values:
            raise ValueError(f"start of {self.name} must be one of its values, got {self.start!r}")

    @property
    def index(self) -> int:
        """The place of the first choice among the values."""
        return list(self.values).index(self.start)

    @property
    def texts(self) -> bool:
        """Whether the choices are texts."""
        return isinstance(self.start, str)

    @property
    def examples(self) -> list[Tensor]:
        """The first choice and those at the ends, as functions get numbers."""
        kind = torch.int64 if self.whole else torch.float64
        return [torch.tensor(v, dtype=kind) for v in (self.start, self.values[0], self.values[-1])]

    @property
    def whole(self) -> bool:
        """Whether the choices are whole numbers, or texts."""
        return not any(isinstance(value, float) for value in self.values)

    def data(self) -> dict[str, Any]:
        """What the page's script needs."""
        return {
            "name": self.name,
            "values": list(self.values),
            "whole": self.whole,
            "words": [self.say(value) for value in self.values],
        }

    def html(self) -> str:
        """A labelled native input; its value is the index of the choice."""
        raise NotImplementedError


@dataclass(frozen=True)
class Slider(Control):
    """A slider that stops at each of the values; they need not be evenly spaced.

    Attributes:
        play: whether a button beside it walks through the values.
        pace: seconds between two values while it plays.
    """

    play: bool = False
    pace: float = PACE

    def html(self) -> str:
        """A range input with its value in words, and perhaps a play button."""
        words, most = self.say(self.start), len(self.values) - 1
        button = _play_button(self.pace) if self.play else ""
        return _range_input(self.label, self.index, most, words, button)


@dataclass(frozen=True)
class Dial:
    """A slider over the numbers from ``least`` to ``most``, for functions that take any.

    Attributes:
        name: of the function's argument that it sets.
        label: what people read.
        least: at the left end.
        most: at the right end.
        start: the number at the beginning.
        steps: how many steps lead from one end to the other.
        log: whether each step multiplies by the same factor, rather than adding the same amount.
        form: how the number is written, in Python's format.
        play: whether a button beside it walks through the steps.
        only: a menu's name and those of its values for which the dial has an effect; with the
            others it rests. An empty name: it always has one.

    Raises:
        ValueError: a start that no step reaches.
    """

    name: str
    label: str
    least: float
    most: float
    start: float
    steps: int = 100
    log: bool = False
    form: str = ".2f"
    play: bool = False
    only: tuple[str, tuple[str, ...]] = ("", ())

    def __post_init__(self) -> None:
        if not math.isclose(self._at(self.place), self.start, abs_tol=1e-9):
            raise ValueError(
                f"start of {self.name} must be a step of its dial, such as "
                f"{self._at(self.place)}, got {self.start}"
            )

    @property
    def place(self) -> int:
        """How many steps lead to the start."""
        if self.log:
            share = math.log(self.start / self.least) / math.log(self.most / self.least)
        else:
            share = (self.start - self.least) / (self.most - self.least)
        return round(share * self.steps)

    def _at(self, place: int) -> float:
        share = place / self.steps
        if self.log:
            return float(self.least * (self.most / self.least) ** share)
        return self.least + (self.most - self.least) * share

    texts = False

    @property
    def examples(self) -> list[Tensor]:
        """The first number and those at the ends."""
        return [as_tensor(float(v)) for v in (self.start, self.least, self.most)]

    def data(self) -> dict[str, Any]:
        """What the page's script needs."""
        numbers = {"least": self.least, "most": self.most, "steps": self.steps, "log": self.log}
        menu, values = self.only
        only = {"only": {"menu": menu, "values": values}} if menu else {}
        return {"name": self.name, "form": self.form, **numbers, **only}

    def html(self) -> str:
        """A range input with its number, and perhaps a play button."""
        words = written(self.start, self.form)
        button = _play_button(PACE) if self.play else ""
        return _range_input(self.label, self.place, self.steps, words, button)


@dataclass(frozen=True)
class Menu(Control):
    """A menu of the values."""

    def html(self) -> str:
        """A select element."""
        options = "".join(
            f'<option value="{i}"{" selected" if i == self.index else ""}>'
            f"{escape(self.say(value))}</option>"
            for i, value in enumerate(self.values)
        )
        return (
            f'<div class="dlx-control"><label><span>{escape(self.label)}</span>'
            f'<select autocomplete="off" {KEEP_KEYS}>{options}</select></label></div>'
        )


def _range_input(label: str, place: int, most: int, words: str, button: str) -> str:
    said = escape(words)
    return (
        f'<div class="dlx-control"><label><span>{escape(label)}</span>'
        f'<input type="range" min="0" max="{most}" step="1" value="{place}" '
        f'aria-valuetext="{said}" autocomplete="off" {KEEP_KEYS}></label>'
        f'<span class="dlx-value" aria-hidden="true">{said}</span>{button}</div>'
    )


def _play_button(pace: float) -> str:
    milliseconds = round(1000 * pace)
    return (
        f'<button type="button" class="dlx-play" data-pace="{milliseconds}" {KEEP_KEYS}>'
        "Play</button>"
    )
