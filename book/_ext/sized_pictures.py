"""Pictures whose box is reserved before they arrive, and that arrive when the reader comes near."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.images import get_image_size
from sphinx.util.typing import ExtensionMetadata


def _visit_image(translator: Any, node: nodes.image) -> None:
    """Write the image as its translator does, with its size in pixels and loaded lazily."""
    size = get_image_size(str(Path(translator.builder.srcdir) / node["uri"]))
    type(translator).visit_image(translator, node)
    if size is not None:
        width, height = size
        sized = f'<img width="{width}" height="{height}" loading="lazy" decoding="async" '
        translator.body[-1] = translator.body[-1].replace("<img ", sized, 1)


def _depart_image(translator: Any, node: nodes.image) -> None:
    type(translator).depart_image(translator, node)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Take over the writing of images in HTML."""
    app.add_node(nodes.image, override=True, html=(_visit_image, _depart_image))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
