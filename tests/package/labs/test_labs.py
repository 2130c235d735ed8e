"""Labs, driven as a reader drives them: by the values of their widgets and by clicks."""

import math
import re
import threading
import time
from typing import Any

import pytest
import torch
from children import LIMIT
from torch import nn

from dlbook.data import Samples, line, moons
from dlbook.descent import LANDSCAPES, descend, descend_line
from dlbook.labs import BatchLab, DescentLab, TrainingLab
from dlbook.labs.latest import Latest
from dlbook.labs.runs import (
    MOST_DRAWN,
    MOST_POINTS,
    WINDOW,
    Run,
    Settings,
    draw,
    only_guesses,
    table,
)
from dlbook.models import mlp

PNG = b"\x89PNG"


def training_lab(**options: object) -> TrainingLab:
    data = {"moons": moons(200).split(0.5, seed=0)}
    models = {
        "small": lambda: mlp([2, 16, 2], seed=0),
        "wrong shape": lambda: nn.Linear(3, 2),
    }
    return TrainingLab(data, models, lr=0.1, batch_size=16, **options)


def test_the_descent_lab_walks_as_descend_does() -> None:
    lab = DescentLab("ravine", lr=0.05, steps=20)
    lab.momentum.value = 0.5
    lab.latest.wait(LIMIT)
    start = [slider.value for slider in lab.start]
    expected = descend(LANDSCAPES["ravine"].cost, start, 0.05, steps=20, momentum=0.5)
    assert torch.allclose(
        torch.tensor(lab.trace()["cost"].to_numpy()), torch.tensor(expected["cost"].to_numpy())
    )


@pytest.mark.slow
@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_every_landscape_and_optimizer_is_drawn(landscape: str) -> None:
    lab = DescentLab()
    lab.landscape.value = landscape
    for optimizer in lab.optimizer.options:
        lab.optimizer.value = optimizer
        lab.latest.wait(LIMIT)
        assert bytes(lab.picture.value).startswith(PNG)
        assert "steps" in lab.outcome.value or "runs off" in lab.outcome.value


def test_moving_the_learning_rate_draws_another_picture() -> None:
    lab = DescentLab()
    before = lab.picture.value
    lab.lr.value = 0.9
    lab.latest.wait(LIMIT)
    assert lab.picture.value != before


def test_a_diverging_walk_is_reported() -> None:
    lab = DescentLab(lr=5.0, steps=100)
    assert "runs off" in lab.outcome.value


def test_the_second_start_is_hidden_in_one_dimension_and_nothing_else() -> None:
    lab = DescentLab("parabola")
    controls = [lab.landscape, *lab.start, lab.optimizer, lab.lr, lab.momentum, lab.steps]
    assert [control.layout.display for control in controls].count("none") == 1
    lab.landscape.value = "ravine"
    lab.latest.wait(LIMIT)
    assert "none" not in [control.layout.display for control in controls]


def test_an_unknown_landscape_is_refused() -> None:
    with pytest.raises(ValueError, match="landscape"):
        DescentLab("moon")


def test_the_batch_lab_walks_as_descend_line_does() -> None:
    samples = line(24, noise=0.5, seed=3)
    lab = BatchLab(samples, lr=0.05, batch_size=5, epochs=2, start=(0.0, 1.0))
    lab.momentum.value, lab.batch_size.value = 0.5, 24
    lab.latest.wait(LIMIT)
    expected = descend_line(samples, 0.05, epochs=2, batch_size=24, start=(0.0, 1.0), momentum=0.5)
    assert lab.trace().equals(expected)
    assert "2 epochs and 2 updates" in lab.outcome.value
    assert lab.batch_size.options == (1, 2, 5, 10, 20, 24)


@pytest.mark.slow
def test_the_batch_labs_controls_draw_another_picture() -> None:
    lab = BatchLab(line(24))
    controls = ((lab.lr, 0.1), (lab.batch_size, 1), (lab.momentum, 0.9), (lab.epochs, 9))
    for control, value in (*controls, (lab.axis, "updates")):
        before = lab.picture.value
        control.value = value
        lab.latest.wait(LIMIT)
        assert lab.picture.value != before
    assert bytes(lab.picture.value).startswith(PNG)


def test_a_kept_run_stays_in_the_picture() -> None:
    lab = BatchLab(line(24))
    alone = lab.picture.value
    lab.keep.click()
    lab.latest.wait(LIMIT)
    assert lab.picture.value != alone


def test_the_batch_lab_reports_a_diverging_run_and_refuses_a_size_not_on_offer() -> None:
    lab = BatchLab(line(24), lr=5.0, batch_size=1, epochs=20)
    assert "diverges" in lab.outcome.value
    with pytest.raises(ValueError, match="batch_size"):
        BatchLab(line(24), batch_size=7)


