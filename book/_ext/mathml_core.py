"""KaTeX's MathML → MathML Core, the part of MathML that browsers draw.

Full MathML has styles of letters, layout of tables and groups inside tokens, which mean nothing to
MathML Core: they become Unicode letters, CSS and ``mrow``.
"""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from math_letters import styled
from mathml_names import name
from mathml_operators import rewrite_operators
from mathml_tables import rewrite_table, take_tag

_TOKENS = [name(tag) for tag in ("mi", "mn", "mo", "mtext", "ms")]


@dataclass(frozen=True)
class CoreMath:
    """A formula that browsers can draw.

    Attributes:
        markup: its ``math`` element, with the TeX inside as an annotation.
        tag: the number beside it, ``"(1)"``, or None.
        characters: what a browser draws, sorted, each once.
        length: how many characters are drawn: a rough measure of its width.
    """

    markup: str
    tag: str | None
    characters: str
    length: int


def to_core(katex_html: str) -> CoreMath:
    """Rewrite what KaTeX wrote to MathML Core.

    Args:
        katex_html: ``<span class="katex"><math …>…</math></span>``.

    Raises:
        ValueError: there is no ``math`` element.
    """
    math = ET.fromstring(katex_html).find(name("math"))
    if math is None:
        raise ValueError(f"katex_html: expected a math element, got {katex_html[:80]!r}")
    tag = take_tag(math)
    for table in list(math.iter(name("mtable"))):
        rewrite_table(table)
    for token in _tokens(math):
        _rewrite_token(token)
    rewrite_operators(math)
    return CoreMath(
        markup=ET.tostring(math, encoding="unicode"),
        tag=tag,
        characters="".join(sorted(_characters(math))),
        length=sum(len(token.text or "") for token in _tokens(math)),
    )


def _tokens(math: ET.Element) -> list[ET.Element]:
    """Return the elements that hold the formula's text."""
    return [element for element in math.iter() if element.tag in _TOKENS]


def _rewrite_token(token: ET.Element) -> None:
    """Apply the token's style to its letters; a token that holds elements is a group."""
    if len(token):
        token.tag = name("mrow")
    elif token.get("mathvariant", "normal") != "normal":
        token.text = styled(token.text or "", token.attrib.pop("mathvariant"))


def _characters(math: ET.Element) -> set[str]:
    """Return every character drawn, also those that stand in no token's text.

    A lone letter in ``<mi>`` is drawn in italics (x as 𝑥), so both count; a root has its sign.
    """
    drawn: set[str] = set()
    for token in _tokens(math):
        text = token.text or ""
        drawn.update(text)
        if token.tag == name("mi") and len(text) == 1 and "mathvariant" not in token.attrib:
            drawn.update(styled(text, "italic"))
    if any(element.tag in (name("msqrt"), name("mroot")) for element in math.iter()):
        drawn.add("√")
    return drawn
