"""A formula and the word that it belongs to stay on one line.

Browsers may break a line on either side of a formula, even before a comma, and heed no joining
character there.
"""

import re

from docutils import nodes

# A longer run of text beside a formula (an address, say) must stay free to break.
_LONGEST_WORD = 16
_WORD = re.compile(r"\S*")


def join_with_word(node: nodes.math) -> None:
    """Keep a short formula on one line with what touches it, as in "(n)," or "n-th".

    The two are wrapped in an element that the stylesheet does not let break.
    """
    before, after = _touching_text(node)
    if before or after:
        word = nodes.inline("", "", classes=["formula-word"])
        node.replace_self(word)
        word += [nodes.Text(before), node, nodes.Text(after)]


def _touching_text(node: nodes.math) -> tuple[str, str]:
    """Cut the text that touches the formula out of its neighbors and return it."""
    parent, index = node.parent, node.parent.index(node)
    siblings = parent.children
    before = after = ""
    if index + 1 < len(siblings) and isinstance(siblings[index + 1], nodes.Text):
        text = siblings[index + 1].astext()
        after = _head(text)
        parent[index + 1] = nodes.Text(text[len(after) :])
    if index > 0 and isinstance(siblings[index - 1], nodes.Text):
        text = siblings[index - 1].astext()
        before = _head(text[::-1])[::-1]
        parent[index - 1] = nodes.Text(text[: len(text) - len(before)])
    return before, after


def _head(text: str) -> str:
    """Return the text up to its first space, or nothing when that is too long to keep whole."""
    word = _WORD.match(text)
    return word[0] if word and len(word[0]) <= _LONGEST_WORD else ""
