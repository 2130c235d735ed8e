"""A pad for digits: the reader draws, and a network that travels with the page answers."""

import base64
import hashlib
import io
from html import escape

import torch
from PIL import Image
from torch import Tensor, nn

from dlbook import page, require
from dlbook.data import Samples
from dlbook.explorers.assets import asset
from dlbook.explorers.controls import KEEP_KEYS
from dlbook.models import FusedLayer
from dlbook.tapes import engine, trace
from dlbook.tapes.networks import probabilities
from dlbook.tapes.packing import letters, packed

LARGEST_BYTES = 400_000
SIZE = 28
ALT_TEXT = (
    "A square to draw a digit in with mouse, pen or finger. From the keyboard, choose a sample "
    "digit below."
)
SEEN = "The digit as the network sees it: 28 by 28 pixels, bright ink on black, in the middle."


class DrawingPad:
    """A square to draw in, the picture made of the drawing, and a network's ten probabilities.

    It is a single piece of HTML that carries the network's weights and the tape of its answer
    (`dlbook.tapes`), so it works on a published page, from a file, in JupyterLab and on Colab,
    without a kernel and without a network. A drawing is prepared as MNIST's images were:
    scaled into 20×20 pixels, its center of mass in the middle of 28×28 (chapter 17). It begins
    with a sample and its answer, which are also what print and pages without scripts show.

    Args:
        network: what `quantize` returns; it maps standardized images (N, 1, 28, 28) to
            logits (N, classes).
        samples: digits to choose from the keyboard; x of shape (N, 1, 28, 28), bytes, and labels.
        mean: of the training pixels, on the scale from 0 to 1.
        std: their standard deviation.
        caption: what the reader should see, in a sentence or two of plain text.
        start: the index of the sample that is shown first.

    Raises:
        TypeError: the network is no sequence of `FusedLayer`, or another argument has the wrong
            type.
        ValueError: weights or samples that are no bytes, samples of another shape or without
            labels, a start that is none of them, a mean that is not finite, a deviation that is not
            positive, or more than 400 kB of HTML.
    """

    def __init__(
        self,
        network: nn.Sequential,
        samples: Samples,
        *,
        mean: float,
        std: float,
        caption: str,
        start: int = 0,
    ) -> None:
        _require_bytes(network)
        _require_digits(samples)
        mean, std = require.number("mean", mean), require.number("std", std, above=0)
        self.caption = require.kind("caption", caption, str)
        self._samples = samples.to("cpu")
        self._start = start = require.whole("start", start, least=0, most=len(samples) - 1)
        numbers = {
            name: (number if number.dtype == torch.int8 else number.float()).cpu().contiguous()
            for name, number in network.named_buffers()
        }
        weights = {name: number.float() for name, number in numbers.items()}
        asked, read = self._samples.x[start : start + 1].float(), probabilities(network)

        def answer(picture: Tensor, weights: dict[str, Tensor]) -> Tensor:
            return read((picture / 255 - mean) / std, weights)

        self._shares = answer(asked, weights)[0].tolist()
        data = {
            "engine": page.ENGINE,
            "tape": trace(answer, asked, weights).data(),
            "numbers": [packed(number) for number in numbers.values()],
            "samples": [letters(sample) for sample in self._samples.x],
        }
        self._data = page.json_script(data)
        self._body = self._html()
        if (size := len(self._body.encode())) > LARGEST_BYTES:
            raise ValueError(
                f"a pad may have {LARGEST_BYTES:,} bytes of HTML, this one has {size:,}; "
                "use a smaller network"
            )

    def __repr__(self) -> str:
        return f"DrawingPad: {self.caption}"

    def _repr_html_(self) -> str:
        return self._body if page.for_page() else f"<script>{engine()}</script>{self._body}"

    def _html(self) -> str:
        return (
            f"<style>{asset('drawing_pad.css')}</style>"
            '<figure class="dlp"><div class="dlp-views">'
            f"{self._paper()}{self._picture()}{self._bars()}</div>"
            f'<p class="dlp-answer" role="status">{escape(_sentence(self._shares))}</p>'
            f"{self._choices()}<figcaption>{escape(self.caption)}</figcaption>"
            f"{self._data}</figure>"
            f"<script>{asset('drawing_pad.js')}</script>"
        )

    def _paper(self) -> str:
        button = f'<button type="button" class="dlp-{{}}" {KEEP_KEYS}>{{}}</button>'
        return (
            '<div class="dlp-view"><p class="dlp-title">Draw here</p>'
            f'<svg class="dlp-paper" viewBox="0 0 {SIZE} {SIZE}" role="img" '
            f'aria-label="{escape(ALT_TEXT)}"><rect width="{SIZE}" height="{SIZE}"/>'
            f'<text class="dlp-hint" x="{SIZE // 2}" y="{SIZE // 2}" hidden>Draw a digit</text>'
            f'<image class="dlp-chosen" width="{SIZE}" height="{SIZE}" '
            f'href="{_address(self._samples.x[self._start, 0])}"/></svg>'
            '<div class="dlp-controls dlp-buttons" hidden>'
            f"{button.format('undo', 'Undo')}{button.format('clear', 'Clear')}</div></div>"
        )

    def _picture(self) -> str:
        return (
            '<div class="dlp-view"><p class="dlp-title">The network sees</p>'
            f'<div class="dlp-picture"><img class="dlp-still no-invert" alt="{SEEN}" '
            f'src="{_address(self._samples.x[self._start, 0])}">'
            f'<canvas class="dlp-seen" width="{SIZE}" height="{SIZE}" role="img" '
            f'aria-label="{SEEN}" hidden></canvas></div></div>'
        )

    def _bars(self) -> str:
        rows = "".join(_row(digit, share, self._shares) for digit, share in enumerate(self._shares))
        return (
            '<div class="dlp-view"><p class="dlp-title">Its probabilities</p>'
            f'<ol class="dlp-bars">{rows}</ol></div>'
        )

    def _choices(self) -> str:
        name = "dlp-" + hashlib.sha256(self._data.encode()).hexdigest()[:8]
        choices = "".join(
            f'<label><input type="radio" name="{name}" value="{i}" autocomplete="off" {KEEP_KEYS}'
            f"{' checked' if i == self._start else ''}>"
            f'<img class="no-invert" alt="a handwritten {label}" src="{_address(picture)}"></label>'
            for i, (picture, label) in enumerate(
                zip(self._samples.x[:, 0], self._samples.y.tolist(), strict=True)
            )
        )
        return (
            '<div class="dlp-controls" hidden><fieldset class="dlp-samples">'
            f"<legend>Or choose a digit of the test set</legend>{choices}</fieldset></div>"
        )


