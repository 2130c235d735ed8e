"""The training lab of a page trains as `dlbook.training.fit` does, with settings drawn anew."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Browser, Page, expect
from torch import Tensor, nn

from dlbook import tapes
from dlbook.data import Batches, load_images, moons, spiral
from dlbook.explorers import vega
from dlbook.labs.runs import HIGHEST_LOSS, MOST_DRAWN
from dlbook.labs.training_lab import BATCH_SIZES, OPTIMIZERS
from dlbook.labs.training_page import Start, training_page
from dlbook.models import mlp, small_cnn
from dlbook.training import fit

SETS = {
    "moons": (moons(300, seed=0), moons(300, seed=1)),
    "spiral": (spiral(300, seed=0), spiral(300, seed=1)),
    "digits": load_images("digits").standardized(),
}
MODELS: dict[str, Callable[[int], nn.Module]] = {
    "narrow": lambda seed: mlp([2, 8, 2], seed=seed),
    "wide": lambda seed: mlp([2, 32, 32, 2], seed=seed),
    "tanh": lambda seed: mlp([2, 16, 2], activation=nn.Tanh, seed=seed),
    "pictures": lambda seed: mlp([784, 64, 10], seed=seed),
}
FIRST = 50  # losses that agree before rounding may part two runs
DRAWN = 6


def lab(sets: list[str], models: list[str]) -> str:
    return training_page(
        {name: SETS[name] for name in sets},
        {name: lambda name=name: MODELS[name](0) for name in models} | {"CNN": small_cnn},
        OPTIMIZERS,
        BATCH_SIZES,
        Start(0.1, 16, 3, 0),
        still="",
        caption="Lab.",
    )


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Both labs on one page, opened from a disk."""
    path = tmp_path_factory.mktemp("lab") / "lab.html"
    scripts = f"<script>{vega.bundle()}</script><script>{tapes.engine()}</script>"
    planes = lab(["moons", "spiral"], ["narrow", "wide", "tanh"])
    path.write_text(
        f"<meta charset=utf-8>{scripts}{planes}{lab(['digits'], ['pictures'])}", "utf-8"
    )
    with browser.new_page() as opened:
        opened.goto(path.as_uri())
        yield opened


def drawn(seed: int) -> dict[str, Any]:
    """Settings of a run."""
    chance = random.Random(seed)
    data, optimizer = chance.choice(list(SETS)), chance.choice(list(OPTIMIZERS))
    # Where a rate is far too large, rounding alone parts two runs within a few steps.
    most = -2.0 if optimizer.startswith("Adam") else -0.7
    return {
        "set": data,
        "model": "pictures" if data == "digits" else chance.choice(["narrow", "wide", "tanh"]),
        "optimizer": optimizer,
        "lr": 10 ** chance.uniform(most - 2, most),
        "batch_size": chance.choice(BATCH_SIZES[1:]),
        "epochs": chance.randint(1, 3),
        "seed": chance.randint(0, 9),
    }


TRAIN = """(wanted) => {
    const tools = window.dlbookTapes, { training, samplesOf } = window.dlbookTraining;
    const all = [...document.querySelectorAll('.dlx-lab script[type="application/json"]')]
        .map((script) => JSON.parse(script.textContent)).find(({sets}) => wanted.set in sets);
    const set = samplesOf(tools, all.sets[wanted.set]);
    const model = all.models[wanted.model], optimizer = all.optimizers[wanted.optimizer];
    const run = training(tools, {set, model, optimizer}, wanted);
    if (wanted.weights) {
        const steps = wanted.weights.map((weights) => {
            run.parameters.forEach((parameter, i) => {
                parameter.w = tools.tensor(Float32Array.from(weights[i].data), weights[i].shape);
            });
            run.step();
            return run.parameters.map(({w}) => [...tools.numbers(w)]);
        });
        return {steps};
    }
    while (!run.done) run.step();
    return {losses: run.losses.map(String), accuracies: run.accuracies, diverged: run.diverged};
}"""


def fitted(wanted: dict[str, Any], on_step: Any = None) -> tuple[Any, nn.Module]:
    """The run as torch makes it."""
    train, held = SETS[wanted["set"]]
    model = MODELS[wanted["model"]](wanted["seed"])
    optimizer = OPTIMIZERS[wanted["optimizer"]](model.parameters(), wanted["lr"])
    batches = Batches(train, wanted["batch_size"], seed=wanted["seed"])
    history = fit(model, batches, epochs=wanted["epochs"], optimizer=optimizer, val=held,
                  progress=False, on_step=on_step)  # fmt: skip
    return history, model


