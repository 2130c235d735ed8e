"""Training on a published page, in Chromium, against `dlbook.training.fit` on one thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from chromium import launched
from playwright.sync_api import Page
from torch import nn

from benchmarks.rows import Bar, Row
from benchmarks.timing import Contestant, interleave, ratio
from dlbook import tapes
from dlbook.data import Batches, Samples, load_images, moons, spiral
from dlbook.labs.training_lab import OPTIMIZERS
from dlbook.labs.training_page import Start, training_page
from dlbook.models import mlp
from dlbook.training import fit

ROUNDS = 5
SMALL, LARGE = Bar("≤", 2), Bar("≤", 25)
LEARNING_RATE = 0.1

TRAIN = """(batch_size) => {
    const tools = window.dlbookTapes, { training, samplesOf } = window.dlbookTraining;
    const lab = document.querySelector('.dlx-lab script[type="application/json"]');
    const { sets, models, optimizers } = JSON.parse(lab.textContent);
    const [[set], [model], [optimizer]] = [sets, models, optimizers].map(Object.values);
    window.train = (epochs) => {
        const settings = {lr: LEARNING_RATE, batch_size, epochs, seed: 0};
        const run = training(tools, {set: samplesOf(tools, set), model, optimizer}, settings);
        while (!run.done) run.step();
        return run.losses.length;
    };
}"""


@dataclass(frozen=True)
class Course:
    """What both train."""

    name: str
    data: tuple[Samples, Samples]
    network: Callable[[], nn.Module]
    optimizer: str
    batch_size: int
    epochs: int
    bar: Bar


def courses() -> list[Course]:
    """The networks of chapter 09's lab, and one as large as chapter 17's."""
    digits = load_images("digits").standardized()
    sizes = (784, 256, 256, 10)
    return [
        Course("two moons, 2-8-2", (moons(300, seed=0), moons(300, seed=1)),
               lambda: mlp([2, 8, 2], seed=0), "SGD", 16, 15, SMALL),
        Course("spiral, 2-32-32-2", (spiral(300, seed=0), spiral(300, seed=1)),
               lambda: mlp([2, 32, 32, 2], seed=0), "SGD, momentum 0.9", 16, 50, SMALL),
        Course("digits, 784-256-256-10", digits, lambda: mlp(sizes, seed=0), "SGD", 64, 1, LARGE),
    ]  # fmt: skip


def main() -> list[Row]:
    """How many times as long the page takes for the same run, each in a fresh browser."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [measured(course) for course in courses()]
    finally:
        torch.set_num_threads(threads)


def measured(course: Course) -> Row:
    """Return the ratio of each round."""
    steps = course.epochs * -(-len(course.data[0].y) // course.batch_size)
    with TemporaryDirectory() as folder, launched() as browser:
        page = browser.new_page()
        open_lab(page, course, Path(folder, "lab.html"))
        contestants: dict[str, Contestant] = {
            "page": lambda: page.evaluate("(epochs) => train(epochs)", course.epochs),
            "torch": lambda: train(course),
        }
        assert contestants["page"]() == steps
        seconds = interleave(contestants, rounds=ROUNDS)
    name = f"page / fit, {course.name}, {steps} steps"
    return ratio(name, seconds["page"], seconds["torch"], course.bar)


def open_lab(page: Page, course: Course, path: Path) -> None:
    """Write the page of a lab and open it from the disk, ready to train."""
    lab = training_page(
        {"data": course.data},
        {"network": course.network},
        {course.optimizer: OPTIMIZERS[course.optimizer]},
        [course.batch_size, 2 * course.batch_size],
        Start(LEARNING_RATE, course.batch_size, course.epochs, 0),
        still="",
        caption="Lab.",
    )
    path.write_text(f"<meta charset=utf-8><script>{tapes.engine()}</script>{lab}", "utf-8")
    page.goto(path.as_uri())
    page.evaluate(TRAIN.replace("LEARNING_RATE", str(LEARNING_RATE)), course.batch_size)


def train(course: Course) -> None:
    """The same run by torch."""
    model = course.network()
    optimizer = OPTIMIZERS[course.optimizer](model.parameters(), LEARNING_RATE)
    batches = Batches(course.data[0], course.batch_size, seed=0)
    fit(
        model,
        batches,
        epochs=course.epochs,
        optimizer=optimizer,
        val=course.data[1],
        progress=False,
    )
