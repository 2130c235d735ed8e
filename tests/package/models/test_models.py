"""Models: their sizes in closed form, and initial weights that follow the seed alone."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dlbook.models import count_parameters, mlp, small_cnn

Build = Callable[..., nn.Module]
BUILDERS: dict[str, Build] = {
    "mlp": lambda **options: mlp([784, 8, 10], **options),
    "small_cnn": small_cnn,
}
by_name = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS)


def weights(model: nn.Module) -> list[float]:
    return nn.utils.parameters_to_vector(model.parameters()).tolist()


@given(sizes=st.lists(st.integers(1, 20), min_size=2, max_size=5))
def test_an_mlp_has_a_weight_per_pair_and_a_bias_per_unit(sizes: list[int]) -> None:
    counted = sum((a + 1) * b for a, b in pairwise(sizes))
    assert count_parameters(mlp(sizes)) == counted


def test_an_mlp_is_its_formula() -> None:
    model = mlp([6, 5, 4, 3], activation=nn.Tanh, seed=0)
    x = torch.randn(7, 2, 3)
    w1, b1, w2, b2, w3, b3 = model.parameters()
    hidden = torch.tanh(torch.tanh(x.view(7, 6) @ w1.T + b1) @ w2.T + b2)
    torch.testing.assert_close(model(x), hidden @ w3.T + b3)


def test_an_mlp_with_batch_normalization_is_its_formula() -> None:
    model = mlp([6, 5, 3], batch_norm=True, seed=0)
    x = torch.randn(7, 2, 3)
    w1, scale, shift, w2, b2 = model.parameters()
    sums = x.view(7, 6) @ w1.T
    normalized = (sums - sums.mean(0)) / (sums.var(0, correction=0) + 1e-5).sqrt()
    expected = F.relu(scale * normalized + shift) @ w2.T + b2
    torch.testing.assert_close(model(x), expected)


def test_an_mlp_of_two_sizes_is_linear() -> None:
    assert [type(layer) for layer in mlp([3, 2])] == [nn.Flatten, nn.Linear]


@pytest.mark.parametrize("sizes", [[], [3], [3, 0], [3, 2.0], [-1, 2]])
def test_sizes_that_make_no_network(sizes: list[int]) -> None:
    wrong = (
        r"sizes must hold 2 or more values|sizes\[\d\] must be a whole number of at least 1, got"
    )
    with pytest.raises((TypeError, ValueError), match=wrong):
        mlp(sizes)


@pytest.mark.parametrize("classes", [2, 10])
def test_the_sizes_of_the_cnn(classes: int) -> None:
    convolutions = 16 * 1 * 5**2 + 32 * 16 * 5**2
    linear = 32 * 4**2 * 128 + (128 + 1) * classes
    scales_and_shifts = 2 * (16 + 32 + 128)
    model = small_cnn(classes)
    assert count_parameters(model) == convolutions + linear + scales_and_shifts
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, classes)


def test_the_cnn_halves_the_picture_twice() -> None:
    shapes = []
    x = torch.zeros(2, 1, 28, 28)
    for layer in small_cnn():
        x = layer(x)
        shapes.append(tuple(x.shape[1:]))
    assert [shape for i, shape in enumerate(shapes) if shape not in shapes[:i]] == [
        (16, 24, 24),
        (16, 12, 12),
        (32, 8, 8),
        (32, 4, 4),
        (32 * 4 * 4,),
        (128,),
        (10,),
    ]


def test_a_cnn_of_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="classes must be a whole number of at least 2, got 1"):
        small_cnn(1)


@by_name
def test_the_seed_fixes_the_weights_and_leaves_torch_alone(build: Build) -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    first = weights(build(seed=1))
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(3)
    assert weights(build(seed=1)) == first
    assert weights(build(seed=2)) != first


@by_name
def test_without_a_seed_torch_decides(build: Build) -> None:
    torch.manual_seed(1)
    first, second = weights(build()), weights(build())
    assert first != second
    assert first == weights(build(seed=1))


def test_frozen_parameters_do_not_count() -> None:
    model = mlp([3, 2, 1])
    model[1].requires_grad_(False)
    assert count_parameters(model) == 3


def test_a_cnn_can_learn_four_pictures(device: torch.device) -> None:
    model = small_cnn(2, seed=0).to(device)
    x = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(0)).to(device)
    y = torch.tensor([0, 1, 0, 1], device=device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert (model(x).argmax(dim=1) == y).all()
