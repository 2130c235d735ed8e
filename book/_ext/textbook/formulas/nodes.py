"""Formulas are typeset when the book is built: MathML, and no script in the page.

A transform gives each formula its MathML while a page is read, so that headings, captions and
tables of contents carry it along and an unchanged page keeps it in its pickled doctree. What a
formula says in plain text then is what it shows, in titles, in the search, and for the font.
A formula that cannot be read is a warning, and shows as TeX.
"""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from textbook.formulas.typesetting import TexError, typeset
from textbook.formulas.words import join_with_word

logger = logging.getLogger(__name__)

# A formula with more characters than this may not fit a phone: it scrolls in a box of its own.
_LONG = 24


class TypesetMath(SphinxTransform):
    """Set ``mathml`` on every formula of the page, and its text to what is drawn.

    It runs before Sphinx collects titles and tables of contents (priority 880).
    """

    default_priority = 700

    def apply(self) -> None:
        """Typeset the page's formulas."""
        for node in (*self.document.findall(nodes.math), *self.document.findall(nodes.math_block)):
            try:
                _typeset(node)
            except TexError as error:
                logger.warning("this formula cannot be read: %s", error, location=node)
                # Otherwise the next build would find the page unchanged and pass.
                self.env.note_reread()
        for node in list(self.document.findall(nodes.math)):
            if not _is_long(node):
                join_with_word(node)


def _typeset(node: nodes.Element) -> None:
    formula = typeset(node.astext().strip(), display=isinstance(node, nodes.math_block))
    node["mathml"] = formula.markup
    node.clear()
    node += nodes.Text(formula.text)
    if "amsmath" in node["classes"]:
        node["ids"].clear()  # random ones, which MyST gives to environments such as align


def _is_long(node: nodes.Element) -> bool:
    return len(node.astext()) > _LONG


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a line of text."""
    css = "formula formula-long" if _is_long(node) else "formula"
    translator.body.append(translator.starttag(node, "span", "", CLASS=f"{css} notranslate"))
    translator.body.append(_markup(node) + "</span>")
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands on a line of its own, with its number if it has one."""
    # A paragraph cannot hold a div: the browser would end the paragraph there.
    element = "span" if isinstance(node.parent, nodes.TextElement) else "div"
    # A box that scrolls must be reachable by keyboard.
    focus = {"tabindex": "0"} if _is_long(node) else {}
    css = "formula-display notranslate"
    translator.body.append(translator.starttag(node, element, "", CLASS=css, **focus))
    translator.body.append(_markup(node))
    if node["number"] and "amsmath" not in node["classes"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(f"</{element}>\n")
    raise nodes.SkipNode


def _markup(node: nodes.Element) -> str:
    """Return the formula's MathML, or its TeX when it could not be typeset."""
    mathml: str | None = node.get("mathml")
    return mathml or f'<code class="formula-failed">{escape(node.astext())}</code>'


def register(app: Sphinx) -> None:
    """Register the transform and the renderer ``mathml``."""
    app.add_transform(TypesetMath)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
