"""Checks of chapter 18, a project from configuration to report."""

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice, product
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise
from dlbook.exercises.words import shown

EPOCHS, STEPS, STOP = 4, 3, 2
CARDS = {  # answers to 18.1
    2: "is the new number. The visible cards are numbered anew, from zero.",
    4: "is the card behind cuda:1. The new numbers begin at zero.",
    6: "is the card behind cuda:0. The list keeps its order; nothing is sorted.",
    7: "is not in the list, so the program cannot see it.",
}
LENGTHS = {  # of the list of 18.2
    1: "Each configuration gets one value of lr and one of seed, not the lists.",
    2: "zip pairs the first with the first and stops at the shorter list; product makes all pairs.",
    5: "Do not vary one name at a time: each value of lr should meet each seed.",
}
CHOICES: dict[tuple[float, ...], str] = {  # answers to 18.3
    (0.1, 64.0): "That setting has the best single run, but two bad ones. Compare means.",
    (1.0, 64.0): "That setting has the lowest mean. Take the highest.",
    (0.01, 32.0): "It wins if lr and hidden are compared one at a time. Group by both together.",
    (32.0, 0.1): "The setting is right; lr comes first.",
}
PUT_BACK = {  # the pieces of 18.6
    "model": "load_state_dict puts the weights into the model that is given; `model = …` would "
    "only give the name to something else.",
    "optimizer": "Its momentum belongs to the run; load_state_dict puts it back.",
    "scheduler": "It counts the steps for the learning rate; load_state_dict puts the count back.",
    "order": "The generator draws the samples; its set_state takes this state.",
    "dropout": "Dropout draws from torch's global generator; torch.set_rng_state takes this state.",
}
Slips = dict[str, Callable[[int, int, float], float]]


@exercise("18.1")
def card(answer: Any) -> None:
    """The card behind cuda:2 when the visible ones are 6, 4, 5."""
    value = expect.number(answer)
    if value in CARDS:
        raise NotYet(f"{value:g} {CARDS[int(value)]}")
    hint = "Write the new numbers 0, 1, 2 under the list, in its order."
    expect.close(value, 5, hint=hint, tolerance=1e-9)


@dataclass(frozen=True)
class _Settings:
    lr: float = 0.1
    hidden: int = 32
    seed: int = 0


@exercise("18.2")
def variants(answer: Any) -> None:
    """Ask for `variants`: all combinations of the values, the rest as in the base."""
    base = _Settings(hidden=64)
    choices = {"lr": [0.1, 0.2], "seed": [0, 1, 2]}
    call = f"variants(base, {choices})"
    made = expect.result(answer, base, choices, call=call)
    if not isinstance(made, list) or not all(isinstance(one, _Settings) for one in made):
        raise NotYet(
            f"{call} should return a list of configurations, got {shown(made)}. `replace` makes "
            "each."
        )
    if len(made) != 6:
        hint = LENGTHS.get(len(made), "Each value of lr should meet each seed, once.")
        raise NotYet(f"{call} should have 2 · 3 = 6 elements, got {len(made)}. {hint}")
    numbers = [(one.lr, one.hidden, one.seed) for one in made]
    if not all(type(value) in (int, float) for value in chain.from_iterable(numbers)):
        raise NotYet(
            f"each configuration should hold single numbers, as base does, got {shown(numbers[0])} "
            "for lr, hidden and seed."
        )
    if other := [one.hidden for one in made if one.hidden != 64]:
        raise NotYet(
            "hidden was not named, so it should stay as in base, where it is 64, got "
            f"{other[0]}. Begin with base, not with a new configuration."
        )
    found = {(one.lr, one.seed) for one in made}
    for lr, seed in product([0.1, 0.2], [0, 1, 2]):
        if (lr, seed) not in found:
            raise NotYet(
                f"none of the six has lr={lr} and seed={seed}. Every value of lr should meet every "
                "seed; itertools.product pairs them."
            )


