"""A sweep over seeds agrees with separate runs of `fit`, whichever way it is trained."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.optim import SGD

from dlbook.data import Batches, Samples, moons
from dlbook.models import mlp, small_cnn
from dlbook.models.seeding import seeded
from dlbook.sweeps import sweep_seeds
from dlbook.sweeps.seeds import pays_together
from dlbook.training import fit

MakeModel = Callable[[int], nn.Module]
WAYS = pytest.mark.parametrize("together", [True, False])


def small(seed: int) -> nn.Module:
    return mlp([2, 8, 2], seed=seed)


def separate_runs(
    make_model: MakeModel,
    train: Samples,
    val: Samples,
    *,
    lr: list[float],
    seeds: list[int],
    batch_size: int,
    epochs: int,
    momentum: float,
) -> pd.DataFrame:
    """The oracle: `fit`, once for each pair."""
    tables = []
    for rate in lr:
        for seed in seeds:
            model = make_model(seed)
            optimizer = SGD(model.parameters(), lr=rate, momentum=momentum)
            batches = Batches(train, batch_size, seed=seed)
            table = fit(model, batches, epochs=epochs, optimizer=optimizer, val=val).epochs
            tables.append(table.drop(columns="seconds").assign(lr=rate, seed=seed))
    columns = ["lr", "seed", "epoch", "train_loss", "val_loss", "val_accuracy"]
    return pd.concat(tables, ignore_index=True)[columns]


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, *, atol: float) -> None:
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=0, atol=atol)


@pytest.fixture
def float64() -> Iterator[None]:
    """New tensors are float64, those in which `fit` keeps its losses too."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@WAYS
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_each_run_is_that_of_fit(together: bool, momentum: float, device: torch.device) -> None:
    train, val = (part.to(device) for part in moons(101).split(0.5, seed=0))

    def make_model(seed: int) -> nn.Module:
        return small(seed).to(device)

    grid = {"lr": [0.03, 0.3], "seeds": [4, 0, 7], "batch_size": 8, "epochs": 4}
    found = sweep_seeds(make_model, train, val, **grid, momentum=momentum, together=together)
    expected = separate_runs(make_model, train, val, **grid, momentum=momentum)
    assert len(found) == 2 * 3 * 4
    assert_same(found, expected, atol=1e-5)


@pytest.mark.usefixtures("float64")
def test_in_float64_nothing_is_left_of_the_difference() -> None:
    train, val = moons(101).split(0.5, seed=0)
    grid = {"lr": [0.1, 0.5], "seeds": [1, 2], "batch_size": 16, "epochs": 3, "momentum": 0.9}
    found = sweep_seeds(small, train, val, **grid, together=True)
    assert_same(found, separate_runs(small, train, val, **grid), atol=1e-10)


@settings(max_examples=15)
@given(data=st.data())
def test_any_numbers_of_samples_runs_and_epochs(data: st.DataObject) -> None:
    train = moons(data.draw(st.integers(1, 30), label="samples"))
    grid = {
        "lr": data.draw(st.lists(st.floats(0, 0.5), min_size=1, max_size=3), label="lr"),
        "seeds": data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=3), label="seeds"),
        "batch_size": data.draw(st.integers(1, 40), label="batch_size"),
        "epochs": data.draw(st.integers(1, 2), label="epochs"),
        "momentum": data.draw(st.sampled_from([0.0, 0.5]), label="momentum"),
    }
    val = moons(7, seed=1)
    found = sweep_seeds(small, train, val, **grid, together=True)
    assert_same(found, separate_runs(small, train, val, **grid), atol=1e-5)


