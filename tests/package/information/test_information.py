"""Information: identities on random distributions, oracles, edges, and clear errors."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.stats
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor

from dlbook.information import (
    BASES,
    bernoulli_log_likelihood,
    binomial_log_likelihood,
    categorical_log_likelihood,
    conditional_entropy,
    cross_entropy,
    entropy,
    kl_divergence,
    mutual_information,
    normal_log_likelihood,
    perplexity,
)

UNITS = st.sampled_from(sorted(BASES))


def close(value: Tensor, expected: Tensor | float, tolerance: float = 1e-9) -> bool:
    expected = torch.as_tensor(expected, dtype=value.dtype)
    return torch.allclose(value, expected, rtol=tolerance, atol=tolerance)


@st.composite
def distributions(draw: st.DrawFn, k: int | None = None, *, zeros: bool = True) -> Tensor:
    """A distribution over k outcomes; some of them may have probability 0."""
    k = k or draw(st.integers(1, 8))
    low = 0 if zeros else 1
    weights = torch.tensor(
        draw(st.lists(st.integers(low, 1000), min_size=k, max_size=k)), dtype=torch.float64
    )
    assume(weights.sum() > 0)
    return weights / weights.sum()


@st.composite
def pairs(draw: st.DrawFn, *, zeros: bool = True) -> tuple[Tensor, Tensor]:
    k = draw(st.integers(1, 8))
    return draw(distributions(k, zeros=zeros)), draw(distributions(k, zeros=zeros))


@st.composite
def joints(draw: st.DrawFn) -> Tensor:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    return draw(distributions(rows * columns)).view(rows, columns)


@given(distributions(), UNITS)
def test_entropy_is_scipys_and_lies_between_zero_and_log_k(p: Tensor, unit: str) -> None:
    h = entropy(p, unit=unit)
    assert close(h, scipy.stats.entropy(p.numpy(), base=BASES[unit]))
    assert 0 <= h <= math.log(len(p), BASES[unit]) + 1e-12


@given(pairs(), UNITS)
def test_cross_entropy_splits_into_entropy_and_divergence(
    pair: tuple[Tensor, Tensor], unit: str
) -> None:
    p, q = pair
    whole = cross_entropy(p, q, unit=unit)
    assert close(whole, entropy(p, unit=unit) + kl_divergence(p, q, unit=unit))
    assert whole.isinf() == bool(((p > 0) & (q == 0)).any())


@given(pairs())
def test_gibbs_inequality(pair: tuple[Tensor, Tensor]) -> None:
    p, q = pair
    divergence = kl_divergence(p, q)
    assert divergence >= 0
    assert kl_divergence(p, p) == 0
    # Pinsker's inequality: a small divergence means that the distributions are close.
    assert divergence >= 0.5 * (p - q).abs().sum() ** 2 - 1e-12
    assert close(divergence, float(np.sum(scipy.special.rel_entr(p.numpy(), q.numpy()))))


@given(pairs(zeros=False))
def test_torch_agrees(pair: tuple[Tensor, Tensor]) -> None:
    p, q = pair
    assert close(kl_divergence(p, q), F.kl_div(q.log(), p, reduction="sum"))
    assert close(cross_entropy(p, q), F.cross_entropy(q.log()[None], p[None]))
    categorical = torch.distributions.Categorical
    assert close(entropy(p), categorical(p).entropy(), tolerance=1e-6)
    assert close(
        kl_divergence(p, q),
        torch.distributions.kl_divergence(categorical(p), categorical(q)),
        tolerance=1e-6,
    )


@given(joints(), UNITS)
def test_chain_rule_and_information_gain(joint: Tensor, unit: str) -> None:
    x, y = joint.sum(dim=1), joint.sum(dim=0)
    left = conditional_entropy(joint, unit=unit)
    assert close(entropy(joint.flatten(), unit=unit), entropy(x, unit=unit) + left)
    gain = mutual_information(joint, unit=unit)
    assert close(gain, entropy(y, unit=unit) - left)
    assert close(gain, mutual_information(joint.T, unit=unit))
    assert 0 <= left <= entropy(y, unit=unit) + 1e-12


@given(distributions(), distributions())
def test_independent_variables_tell_nothing(x: Tensor, y: Tensor) -> None:
    joint = x[:, None] * y
    assert close(mutual_information(joint), 0.0)
    assert close(conditional_entropy(joint), entropy(y))


@given(pairs())
def test_perplexity_is_the_same_in_every_unit(pair: tuple[Tensor, Tensor]) -> None:
    p, q = pair
    for unit, base in BASES.items():
        assert close(perplexity(p), base ** entropy(p, unit=unit))
        assert close(perplexity(p, q), base ** cross_entropy(p, q, unit=unit))


def test_edges_are_exact() -> None:
    certain = torch.tensor([1.0, 0.0, 0.0])
    assert entropy(certain) == 0
    assert math.copysign(1, entropy(certain).item()) == 1  # not −0.0
    assert math.copysign(1, cross_entropy(certain, certain).item()) == 1
    assert kl_divergence(certain, torch.tensor([0.5, 0.5, 0.0])).item() == pytest.approx(
        math.log(2)
    )
    assert kl_divergence(torch.tensor([0.5, 0.5, 0.0]), certain) == math.inf
    assert perplexity(torch.full((4,), 0.25)).item() == pytest.approx(4)


def test_whole_batches_broadcast() -> None:
    p = torch.softmax(torch.randn(5, 1, 3, generator=torch.Generator().manual_seed(0)), dim=-1)
    q = torch.softmax(torch.randn(4, 3, generator=torch.Generator().manual_seed(1)), dim=-1)
    both = kl_divergence(p, q)
    assert both.shape == (5, 4)
    assert close(both[3, 2], kl_divergence(p[3, 0], q[2]), tolerance=1e-6)


@pytest.mark.parametrize("function", [bernoulli_log_likelihood, binomial_log_likelihood])
@given(theta=st.floats(0, 1), ones=st.integers(0, 12), zeros=st.integers(0, 12))
def test_draws_of_two_kinds(function: Callable, theta: float, ones: int, zeros: int) -> None:
    value = function(torch.tensor(theta, dtype=torch.float64), ones, zeros)
    expected = scipy.stats.binom.logpmf(ones, ones + zeros, theta)
    if function is bernoulli_log_likelihood:
        expected -= math.log(math.comb(ones + zeros, ones))
    assert close(value, expected)


def test_the_likelihood_of_ten_draws_is_largest_at_the_share_of_ones() -> None:
    theta = torch.linspace(0, 1, 1001, dtype=torch.float64)
    for function in (bernoulli_log_likelihood, binomial_log_likelihood):
        assert theta[function(theta, 7, 3).argmax()].item() == pytest.approx(0.7)


def test_rounding_makes_no_probability_larger_than_one() -> None:
    theta = torch.linspace(0, 1, 5)
    assert (binomial_log_likelihood(theta, 2**62, 2**62) <= 0).all()


@given(distributions(4, zeros=False), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_draws_of_many_kinds_cost_their_cross_entropy(q: Tensor, drawn: list[int]) -> None:
    assume(sum(drawn) > 0)
    counts = torch.tensor(drawn)
    shares = counts.double() / counts.sum()
    value = categorical_log_likelihood(q, counts)
    assert close(value, -counts.sum() * cross_entropy(shares, q))
    ordered = scipy.stats.multinomial.logpmf(drawn, sum(drawn), q.numpy()) - (
        math.lgamma(sum(drawn) + 1) - sum(math.lgamma(n + 1) for n in drawn)
    )
    assert close(value, ordered, tolerance=1e-7)


def test_normal_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    y = torch.randn(6, generator=generator, dtype=torch.float64)
    mean = torch.randn(3, 6, generator=generator, dtype=torch.float64)
    value = normal_log_likelihood(y, mean, 0.7)
    assert close(value, scipy.stats.norm.logpdf(y, mean, 0.7).sum(axis=1))
    squared = (y - mean).square().mean(dim=1)
    assert torch.equal(value.argsort(descending=True), squared.argsort())


HALF = torch.tensor([0.5, 0.5])


@pytest.mark.parametrize(
    ("wrong", "error", "word"),
    [
        (torch.tensor([0.6, 0.5]), ValueError, "sum to 1, got a sum of 1.1"),
        (torch.tensor([-0.5, 1.5]), ValueError, "from 0 to 1, got -0.5"),
        (torch.tensor([math.nan, 1.0]), ValueError, "got nan"),
        (torch.tensor([math.inf, 1.0]), ValueError, "got inf"),
        (torch.tensor(1.0), ValueError, "shape"),
        (torch.empty(0), ValueError, "shape"),
        (torch.tensor([1, 0]), TypeError, "torch.int64"),
        ([0.5, 0.5], TypeError, r"\[0.5, 0.5\]"),
    ],
)
def test_what_is_no_distribution_is_refused(wrong: object, error: type, word: str) -> None:
    calls: dict[str, Callable] = {
        "p": entropy,
        "joint": lambda p: mutual_information(p[None] if isinstance(p, Tensor) else p),
        "q": lambda q: cross_entropy(HALF, q),
        "probs": lambda p: categorical_log_likelihood(p, torch.tensor([1, 1])),
    }
    for name, call in calls.items():
        with pytest.raises(error, match=rf"{name} must .*{word}|{name} must .*shape"):
            call(wrong)


def test_other_mistakes_are_named() -> None:
    with pytest.raises(ValueError, match="unit must be one of nats, bits, bans, got 'bytes'"):
        entropy(HALF, unit="bytes")
    for call in (kl_divergence, cross_entropy):
        with pytest.raises(ValueError, match="same outcomes"):
            call(HALF, torch.tensor([1.0]))
        with pytest.raises(ValueError, match="same outcomes"):
            call(HALF.expand(2, 2), HALF.expand(3, 2))
    with pytest.raises(ValueError, match=r"theta .*from 0 to 1"):
        bernoulli_log_likelihood(torch.tensor(1.5), 1, 1)
    with pytest.raises(ValueError, match="theta"):
        bernoulli_log_likelihood(torch.tensor(-0.1), 1, 1)
    with pytest.raises(ValueError, match="ones must be a whole number of at least 0, got -1"):
        binomial_log_likelihood(torch.tensor(0.5), -1, 1)
    with pytest.raises(ValueError, match="counts"):
        categorical_log_likelihood(HALF, torch.tensor([1, 2, 3]))
    with pytest.raises(ValueError, match=r"std must be a finite number above 0, got 0\.0"):
        normal_log_likelihood(HALF, HALF, 0.0)
    with pytest.raises(ValueError, match=r"std must be positive in torch\.float32, got 1e-299"):
        normal_log_likelihood(HALF.float(), HALF.float(), 1e-299)


@pytest.mark.parametrize("function", [cross_entropy, kl_divergence])
def test_what_is_impossible_and_believed_so_leaves_the_slope_finite(
    function: Callable[[Tensor, Tensor], Tensor],
) -> None:
    p = torch.tensor([0.5, 0.5, 0.0], dtype=torch.float64)
    q = torch.tensor([0.4, 0.6, 0.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(function(p, q), q)
    assert close(slope, torch.tensor([-1.25, -0.5 / 0.6, 0.0], dtype=slope.dtype))
