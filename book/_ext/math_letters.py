"""Unicode's mathematical letters: from (style, plain letter) to the letter browsers draw.

MathML Core honors ``mathvariant="normal"`` only. Every other style has letters of its own in
Unicode (𝐱, 𝒙, ℝ, ℒ, 𝔤, 𝗑, 𝚡), so a style is applied by replacing the letters themselves.
"""

import unicodedata
from collections.abc import Iterator

# MathML's word for a style: Unicode's words in the letters' names.
_NAMES = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "bold-fraktur": "BOLD FRAKTUR",
    "double-struck": "DOUBLE-STRUCK",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC",
    "monospace": "MONOSPACE",
}
_ALPHANUMERIC_BLOCK = range(0x1D400, 0x1D800)
_LETTERLIKE_BLOCK = range(0x2100, 0x2150)
# Two letters of the Letterlike block whose names do not tell their style.
_LETTERLIKE_STYLES = {"BLACK-LETTER": "FRAKTUR", "PLANCK CONSTANT": "ITALIC"}
_KINDS = (" CAPITAL ", " SMALL ", " DIGIT ", " NABLA", " PARTIAL DIFFERENTIAL", " DOTLESS ")


def _style_name(letter: str) -> str:
    """Return Unicode's words for a letter's style: ``'DOUBLE-STRUCK'`` of ``'ℝ'``."""
    name = unicodedata.name(letter).removeprefix("MATHEMATICAL ")
    for kind in _KINDS:
        name = name.partition(kind)[0]
    if name.endswith(" SYMBOL"):  # ϑ: "BOLD THETA SYMBOL"
        name = name.rsplit(maxsplit=2)[0]
    return _LETTERLIKE_STYLES.get(name, name)


def _styled_letters() -> Iterator[tuple[str, str, str]]:
    """Yield (style's name, plain letter, styled letter), the main block last, so that it wins."""
    for code in (*_LETTERLIKE_BLOCK, *_ALPHANUMERIC_BLOCK):
        form, _, plain = unicodedata.decomposition(chr(code)).partition(" ")
        if form == "<font>":
            yield _style_name(chr(code)), chr(int(plain, 16)), chr(code)


_LETTERS = {(style, plain): letter for style, plain, letter in _styled_letters()}


def styled(text: str, variant: str) -> str:
    """Replace each letter by the one of the given ``mathvariant``; others stay as they are.

    Args:
        text: the content of a MathML token, for example ``"R"``.
        variant: a value of ``mathvariant``, for example ``"double-struck"``.

    Returns:
        The same text in mathematical letters, for example ``"ℝ"``.

    Raises:
        ValueError: the variant is not one of MathML's.
    """
    if variant == "normal":
        return text
    if variant not in _NAMES:
        raise ValueError(f"variant: got {variant!r}, expected one of {sorted(_NAMES)} or 'normal'")
    return "".join(_LETTERS.get((_NAMES[variant], letter), letter) for letter in text)