@pytest.mark.parametrize("case", range(DRAWN))
def test_a_run_is_that_of_fit(page: Page, case: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    wanted = drawn(seed)
    found = page.evaluate(TRAIN, wanted)
    losses: list[Tensor] = []
    history, _ = fitted(wanted, lambda loss: losses.append(loss) and None)
    expected = torch.stack(losses)
    ours = torch.tensor([float(loss) for loss in found["losses"]])
    said = f"seed {seed}: {wanted}"
    assert len(ours) == len(expected), said
    torch.testing.assert_close(
        ours[:FIRST], expected[:FIRST], rtol=1e-4, atol=1e-4, msg=lambda text: f"{said}: {text}"
    )
    assert found["diverged"] is False
    held = history.epochs["val_accuracy"].tolist()
    assert len(held) == len(found["accuracies"])
    assert abs(held[0] - found["accuracies"][0]) < 0.05, said


@pytest.mark.parametrize("case", range(DRAWN))
def test_single_steps_along_torchs_path_agree(page: Page, case: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    wanted = drawn(seed) | {"epochs": 1, "optimizer": "SGD"}
    train, _ = SETS[wanted["set"]]
    model = MODELS[wanted["model"]](wanted["seed"])
    optimizer = OPTIMIZERS["SGD"](model.parameters(), wanted["lr"])
    path = [[w.detach().clone() for w in model.parameters()]]
    for x, y in list(Batches(train, wanted["batch_size"], seed=wanted["seed"]))[:5]:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        path.append([w.detach().clone() for w in model.parameters()])
    told = [
        [{"shape": list(w.shape), "data": w.flatten().tolist()} for w in place] for place in path
    ]
    found = page.evaluate(TRAIN, wanted | {"weights": told[:-1]})
    for place, step in zip(path[1:], found["steps"], strict=True):
        for w, ours in zip(place, step, strict=True):
            scale = w.abs().max().item()
            torch.testing.assert_close(
                torch.tensor(ours).view(w.shape), w, rtol=1e-5, atol=1e-5 * scale,
                msg=lambda text: f"seed {seed}: {wanted}: {text}",
            )  # fmt: skip


def test_a_rate_that_is_too_large_diverges_in_both(page: Page) -> None:
    wanted = drawn(0) | {
        "set": "moons",
        "model": "wide",
        "optimizer": "SGD, momentum 0.9",
        "lr": 1e4,
        "epochs": 3,
    }
    assert page.evaluate(TRAIN, wanted)["diverged"]
    with pytest.raises(FloatingPointError):
        fitted(wanted)


def test_pressing_train_trains_and_earlier_runs_stay(page: Page) -> None:
    root = page.locator(".dlx-lab").first
    root.scroll_into_view_if_needed()
    page.wait_for_selector(".dlx-lab[data-drawn]")
    buttons = {name: root.get_by_role("button", name=name) for name in ("Train", "Stop", "Clear")}
    status = root.locator(".dlx-outcome")
    assert status.inner_text() == "Press Train."
    for number in (1, 2):
        buttons["Train"].click()
        page.wait_for_function(
            "(text) => document.querySelector('.dlx-outcome').textContent.startsWith(text)",
            arg=f"Run {number}: done, held-out accuracy",
        )
    rows = root.locator("tbody tr")
    assert rows.count() == 2
    assert rows.nth(0).inner_text().split("\t")[1:] == rows.nth(1).inner_text().split("\t")[1:]
    assert root.locator("canvas").is_visible()
    root.get_by_label("epochs").select_option(label="200")
    buttons["Train"].click()
    buttons["Stop"].click()
    assert "Run 3: stopped" in status.inner_text()
    buttons["Clear"].click()
    expect(rows).to_have_count(0)
    assert buttons["Clear"].is_disabled()


def test_a_loss_that_runs_away_is_told_and_every_drawn_run_has_its_color(page: Page) -> None:
    wanted = {
        "set": "moons",
        "model": "wide",
        "optimizer": "SGD, momentum 0.9",
        "lr": 10.0,
        "batch_size": 512,
        "epochs": 10,
        "seed": 0,
    }
    last = float(page.evaluate(TRAIN, wanted)["losses"][-1])  # an epoch has one step
    assert last > HIGHEST_LOSS
    root = page.locator(".dlx-lab").first
    for name, choice in (("network", "wide"), ("optimizer", wanted["optimizer"]), ("batch", "512")):
        root.locator(".dlx-control", has_text=name).locator("select").select_option(label=choice)
    root.get_by_label("epochs").select_option(label="10")
    root.get_by_label("learning rate").fill("50")
    runs = MOST_DRAWN + 1
    for number in range(1, runs + 1):
        root.get_by_role("button", name="Train").click()
        expect(root.locator(".dlx-outcome")).to_contain_text(f"Run {number}: done")
    assert float(root.locator("tbody tr td:nth-child(4)").last.inner_text()) == pytest.approx(
        last, rel=0.01
    )
    swatches = root.locator(".dlx-swatch")
    colors = swatches.evaluate_all("(all) => all.map(({style}) => style.background)")
    assert (len(colors), colors[0], len(set(colors[1:]))) == (runs, "", MOST_DRAWN)


def test_what_leaves_no_choice_has_no_menu_and_is_told(page: Page) -> None:
    root = page.locator(".dlx-lab").last
    assert root.get_by_label("data").count() == root.get_by_label("network").count() == 0
    assert "Given here: digits, pictures." in root.locator("figcaption").inner_text()
    root.get_by_role("button", name="Train").click()
    root.locator(".dlx-outcome", has_text="Run 1: done").wait_for()


def test_a_network_that_remembers_batches_is_left_to_kernels() -> None:
    html = lab(["moons"], ["narrow"])
    assert "With a kernel there is also: CNN." in html
    assert json.dumps("CNN") not in html
