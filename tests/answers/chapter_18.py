"""Answers to the exercises of chapter 18, a project from configuration to report."""

from dataclasses import replace
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


def delete_first(path: Path, write: Any) -> None:
    path.unlink()
    write(path)


def luckiest(k: int, n: int, p: float) -> float:
    generator = torch.Generator().manual_seed(1)
    hits = torch.rand(2000, k, n, generator=generator) < p
    return hits.float().mean(dim=2).amax(dim=1).mean().item()


def resume_run(state: Any, model: Any, optimizer: Any, scheduler: Any, generator: Any) -> int:
    for part, name in ((model, "model"), (optimizer, "optimizer"), (scheduler, "scheduler")):
        part.load_state_dict(state[name])
    generator.set_state(state["order"])
    torch.random.set_rng_state(state["dropout"])
    return int(state["epoch"]) + 1


def resume_without(left_out: str) -> Any:
    def resume(state: Any, model: Any, optimizer: Any, scheduler: Any, generator: Any) -> int:
        dropout, order = torch.get_rng_state(), generator.get_state()
        following = resume_run(state, model, optimizer, scheduler, generator)
        if left_out == "dropout":
            torch.set_rng_state(dropout)
        if left_out == "order":
            generator.set_state(order)
        if left_out == "optimizer":
            optimizer.state.clear()
        return following

    return resume


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
    ("18.1", 4, "not right"),
    ("18.2", pairwise_variants, "6 elements"),
    ("18.2", forgetful_variants, "stay as in base"),
    ("18.2", lambda base, choices: 6, "list of configurations"),
    ("18.3", luckiest_run, "Compare means"),
    ("18.3", lambda table: table["accuracy"].max(), "a pair"),
    ("18.4", write_over, "the old file was gone"),
    ("18.4", swallow, "should learn of it"),
    ("18.4", delete_first, "already gone"),
    ("18.5", lambda k, n, p: p, "the best"),
    ("18.5", lambda k, n, p: p + (p * (1 - p) / n) ** 0.5, "is not right"),
    ("18.6", lambda state, *_: state["epoch"], "comes next"),
    ("18.6", lambda state, *_: state["epoch"] + 1, '"model" was not put back'),
    ("18.6", resume_without("optimizer"), '"optimizer" was not put back'),
    ("18.6", resume_without("order"), '"order" was not put back'),
    ("18.6", resume_without("dropout"), '"dropout" was not put back'),
    ("18.3", lambda table: (0.01, 32), "should be (0.1, 32)"),
    ("18.4", lambda path, write: None, "there is the old one"),
]
