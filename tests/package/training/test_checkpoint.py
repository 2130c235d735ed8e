"""Checkpoints: a run that was cut short ends as if it had never stopped, or says why it cannot."""

import copy
import math
import os
import pickle
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from children import child
from full_disk import allow_files_of, mounted
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR, MultiStepLR, OneCycleLR, StepLR
from training_setup import EPOCHS, MAKE_OPTIMIZER, Setup, network

from dlbook.data import Batches, Samples, moons
from dlbook.models import mlp
from dlbook.training import EarlyStopping, EpochEnd, History, fit
from dlbook.training.checkpoint import read_checkpoint, write_checkpoint
from dlbook.training.fingerprint import fingerprint, same_numbers


def power_cut(after: int) -> Callable[[Tensor], None]:
    """A callback for steps that ends the program in the midst of an epoch."""
    steps = iter(range(1, after + 1))

    def on_step(_: Tensor) -> None:
        if next(steps) == after:
            raise KeyboardInterrupt

    return on_step


def assert_same_run(found: History, expected: History) -> None:
    """Equal in every bit; only the time that it took may differ."""
    pd.testing.assert_frame_equal(found.steps, expected.steps, check_exact=True)
    tables = (history.epochs.drop(columns="seconds") for history in (found, expected))
    pd.testing.assert_frame_equal(*tables, check_exact=True)


@pytest.mark.parametrize("name", MAKE_OPTIMIZER)
@pytest.mark.parametrize("cut", [10, 30])
def test_a_resumed_run_is_the_uninterrupted_one(name: str, cut: int, tmp_path: Path) -> None:
    whole = Setup(make_optimizer=MAKE_OPTIMIZER[name])
    expected = whole.fit()
    path = tmp_path / "run.pt"
    with pytest.raises(KeyboardInterrupt):
        Setup(make_optimizer=MAKE_OPTIMIZER[name]).fit(save_to=path, on_step=power_cut(cut))
    torch.manual_seed(99)  # another process has drawn other numbers
    resumed = Setup(make_optimizer=MAKE_OPTIMIZER[name])
    assert_same_run(resumed.fit(save_to=path, resume_from=path), expected)
    torch.testing.assert_close(resumed.state(), whole.state(), rtol=0, atol=0)
    assert resumed.scheduler.state_dict() == whole.scheduler.state_dict()
    assert (resumed.stopping.best, resumed.stopping.best_epoch) == (
        whole.stopping.best,
        whole.stopping.best_epoch,
    )
    whole.stopping.restore(whole.model)
    resumed.stopping.restore(resumed.model)
    torch.testing.assert_close(resumed.state()["model"], whole.state()["model"], rtol=0, atol=0)


def test_a_run_goes_on_to_more_epochs_on_every_device(device: torch.device, tmp_path: Path) -> None:
    options = {"device": device, "make_scheduler": None}
    expected = Setup(**options).fit(epochs=4)
    path = tmp_path / "run.pt"
    Setup(make_scheduler=None).fit(epochs=1, save_to=path)
    history = Setup(**options).fit(epochs=4, resume_from=str(path))
    assert history.epochs["epoch"].tolist() == [1, 2, 3, 4]
    if device.type == "cpu":
        assert_same_run(history, expected)


def test_early_stopping_counts_the_epochs_before(tmp_path: Path) -> None:
    def impatient() -> Setup:
        return Setup(stopping=EarlyStopping(patience=2, min_delta=10.0))

    path = tmp_path / "run.pt"
    with pytest.raises(KeyboardInterrupt):
        impatient().fit(save_to=path, on_step=power_cut(16))
    history = impatient().fit(save_to=path, resume_from=path)
    assert_same_run(history, impatient().fit())
    assert len(history.epochs) == 3
    stopped = impatient()
    assert_same_run(stopped.fit(resume_from=path), history)
    assert len(stopped.batches) * 3 == stopped.scheduler.last_epoch, "it was not trained further"


