"""TeX → MathML Core, the part of MathML that browsers draw, by math-core."""

import re
from dataclasses import dataclass
from html import unescape

from math_core import LatexError, LatexToMathML

_CONVERTER = LatexToMathML(fancy_error=False)
_MARKUP = re.compile(r"<[^>]*>")
# Function application and its kin; the choice of a letter's form.
_UNSEEN = dict.fromkeys([*range(0x2061, 0x2065), 0xFE00])


class TexError(ValueError):
    """A formula that math-core cannot read."""


@dataclass(frozen=True)
class Formula:
    """A formula that browsers can draw.

    Attributes:
        markup: its ``math`` element.
        text: the characters that are drawn, in one line.
    """

    markup: str
    text: str


def typeset(tex: str, *, display: bool = False) -> Formula:
    """Return a formula in MathML.

    Args:
        tex: the formula without its dollar signs.
        display: whether it stands on a line of its own.

    Raises:
        TexError: a command is not known, or the formula does not parse.
    """
    try:
        markup = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise TexError(str(error)) from None
    # The one name of a character that HTML knows and XML does not.
    markup = markup.replace("&ApplyFunction;", "\u2061")
    return Formula(markup, unescape(_MARKUP.sub("", markup)).translate(_UNSEEN))
