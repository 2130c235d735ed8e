"""The identities of chapter 15, on the functions that its cells define, against torch and scipy."""

import math

import numpy as np
import pytest
import scipy.special
import torch
import torch.nn.functional as F
from chapter_cells import defined, sources
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from dlbook import information

CHAPTER = "15_softmax_classification"
BOOK = defined(CHAPTER, "softmax-", torch=torch)
NAMES = ("naive_softmax", "softmax", "log_sum_exp", "log_softmax", "one_hot", "nll",
         "cross_entropy", "loss_gradient", "weighted_cross_entropy", "smooth")  # fmt: skip
EXTREME = 1e4


def logits(largest: float) -> st.SearchStrategy[Tensor]:
    """Batches of logits, shape (N, K), in float64."""
    number = st.floats(-largest, largest, allow_subnormal=False)
    return st.tuples(st.integers(1, 4), st.integers(2, 6)).flatmap(
        lambda shape: st.lists(
            st.lists(number, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        ).map(lambda rows: torch.tensor(rows, dtype=torch.float64))
    )


SEEDS = st.integers(0, 2**31 - 1)


def labels_for(z: Tensor, seed: int) -> Tensor:
    return torch.randint(z.shape[1], (len(z),), generator=torch.Generator().manual_seed(seed))


def targets_for(z: Tensor, seed: int) -> Tensor:
    """A distribution for each row of z."""
    noise = torch.randn(z.shape, generator=torch.Generator().manual_seed(seed), dtype=z.dtype)
    return torch.softmax(noise, dim=1)


def close(got: Tensor, expected: Tensor, tolerance: float = 1e-9) -> None:
    torch.testing.assert_close(got, expected, rtol=tolerance, atol=tolerance, check_dtype=False)


def test_the_chapter_defines_what_is_tested() -> None:
    assert [name for name in NAMES if not hasattr(BOOK, name)] == []
    assert all(len(cell.splitlines()) <= 25 for cell in sources(CHAPTER, "softmax-"))


@given(logits(50))
def test_softmax_is_a_distribution_and_that_of_torch_and_scipy(z: Tensor) -> None:
    for function in (BOOK.naive_softmax, BOOK.softmax):
        p = function(z)
        assert (p > 0).all()
        close(p.sum(dim=1), torch.ones(len(z)))
        close(p, torch.softmax(z, dim=1))
        np.testing.assert_allclose(p.numpy(), scipy.special.softmax(z.numpy(), axis=1), rtol=1e-9)


@given(logits(50), st.floats(-50, 50))
def test_a_common_shift_changes_nothing(z: Tensor, shift: float) -> None:
    for function in (BOOK.naive_softmax, BOOK.softmax, BOOK.log_softmax):
        close(function(z + shift), function(z))
    close(BOOK.log_sum_exp(z + shift), BOOK.log_sum_exp(z) + shift)


@given(logits(30))
def test_ratios_of_probabilities_are_exponentials_of_differences(z: Tensor) -> None:
    p = BOOK.softmax(z)
    close(p[:, 0] / p[:, 1], torch.exp(z[:, 0] - z[:, 1]))


@given(st.floats(-700, 700), st.floats(-700, 700))
def test_the_sigmoid_is_the_softmax_of_two(z0: float, z1: float) -> None:
    p = BOOK.softmax(torch.tensor([z0, z1], dtype=torch.float64))
    close(p[1], torch.sigmoid(torch.tensor(z1 - z0, dtype=torch.float64)))
    assert math.isclose(p[1].item(), scipy.special.expit(z1 - z0), rel_tol=1e-9, abs_tol=1e-300)


@given(logits(EXTREME))
def test_log_sum_exp_and_log_softmax_survive_ten_thousand(z: Tensor) -> None:
    total = BOOK.log_sum_exp(z)
    close(total, torch.logsumexp(z, dim=1))
    expected = scipy.special.logsumexp(z.numpy(), axis=1)
    # The sum inside the logarithm is rounded at 1, so a total near 0 is only that exact.
    np.testing.assert_allclose(total, expected, rtol=1e-12, atol=1e-15)
    close(BOOK.log_softmax(z), torch.log_softmax(z, dim=1))
    largest = z.amax(dim=1)
    assert (total >= largest).all()
    assert (total <= largest + math.log(z.shape[1]) + 1e-9).all()
    p = BOOK.softmax(z)
    assert p.isfinite().all()
    close(p, torch.softmax(z, dim=1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_ends_of_the_range(sign: int, dtype: torch.dtype) -> None:
    z = sign * torch.tensor([[EXTREME, 0.0], [EXTREME, EXTREME]], dtype=dtype)
    assert BOOK.naive_softmax(z)[1].isnan().all()
    close(BOOK.softmax(z)[1], torch.tensor([0.5, 0.5]))
    assert BOOK.softmax(z)[0].min() == 0  # an exact zero
    assert BOOK.log_softmax(z)[0].min() == -EXTREME
    close(BOOK.log_sum_exp(z)[1], torch.tensor(sign * EXTREME + math.log(2)), 1e-6)


@given(logits(30), SEEDS)
def test_the_gradient_is_softmax_minus_the_target(z: Tensor, seed: int) -> None:
    for target in (targets_for(z, seed), BOOK.one_hot(labels_for(z, seed), z.shape[1]).double()):
        variable = z.clone().requires_grad_()
        F.cross_entropy(variable, target, reduction="sum").backward()
        gradient = BOOK.loss_gradient(z, target)
        close(gradient, variable.grad)
        close(gradient.sum(dim=1), torch.zeros(len(z)))
        assert (gradient.abs() <= 1).all()
        # The chain rule of chapter 06, for the first row.
        p = BOOK.softmax(z)[0]
        jacobian = torch.diag(p) - torch.outer(p, p)
        close(-target[0] / p @ jacobian, gradient[0], 1e-6)


@given(logits(EXTREME), SEEDS)
def test_all_routes_to_the_loss_of_a_label_meet(z: Tensor, seed: int) -> None:
    labels = labels_for(z, seed)
    expected = torch.nn.CrossEntropyLoss()(z, labels)
    target = BOOK.one_hot(labels, z.shape[1])
    torch.testing.assert_close(target, F.one_hot(labels, z.shape[1]).float())
    close(BOOK.nll(BOOK.log_softmax(z), labels), expected)
    close(BOOK.cross_entropy(z, target), expected)
    close(torch.nn.NLLLoss()(F.log_softmax(z, dim=1), labels), expected)
    close((torch.logsumexp(z, dim=1) - z[torch.arange(len(z)), labels]).mean(), expected)


@given(logits(20), SEEDS)
def test_the_loss_is_chapter_tens_cross_entropy(z: Tensor, seed: int) -> None:
    target = targets_for(z, seed)
    expected = information.cross_entropy(target, torch.softmax(z, dim=1)).mean()
    close(BOOK.cross_entropy(z, target), expected)
    close(BOOK.cross_entropy(z, target), F.cross_entropy(z, target))


@given(logits(5), st.integers(1, 10))
def test_a_cold_softmax_is_argmax(z: Tensor, tied: int) -> None:
    largest = z.amax(dim=1, keepdim=True)
    winners = (z > largest - 1e-3).double()  # those within a hair count as tied
    z = torch.where(winners.bool(), largest, z)
    close(BOOK.softmax(z, 1e-6), winners / winners.sum(dim=1, keepdim=True))
    equal = BOOK.softmax(torch.full((tied,), 2.0), 1e-6)
    close(equal, torch.full((tied,), 1 / tied), 1e-6)


@given(logits(5), st.floats(0.05, 20))
def test_a_hot_softmax_is_uniform_and_the_order_stays(z: Tensor, temperature: float) -> None:
    close(BOOK.softmax(z, 1e9), torch.full(z.shape, 1 / z.shape[1]), 1e-7)
    close(BOOK.softmax(z, temperature), torch.softmax(z / temperature, dim=1))
    p = BOOK.softmax(z, temperature)
    assert (p.gather(1, z.argmax(dim=1, keepdim=True)) == p.amax(dim=1, keepdim=True)).all()


@given(logits(30), SEEDS, st.floats(0, 1))
def test_label_smoothing_is_a_mixture(z: Tensor, seed: int, amount: float) -> None:
    labels, k = labels_for(z, seed), z.shape[1]
    target = BOOK.smooth(BOOK.one_hot(labels, k).double(), amount)
    close(target.sum(dim=1), torch.ones(len(z)))
    smoothed = F.cross_entropy(z, labels, label_smoothing=amount)
    close(BOOK.cross_entropy(z, target), smoothed)
    hard, even = F.cross_entropy(z, labels), F.cross_entropy(z, torch.full_like(z, 1 / k))
    close((1 - amount) * hard + amount * even, smoothed)
    assert smoothed >= information.entropy(target).mean() - 1e-9


@given(logits(30), SEEDS)
def test_class_weights_are_those_of_a_weighted_mean(z: Tensor, seed: int) -> None:
    labels = labels_for(z, seed)
    weights = 0.1 + torch.rand(z.shape[1], generator=torch.Generator().manual_seed(seed)).double()
    got = BOOK.weighted_cross_entropy(z, labels, weights)
    close(got, F.cross_entropy(z, labels, weight=weights))
    close(
        BOOK.weighted_cross_entropy(z, labels, torch.ones(z.shape[1])), F.cross_entropy(z, labels)
    )


@given(logits(20))
def test_the_curvature_is_the_jacobian_of_softmax_and_never_negative(z: Tensor) -> None:
    target = BOOK.one_hot(torch.zeros(1, dtype=torch.long), z.shape[1]).double()
    curvature = torch.autograd.functional.hessian(
        lambda row: BOOK.cross_entropy(row, target[0]), z[0]
    )
    p = torch.softmax(z[0], dim=0)
    close(curvature, torch.diag(p) - torch.outer(p, p))
    assert torch.linalg.eigvalsh(curvature).min() > -1e-9


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_a_model_that_knows_nothing_loses_log_k(classes: int) -> None:
    target = BOOK.one_hot(torch.arange(classes), classes)
    close(
        BOOK.cross_entropy(torch.zeros(classes, classes), target), torch.tensor(classes).log(), 1e-5
    )
