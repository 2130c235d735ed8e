"""The recipes: seconds of training and accuracy on pictures that were not trained on, seed by seed.

``python -m benchmarks.recipes`` confirms them on MNIST's test set. With ``--choose`` it trains on
the first 50,000 training pictures and looks at the other 10,000, with other seeds: whoever changes
a recipe compares there, and leaves the test set for the end.

Mixed precision is measured beside float32, in turn, where the recipe is the one for speed.
"""

import argparse
from dataclasses import replace
from functools import partial

import torch
import torch.nn.functional as F
from torch.optim import AdamW

from benchmarks.rows import Bar, CannotMeasureError, Row, table
from benchmarks.timing import Contestant, interleave, ratio
from dlbook import recipes
from dlbook.data import Batches, Samples, load_images
from dlbook.device import best_device
from dlbook.recipes import Recipe
from dlbook.training import evaluate

FRESH_SEEDS = range(100, 120)
CHOOSING_SEEDS = range(1000, 1010)
CHOOSING_PICTURES = 50_000
FLOOR_STEPS = 100
ROUNDS = 11
FLOOR_BAR = Bar("≤", 1.10)


GOALS = {
    recipes.MLP_98: (20, Bar("≥", 98.0, of="19 of 20")),
    recipes.CNN_99: (20, Bar("≥", 99.0, of="19 of 20")),
    recipes.CNN_99_5: (10, Bar("≥", 99.5, of="mean")),
}


def main(device: torch.device, *, choose: bool = False) -> list[Row]:
    """Every recipe in both precisions, and on a CPU how near `fit` comes to the floor.

    Raises:
        CannotMeasureError: there is no MNIST.
    """
    images = load_images("mnist")
    if images.name != "MNIST":
        raise CannotMeasureError("the recipes are for MNIST, which is not here")
    train, test = images.standardized(device)
    if choose:
        train, test = train[:CHOOSING_PICTURES], train[CHOOSING_PICTURES:]
    seeds = CHOOSING_SEEDS if choose else FRESH_SEEDS
    rows = [
        row
        for recipe, (runs, goal) in GOALS.items()
        for row in measure(recipe, goal, train, test, seeds=seeds[:runs])
    ]
    return rows if choose or device.type != "cpu" else [*rows, *fit_over_floor()]


def measure(recipe: Recipe, goal: Bar, train: Samples, test: Samples, *, seeds: range) -> list[Row]:
    """Train once per seed and precision, the precisions in turn, after a few steps to warm up."""
    ways = {"float32": recipe, "bfloat16": replace(recipe, autocast=torch.bfloat16)}
    seconds: dict[str, list[float]] = {precision: [] for precision in ways}
    accuracy: dict[str, list[float]] = {precision: [] for precision in ways}
    for way in ways.values():
        recipes.train(replace(way, steps=20), train)
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
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(60_000, 1, 28, 28, generator=generator)
    samples = Samples(x, torch.randint(10, (60_000,), generator=generator))
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


def fixed_batch(recipe: Recipe, samples: Samples) -> Contestant:
    """As many updates of the same network on the first batch."""
    model = recipe.make_model(seed=0).to(memory_format=torch.channels_last)
    optimizer = AdamW(model.parameters(), lr=recipe.peak_lr, fused=True)
    x, y = next(iter(Batches(samples, recipe.batch_size)))

    def run() -> None:
        for _ in range(recipe.steps):
            with torch.autocast("cpu", recipe.autocast, enabled=recipe.autocast is not None):
                y_hat = model(x)
            loss = F.cross_entropy(y_hat.float(), y, label_smoothing=recipe.label_smoothing)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return run


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Confirm the recipes on MNIST's test set.")
    parser.add_argument("--choose", action="store_true", help="a validation split, other seeds")
    print(table(main(best_device(), choose=parser.parse_args().choose)))
