"""The recipes: seconds of training and accuracy on pictures that were not trained on, seed by seed.

``python -m benchmarks.recipes`` confirms them on MNIST's test set. With ``--choose`` it trains on
the first 50,000 training pictures and looks at the other 10,000, with other seeds: whoever changes
a recipe compares there, and leaves the test set for the end.

Mixed precision is measured beside float32, in turn, in the type that suits the device. On a GPU,
where a step of a small network is mostly waiting for Python, the updates of the recipe for 99 % are
also replayed as CUDA graphs and compiled.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW

from benchmarks.rows import Bar, CannotMeasureError, Row, table
from benchmarks.timing import Contestant, interleave, ratio, timed
from dlbook import recipes
from dlbook.data import Batches, Samples, load_images
from dlbook.device import best_device
from dlbook.recipes import Recipe
from dlbook.training import evaluate, mixed_dtype

FRESH_SEEDS = range(100, 120)
CHOOSING_SEEDS = range(1000, 1010)
CHOOSING_PICTURES = 50_000
FLOOR_STEPS = 100
ROUNDS = 11
FLOOR_BAR = Bar("≤", 1.10)

Way = Callable[[nn.Module, Tensor], Callable[..., Any]]
COMPILED: dict[str, Way] = {
    "torch.compile": lambda model, _: torch.compile(model),
    "torch.compile with graphs": lambda model, _: torch.compile(model, mode="reduce-overhead"),
}
GRAPHS: dict[str, Way] = {
    "CUDA graphs": lambda model, x: torch.cuda.make_graphed_callables(model, (x,)),
}
# What a CPU can show of it at once: the graph, without a program made of it.
PLAIN_GRAPH: dict[str, Way] = {
    "torch.compile, eager": lambda model, _: torch.compile(model, backend="eager")
}

GOALS = {
    recipes.MLP_98: (20, Bar("≥", 98.0, of="19 of 20")),
    recipes.CNN_99: (20, Bar("≥", 99.0, of="19 of 20")),
    recipes.CNN_99_5: (10, Bar("≥", 99.5, of="mean")),
}


def main(device: torch.device, *, choose: bool = False, dry: bool = False) -> list[Row]:
    """Every recipe in both precisions, and how near updates come to what the device can do.

    Raises:
        CannotMeasureError: there is no MNIST.
    """
    images = load_images("digits" if dry else "mnist")
    if images.name != "MNIST" and not dry:
        raise CannotMeasureError("the recipes are for MNIST, which is not here")
    train, test = images.standardized(device)
    if choose:
        train, test = train[:CHOOSING_PICTURES], train[CHOOSING_PICTURES:]
    seeds = CHOOSING_SEEDS if choose else FRESH_SEEDS
    rows = [
        row
        for recipe, (runs, goal) in GOALS.items()
        for row in measure(
            replace(recipe, steps=2) if dry else recipe,
            goal,
            train,
            test,
            seeds=seeds[: 1 if dry else runs],
        )
    ]
    if choose:
        return rows
    if dry or device.type == "cuda":
        return [*rows, *ways_to_update(device, dry=dry)]
    return [*rows, *fit_over_floor()]


def measure(recipe: Recipe, goal: Bar, train: Samples, test: Samples, *, seeds: range) -> list[Row]:
    """Train once per seed and precision, the precisions in turn, after a few steps to warm up."""
    mixed = mixed_dtype(train.x.device)
    name_of_mixed = str(mixed).removeprefix("torch.")
    ways = {"float32": recipe, name_of_mixed: replace(recipe, autocast=mixed)}
    seconds: dict[str, list[float]] = {precision: [] for precision in ways}
    accuracy: dict[str, list[float]] = {precision: [] for precision in ways}
    for way in ways.values():
        recipes.train(replace(way, steps=min(20, way.steps)), train)
    for seed in seeds:
        for precision, way in ways.items():
            model, history = recipes.train(way, train, seed=seed)
            seconds[precision].append(float(history.epochs["seconds"].sum()))
            accuracy[precision].append(round(100 * evaluate(model, test)["accuracy"], 4))
    rows = []
    for precision in ways:
        name = f"{recipe.title}, {precision}"
        rows.append(Row(f"{name}: training", "s", tuple(seconds[precision])))
        rows.append(Row(f"{name}: accuracy", "%", tuple(accuracy[precision]), goal))
    return rows


def fit_over_floor() -> list[Row]:
    """How many times as long the recipe for 99 % takes as bare updates on one fixed batch.

    The floor has the recipe's network, layout and optimizer; it draws, moves, schedules and
    records nothing.
    """
    samples = noise(60_000)
    ratios = []
    for dtype in (None, torch.bfloat16):
        recipe = replace(recipes.CNN_99, steps=FLOOR_STEPS, shift=1, autocast=dtype)
        contestants: dict[str, Contestant] = {
            "fit": partial(recipes.train, recipe, samples),
            "floor": fixed_batch(recipe, samples),
        }
        seconds = interleave(contestants, rounds=ROUNDS)
        name = f"fit / one fixed batch, CNN recipe, {'bfloat16' if dtype else 'float32'}"
        ratios.append(ratio(name, seconds["fit"], seconds["floor"], FLOOR_BAR))
    return ratios


def ways_to_update(device: torch.device, *, dry: bool = False) -> list[Row]:
    """How many times as long plain updates of the recipe for 99 % take as faster ones.

    A way that does not work here, as compiling where there is no compiler, is left out.
    """
    recipe = replace(recipes.CNN_99, steps=2 if dry else FLOOR_STEPS)
    samples, rows, contestants = noise(1024).to(device), [], {}
    for name, way in (COMPILED | GRAPHS if device.type == "cuda" else PLAIN_GRAPH).items():
        contestants[name] = fixed_batch(recipe, samples, way)
        try:
            first = timed(contestants[name], device)
        except Exception as error:  # of torch, Triton, a compiler, …
            print(f"{name}: left out, {type(error).__name__}: {str(error).splitlines()[0]}")
            del contestants[name]
        else:
            rows.append(Row(f"{name}: the first {recipe.steps} updates, CNN recipe", "s", (first,)))
    contestants["plain"] = fixed_batch(recipe, samples)
    seconds = interleave(contestants, rounds=1 if dry else ROUNDS, device=device)
    return rows + [
        ratio(f"plain updates / {name}, CNN recipe, float32", seconds["plain"], seconds[name])
        for name in contestants
        if name != "plain"
    ]


def noise(n: int) -> Samples:
    """Random pictures of MNIST's shape."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, 1, 28, 28, generator=generator)
    return Samples(x, torch.randint(10, (n,), generator=generator))


def fixed_batch(recipe: Recipe, samples: Samples, way: Way | None = None) -> Contestant:
    """As many updates of the same network on the first batch, computed in some way."""
    x, y = next(iter(Batches(samples, recipe.batch_size)))
    model = recipe.make_model(seed=0).to(x.device).to(memory_format=torch.channels_last)
    optimizer = AdamW(model.parameters(), lr=recipe.peak_lr, fused=True)
    network = model if way is None else way(model, x)

    def run() -> None:
        for _ in range(recipe.steps):
            with torch.autocast(x.device.type, recipe.autocast, enabled=bool(recipe.autocast)):
                y_hat = network(x)
            loss = F.cross_entropy(y_hat.float(), y, label_smoothing=recipe.label_smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return run


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Confirm the recipes on MNIST's test set.")
    parser.add_argument("--choose", action="store_true", help="a validation split, other seeds")
    print(table(main(best_device(), choose=parser.parse_args().choose)))