def _require_digits(samples: Samples) -> None:
    x, y = require.kind("samples", samples, Samples).x, samples.y
    if x.dtype != torch.uint8 or x.shape[1:] != (1, SIZE, SIZE):
        raise ValueError(f"samples must be bytes (N, 1, {SIZE}, {SIZE}), got {samples}")
    require.tensor("the labels of samples", y, "tensor of whole numbers")
    if y.shape != x.shape[:1]:
        raise ValueError(f"samples must have labels ({len(x)},), got {samples}")


def _require_bytes(network: nn.Sequential) -> None:
    if len(require.kind("network", network, nn.Sequential)) == 0:
        raise ValueError("network must have at least one layer, got none")
    for layer in network:
        if not isinstance(layer, FusedLayer):
            raise TypeError(f"network must hold FusedLayers, got {layer}")
        if layer.weight.dtype != torch.int8:
            raise ValueError(
                f"the network's weights must be rounded to int8, got {layer.weight.dtype}"
            )


def _address(picture: Tensor) -> str:
    """A gray picture (H, W) of bytes as an address that holds it, a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(picture.numpy()).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _row(digit: int, share: float, shares: list[float]) -> str:
    """A digit, its bar, and its probability."""
    best = ' class="dlp-best"' if share == max(shares) else ""
    bar = f'<span class="dlp-bar" style="width:{share:.2%}"></span>'
    return (
        f'<li{best}><span>{digit}</span><span class="dlp-track">{bar}</span>'
        f'<span class="dlp-share">{escape(_percent(share))}</span></li>'
    )


def _percent(share: float) -> str:
    """A probability in percent, as the page's script says it, with a space that does not break."""
    number = "< 1" if share < 0.005 else "> 99" if share >= 0.995 else f"{100 * share:.0f}"
    return number + "\u00a0%"


def _sentence(shares: list[float]) -> str:
    """The two best answers, as the page's script says them."""
    first, second = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:2]
    return (
        f"It answers {first} ({_percent(shares[first])}); "
        f"next comes {second} ({_percent(shares[second])})."
    )