def test_a_finished_run_returns_its_history_and_its_weights(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    whole, again = Setup(), Setup()
    expected = whole.fit(save_to=path)
    history = again.fit(save_to=path, resume_from=path)
    pd.testing.assert_frame_equal(history.epochs, expected.epochs, check_exact=True)
    torch.testing.assert_close(again.state(), whole.state(), rtol=0, atol=0)


def test_an_epoch_that_was_ended_by_a_step_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    history = Setup().fit(save_to=path, on_step=lambda _: next(countdown) == 0)
    assert len(history.steps) == 10
    assert_same_run(Setup().fit(resume_from=path), Setup().fit())


countdown = iter(range(9, -1, -1))


def test_a_part_of_an_epoch_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    history = Setup().fit(save_to=path, epochs=2.5)
    assert len(history.steps) == 18
    assert_same_run(Setup().fit(resume_from=path, epochs=2.5), history)
    assert_same_run(Setup().fit(resume_from=path), Setup().fit())


def moving_run(shift: int = 1, **options: Any) -> History:
    """A run on random pictures that move."""
    x = torch.rand(50, 1, 4, 5, generator=torch.Generator().manual_seed(7))
    batches = Batches(Samples(x, torch.arange(50) % 2), 8, seed=3, shift=shift)
    model = mlp([20, 2], seed=0)
    return fit(model, batches, epochs=3, optimizer=SGD(model.parameters(), lr=0.1), **options)


def test_a_resumed_run_moves_its_pictures_as_the_uninterrupted_one(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    with pytest.raises(KeyboardInterrupt):
        moving_run(save_to=path, on_step=power_cut(10))
    assert_same_run(moving_run(resume_from=path), moving_run())
    with pytest.raises(ValueError, match="at its start, shift was 1; here it is 2"):
        moving_run(shift=2, resume_from=path)


def write_under_ctrl_c(path: Path) -> None:
    """Write a checkpoint again and again; Ctrl-C comes each time a little later."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    weights = [torch.full((1000,), float(i)) for i in range(100)]
    began = time.perf_counter()
    write_checkpoint(path, {"version": 0, "weights": weights})
    lasts = time.perf_counter() - began
    kept = interrupted = 0
    for version in range(1, 201):
        try:
            signal.setitimer(signal.ITIMER_REAL, lasts * version / 200)
            write_checkpoint(path, {"version": version, "weights": weights})
            signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt:
            interrupted += 1
        found = read_checkpoint(path)["version"]
        assert found in (kept, version)
        kept = found
    assert interrupted > 20


@pytest.mark.slow
def test_ctrl_c_while_a_checkpoint_is_written_is_nothing_else(tmp_path: Path) -> None:
    with child(write_under_ctrl_c, tmp_path / "run.pt") as process:
        pass
    assert process.exitcode == 0


def test_saving_keeps_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    Setup().fit(save_to=path, epochs=2)
    assert list(tmp_path.iterdir()) == [path]


class Hoarder:
    """A callback whose state is more than plain values."""

    def __call__(self, _: object) -> None:
        """Do nothing."""

    def state_dict(self) -> dict[str, Any]:
        return {"path": Path()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        raise AssertionError(state)


def sgd(**options: Any) -> Callable[[nn.Module], Optimizer]:
    return lambda model: SGD(model.parameters(), **{"lr": 0.05} | options)


class LinearWithNotes(nn.Linear):
    """A layer whose extra state is no tensor."""

    notes: object = None

    def get_extra_state(self) -> dict[str, object]:
        return {"notes": self.notes}

    def set_extra_state(self, state: dict[str, object]) -> None:
        self.notes = state["notes"]


def noting(notes: object) -> nn.Module:
    torch.manual_seed(0)
    layer = LinearWithNotes(2, 2)
    layer.notes = notes
    return layer


NUMPY_SETTINGS: dict[str, dict[str, Any]] = {
    "lr": {"make_optimizer": sgd(lr=np.logspace(-3, -1, 3)[1])},
    "momentum": {"make_optimizer": sgd(momentum=np.float64(0.9), nesterov=np.bool_(True))},
    "AdamW": {
        "make_optimizer": lambda model: AdamW(
            model.parameters(), lr=np.float64(0.02), weight_decay=np.float64(0.1)
        )
    },
    "StepLR": {"make_scheduler": lambda o: StepLR(o, np.int64(5), gamma=np.float64(0.7))},
    "MultiStepLR": {"make_scheduler": lambda o: MultiStepLR(o, list(np.arange(3, 30, 9)))},
    "LambdaLR": {"make_scheduler": lambda o: LambdaLR(o, lambda step: np.exp(-step / 9))},
    "LambdaLR of a function of NumPy": {"make_scheduler": lambda o: LambdaLR(o, np.exp)},
    "OneCycleLR": {"make_scheduler": lambda o: OneCycleLR(o, np.float64(0.05), total_steps=35)},
    "extra state": {"model": noting({"seen": np.float64(0.5)})},
}


@pytest.mark.parametrize("name", NUMPY_SETTINGS)
@pytest.mark.filterwarnings("ignore:.*overflow:RuntimeWarning")
def test_settings_of_numpy_are_kept_as_numbers_of_python(name: str, tmp_path: Path) -> None:
    if name.endswith("NumPy") and not hasattr(np.exp, "__dict__"):
        pytest.skip("LambdaLR itself cannot tell the state of functions of an older NumPy")

    def run(**options: Any) -> History:
        epochs = 1 if name.endswith("NumPy") else EPOCHS  # exp soon is too large a rate
        setup = Setup(**copy.deepcopy(NUMPY_SETTINGS[name]))
        return setup.fit(**{"epochs": epochs} | options)

    path = tmp_path / "run.pt"
    expected = run()
    run(epochs=1, save_to=path)
    assert_same_run(run(resume_from=path), expected)


UNKEPT: dict[str, tuple[dict[str, Any], str]] = {
    "float32": (
        {"make_optimizer": sgd(lr=np.float32(0.1)), "make_scheduler": None},
        r"optimizer\['param_groups'\]\[0\]\['lr'\] is of type numpy.float32",
    ),
    "schedule": (
        {"make_scheduler": lambda o: StepLR(o, 9, gamma=np.float32(0.1))},
        r"scheduler\['gamma'\] is of type numpy.float32",
    ),
    "no state": (
        {"make_scheduler": lambda o: LambdaLR(o, math.exp)},
        "a checkpoint needs the state of scheduler, a LambdaLR, whose state_dict",
    ),
    "callback": ({"stopping": Hoarder()}, r"callback 1\['path'\] is of type pathlib.PosixPath"),
    "local class": (
        {"model": noting(type("Local", (), {})())},
        r"model\['_extra_state'\]\['notes'\] is of type .*Local",
    ),
    "array": (
        {"model": noting(np.ones(3))},
        r"model\['_extra_state'\]\['notes'\] is of type numpy.ndarray",
    ),
}


@pytest.mark.parametrize(("options", "message"), UNKEPT.values(), ids=UNKEPT)
def test_what_a_checkpoint_cannot_hold_is_named_before_the_first_step(
    options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    setup = Setup(**options)
    weights = copy.deepcopy([*setup.model.parameters()])
    with pytest.raises(TypeError, match=message) as refusal:
        setup.fit(save_to=tmp_path / "run.pt")
    assert str(refusal.value).isprintable()
    assert list(tmp_path.iterdir()) == []
    torch.testing.assert_close([*setup.model.parameters()], weights, rtol=0, atol=0)
    assert len(setup.fit(epochs=1).epochs) == 1, "without a checkpoint it trains"


class LateHoarder(EarlyStopping):
    """A callback whose state is plain at first."""

    def __call__(self, end: EpochEnd) -> bool:
        self.where = Path()
        return super().__call__(end)

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | vars(self)


def test_what_turns_up_later_is_named_too(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    named = r"\['parts'\]\['callback 1'\]\['where'\] is of type pathlib"
    with pytest.raises(TypeError, match=named):
        Setup(stopping=LateHoarder()).fit(save_to=path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_checkpoint_before(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    with mounted(tmp_path, "size=128k"):
        Setup().fit(save_to=path, epochs=2)
        before = path.read_bytes()
        free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
        (ballast := tmp_path / "ballast").write_bytes(bytes(free - 8192))
        with pytest.raises(OSError, match=f"No space left on device: '{path}'"):
            Setup().fit(save_to=path, resume_from=path)
        assert sorted(tmp_path.iterdir()) == [ballast, path]
        assert path.read_bytes() == before
        ballast.unlink()
        assert_same_run(Setup().fit(save_to=path, resume_from=path), Setup().fit())


def fit_with_little_space(path: Path) -> None:
    allow_files_of(2000)
    with pytest.raises(OSError, match=f"File too large: '{path}'"):
        Setup().fit(save_to=path)


def test_a_checkpoint_that_may_not_grow(tmp_path: Path) -> None:
    with child(fit_with_little_space, tmp_path / "run.pt") as process:
        pass
    assert process.exitcode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_before_training(tmp_path: Path) -> None:
    setup = Setup()
    before = setup.state()
    with pytest.raises(ValueError, match="save_to must lie in a folder that exists"):
        setup.fit(save_to=tmp_path / "missing" / "run.pt")
    torch.testing.assert_close(setup.state(), before, rtol=0, atol=0)


OTHER_RUNS: dict[str, tuple[dict[str, Any], str]] = {
    "width": (
        {"model": network(width=9)},
        r"0.weight of the model was \(8, 2\) torch.float32; here it is \(9, 2\) torch.float32",
    ),
    "layers": ({"model": network(activation=nn.Tanh)}, "layers was .* ReLU .*; here it is .* Tanh"),
    "dtype": (
        {"model": network().double(), "samples": Samples(moons(50).x.double(), moons(50).y)},
        "0.weight of the model was .*float32; here it is .*float64",
    ),
    "optimizer": (
        {"make_optimizer": lambda model: Adam(model.parameters())},
        "the optimizer was SGD; here it is Adam",
    ),
    "momentum": (
        {"make_optimizer": lambda m: SGD(m.parameters(), lr=0.05, weight_decay=1e-4, momentum=0.9)},
        "weight_decay of the optimizer's group 1 was 0; here it is 0.0001",
    ),
    "schedule": (
        {"make_scheduler": lambda optimizer: StepLR(optimizer, 9)},
        "the scheduler was OneCycleLR; here it is StepLR",
    ),
    "no schedule": (
        {"make_scheduler": None},
        "the scheduler was OneCycleLR; here it is none",
    ),
    "length": (
        {"make_scheduler": lambda o: OneCycleLR(o, max_lr=0.05, total_steps=99)},
        "total_steps of the scheduler was 35; here it is 99",
    ),
    "batch size": ({"batch_size": 10}, "batch_size was 8; here it is 10"),
    "samples": ({"samples": moons(51)}, r"training set was .*\(50, 2\).*; here it is .*\(51, 2\)"),
    "seed": ({"seed": 4}, "the seed of the batches was 3; here it is 4"),
    "callbacks": ({"stopping": None}, "callbacks was EarlyStopping; here it is none"),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a run's second epoch."""
    path = tmp_path_factory.mktemp("checkpoint") / "run.pt"
    Setup().fit(epochs=2, save_to=path)
    return path


def assert_refused(setup: Setup, path: Path, message: str, **options: Any) -> None:
    """It says why, and nothing has changed."""
    before = setup.state() | {"random": torch.get_rng_state()}
    with pytest.raises(ValueError, match=message) as refusal:
        setup.fit(resume_from=path, **options)
    assert str(path) in str(refusal.value)
    after = setup.state() | {"random": torch.get_rng_state()}
    torch.testing.assert_close(after, before, rtol=0, atol=0)


@pytest.mark.parametrize(("options", "message"), OTHER_RUNS.values(), ids=OTHER_RUNS)
def test_another_run_is_refused(saved: Path, options: dict[str, Any], message: str) -> None:
    assert_refused(Setup(**copy.deepcopy(options)), saved, message)


def test_fewer_epochs_than_are_done(saved: Path) -> None:
    assert_refused(Setup(), saved, "epochs must be at least the 2 done in", epochs=1)


@pytest.mark.parametrize("change", ["x", "y", "order"])
def test_other_data_of_the_same_shape_are_refused(saved: Path, change: str) -> None:
    samples = moons(50)
    if change == "order":
        samples = samples[torch.arange(49, -1, -1)]
    else:
        getattr(samples, change)[7] += 1
    named = "y of the training set" if change == "y" else "x of the training set"
    assert_refused(Setup(samples=samples), saved, f"it has seen other numbers in {named}")


def test_another_device_s_rounding_is_not_other_data(saved: Path) -> None:
    samples = moons(50)
    rounded = Samples(samples.x * (1 + 1e-7), samples.y)
    assert not torch.equal(rounded.x, samples.x)
    assert len(Setup(samples=rounded).fit(resume_from=saved, epochs=3).epochs) == 3


def test_an_earlier_checkpoint_says_nothing_of_its_data(saved: Path, tmp_path: Path) -> None:
    earlier = read_checkpoint(saved)
    del earlier["data"]
    write_checkpoint(tmp_path / "earlier.pt", earlier)
    assert_same_run(Setup().fit(resume_from=tmp_path / "earlier.pt"), Setup().fit())


FINGERPRINTED: dict[str, Tensor] = {
    "more numbers than are seen": torch.rand(3000, 1000),
    "whole": torch.arange(100),
    "none": torch.zeros(3, 0),
    "booleans": torch.arange(9) % 3 == 0,
    "bfloat16": torch.linspace(0, 1, 50, dtype=torch.bfloat16),
    "complex": torch.rand(5, 2, dtype=torch.complex64).conj(),
    "not finite": torch.tensor([1.0, math.nan, math.inf]),
}


@pytest.mark.parametrize("values", FINGERPRINTED.values(), ids=FINGERPRINTED)
def test_the_same_numbers_have_the_same_fingerprint(values: Tensor) -> None:
    print_of_values = fingerprint(values)
    assert same_numbers(print_of_values, fingerprint(values.clone()))
    assert all(map(math.isfinite, print_of_values))
    if values.numel():
        assert not same_numbers(print_of_values, fingerprint(values.flip(0)))


def test_a_callback_that_fails_leaves_the_model_alone(saved: Path) -> None:
    class EarlyStoppingAnew(EarlyStopping):
        def load_state_dict(self, state: dict[str, Any]) -> None:
            raise ValueError(f"{saved}: {list(state)} are not mine")

    EarlyStoppingAnew.__name__ = "EarlyStopping"
    assert_refused(Setup(stopping=EarlyStoppingAnew()), saved, "best_state'] are not mine")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.999])