@exercise("18.3")
def choose(answer: Any) -> None:
    """Ask for `choose`: the setting with the highest mean accuracy."""
    got = expect.result(answer, _table(), call="choose(table)")
    try:
        pair = tuple(expect.number(value) for value in islice(got, 3))  # it may be endless
    except (TypeError, ValueError, RuntimeError, NotYet):
        raise NotYet(f"a pair (lr, hidden) is expected, got {shown(got)}.") from None
    if pair != (0.1, 32.0):
        hint = CHOICES.get(pair, "")
        if pair[:2] == (0.1, 32.0):
            hint = "Leave out what follows the pair."
        raise NotYet(
            f"{pair} is not right: for this table choose(table) should be (0.1, 32), the pair "
            f"(lr, hidden) with the highest mean accuracy. {hint}".strip()
        )


def _table() -> pd.DataFrame:
    """The best mean has neither the best single run nor the learning rate that is best alone."""
    scores = {
        (0.01, 32): (0.80, 0.81, 0.82),
        (0.1, 32): (0.88, 0.87, 0.89),
        (0.1, 64): (0.95, 0.50, 0.52),  # the luckiest single run
        (1.0, 64): (0.10, 0.12, 0.11),
    }
    return pd.DataFrame(
        {"lr": lr, "hidden": hidden, "seed": seed, "accuracy": accuracy}
        for (lr, hidden), accuracies in scores.items()
        for seed, accuracy in enumerate(accuracies)
    )


@exercise("18.4")
def write_safely(answer: Any) -> None:
    """Ask for `write_safely`: the new file as a whole, or the old one."""
    expect.require_function(answer)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        path.write_text("old", encoding="utf-8")
        _write_whole(answer, path)
        _write_half(answer, path)


def _write_whole(answer: Any, path: Path) -> None:
    def write(target: Any) -> None:
        if _text(path) != "old":
            raise NotYet("the old file was already gone when the new one was not written yet.")
        Path(target).write_text("new", encoding="utf-8")

    with expect.running("write_safely(path, write)"):
        expect.tried(answer(path, write))
    if (text := _text(path)) != "new":
        raise NotYet(
            "after write_safely(path, write) the new file should stand at path, there is "
            f"{'none' if text is None else 'the old one' if text == 'old' else 'another'}. "
            "Let write make a file beside it, and rename that to path at the end."
        )


def _write_half(answer: Any, path: Path) -> None:
    written: list[Path] = []

    def fail(target: Any) -> None:
        written.append(Path(target))
        Path(target).write_text("ha", encoding="utf-8")
        raise OSError("no space left")

    with expect.running("write_safely, whose write raises an OSError,"):
        try:
            answer(path, fail)
        except OSError:
            pass
        else:
            raise NotYet(
                "when write raises an error, the caller should learn of it. Do not catch it, or "
                "raise it again."
            )
    if _text(path) != "new":
        raise NotYet(
            "when write failed halfway, the old file was gone; it should still stand at path. "
            f"{_why_gone(path, written)}"
        )


def _why_gone(path: Path, written: list[Path]) -> str:
    if path in written:
        return "Write under another name, and rename at the end."
    return "Rename only when write has come to its end, not in `finally`."


def _text(path: Path) -> str | None:
    """What stands in the file, or None where there is no such file."""
    return path.read_bytes().decode(errors="replace") if path.is_file() else None


@exercise("18.5")
def luckiest(answer: Any) -> None:
    """Ask for `luckiest`: the mean of the largest of k binomial shares."""
    slips: Slips = {
        "This is the mean score of any network; the best is asked for.": lambda k, n, p: p,
        "These are images that are right. Divide by n.": lambda k, n, p: n * _mean_of_best(k, n, p),
        "This is the share of images on which at least one network is right. First take the mean "
        "over the images, then the best.": lambda k, n, p: 1 - (1 - p) ** k,
        "This is p plus a standard deviation, and the same for every k.": lambda k, n, p: (
            p + math.sqrt(p * (1 - p) / n)
        ),
        "This is the score of the worst.": lambda k, n, p: 1 - _mean_of_best(k, n, 1 - p),
    }
    for case in ((5, 20, 0.5), (1, 100, 0.9), (10, 100, 0.9), (24, 100, 0.9)):
        call = f"luckiest{case}"
        value = expect.number(expect.result(answer, *case, call=call), call)
        hint = _about_score(value, slips, case)
        expect.close(value, _mean_of_best(*case), call=call, hint=hint, tolerance=0.003)