class Folding(nn.Module):
    """Pictures in, a frozen first layer, and one matrix that is used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Conv2d(1, 2, 3).requires_grad_(False)
        self.turn = nn.Linear(8, 8)
        self.turn_again = nn.Linear(8, 8)
        self.turn_again.weight = self.turn.weight
        self.last = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.turn(self.look(x).flatten(1)).tanh()
        return self.last(self.turn_again(h).tanh())


def folding(seed: int) -> nn.Module:
    with seeded(seed):
        return Folding()


def test_frozen_and_shared_weights_and_pictures() -> None:
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(40, 1, 4, 4, generator=generator), torch.arange(40) % 3
    train, val = Samples(x, y).split(0.75, seed=0)
    grid = {"lr": [0.1, 0.2], "seeds": [0, 1], "batch_size": 7, "epochs": 3, "momentum": 0.5}
    found = sweep_seeds(folding, train, val, **grid, together=True)
    assert_same(found, separate_runs(folding, train, val, **grid), atol=1e-5)


def test_validation_samples_are_computed_in_parts() -> None:
    train, val = moons(30), moons(2503, seed=1)
    grid = {"lr": [0.1], "seeds": [0, 1], "batch_size": 10, "epochs": 1, "momentum": 0.0}
    found = sweep_seeds(small, train, val, **grid, together=True)
    assert_same(found, separate_runs(small, train, val, **grid), atol=1e-5)


@WAYS
def test_a_run_that_diverges_keeps_its_epochs_and_spoils_no_other(together: bool) -> None:
    train, val = moons(60).split(0.5, seed=0)
    grid = {"seeds": [0, 1, 2], "batch_size": 8, "epochs": 6, "together": together}
    table = sweep_seeds(small, train, val, lr=[0.1, 1e4], **grid)
    epochs = table.groupby(["lr", "seed"]).size()
    assert (epochs[0.1] == 6).all()
    assert 0 < epochs[1e4, 0] < 6
    calm = sweep_seeds(small, train, val, lr=[0.1], **grid)
    assert_same(table[table["lr"] == 0.1], calm, atol=1e-6)


@WAYS
def test_an_update_that_spoils_the_weights_leaves_no_accuracy(together: bool) -> None:
    def deep(seed: int) -> nn.Module:
        return mlp([2, 8, 8, 8, 2], seed=seed)

    options = {"batch_size": 20, "seeds": [0], "epochs": 1, "together": together}
    found = sweep_seeds(deep, moons(20), moons(9, seed=1), lr=[0.1, 1e38], **options)
    assert found["train_loss"].notna().all()
    assert found["val_accuracy"].notna().tolist() == [True, False]


@WAYS
def test_when_every_run_diverges_at_once_the_table_is_empty(together: bool) -> None:
    train = Samples(moons(20).x / 0, moons(20).y)
    table = sweep_seeds(
        small, train, train, lr=[0.1], seeds=[0], batch_size=5, epochs=2, together=together
    )
    assert table.empty
    assert "val_accuracy" in table


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (nn.BatchNorm1d(2), r"layer '0', a BatchNorm1d, keeps buffers"),
        (nn.Dropout(0.5), r"layer '0', a Dropout, draws random numbers"),
    ],
)
def test_layers_that_need_a_run_of_their_own_are_named_and_get_one(
    layer: nn.Module, why: str
) -> None:
    train, val = moons(40).split(0.5, seed=0)

    def make_model(seed: int) -> nn.Module:
        return nn.Sequential(layer, small(seed))

    grid = {"lr": [0.1], "seeds": [0, 1], "batch_size": 5, "epochs": 2}
    with pytest.raises(ValueError, match=why):
        sweep_seeds(make_model, train, val, **grid, together=True)
    assert len(sweep_seeds(make_model, train, val, **grid)) == 4


class Noisy(nn.Module):
    """Draws random numbers without a layer for it."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x + torch.randn_like(x))


def test_no_random_numbers_are_drawn_unseen() -> None:
    samples = moons(10)
    grid = {"lr": [0.1], "seeds": [0, 1], "batch_size": 5, "epochs": 1}
    with pytest.raises(RuntimeError, match="random"):
        sweep_seeds(lambda _: Noisy(), samples, samples, **grid, together=True)


@pytest.mark.parametrize(
    "make_model",
    [
        lambda seed: mlp([2, 4 + seed, 2], seed=seed),
        lambda seed: mlp([2, 4, 2], activation=[nn.ReLU, nn.Tanh][seed], seed=seed),
        lambda seed: small(seed).requires_grad_(seed == 0),
    ],
    ids=["widths", "activations", "frozen"],
)
def test_networks_of_different_architectures(make_model: MakeModel) -> None:
    samples = moons(10)
    with pytest.raises(ValueError, match="make_model must give every seed"):
        sweep_seeds(
            make_model, samples, samples, lr=[0.1], seeds=[0, 1], batch_size=5, epochs=1,
            together=True,
        )  # fmt: skip


@WAYS
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", []),
        ("lr", [0.1, -0.1]),
        ("lr", [float("nan")]),
        ("seeds", []),
        ("epochs", 0),
        ("batch_size", 0),
        ("momentum", -1.0),
    ],
)
def test_bad_arguments_are_named(name: str, value: object, together: bool) -> None:
    arguments = {"lr": [0.1], "seeds": [0], "batch_size": 5, "epochs": 1} | {name: value}
    with pytest.raises(ValueError, match=name):
        sweep_seeds(small, moons(10), moons(10), **arguments, together=together)


def test_small_networks_and_accelerators_train_together_by_default() -> None:
    here, elsewhere = moons(10), moons(10)
    object.__setattr__(elsewhere, "x", elsewhere.x.to("meta"))  # as on a device of its own
    wide = mlp([784, 512, 512, 10], seed=0)
    assert pays_together(small(0), here)
    assert pays_together(mlp([784, 256, 256, 10], seed=0), here)
    assert not pays_together(wide, here)
    assert pays_together(wide, elsewhere)
    assert not pays_together(small_cnn(seed=0), elsewhere)