def test_the_batch_lab_draws_data_without_noise() -> None:
    x = torch.tensor([1.0, 2.0, 3.0])
    lab = BatchLab(Samples(x, 2 * x), batch_size=3)
    assert bytes(lab.picture.value).startswith(PNG)


def test_the_last_of_many_jobs_runs_and_those_between_are_dropped() -> None:
    latest, gate, ran = Latest(pytest.fail), threading.Event(), []

    def slow() -> None:
        gate.wait(LIMIT)
        ran.append("first")

    latest.submit(slow)
    while latest._waiting is not None:
        time.sleep(0.001)
    for number in range(100):
        latest.submit(lambda number=number: ran.append(number))
    gate.set()
    latest.wait(LIMIT)
    assert ran == ["first", 99]


def test_training_fills_the_curves_and_the_table() -> None:
    lab = training_lab(epochs=3)
    lab.train.click()
    lab.wait(LIMIT)
    (run,) = lab.runs
    assert (run.status, len(run.losses), len(run.accuracies)) == ("done", 3 * 7, 3)
    assert "<td>done</td>" in lab.table.value
    assert bytes(lab.picture.value).startswith(PNG)
    assert (lab.train.disabled, lab.stop.disabled) == (False, True)


def test_losses_are_told_and_drawn_as_they_are() -> None:
    losses = [1e30, *range(1, 2 * MOST_POINTS), 4e6]
    run = Run(1, Settings("moons", "small", "SGD", 0.1, 16, 300), 2, losses=losses)
    assert run.loss == (2 * MOST_POINTS - 1 + 4e6) / 2
    epochs, means = run.drawn_losses()
    assert len(epochs) <= MOST_POINTS
    assert epochs[-1] == len(losses) / run.steps_per_epoch
    for epoch, value in zip(epochs, means, strict=True):
        step = int(2 * epoch)
        assert value == pytest.approx(sum(losses[max(0, step - WINDOW) : step]) / min(step, WINDOW))


def test_of_many_runs_the_newest_have_a_color_each() -> None:
    settings = Settings("moons", "small", "SGD", 0.1, 16, 1)
    runs = [Run(i, settings, 1, [math.inf, 1e9, i]) for i in range(1, MOST_DRAWN + 3)]
    assert draw(runs).startswith(PNG)
    colors = re.findall(r"color:(#\w+)[^>]*>■", table(runs))
    assert len(colors) == len(set(colors)) == MOST_DRAWN


@pytest.mark.parametrize(
    ("accuracies", "guesses"), [([], False), ([0.9, 0.51], True), ([0.5, 0.62], False)]
)
def test_a_run_that_guesses_is_told_from_one_that_learns(
    accuracies: list[float], *, guesses: bool
) -> None:
    run = Run(1, Settings("moons", "small", "SGD", 0.1, 16, 2), 7, accuracies=accuracies)
    assert only_guesses(run, torch.arange(400) % 2) == guesses


def test_a_perfect_run_never_guesses() -> None:
    run = Run(1, Settings("moons", "small", "SGD", 0.1, 16, 2), 7, accuracies=[1.0])
    assert not only_guesses(run, torch.tensor([0] * 27 + [1] * 3))


def test_a_run_that_guesses_says_so() -> None:
    lab = training_lab(epochs=1)
    train, held = lab._data["moons"]
    lab._data["moons"] = train, type(held)(held.x, torch.ones_like(held.y))
    lab.train.click()
    lab.wait(LIMIT)
    assert lab.runs[0].status == "done, no better than guessing"


def test_a_typed_learning_rate_stays_as_it_was_typed() -> None:
    lab = training_lab()
    for digits in range(100, 1000):
        typed = digits / 1000
        power = round(math.log10(typed) / lab.lr.step) * lab.lr.step  # as the slider rounds
        assert f"{10**power:.3g}" == f"{typed:.3g}"


def test_stop_ends_a_long_run_at_once_and_earlier_runs_stay() -> None:
    lab = training_lab(epochs=1)
    lab.train.click()
    lab.wait(LIMIT)
    lab.epochs.value, lab.batch_size.value = 50, 1
    lab.train.click()
    lab.train.click()  # a second click changes nothing
    while not lab.runs[-1].losses:
        time.sleep(0.01)
    lab.stop.click()
    lab.wait(LIMIT)
    assert [run.status.partition(",")[0] for run in lab.runs] == ["done", "stopped"]
    assert len(lab.runs[-1].losses) < lab.runs[-1].total_steps


def test_a_divergence_is_reported_and_not_raised() -> None:
    lab = training_lab(epochs=5)
    lab.optimizer.value, lab.lr.value = "SGD, momentum 0.9", 10.0
    lab._data["moons"] = tuple(type(s)(s.x * 1e6, s.y) for s in lab._data["moons"])
    lab.train.click()
    lab.wait(LIMIT)
    assert lab.runs[0].status.startswith("diverged: the loss became")
    assert not lab.train.disabled


