"""Fused networks: the same answers from fewer numbers, and rounding that loses half a step."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dlbook.models import FusedLayer, fuse, mlp, quantize, small_cnn
from dlbook.training import predict

PICTURES = torch.randn(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def trained_cnn(seed: int) -> nn.Sequential:
    """A CNN whose normalizations have seen something, with scales of both signs."""
    generator = torch.Generator().manual_seed(seed)
    model = small_cnn(seed=seed)
    for layer in model:
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(layer.weight, generator=generator)
            nn.init.normal_(layer.bias, generator=generator)
    model(torch.randn(64, 1, 28, 28, generator=generator))
    return model


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fusing_changes_no_answer(seed: int) -> None:
    model = trained_cnn(seed)
    assert min(layer.weight.min() for layer in model if isinstance(layer, nn.BatchNorm2d)) < 0
    torch.testing.assert_close(predict(fuse(model), PICTURES), predict(model, PICTURES))


def test_an_mlp_and_a_bias_before_a_normalization_can_be_fused() -> None:
    for model in (
        mlp([784, 6, 3], seed=0),
        nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()),
        nn.Sequential(nn.Conv2d(1, 4, 4, padding=3), nn.MaxPool2d(2), nn.BatchNorm2d(4)),
    ):
        model(PICTURES)
        torch.testing.assert_close(predict(fuse(model), PICTURES), predict(model, PICTURES))


def test_the_fused_network_stands_apart_from_the_model() -> None:
    model = trained_cnn(0)
    state = torch.get_rng_state()
    fused = fuse(model)
    assert torch.equal(torch.get_rng_state(), state)
    before = predict(fused, PICTURES)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert torch.equal(predict(fused, PICTURES), before)
    assert not list(fused.parameters())


def test_the_rounded_network_is_torchs_with_rounded_weights() -> None:
    model = trained_cnn(0)
    rounded = quantize(fuse(model))
    layers = [layer for layer in model if isinstance(layer, nn.Conv2d | nn.Linear)]
    for layer in layers:
        flat = layer.weight.data.flatten(1)
        step = flat.abs().amax(dim=1, keepdim=True) / 127
        layer.weight.data = (torch.round(flat / step) * step).view_as(layer.weight)
    torch.testing.assert_close(
        predict(rounded, PICTURES), predict(model, PICTURES), rtol=1e-4, atol=1e-4
    )


@given(
    weight=st.lists(
        st.lists(st.floats(-1e3, 1e3, width=32), min_size=3, max_size=3), min_size=1, max_size=4
    )
)
def test_rounding_moves_a_weight_by_half_a_step_at_most(weight: list[list[float]]) -> None:
    rows = torch.tensor(weight)
    layer = FusedLayer(
        rows, torch.ones(len(rows)), torch.zeros(len(rows)), pooled=False, activated=False
    )
    (rounded,) = quantize(nn.Sequential(layer))
    assert rounded.weight.dtype == torch.int8
    back = rounded.scale[:, None] * rounded.weight
    half = rows.abs().amax(dim=1, keepdim=True) / 127 / 2
    assert ((back - rows).abs() <= half * 1.0001 + 1e-30).all()


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(1, 2, (3, 5))],
        [nn.Conv2d(1, 2, 3, padding=(1, 0))],
        [nn.Conv2d(1, 2, 3, padding="same")],
        [nn.Conv2d(1, 2, 3, padding=1, stride=2)],
        [nn.Conv2d(2, 2, 3, padding=1, groups=2)],
        [nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular")],
        [nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(3)],
        [nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.MaxPool2d(2)],
        [nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2, affine=False)],
        [nn.Linear(2, 2), nn.Tanh()],
        [nn.Linear(2, 2), nn.ReLU(), nn.ReLU()],
        [nn.ReLU(), nn.Linear(2, 2)],
    ],
)
def test_other_layers_are_refused(layers: list[nn.Module]) -> None:
    with pytest.raises(ValueError, match=r"expected a linear layer|must begin"):
        fuse(nn.Sequential(*layers))


def test_only_fused_layers_are_quantized() -> None:
    with pytest.raises(TypeError, match="must hold FusedLayers, got Linear"):
        quantize(mlp([2, 2])[1:])


def test_a_fused_layer_says_what_it_is() -> None:
    first, *_, last = quantize(fuse(small_cnn(seed=0)))
    assert repr(first) == "FusedLayer((16, 1, 5, 5) torch.int8, pooled, activated)"
    assert repr(last) == "FusedLayer((10, 128) torch.int8)"
    assert first(PICTURES).shape == (5, 16, 12, 12)
    (padded,) = fuse(nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU()))
    assert repr(padded) == "FusedLayer((2, 1, 3, 3) torch.float32, padding=1, activated)"


def test_a_linear_layer_has_no_padding() -> None:
    ones = torch.ones(2)
    with pytest.raises(ValueError, match="padding must be 0 for a linear layer, got 1"):
        FusedLayer(torch.ones(2, 3), ones, ones, pooled=False, activated=True, padding=1)
