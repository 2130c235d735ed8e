"""Steps that follow each other, such as those of an optimizer, for a figure that computes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

State = dict[str, Tensor]


@dataclass(frozen=True)
class Walk:
    """A walk from a start, each step from what the one before has left.

    Attributes:
        start: takes the controls' values by name; returns a state, tensors by name.
        step: takes a state and the controls' values; returns the next state.
        steps: how many there are: a number, or a function of the values, of which it may look at
            texts alone.
        until: takes the controls' values; returns how many of the steps are looked at. Those
            behind are not taken: their states repeat the last one.
    """

    start: Callable[..., State]
    step: Callable[..., State]
    steps: int | Callable[..., int]
    until: Callable[..., Tensor] | None = None

    def length(self, given: dict[str, Any]) -> int:
        """How many steps there are for these values."""
        return self.steps(**given) if callable(self.steps) else self.steps

    def columns(self, given: dict[str, Any]) -> State:
        """All states, from the start to the last, along a new first axis."""
        states, length = [self.start(**given)], self.length(given)
        last = int(self.until(**given)) if self.until else length
        for i in range(length):
            states.append(self.step(states[-1], **given) if i < last else states[-1])
        return {name: torch.stack([state[name] for state in states]) for name in states[0]}
