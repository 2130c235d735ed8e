"""What cannot work is refused before the first step, and only that."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import LBFGS, SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import ConstantLR, ExponentialLR, OneCycleLR, SequentialLR

from dlbook.data import Batches, Samples, line, moons
from dlbook.models import mlp
from dlbook.training import Callback, EarlyStopping, fit


def sgd(model: nn.Module) -> Optimizer:
    return SGD(model.parameters(), lr=0.1)


def train(model: nn.Module, samples: Samples | None = None, **options: Any) -> None:
    batches = Batches(samples or moons(50), options.pop("batch_size", 8))
    fit(model, batches, **{"epochs": 2, "optimizer": sgd(model)} | options)


def assert_refused(model: nn.Module, message: str, *args: Any, **options: Any) -> None:
    """It says why, and nothing has changed."""
    before = copy.deepcopy(model.state_dict()) | {"random": torch.get_rng_state()}
    with pytest.raises(ValueError, match=message):
        train(model, *args, **options)
    after = model.state_dict() | {"random": torch.get_rng_state()}
    torch.testing.assert_close(after, before, rtol=0, atol=0)


def test_the_optimizer_of_an_earlier_model() -> None:
    earlier, model = mlp([2, 8, 8, 2], seed=0), mlp([2, 8, 8, 2], seed=0)
    named = r"requires a gradient, got one without 1.weight, 1.bias, 3.weight, …\. Make it from mod"
    assert_refused(model, f"optimizer must hold .*{named}", optimizer=sgd(earlier))


def test_a_last_layer_that_came_after_the_optimizer() -> None:
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = sgd(model)
    model[2] = nn.Linear(8, 3)
    assert_refused(model, r"got one without 2.weight, 2.bias\. .*False", optimizer=optimizer)


def test_frozen_parameters_need_no_optimizer() -> None:
    model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    before = copy.deepcopy(model.state_dict())
    model[0].requires_grad_(False)
    train(model, optimizer=sgd(model[2]))
    moved = {name for name, value in model.state_dict().items() if not value.equal(before[name])}
    assert moved == {"2.weight", "2.bias"}


def test_parameters_may_lie_in_several_groups_and_beside_others() -> None:
    model, temperature = mlp([2, 8, 2], seed=0), nn.Parameter(torch.ones(()))
    biases = [value for name, value in model.named_parameters() if name.endswith("bias")]
    weights = [value for name, value in model.named_parameters() if name.endswith("weight")]
    groups = [{"params": weights}, {"params": [*biases, temperature], "weight_decay": 0.0}]

    def criterion(y_hat: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(y_hat * temperature, y)

    train(model, optimizer=AdamW(groups, lr=0.01), criterion=criterion)
    assert temperature.item() != 1


def test_an_optimizer_that_calls_the_model() -> None:
    model = mlp([2, 2], seed=0)
    message = "from the gradients alone, got a LBFGS"
    assert_refused(model, message, optimizer=LBFGS(model.parameters()))


def test_the_schedule_of_an_earlier_optimizer() -> None:
    model = mlp([2, 2], seed=0)
    message = "scheduler must be made from this optimizer, got one that moves another's"
    assert_refused(model, message, scheduler=ExponentialLR(sgd(model), 0.9))


def test_a_schedule_that_is_too_short() -> None:
    model = mlp([2, 2], seed=0)
    optimizer = sgd(model)
    too_short = OneCycleLR(optimizer, 0.1, total_steps=13)
    message = "total_steps for all 14 updates, got a OneCycleLR for 13, 0 of them done"
    assert_refused(model, message, optimizer=optimizer, scheduler=too_short)
    enough = OneCycleLR(optimizer, 0.1, total_steps=14)
    train(model, optimizer=optimizer, scheduler=enough)
    message = "for all 14 updates, got a OneCycleLR for 14, 14 of them done"
    assert_refused(model, message, optimizer=optimizer, scheduler=enough)


def test_a_schedule_of_schedules() -> None:
    model = mlp([2, 2], seed=0)
    optimizer = sgd(model)
    parts = [ConstantLR(optimizer), ExponentialLR(optimizer, 0.9)]
    train(model, optimizer=optimizer, scheduler=SequentialLR(optimizer, parts, [3]))


def net(*, picture: int = 0) -> nn.Module:
    """A network with batch normalization, of numbers or of pictures."""
    torch.manual_seed(0)
    if picture:
        seen = 4 * (picture - 2) ** 2
        return nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Dropout(), nn.Linear(seen, 2)
        )
    return nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))


def pictures(n: int, size: int) -> Samples:
    return Samples(torch.rand(n, 1, size, size), torch.arange(n) % 2)


NORM = "batch_size must give batch normalization two samples or more to compare, got"


def test_a_last_batch_of_one_under_batch_norm() -> None:
    message = rf"{NORM} 8, which makes a batch of 1 out of 17 samples; take .*drop_last=True\)"
    assert_refused(net(), message, moons(17))
    assert_refused(net(), f"{NORM} 1, which makes a batch of 1 out of 5", moons(5), batch_size=1)
    assert_refused(net(picture=3), f"{NORM} 8", pictures(9, size=3))


def frozen(model: nn.Module) -> nn.Module:
    """Batch normalization with what it has seen before, whatever the model's mode."""
    norm = model[1]
    norm.eval()
    norm.train = lambda mode=True: norm
    return model


