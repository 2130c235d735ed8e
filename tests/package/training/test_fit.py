"""The training loop: bit for bit the bare one, with a right record of what happened."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from torch import nn
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import LambdaLR

from dlbook.data import Batches, Samples, line, moons
from dlbook.models import mlp
from dlbook.training import EpochEnd, evaluate, fit


def start(n: int = 50, *, batch_size: int = 8, lr: float = 0.1) -> tuple[nn.Module, Batches, SGD]:
    """A small classifier, its data and its optimizer."""
    model = mlp([2, 8, 2], seed=0)
    return model, Batches(moons(n), batch_size), SGD(model.parameters(), lr=lr)


def bare_loop(samples: Samples, *, batch_size: int, epochs: int) -> tuple[nn.Module, list[float]]:
    """Training written out, as chapter 09 does."""
    model = mlp([2, 8, 2], seed=0)
    optimizer = Adam(model.parameters(), lr=0.01)
    generator = torch.Generator().manual_seed(3)
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(samples), generator=generator)
        for i in range(0, len(samples), batch_size):
            chosen = order[i : i + batch_size]
            loss = F.cross_entropy(model(samples.x[chosen]), samples.y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model, losses


@pytest.mark.parametrize("val", [None, moons(20, seed=9)])
def test_it_is_the_bare_loop_bit_for_bit(val: Samples | None) -> None:
    samples = moons(50)
    expected, losses = bare_loop(samples, batch_size=8, epochs=3)
    model = mlp([2, 8, 2], seed=0)
    optimizer = Adam(model.parameters(), lr=0.01)
    history = fit(model, Batches(samples, 8, seed=3), epochs=3, optimizer=optimizer, val=val)
    for found, wanted in zip(model.parameters(), expected.parameters(), strict=True):
        assert torch.equal(found, wanted)
    assert history.steps["loss"].tolist() == losses


def test_it_finds_the_least_squares_line() -> None:
    samples = line(40)
    model = nn.Linear(1, 1)
    optimizer = SGD(model.parameters(), lr=0.2)
    batches = Batches(samples, 40)
    history = fit(model, batches, epochs=100, optimizer=optimizer, criterion=F.mse_loss)
    oracle = LinearRegression().fit(samples.x.numpy(), samples.y.numpy())
    assert model.weight.item() == pytest.approx(oracle.coef_.item(), abs=1e-5)
    assert model.bias.item() == pytest.approx(oracle.intercept_.item(), abs=1e-5)
    error = samples.y.numpy() - oracle.predict(samples.x.numpy())
    assert history.last["train_loss"] == pytest.approx(np.mean(error**2), rel=1e-5)


def test_it_trains_on_every_device(device: torch.device) -> None:
    model = mlp([2, 16, 2], seed=0).to(device)
    samples = moons(200).to(device)
    optimizer = Adam(model.parameters(), lr=0.02)
    history = fit(model, Batches(samples, 20), epochs=20, optimizer=optimizer, val=samples)
    assert history.last["val_accuracy"] > 0.95


@given(n=st.integers(2, 30), batch_size=st.integers(1, 30), drop_last=st.booleans())
def test_every_sample_counts_the_same(n: int, batch_size: int, drop_last: bool) -> None:
    samples = moons(n)
    model = mlp([2, 4, 2], seed=0)
    drop_last = drop_last and batch_size <= n
    batches = Batches(samples, batch_size, shuffle=False, drop_last=drop_last)
    standing_still = SGD(model.parameters(), lr=0.0)
    history = fit(model, batches, epochs=1, optimizer=standing_still)
    seen = samples[: n // batch_size * batch_size] if drop_last else samples
    assert history.last["train_loss"] == pytest.approx(evaluate(model, seen)["loss"], rel=1e-5)


@pytest.mark.parametrize("batch_size", [2**24 + 1, 10**10, 2**63 - 1])
def test_a_batch_size_beyond_all_samples(batch_size: int) -> None:
    model, batches, optimizer = start(n=50, batch_size=batch_size)
    expected = evaluate(model, batches.samples)["loss"]
    history = fit(model, batches, epochs=2, optimizer=optimizer)
    assert history.epochs["train_loss"].tolist() == history.steps["loss"].tolist()
    assert history.epochs["train_loss"][0] == pytest.approx(expected)


def test_the_tables_of_a_run() -> None:
    model, batches, optimizer = start(n=50, batch_size=8)
    history = fit(model, batches, epochs=3, optimizer=optimizer, val=moons(20, seed=1))
    assert list(history.epochs) == [
        "epoch",
        "train_loss",
        "seconds",
        "val_loss",
        "val_accuracy",
    ]
    assert history.epochs["epoch"].tolist() == [1, 2, 3]
    assert (history.epochs["seconds"] > 0).all()
    assert list(history.steps) == ["step", "epoch", "loss"]
    assert history.steps["step"].tolist() == list(range(1, 22))
    assert history.steps["epoch"].tolist() == [1] * 7 + [2] * 7 + [3] * 7
    scores = evaluate(model, moons(20, seed=1))
    assert history.last["val_loss"] == scores["loss"]
    assert history.last["val_accuracy"] == scores["accuracy"]


def test_a_run_shows_its_epochs() -> None:
    model, batches, optimizer = start()
    history = fit(model, batches, epochs=2, optimizer=optimizer)
    assert repr(history).split()[:3] == ["epoch", "train_loss", "seconds"]
    assert len(repr(history).splitlines()) == 3
    assert history._repr_html_().count("<tr") == 3


def test_regression_has_no_accuracy() -> None:
    model = nn.Linear(1, 1)
    history = fit(
        model,
        Batches(line(20), 5),
        epochs=1,
        optimizer=SGD(model.parameters(), lr=0.1),
        criterion=F.mse_loss,
        val=line(5, seed=1),
    )
    assert list(history.epochs) == ["epoch", "train_loss", "seconds", "val_loss"]


def test_callbacks_see_every_epoch() -> None:
    model, batches, optimizer = start()
    ends: list[EpochEnd] = []
    fit(model, batches, epochs=3, optimizer=optimizer, callbacks=[ends.append])
    assert [end.epoch for end in ends] == [1, 2, 3]
    assert [end.scores["epoch"] for end in ends] == [1, 2, 3]
    assert all(end.model is model and end.optimizer is optimizer for end in ends)


def test_any_callback_can_stop_and_all_are_asked() -> None:
    model, batches, optimizer = start()
    ends: list[EpochEnd] = []
    history = fit(
        model,
        batches,
        epochs=9,
        optimizer=optimizer,
        callbacks=[lambda end: end.epoch == 2, ends.append],
    )
    assert history.epochs["epoch"].tolist() == [1, 2]
    assert len(history.steps) == 2 * len(batches)
    assert [end.epoch for end in ends] == [1, 2]


def test_every_update_is_told_its_loss() -> None:
    model, batches, optimizer = start()
    losses: list[torch.Tensor] = []
    history = fit(model, batches, epochs=2, optimizer=optimizer, on_step=losses.append)
    assert history.steps["loss"].tolist() == torch.stack(losses).tolist()


@pytest.mark.parametrize("last", [1, 3, 7, 10])
def test_an_update_can_be_the_last(last: int) -> None:
    model, batches, optimizer = start(n=50, batch_size=8)
    countdown = iter(range(last - 1, -1, -1))
    ends: list[EpochEnd] = []
    history = fit(
        model,
        batches,
        epochs=9,
        optimizer=optimizer,
        on_step=lambda _: next(countdown) == 0,
        callbacks=[ends.append],
    )
    assert history.steps["step"].tolist() == list(range(1, last + 1))
    assert history.steps["epoch"].tolist() == [(step - 1) // 7 + 1 for step in range(1, last + 1)]
    assert [end.epoch for end in ends] == history.epochs["epoch"].tolist()
    sizes = np.array([8, 8, 8, 8, 8, 8, 2])[: (last - 1) % 7 + 1]
    seen = history.steps["loss"][-len(sizes) :]
    assert history.last["train_loss"] == pytest.approx(np.average(seen, weights=sizes))


def test_the_scheduler_moves_after_every_update() -> None:
    model, batches, optimizer = start(n=50, batch_size=10, lr=0.1)
    scheduler = LambdaLR(optimizer, lambda step: 1 / (1 + step))
    rates: list[float] = []
    fit(
        model,
        batches,
        epochs=2,
        optimizer=optimizer,
        scheduler=scheduler,
        callbacks=[lambda end: rates.append(end.optimizer.param_groups[0]["lr"])],
    )
    assert rates == pytest.approx([0.1 / 6, 0.1 / 11])


def test_it_trains_in_training_mode() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    optimizer = SGD(model.parameters(), lr=0.1)
    model.eval()
    fit(model, Batches(moons(20), 5), epochs=2, optimizer=optimizer, val=moons(5))
    assert model.training
    assert model[1].num_batches_tracked == 8


@pytest.mark.parametrize(("epochs", "steps"), [(0.1, 1), (0.75, 5), (1.0, 7), (2.5, 18)])
def test_a_part_of_an_epoch_is_the_beginning_of_it(epochs: float, steps: int) -> None:
    model, batches, optimizer = start(n=50, batch_size=8)
    ends: list[EpochEnd] = []
    history = fit(model, batches, epochs=epochs, optimizer=optimizer, callbacks=[ends.append])
    model, batches, optimizer = start(n=50, batch_size=8)
    longer = fit(model, batches, epochs=3, optimizer=optimizer)
    assert history.steps.equals(longer.steps[:steps])
    assert [end.epoch for end in ends] == list(range(1, (steps - 1) // 7 + 2))


@given(steps=st.integers(1, 500), n=st.integers(1, 400))
@settings(max_examples=20)
def test_epochs_can_be_told_as_steps(steps: int, n: int) -> None:
    model = nn.Linear(1, 1)
    options = {"optimizer": SGD(model.parameters(), lr=0.0), "criterion": F.mse_loss}
    batches = Batches(line(n), 3)
    history = fit(model, batches, epochs=steps / len(batches), **options)
    assert len(history.steps) == steps


@pytest.mark.parametrize("epochs", [0, -1, 0.05, float("nan")])
def test_no_epochs(epochs: float) -> None:
    model, batches, optimizer = start()
    few = "enough for one of the 7 steps of a pass" if epochs > 0 else "a finite number above 0"
    with pytest.raises(ValueError, match=f"epochs must be {few}, got {epochs}"):
        fit(model, batches, epochs=epochs, optimizer=optimizer)


def spoiled(name: str, value: float) -> Samples:
    """A line with one bad number in x or y."""
    samples = line(16)
    getattr(samples, name)[9] = value
    return samples


def fit_line(samples: Samples, *, lr: float, batch_size: int = 4, epochs: int = 5) -> None:
    model = nn.Linear(1, 1)
    nn.init.ones_(model.weight)
    fit(
        model,
        Batches(samples, batch_size, shuffle=False),
        epochs=epochs,
        optimizer=SGD(model.parameters(), lr=lr),
        criterion=F.mse_loss,
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["x", "y"])
def test_bad_numbers_in_the_data_are_named(name: str, value: float) -> None:
    cause = f"{name} of the training samples holds NaN or infinite values"
    with pytest.raises(FloatingPointError, match=f"at epoch 1, step 3 of 4: {cause}"):
        fit_line(spoiled(name, value), lr=0.01)


def test_too_large_a_learning_rate_is_named() -> None:
    cause = "it had grown from .* to .*, so the learning rate is probably too large"
    with pytest.raises(FloatingPointError, match=f"became inf at epoch 1, step .* of 16: {cause}"):
        fit_line(line(16), lr=1e4, batch_size=1)


def test_a_loss_that_breaks_at_once_has_several_causes() -> None:
    model, batches, optimizer = start()

    def criterion(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (0 * y_hat).log().mean()

    with pytest.raises(FloatingPointError, match="step 1 of 7: the learning rate may be too large"):
        fit(model, batches, epochs=1, optimizer=optimizer, criterion=criterion)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_mixed_precision_keeps_weights_and_outputs_in_float32(
    device: torch.device, dtype: torch.dtype
) -> None:
    outputs: list[torch.Tensor] = []

    def criterion(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        outputs.append(y_hat)
        return F.cross_entropy(y_hat, y)

    model = mlp([2, 16, 2], seed=0).to(device)
    optimizer = Adam(model.parameters(), lr=0.02)
    batches = Batches(moons(200).to(device), 20)
    options = {"epochs": 20, "optimizer": optimizer, "criterion": criterion}
    history = fit(model, batches, autocast=dtype, **options)
    assert all(y_hat.dtype == torch.float32 for y_hat in outputs)
    assert all(torch.equal(y_hat, y_hat.to(dtype).float()) for y_hat in outputs)
    assert all(weights.dtype == torch.float32 for weights in model.parameters())
    assert history.last["train_loss"] < 0.2


def test_a_network_wholly_in_bfloat16_leaves_tables_as_well() -> None:
    model = mlp([2, 8, 2], seed=0).bfloat16()
    samples = moons(50)
    batches = Batches(Samples(samples.x.bfloat16(), samples.y), 10)
    history = fit(model, batches, epochs=2, optimizer=SGD(model.parameters(), lr=0.1))
    assert history.steps["loss"].dtype == np.float32
    assert len(history.steps) == 10


def test_another_type_is_no_mixed_precision() -> None:
    model, batches, optimizer = start()
    expected = r"must be torch.bfloat16, torch.float16 or None, got torch.float64"
    with pytest.raises(ValueError, match=expected):
        fit(model, batches, epochs=1, optimizer=optimizer, autocast=torch.float64)


def show_progress(progress: bool | None) -> None:
    model, batches, optimizer = start()
    fit(model, batches, epochs=2, optimizer=optimizer, progress=progress)


def test_the_bar_shows_the_epoch_when_it_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    show_progress(True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 1/2" in err
    assert err.endswith("\r"), "it leaves nothing behind"


@pytest.mark.parametrize("progress", [None, False])
def test_captured_output_holds_no_bar(
    capfd: pytest.CaptureFixture[str], progress: bool | None
) -> None:
    show_progress(progress)
    assert capfd.readouterr() == ("", "")