def test_a_model_of_the_wrong_shape_is_reported_and_not_raised() -> None:
    lab = training_lab()
    lab.model.value = "wrong shape"
    lab.train.click()
    lab.wait(LIMIT)
    assert lab.runs[0].status.startswith("failed: RuntimeError")


def test_reset_forgets_the_runs() -> None:
    lab = training_lab(epochs=1)
    lab.train.click()
    lab.wait(LIMIT)
    lab.reset.click()
    assert (lab.runs, lab.table.value, lab.progress.value) == ([], "", 0.0)


@pytest.mark.slow
def test_the_training_lab_of_a_page_has_tapes_and_a_picture_of_a_real_run() -> None:
    data = {"moons": moons(60).split(0.5, seed=0)}
    lab = TrainingLab(data, {"small": lambda: mlp([2, 16, 2], seed=0)}, batch_size=16, epochs=1)
    html = lab.on_page()
    assert lab.runs[0].status.startswith("done")
    assert 'src="data:image/png;base64,' in html
    assert '"learn":{"inputs"' in html


@pytest.mark.slow
def test_a_page_may_train_on_other_data_than_a_kernel() -> None:
    small = {"few moons": moons(20).split(0.5, seed=0)}
    data = {"moons": moons(60).split(0.5, seed=0)}
    lab = TrainingLab(data, {"small": lambda: mlp([2, 4, 2], seed=0)}, epochs=1, page_data=small)
    html = lab.on_page()
    assert "few moons" in html
    assert '"moons"' not in html


def test_a_lab_needs_data_models_and_a_batch_size_on_offer() -> None:
    data, models = {"moons": moons(20).split(0.5, seed=0)}, {"small": lambda: mlp([2, 2])}
    with pytest.raises(ValueError, match="data must name at least one"):
        TrainingLab({}, models)
    with pytest.raises(ValueError, match="models must name at least one"):
        TrainingLab(data, {})
    with pytest.raises(ValueError, match="batch_size"):
        TrainingLab(data, models, batch_size=7)
    with pytest.raises(TypeError, match=r"models\['made'\] must be a function"):
        TrainingLab(data, {"made": mlp([2, 2])})
    with pytest.raises(TypeError, match=r"data\['moons'\] must be a pair"):
        TrainingLab({"moons": moons(20)}, models)


@pytest.mark.parametrize("lr", ["0.1", None, True, float("nan"), -0.1, 0, 100.0, [0.1]])
def test_a_learning_rate_that_is_none_is_named(lr: Any) -> None:
    makers = (DescentLab, lambda lr: BatchLab(line(24), lr=lr))
    for make in makers:
        with pytest.raises((TypeError, ValueError), match="lr must be"):
            make(lr=lr)


def test_a_job_that_fails_is_reported_and_the_next_one_runs() -> None:
    lab = DescentLab()

    def fail() -> None:
        raise ZeroDivisionError("on <purpose>")

    lab.latest.submit(fail)
    lab.latest.wait(LIMIT)
    assert lab.outcome.value == "failed: ZeroDivisionError: on &lt;purpose&gt;"
    lab.lr.value = 0.2
    lab.latest.wait(LIMIT)
    assert "steps" in lab.outcome.value


MODELS: dict[str, Any] = {
    "raises": lambda: 1 / 0,
    "returns nothing": lambda: None,
    "a class": lambda: nn.Linear,
    "no parameters": nn.Identity,
    "one number": lambda: nn.Sequential(nn.Linear(2, 1), nn.Flatten(0)),
    "double": lambda: mlp([2, 2]).double(),
    "needs an argument": lambda size: mlp([2, size]),
    "frozen": lambda: mlp([2, 2]).requires_grad_(False),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_lab_stays_usable_after_a_model_that_cannot_be_trained(name: str) -> None:
    data = {"moons": moons(40).split(0.5, seed=0)}
    lab = TrainingLab(data, MODELS | {"good": lambda: mlp([2, 2], seed=0)}, lr=0.1, epochs=1)
    lab.stop.click()  # before anything runs
    lab.model.value = name
    for _ in range(2):
        lab.train.click()
        lab.wait(LIMIT)
    assert [run.status.split(":")[0] for run in lab.runs] == ["failed", "failed"]
    assert "failed" in lab.table.value
    lab.model.value = "good"
    lab.train.click()
    lab.optimizer.value, lab.epochs.value = "Adam", 3  # too late for this run
    lab.wait(LIMIT)
    assert lab.runs[-1].status.startswith("done")
    assert len(lab.runs[-1].accuracies) == 1
    assert (lab.train.disabled, lab.stop.disabled) == (False, True)