def test_a_file_that_was_cut(saved: Path, tmp_path: Path, share: float) -> None:
    whole = saved.read_bytes()
    path = tmp_path / "cut.pt"
    path.write_bytes(whole[: int(share * len(whole))])
    assert_refused(Setup(), path, "is no checkpoint, or was cut or damaged")


def test_a_file_with_a_changed_byte(saved: Path, tmp_path: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "changed.pt"
    path.write_bytes(content)
    assert_refused(Setup(), path, "is damaged: the checksum of its part")


class Intruder:
    """What a stranger's pickle might do."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return (exec, ("import torch; torch.manual_seed(123456)",))


def test_files_that_are_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.pt"
    path.write_bytes(pickle.dumps(Intruder()))
    assert_refused(Setup(), path, "is no checkpoint, or was cut or damaged")
    torch.save(Intruder(), path)
    assert_refused(Setup(), path, "holds more than tensors.*GLOBAL exec was not an allowed")
    torch.save(network().state_dict(), path)
    assert_refused(Setup(), path, "is no checkpoint of a training run: expected 'dlbook checkpoint")
    torch.save(torch.ones(3), path)
    assert_refused(Setup(), path, "is no checkpoint of a training run")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.pt"):
        Setup().fit(resume_from=tmp_path / "missing.pt")