GOOD_RUNS: dict[str, Callable[[], None]] = {
    "two samples": lambda: train(net(), moons(18)),
    "no last batch": lambda: fit(
        model := net(), Batches(moons(17), 8, drop_last=True), epochs=1, optimizer=sgd(model)
    ),
    "the last batch is not reached": lambda: train(net(), moons(17), epochs=0.7),
    "no batch norm": lambda: train(mlp([2, 2], seed=0), moons(17)),
    "many pixels": lambda: train(net(picture=5), pictures(9, size=5)),
    "frozen": lambda: train(frozen(net()), moons(17)),
}


@pytest.mark.parametrize("run", GOOD_RUNS.values(), ids=GOOD_RUNS)
def test_a_batch_that_can_be_normalized_is_not_refused(run: Callable[[], None]) -> None:
    run()


def test_the_trial_leaves_no_trace() -> None:
    model, bare = net(picture=5), net(picture=5)
    samples = pictures(9, size=5)
    torch.manual_seed(1)
    train(model, samples, epochs=1)
    torch.manual_seed(1)
    optimizer = sgd(bare)
    for x, y in Batches(samples, 8):
        optimizer.zero_grad()
        F.cross_entropy(bare(x), y).backward()
        optimizer.step()
    torch.testing.assert_close(model.state_dict(), bare.state_dict(), rtol=1e-5, atol=1e-6)


def lazy_net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.LazyLinear(8), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(2))


@pytest.mark.parametrize("make", [sgd, lambda model: AdamW(model.parameters(), fused=True)])
def test_lazy_layers_train_as_torch_trains_them(
    make: Callable[[nn.Module], Optimizer], tmp_path: Any
) -> None:
    bare = lazy_net()
    optimizer = make(bare)
    batches = Batches(moons(50), 8)
    for _ in range(2):
        for x, y in batches:
            loss = F.cross_entropy(bare(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    path = tmp_path / "run.pt"
    for options in ({}, {"save_to": path}, {"resume_from": path}):
        model = lazy_net()
        train(model, optimizer=make(model), **options)
        torch.testing.assert_close(model.state_dict(), bare.state_dict(), rtol=0, atol=0)


def test_an_extra_state_that_is_a_dict(tmp_path: Any) -> None:
    class Counting(nn.Linear):
        calls = 0

        def forward(self, x: Tensor) -> Tensor:
            self.calls += self.training
            return super().forward(x)

        def get_extra_state(self) -> dict[str, int]:
            return {"calls": self.calls}

        def set_extra_state(self, state: dict[str, int]) -> None:
            self.calls = state["calls"]

    whole, model, path = Counting(2, 2), Counting(2, 2), tmp_path / "run.pt"
    model.load_state_dict(whole.state_dict())
    again = copy.deepcopy(model)
    train(whole, val=moons(9))
    assert whole.calls == 14
    stopping = EarlyStopping()
    train(model, epochs=1, save_to=path, val=moons(9), callbacks=[stopping])
    train(again, resume_from=path, val=moons(9), callbacks=[EarlyStopping()])
    torch.testing.assert_close(again.state_dict(), whole.state_dict(), rtol=0, atol=0)
    stopping.restore(again)
    assert again.calls == 7


def test_a_score_that_no_epoch_will_have() -> None:
    model = mlp([2, 2], seed=0)
    waiting: list[Callback] = [EarlyStopping()]
    message = "monitor must be one of epoch, train_loss, seconds, got 'val_loss'"
    assert_refused(model, message, callbacks=waiting)
    regression = nn.Linear(1, 1)
    message = "monitor must be .*, val_loss, got 'val_accuracy'"
    waiting = [EarlyStopping(monitor="val_accuracy")]
    options = {"criterion": F.mse_loss, "val": line(9)}
    assert_refused(regression, message, line(9), callbacks=waiting, **options)


def test_a_validation_set_that_cannot_be_scored() -> None:
    model = mlp([2, 2], seed=0)
    of_three = Samples(torch.rand(9, 3), torch.arange(9) % 2)
    steps: list[Tensor] = []
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        train(model, val=of_three, on_step=steps.append)
    assert steps == []


def test_a_criterion_that_squeezes_scores_its_validation_set() -> None:
    def criterion(y_hat: Tensor, y: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(y_hat.squeeze(), y)

    samples = Samples(moons(20).x, moons(20).y.float())
    train(mlp([2, 1], seed=0), samples, criterion=criterion, val=samples)