def _about_score(value: float, slips: Slips, case: tuple[int, int, float]) -> str:
    """The words on the slip that came; a whole number of hits comes from a single simulation."""
    for words, slip in slips.items():
        if expect.alike(value, slip(*case), tolerance=0.003):
            return words
    hits = value * case[1]
    if 0 <= value <= 1 and abs(hits - round(hits)) < 1e-4:
        return "It looks like a single simulation: average the best score over thousands of them."
    return "It is the score, from 0 to 1, of the best of k, averaged over repeats."


def _mean_of_best(k: int, n: int, p: float) -> float:
    """E[max] / n = Σ_m P(max > m) / n, where P(max ≤ m) is the k-th power of the binomial's."""
    below, total = 0.0, 0.0
    for m in range(n):
        below += math.comb(n, m) * p**m * (1 - p) ** (n - m)
        total += 1 - below**k
    return total / n


class _Parts(NamedTuple):
    """What changes during a run."""

    model: nn.Module
    optimizer: SGD
    scheduler: CosineAnnealingLR
    generator: torch.Generator


@exercise("18.6")
def resume_run(answer: Any) -> None:
    """Ask for `resume_run`: every state put back, and the number of the next epoch."""
    parts = _build(seed=0)
    for _ in range(STOP):
        _epoch(parts)
    state = {
        "model": {name: value.clone() for name, value in parts.model.state_dict().items()},
        "optimizer": _copy(parts.optimizer.state_dict()),
        "scheduler": dict(parts.scheduler.state_dict()),
        "order": parts.generator.get_state(),
        "dropout": torch.get_rng_state(),
        "epoch": STOP,
    }
    expected = [_epoch(parts) for _ in range(EPOCHS - STOP)]
    fresh = _build(seed=1)
    call = "resume_run(state, …)"
    following = expect.result(answer, state, *fresh, call=call)
    if expect.number(following, call) != STOP + 1:
        raise NotYet(
            f"{STOP} epochs are done, so epoch {STOP + 1} comes next, got {shown(following)}. "
            'state["epoch"] is the number of those that are done.'
        )
    _require_restored(state, fresh)
    losses = expect.result(lambda: [_epoch(fresh) for _ in expected], call="the resumed run")
    if losses != expected:
        raise NotYet("the resumed run departs from the uninterrupted one.")


def _require_restored(state: dict[str, Any], parts: _Parts) -> None:
    """Name the first piece that is not as it was."""
    restored = {
        "model": all(
            torch.equal(value, state["model"][name])
            for name, value in parts.model.state_dict().items()
        ),
        "optimizer": str(parts.optimizer.state_dict()) == str(state["optimizer"]),
        "scheduler": parts.scheduler.state_dict() == state["scheduler"],
        "order": torch.equal(parts.generator.get_state(), state["order"]),
        "dropout": torch.equal(torch.get_rng_state(), state["dropout"]),
    }
    for name, same in restored.items():
        if not same:
            raise NotYet(f'the state under "{name}" was not put back. {_how(name, state, parts)}')


def _how(name: str, state: dict[str, Any], parts: _Parts) -> str:
    """How to put a piece back."""
    if name == "order" and torch.equal(parts.generator.get_state(), state["dropout"]):
        return 'generator holds the state under "dropout", which is that of the global one.'
    return PUT_BACK[name]


def _copy(state: dict[str, Any]) -> dict[str, Any]:
    """An optimizer's state that does not change with it."""
    kept = {
        i: {name: value.clone() for name, value in one.items()} for i, one in state["state"].items()
    }
    return {"state": kept, "param_groups": [dict(group) for group in state["param_groups"]]}


def _build(seed: int) -> _Parts:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = CosineAnnealingLR(optimizer, T_max=EPOCHS * STEPS)
    return _Parts(model, optimizer, scheduler, torch.Generator().manual_seed(seed))


def _epoch(parts: _Parts) -> float:
    """The mean loss of a few steps on samples that the generator draws."""
    total = 0.0
    for _ in range(STEPS):
        x = torch.randn(16, 4, generator=parts.generator)
        loss = F.cross_entropy(parts.model(x), x.argmax(dim=1).clamp(max=2))
        parts.optimizer.zero_grad()
        loss.backward()
        parts.optimizer.step()
        parts.scheduler.step()
        total += loss.item()
    return total / STEPS
