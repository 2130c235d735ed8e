"""What all labs share: how they show themselves, with and without a kernel."""

import base64
import io
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from html import escape

import ipywidgets as widgets
from IPython.display import HTML, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dlbook import require
from dlbook.labs.page_parts import LEARNING_RATES
from dlbook.page import for_page
from dlbook.png import size

STYLE = {"description_width": "7.5em"}
LAYOUT = {"width": "24em"}  # a dict, so that every widget makes a layout of its own
RATE_STEP = 0.0002  # of a power of ten: three digits that a reader types stay as they are
LONGEST = 400  # characters of an error's message


class Lab(ABC):
    """A box of widgets; on a published page, what plays the same from tapes.

    Attributes:
        box: the widgets.
        picture: the picture in it, a PNG.
        caption: what there is to see, in plain text.
    """

    def __init__(self, box: widgets.Widget, picture: widgets.Image, caption: str) -> None:
        self.box = box
        self.picture = picture
        self.caption = caption

    def __repr__(self) -> str:
        return f"Lab: {self.caption}"

    def _ipython_display_(self) -> None:
        display(HTML(self.on_page()) if for_page() else self.box)  # type: ignore[no-untyped-call]

    @abstractmethod
    def on_page(self) -> str:
        """The lab as a published page has it, where it runs without a kernel."""

    def still_picture(self) -> str:
        """The lab's picture as an element of a page."""
        data = base64.b64encode(self.picture.value).decode()
        width, height = size(self.picture.value)
        return (
            f'<img class="lab-still" alt="{escape(self.caption)}" width="{width}" '
            f'height="{height}" src="data:image/png;base64,{data}">'
        )


def png(figure: Figure) -> bytes:
    """A figure as PNG bytes; needs no window and may be called from any thread."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return buffer.getvalue()


def failure(error: Exception) -> str:
    """What a lab says, as HTML, when a run of it failed."""
    return escape(f"failed: {type(error).__name__}: {error}"[:LONGEST])


def dropdown(
    description: str, options: Sequence[str], value: str | None = None
) -> widgets.Dropdown:
    """A menu of a lab; the first option is chosen unless ``value`` names another."""
    return widgets.Dropdown(
        options=options,
        value=options[0] if value is None else value,
        description=description,
        style=STYLE,
        layout=LAYOUT,
    )


def learning_rate_slider(lr: float) -> widgets.FloatLogSlider:
    """A slider from 0.0001 to 10, in equal factors.

    Raises:
        TypeError: lr is no number.
        ValueError: lr is not on the slider.
    """
    smallest, largest = LEARNING_RATES
    if require.number("lr", lr, least=smallest) > largest:
        raise ValueError(f"lr must be a number of at most {largest:g}, got {lr}")
    return widgets.FloatLogSlider(
        value=lr,
        min=math.log10(smallest),
        max=math.log10(largest),
        step=RATE_STEP,
        description="learning rate",
        readout_format=".3g",
        style=STYLE,
        layout=LAYOUT,
    )


def batch_size_slider(batch_size: int, sizes: Sequence[int]) -> widgets.SelectionSlider:
    """A slider over some batch sizes.

    Raises:
        ValueError: batch_size is none of them.
    """
    if batch_size not in sizes:
        raise ValueError(f"batch_size must be one of {sizes}, got {require.shown(batch_size)}")
    return widgets.SelectionSlider(
        options=sizes, value=batch_size, description="batch size", style=STYLE, layout=LAYOUT
    )


def epochs_slider(epochs: int, most: int) -> widgets.IntSlider:
    """A slider from 1 to the most epochs.

    Raises:
        TypeError: epochs is no whole number.
        ValueError: it is not on the slider.
    """
    epochs = require.whole("epochs", epochs, most=most)
    return widgets.IntSlider(
        value=epochs, min=1, max=most, description="epochs", style=STYLE, layout=LAYOUT
    )
