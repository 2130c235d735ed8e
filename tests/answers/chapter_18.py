"""Answers to the exercises of chapter 18, a project from configuration to report."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import torch


def variants(base: Any, choices: dict[str, list[Any]]) -> list[Any]:
    made = [base]
    for name, values in choices.items():
        made = [replace(one, **{name: value}) for one in made for value in values]
    return made


def pairwise_variants(base: Any, choices: dict[str, list[Any]]) -> list[Any]:
    return [
        replace(base, **dict(zip(choices, values, strict=False)))
        for values in zip(*choices.values(), strict=False)
    ]


def forgetful_variants(base: Any, choices: dict[str, list[Any]]) -> list[Any]:
    return variants(type(base)(), choices)


def one_at_a_time(base: Any, choices: dict[str, list[Any]]) -> list[Any]:
    return [replace(base, **{name: value}) for name in choices for value in choices[name]]


def changing_the_base(base: Any, choices: dict[str, list[Any]]) -> list[Any]:
    for name, values in choices.items():
        setattr(base, name, values[0])
    return [base]


def means(table: Any) -> Any:
    return table.groupby(["lr", "hidden"])["accuracy"].mean()


def one_knob_at_a_time(table: Any) -> tuple[float, int]:
    lr, hidden = (table.groupby(name)["accuracy"].mean().idxmax() for name in ("lr", "hidden"))
    return lr, hidden


def choose(table: Any) -> tuple[float, int]:
    means = table.groupby(["lr", "hidden"], as_index=False)["accuracy"].mean()
    best = means.sort_values("accuracy").iloc[-1]
    return best["lr"], best["hidden"]


def luckiest_run(table: Any) -> tuple[float, int]:
    best = table.loc[table["accuracy"].idxmax()]
    return best["lr"], best["hidden"]


def write_safely(path: Path, write: Any) -> Path:
    beside = path.with_suffix(".new")
    write(beside)
    return beside.replace(path)


def write_over(path: Path, write: Any) -> bool:
    write(path)
    return True


def swallow(path: Path, write: Any) -> bool:
    beside = path.with_suffix(".new")
    try:
        write(beside)
    except OSError:
        return False
    beside.replace(path)
    return True


def rename_always(path: Path, write: Any) -> None:
    beside = path.with_suffix(".new")
    try:
        write(beside)
    finally:
        beside.replace(path)


def delete_first(path: Path, write: Any) -> None:
    path.unlink()
    write(path)


def luckiest(k: int, n: int, p: float) -> float:
    generator = torch.Generator().manual_seed(1)
    hits = torch.rand(2000, k, n, generator=generator) < p
    return hits.float().mean(dim=2).amax(dim=1).mean().item()


def at_least_one(k: int, n: int, p: float) -> float:
    hits = torch.rand(2000, k, n, generator=torch.Generator().manual_seed(1)) < p
    return hits.float().amax(dim=1).mean().item()


def simulated_once(k: int, n: int, p: float) -> float:
    hits = torch.rand(k, n, generator=torch.Generator().manual_seed(1)) < p
    return hits.float().mean(dim=1).max().item()


def resume_run(state: Any, model: Any, optimizer: Any, scheduler: Any, generator: Any) -> int:
    for part, name in ((model, "model"), (optimizer, "optimizer"), (scheduler, "scheduler")):
        part.load_state_dict(state[name])
    generator.set_state(state["order"])
    torch.random.set_rng_state(state["dropout"])
    return int(state["epoch"]) + 1


def resume_without(left_out: str) -> Any:
    def resume(state: Any, model: Any, optimizer: Any, scheduler: Any, generator: Any) -> int:
        dropout, order = torch.get_rng_state(), generator.get_state()
        counted = dict(scheduler.state_dict())
        following = resume_run(state, model, optimizer, scheduler, generator)
        if left_out == "dropout":
            torch.set_rng_state(dropout)
        if left_out == "order":
            generator.set_state(order)
        if left_out == "optimizer":
            optimizer.state.clear()
        if left_out == "scheduler":
            scheduler.load_state_dict(counted)
        return following

    return resume


def resume_swapped(state: Any, *parts: Any) -> int:
    return resume_run(state | {"order": state["dropout"], "dropout": state["order"]}, *parts)


RIGHT: dict[str, Any] = {
    "18.1": 5,
    "18.2": variants,
    "18.3": choose,
    "18.4": write_safely,
    "18.5": luckiest,
    "18.6": resume_run,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("18.4", lambda path, write: write_safely(path, lambda beside: write(str(beside)))),
]

WRONG: list[tuple[str, Any, str]] = [
    ("18.1", 2, "anew"),
    ("18.1", 4, "begin at zero"),
    ("18.1", 6, "nothing is sorted"),
    ("18.1", 7, "cannot see it"),
    ("18.1", 1, "not right. Write the new numbers"),
    ("18.2", pairwise_variants, "6 elements, got 2. zip pairs"),
    ("18.2", one_at_a_time, "one name at a time"),
    ("18.2", lambda base, choices: [replace(base, **choices)], "not the lists"),
    ("18.2", lambda base, choices: variants(base, choices)[:4], "6 elements, got 4. Each value"),
    ("18.2", lambda base, choices: [replace(base, **choices)] * 6, "single numbers"),
    ("18.2", forgetful_variants, "stay as in base"),
    ("18.2", forgetful_variants, "where it is 64, got 32. Begin with base"),
    ("18.2", lambda base, choices: pairwise_variants(base, choices) * 3, "lr=0.1 and seed=1."),
    ("18.2", changing_the_base, "replace(…) makes another"),
    ("18.2", lambda base, choices: 6, "list of configurations"),
    ("18.2", lambda base, choices: list(product(*choices.values())), "`replace` makes each"),
    ("18.3", luckiest_run, "Compare means"),
    ("18.3", one_knob_at_a_time, "Group by both together"),
    ("18.3", lambda table: means(table).idxmin(), "Take the highest"),
    ("18.3", lambda table: choose(table)[::-1], "lr comes first"),
    ("18.3", lambda table: (*choose(table), 0.88), "Leave out what follows"),
    ("18.3", lambda table: table["accuracy"].max(), "a pair"),
    ("18.4", write_over, "the old file was gone"),
    ("18.4", write_over, "Write under another name"),
    ("18.4", rename_always, "the old file was gone"),
    ("18.4", rename_always, "not in `finally`"),
    ("18.4", swallow, "should learn of it. Do not catch it"),
    ("18.4", delete_first, "already gone"),
    ("18.4", lambda path, write: write(path.with_suffix(".new")), "rename that to path"),
    ("18.5", lambda k, n, p: p, "0.5 is not right: luckiest(5, 20, 0.5) should be 0.6"),
    ("18.5", lambda k, n, p: p, "the best"),
    ("18.5", lambda k, n, p: n * luckiest(k, n, p), "Divide by n"),
    ("18.5", at_least_one, "at least one network"),
    ("18.5", lambda k, n, p: 1 - luckiest(k, n, 1 - p), "the worst"),
    ("18.5", simulated_once, "a single simulation"),
    ("18.5", lambda k, n, p: p + (p * (1 - p) / n) ** 0.5, "the same for every k"),
    ("18.5", lambda k, n, p: float("inf"), "averaged over repeats"),
    ("18.6", lambda state, *_: state["epoch"], "epoch 3 comes next, got 2."),
    ("18.6", lambda state, *_: state["epoch"] + 1, '"model" was not put back'),
    ("18.6", lambda state, *_: state["epoch"] + 1, "into the model that is given"),
    ("18.6", resume_without("optimizer"), '"optimizer" was not put back. Its momentum'),
    ("18.6", resume_without("scheduler"), '"scheduler" was not put back. It counts'),
    ("18.6", resume_without("order"), '"order" was not put back. The generator draws'),
    ("18.6", resume_without("dropout"), '"dropout" was not put back. Dropout draws'),
    ("18.6", resume_swapped, "that of the global one"),
    ("18.3", lambda table: (0.01, 32), "should be (0.1, 32)"),
    ("18.4", lambda path, write: None, "there is the old one"),
]
