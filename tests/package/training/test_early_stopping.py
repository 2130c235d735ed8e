"""Early stopping: when it stops, and which weights it keeps."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.optim import SGD

from dlbook.data import Batches, Samples
from dlbook.training import EarlyStopping, EpochEnd, evaluate, fit


def end_of(epoch: int, score: float, model: nn.Module) -> EpochEnd:
    optimizer = SGD(model.parameters(), lr=0.1)
    return EpochEnd(epoch, {"epoch": epoch, "val_loss": score}, model, optimizer)


def run(stopping: EarlyStopping, scores: list[float], model: nn.Module) -> int:
    """The epoch after which it stops, or the last; the bias of the model is the epoch."""
    for epoch, score in enumerate(scores, start=1):
        nn.init.constant_(model.bias, epoch)
        if stopping(end_of(epoch, score, model)):
            return epoch
    return len(scores)


@given(
    scores=st.lists(st.floats(0, 10, width=16), min_size=1, max_size=12), patience=st.integers(1, 4)
)
def test_it_stops_after_patience_epochs_without_a_record(
    scores: list[float], patience: int
) -> None:
    model = nn.Linear(1, 1)
    stopping = EarlyStopping(patience=patience)
    last = run(stopping, scores, model)
    best = scores.index(min(scores[:last])) + 1
    assert (stopping.best, stopping.best_epoch) == (scores[best - 1], best)
    assert last == len(scores) or last - best == patience
    assert all(min(scores[: e - patience]) > min(scores[:e]) for e in range(patience + 1, last))
    stopping.restore(model)
    assert model.bias.item() == best


def test_small_gains_do_not_count() -> None:
    scores = [1.0, 0.95, 0.9, 0.85]
    assert run(EarlyStopping(patience=3), scores, nn.Linear(1, 1)) == 4
    stopping = EarlyStopping(patience=2, min_delta=0.2)
    assert run(stopping, scores, nn.Linear(1, 1)) == 3
    assert stopping.best == 1.0


def test_nan_is_no_improvement() -> None:
    stopping = EarlyStopping(patience=2)
    assert run(stopping, [1.0, float("nan"), float("nan"), 0.5], nn.Linear(1, 1)) == 3
    assert stopping.best == 1.0


def test_a_first_score_that_is_no_number_does_not_hide_a_better_one() -> None:
    stopping = EarlyStopping(patience=3)
    run(stopping, [float("nan"), 0.5, 0.6], nn.Linear(1, 1))
    assert (stopping.best, stopping.best_epoch) == (0.5, 2)


def test_a_second_run_starts_afresh() -> None:
    stopping = EarlyStopping(patience=3)
    run(stopping, [0.1, 0.2], nn.Linear(1, 1))
    run(stopping, [0.9, 0.8], nn.Linear(1, 1))
    assert (stopping.best, stopping.best_epoch) == (0.8, 2)


def constant(value: float) -> Samples:
    return Samples(torch.ones(4, 1), torch.full((4, 1), value))


def test_it_brings_back_the_best_epoch_of_a_real_run() -> None:
    # The weight walks from 0 to 2; on the way it passes 1, where the validation loss is least.
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    stopping = EarlyStopping(patience=3)
    history = fit(
        model,
        Batches(constant(2.0), 4),
        epochs=100,
        optimizer=SGD(model.parameters(), lr=0.05),
        criterion=F.mse_loss,
        val=constant(1.0),
        callbacks=[stopping],
    )
    losses = history.epochs["val_loss"]
    assert len(losses) == stopping.best_epoch + 3
    assert stopping.best_epoch == losses.idxmin() + 1
    stopping.restore(model)
    assert evaluate(model, constant(1.0), criterion=F.mse_loss)["loss"] == losses.min()
    assert model.weight.item() == pytest.approx(2 * (1 - 0.9**stopping.best_epoch), rel=1e-5)


def test_the_score_must_be_there() -> None:
    model = nn.Linear(1, 1)
    with pytest.raises(ValueError, match="one of epoch, val_loss, got 'val_f1'"):
        EarlyStopping(monitor="val_f1")(end_of(1, 0.0, model))


def test_nothing_to_restore() -> None:
    with pytest.raises(RuntimeError, match="nothing to restore"):
        EarlyStopping().restore(nn.Linear(1, 1))
