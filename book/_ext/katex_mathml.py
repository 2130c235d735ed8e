"""Formulas are typeset when the book is built: TeX → MathML, no script in the page.

A transform gives each math node its MathML while a page is read, so that headings, captions and
tables of contents carry it along and an unchanged page keeps it in its pickled doctree. The
renderer only writes it out. A formula that KaTeX cannot read is a warning, and shows as TeX.
"""

import atexit
import re
import zlib
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from katex_engine import KatexEngine, TexError
from math_words import join_with_word
from mathml_core import to_core
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# A formula with more characters than this may not fit a phone: it scrolls in a box of its own.
_LONG = 24
_ANNOTATION = re.compile(r"<annotation .*?</annotation>", re.DOTALL)


class TypesetMath(SphinxTransform):
    """Set ``mathml`` and ``math_characters`` on every formula of the page.

    It runs before Sphinx collects titles and tables of contents (priority 880).
    """

    default_priority = 700

    def apply(self) -> None:
        """Typeset the page's formulas."""
        found = [*self.document.findall(nodes.math), *self.document.findall(nodes.math_block)]
        if not found:
            return
        engine = _engine(self.app)
        for node in found:
            try:
                _typeset(node, engine)
            except TexError as error:
                logger.warning("KaTeX cannot read this formula: %s", error, location=node)
                # Otherwise the next build would find the page unchanged and pass.
                self.env.note_reread()
        for node in list(self.document.findall(nodes.math)):
            if not node.get("math_long"):
                join_with_word(node)


def _engine(app: Sphinx) -> KatexEngine:
    """Return the build's engine, started with the first formula and closed with the process."""
    engine: KatexEngine | None = getattr(app, "katex_engine", None)
    if engine is None:
        engine = KatexEngine()
        app.katex_engine = engine  # type: ignore[attr-defined]
        atexit.register(engine.close)
    return engine


def _typeset(node: nodes.Element, engine: KatexEngine) -> None:
    display = isinstance(node, nodes.math_block)
    math = to_core(engine.mathml(node.astext().strip(), display=display))
    node["mathml"] = math.markup
    node["math_tag"] = math.tag
    node["math_characters"] = math.characters
    node["math_long"] = math.length > _LONG
    if "amsmath" in node["classes"]:
        node["ids"].clear()  # random ones, which MyST gives to environments such as align


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a line of text."""
    css = "formula formula-long" if node.get("math_long") else "formula"
    translator.body.append(translator.starttag(node, "span", "", CLASS=f"{css} notranslate"))
    translator.body.append(_markup(node) + "</span>")
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands on a line of its own, with its number if it has one."""
    # A paragraph cannot hold a div: the browser would end the paragraph there.
    element = "span" if isinstance(node.parent, nodes.TextElement) else "div"
    # A box that scrolls must be reachable by keyboard.
    focus = {"tabindex": "0"} if node.get("math_long") else {}
    css = "formula-display notranslate"
    translator.body.append(translator.starttag(node, element, "", CLASS=css, **focus))
    translator.body.append(_markup(node))
    _write_number(translator, node)
    translator.body.append(f"</{element}>\n")
    raise nodes.SkipNode


def _write_number(translator: HTML5Translator, node: nodes.math_block) -> None:
    r"""Write the number that ``\tag`` gave, or that Sphinx gave to a formula with a label."""
    if node.get("math_tag"):
        translator.body.append(f'<span class="eqno">{escape(node["math_tag"])}</span>')
    elif node["number"] and "amsmath" not in node["classes"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")


def _plain_titles(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    """Leave formulas' TeX out of window titles, for which the theme only strips the tags."""
    for titled in (context, context.get("prev"), context.get("next")):
        if titled and "title" in titled:
            titled["title"] = _ANNOTATION.sub("", titled["title"])


def _markup(node: nodes.Element) -> str:
    """Return the formula's MathML, or its TeX when it could not be typeset."""
    mathml: str | None = node.get("mathml")
    return mathml or f'<code class="formula-failed">{escape(node.astext())}</code>'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform and the renderer ``katex_mathml``."""
    app.add_transform(TypesetMath)
    app.connect("html-page-context", _plain_titles)
    app.add_html_math_renderer("katex_mathml", (visit_inline, None), (visit_display, None))
    return {
        # Doctrees hold the MathML: a change of how it is made must have all pages read again.
        "env_version": _sources_checksum(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _sources_checksum() -> int:
    """Return a checksum of the modules that make the MathML."""
    here = Path(__file__).parent
    sources = sorted([*here.glob("katex*.py"), *here.glob("math*.py")])
    return zlib.crc32(b"".join(path.read_bytes() for path in sources))
