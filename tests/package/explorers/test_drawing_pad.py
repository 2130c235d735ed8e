"""The drawing pad's HTML; the browser test draws on it and compares its answers with torch's."""

import base64
import re

import numpy as np
import pytest
import torch
from page_data import page_data
from torch import nn

from dlbook.data import Samples, load_images
from dlbook.explorers import DrawingPad
from dlbook.explorers.drawing_pad import LARGEST_BYTES
from dlbook.models import fuse, mlp, quantize, small_cnn
from dlbook.training import predict

NETWORK = quantize(fuse(small_cnn(seed=0)))
DIGITS = load_images("digits").test[:10]


def pad(network: nn.Sequential = NETWORK, samples: Samples = DIGITS, **options) -> DrawingPad:
    settings = {"mean": 0.13, "std": 0.31, "caption": "Draw & see."} | options
    return DrawingPad(network, samples, **settings)


def html(**options) -> str:
    return pad(**options)._repr_html_()


def test_the_same_network_gives_the_same_html() -> None:
    assert html() == html()


def test_the_books_cnn_fits_and_asks_no_host() -> None:
    text = html()
    assert len(text.encode()) < 0.8 * LARGEST_BYTES
    addresses = set(re.findall(r"\bhttps?://[^\"]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}  # a name, which nobody fetches


def test_the_page_holds_the_networks_numbers() -> None:
    data = page_data(html())
    for told, number in zip(data["numbers"], NETWORK.buffers(), strict=True):
        values = np.frombuffer(base64.b64decode(told["bytes"]), told["type"])
        assert np.array_equal(values, number.flatten().numpy())
        assert told["shape"] == list(number.shape)
    pictures = [np.frombuffer(base64.b64decode(text), dtype=np.uint8) for text in data["samples"]]
    assert np.array_equal(pictures, DIGITS.x.flatten(1).numpy())


def test_weights_in_another_order_in_memory_are_the_same_page() -> None:
    model = small_cnn(seed=0).to(memory_format=torch.channels_last)
    assert html(network=quantize(fuse(model))) == html()


@pytest.mark.parametrize("start", [0, 7])
def test_before_any_script_it_shows_a_sample_and_torchs_answer(start: int) -> None:
    x = (DIGITS.x[start : start + 1].float() / 255 - 0.13) / 0.31
    shares = predict(NETWORK, x).softmax(dim=1)[0]
    text = html(start=start)
    bars = [float(width) for width in re.findall(r'style="width:([\d.]+)%"', text)]
    torch.testing.assert_close(torch.tensor(bars) / 100, shares, rtol=0, atol=1e-4)
    assert f"It answers {shares.argmax()} (" in text
    assert text.count(" checked>") == 1
    assert text.index(" checked>") > text.index(f'value="{start}"')


def test_all_is_named_and_no_control_is_dead_without_scripts() -> None:
    text = html()
    assert "<figcaption>Draw &amp; see.</figcaption>" in text
    assert len(re.search(r'role="img" aria-label="([^"]+)"', text)[1]) > 40
    names = re.findall(r'alt="a handwritten (\d)"', text)
    assert [int(name) for name in names] == DIGITS.y.tolist()
    controls = re.findall(r'<div class="dlp-controls[^>]*>', text)
    assert len(controls) == 2
    assert all(control.endswith(" hidden>") for control in controls)
    assert repr(pad()) == "DrawingPad: Draw & see."


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"start": 10}, "start must be .* at most 9, got 10"),
        ({"samples": Samples(DIGITS.x.float(), DIGITS.y)}, "must be bytes"),
        ({"samples": Samples(DIGITS.x[..., 1:], DIGITS.y)}, r"\(N, 1, 28, 28\)"),
        ({"samples": Samples(DIGITS.x, DIGITS.y[:, None])}, r"labels \(10,\)"),
        ({"std": 0.0}, "std must be a finite number above 0"),
        ({"network": nn.Sequential()}, "at least one layer"),
        ({"network": fuse(small_cnn(seed=0))}, "rounded to int8, got torch.float32"),
        ({"network": quantize(fuse(mlp([784, 512, 10], seed=0)))}, "400,000 bytes"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        pad(**options)


def test_a_model_that_is_not_folded_is_refused() -> None:
    with pytest.raises(TypeError, match="must hold FusedLayers, got Conv2d"):
        pad(network=small_cnn(seed=0))
