"""The recipes: seconds of training and accuracy on pictures that were not trained on, seed by seed.

``python -m benchmarks.recipes`` confirms them on MNIST's test set. With ``--choose`` it trains on
the first 50,000 training pictures and looks at the other 10,000, with other seeds: whoever changes
a recipe compares there, and leaves the test set for the end.

Mixed precision is measured beside float32, in turn, where the recipe is the one for speed.
"""

import argparse
from dataclasses import dataclass, replace
from functools import partial
from statistics import mean, median

import torch
import torch.nn.functional as F
from torch.optim import AdamW

from benchmarks.rows import Bar, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook import recipes
from dlbook.data import Batches, Samples, load_images
from dlbook.device import best_device, describe_device
from dlbook.recipes import Recipe
from dlbook.training import evaluate

FRESH_SEEDS = range(100, 120)
CHOOSING_SEEDS = range(1000, 1010)
CHOOSING_PICTURES = 50_000
FLOOR_STEPS = 100
ROUNDS = 11
FLOOR_BAR = Bar("≤", 1.10)


@dataclass(frozen=True)
class Goal:
    """What the accuracies of a recipe's seeds, in percent, should be."""

    percent: float
    seeds: int
    least: int | None = None  # how many of the seeds must reach it; None: their mean must

    def is_met_by(self, accuracies: list[float]) -> bool:
        """Whether it is reached."""
        if self.least is None:
            return mean(accuracies) >= self.percent
        return self.passing(accuracies) >= self.least

    def passing(self, accuracies: list[float]) -> int:
        """How many seeds reach it."""
        return sum(accuracy >= self.percent for accuracy in accuracies)

    def __str__(self) -> str:
        if self.least is None:
            return f"mean ≥ {self.percent:g} %"
        return f"≥ {self.percent:g} % on {self.least} of {self.seeds}"


@dataclass(frozen=True)
class RecipeResult:
    """One recipe in one precision, over several seeds.

    Attributes:
        recipe: its title.
        pictures: what the accuracy was measured on.
        precision: ``float32``, or ``bfloat16`` for mixed precision.
        device: what it was trained on.
        seconds_by_seed: of training alone, without loading and without the accuracy.
        accuracy_by_seed: in percent.
        passing: how many seeds reach the goal's accuracy.
        goal: what is asked for.
        met: whether it is reached.
    """

    recipe: str
    pictures: str
    precision: str
    device: str
    seconds_by_seed: list[float]
    accuracy_by_seed: list[float]
    passing: int
    goal: str
    met: bool


GOALS = {
    recipes.MLP_98: Goal(98.0, seeds=20, least=19),
    recipes.CNN_99: Goal(99.0, seeds=20, least=19),
    recipes.CNN_99_5: Goal(99.5, seeds=10),
}


def main(*, choose: bool = False) -> list[RecipeResult]:
    """Every recipe in both precisions, or nothing where there is no MNIST."""
    images = load_images("mnist")
    if images.name != "MNIST":
        print("The recipes are for MNIST: not measured.")
        return []
    train, test = images.standardized(best_device())
    if choose:
        train, test = train[:CHOOSING_PICTURES], train[CHOOSING_PICTURES:]
    pictures = "validation" if choose else "test"
    seeds = CHOOSING_SEEDS if choose else FRESH_SEEDS
    return [
        result
        for recipe, goal in GOALS.items()
        for result in measure(recipe, goal, train, test, seeds=seeds[: goal.seeds], name=pictures)
    ]


def measure(
    recipe: Recipe, goal: Goal, train: Samples, test: Samples, *, seeds: range, name: str
) -> list[RecipeResult]:
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
    return [
        RecipeResult(
            recipe.title,
            name,
            precision,
            describe_device(train.x.device),
            seconds[precision],
            accuracy[precision],
            goal.passing(accuracy[precision]),
            str(goal),
            goal.is_met_by(accuracy[precision]),
        )
        for precision in ways
    ]


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


def table(results: list[RecipeResult]) -> str:
    """A line per recipe and precision: seconds and accuracy over the seeds, and the goal."""
    lines = [
        f"{'recipe':26} {'precision':9} {'seconds: median (min–max)':26} "
        f"{'accuracy: mean (min–max)':28} passing  goal"
    ]
    for r in results:
        s, a = r.seconds_by_seed, r.accuracy_by_seed
        seconds = f"{median(s):.2f} ({min(s):.2f}–{max(s):.2f})"
        accuracy = f"{mean(a):.3f} % ({min(a):.2f}–{max(a):.2f})"
        verdict = f"{r.goal}: {'met' if r.met else 'missed'}"
        passing = f"{r.passing}/{len(a)}"
        lines.append(
            f"{r.recipe:26} {r.precision:9} {seconds:26} {accuracy:28} {passing:8} {verdict}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Confirm the recipes on MNIST's test set.")
    parser.add_argument("--choose", action="store_true", help="a validation split, other seeds")
    print(table(main(choose=parser.parse_args().choose)))
    for row in fit_over_floor():
        print(row)
