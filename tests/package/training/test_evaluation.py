"""Scores: those of scikit-learn, whatever the batch size, and without a trace in the model."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error
from torch import Tensor, nn

from dlbook.data import Samples, line, moons
from dlbook.models import mlp
from dlbook.training import accuracy, evaluate, predict

LABELED_LOGITS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(st.integers(2, 6), st.just(n), st.integers(0, 2**31))
)


class Broken(nn.Module):
    """A layer that cannot compute."""

    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("broken on purpose")


def modes(model: nn.Module) -> list[bool]:
    return [layer.training for layer in model.modules()]


@given(LABELED_LOGITS)
def test_accuracy_is_that_of_sklearn(drawn: tuple[int, int, int]) -> None:
    classes, n, seed = drawn
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(n, classes, generator=generator)
    y = torch.randint(classes, (n,), generator=generator)
    assert accuracy(logits, y) == pytest.approx(accuracy_score(y, logits.argmax(dim=1)))


@pytest.mark.parametrize(
    ("logits", "y"), [((4,), (4,)), ((4, 2), (4, 1)), ((4, 2), (3,)), ((4, 2, 2), (4,))]
)
def test_accuracy_wants_fitting_shapes(logits: tuple[int, ...], y: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"logits must be \(N, C\) and y \(N,\), got"):
        accuracy(torch.zeros(logits), torch.zeros(y))


def test_nan_is_no_prediction() -> None:
    logits, y = torch.full((4, 3), math.nan), torch.tensor([0, 0, 1, 2])
    assert math.isnan(accuracy(logits, y)), "argmax would take NaN for class 0"
    logits = torch.eye(3)
    logits[2, 0] = math.nan
    assert math.isnan(accuracy(logits, torch.arange(3)))
    model = mlp([2, 2], seed=0)
    nn.init.constant_(next(model.parameters()), math.nan)
    assert all(map(math.isnan, evaluate(model, moons(9)).values()))


@pytest.mark.parametrize("dtype", [torch.int64, torch.float16])
def test_every_real_number_can_be_a_score(dtype: torch.dtype) -> None:
    scores = torch.tensor([[0, 2], [3, 1]], dtype=dtype)
    assert accuracy(scores, torch.tensor([1, 1])) == 0.5
    assert accuracy(torch.tensor([[0.0, math.inf], [-math.inf, 1]]), torch.tensor([1, 1])) == 1


def test_scores_of_a_classifier_are_those_of_sklearn() -> None:
    model, samples = mlp([2, 8, 2], seed=0), moons(60)
    scores = evaluate(model, samples)
    probs = model(samples.x).softmax(dim=1).detach().double()
    probs = (probs / probs.sum(dim=1, keepdim=True)).numpy()
    assert scores["loss"] == pytest.approx(log_loss(samples.y, probs), rel=1e-5)
    assert scores["accuracy"] == pytest.approx(accuracy_score(samples.y, probs.argmax(axis=1)))


def test_scores_of_a_regression_are_those_of_sklearn() -> None:
    model, samples = nn.Linear(1, 1), line(30)
    oracle = mean_squared_error(samples.y, model(samples.x).detach())
    scores = evaluate(model, samples, criterion=F.mse_loss)
    assert scores == {"loss": pytest.approx(oracle, rel=1e-5)}


@given(batch_size=st.integers(1, 50))
def test_predictions_do_not_depend_on_the_batch_size(batch_size: int) -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5))
    x = moons(37).x
    expected = model.eval()(x).detach()
    model.train()
    torch.testing.assert_close(predict(model, x, batch_size=batch_size), expected)


def test_predictions_carry_no_gradient() -> None:
    assert not predict(mlp([2, 2]), moons(5).x).requires_grad


@pytest.mark.parametrize("training", [True, False])
def test_each_layer_keeps_its_mode(training: bool) -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)).train(training)
    model[1].eval()  # frozen, as when a network is fine-tuned
    before = modes(model)
    evaluate(model, moons(9))
    assert modes(model) == before


def test_the_mode_survives_an_error() -> None:
    model = nn.Sequential(nn.Linear(2, 3), Broken())
    with pytest.raises(RuntimeError, match="broken on purpose"):
        predict(model, moons(3).x)
    assert modes(model) == [True, True, True]


def test_evaluation_changes_no_statistics() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    evaluate(model, moons(9))
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_labels_decide_whether_there_is_an_accuracy() -> None:
    x = torch.randn(4, 2)
    assert "accuracy" in evaluate(mlp([2, 2]), Samples(x, torch.tensor([0, 1, 0, 1])))
    assert "accuracy" not in evaluate(mlp([2, 2]), Samples(x, torch.full((4, 2), 0.5)))
