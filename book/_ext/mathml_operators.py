"""Operators: what TeX sets by itself and a browser, left alone, sets otherwise.

Space around the names of functions, signs in front of a term, bars that grow and enclose, accents
and primes.
"""

from itertools import pairwise
from xml.etree import ElementTree as ET

from mathml_names import name

_APPLY = "\u2061"
_THIN = "0.1667em"
_SIGNS = ("+", "−", "±", "∓")
_BARS = ("∣", "∥")
# A bar may open or close; before a sign, |x| − 1 is more frequent than |−x|.
_CLOSING = (*")]}⟩⌋⌉!′", *_BARS)
# KaTeX's accents → characters that the font stretches (wide ones) or that are made for it.
_WIDE_ACCENTS = {"^": "\u0302", "~": "\u0303"}
_ACCENTS = {"^": "\u02c6", "~": "\u02dc", "\u20d7": "→"}
_ARROW_SIZE = "55%"


def rewrite_operators(math: ET.Element) -> None:
    """Set the formula's operators as TeX would."""
    for element in list(math.iter()):
        if element.tag == name("mover"):
            _rewrite_accent(element)
        elif element.tag == name("msup"):
            _rewrite_prime(element)
        elif element.tag == name("mo") and element.text in _BARS:
            _rewrite_bar(element)
        elif element.tag in (name("mrow"), name("mtd"), name("mstyle")):
            _rewrite_signs(element)
            _space_functions(element)


def _rewrite_signs(row: ET.Element) -> None:
    """Let a sign stand close to its term where no term is before it."""
    for before, sign in pairwise([None, *row]):
        if sign is not None and sign.text in _SIGNS and _expects_term(before):
            sign.set("form", "prefix")


def _expects_term(before: ET.Element | None) -> bool:
    """Tell whether a sign at this place belongs to the term behind it, as in "= −x"."""
    return before is None or (before.tag == name("mo") and before.text not in _CLOSING)


def _rewrite_bar(bar: ET.Element) -> None:
    r"""Let bars that enclose stretch and stand close; ``\mid`` and ``\parallel`` stay."""
    if bar.get("fence") == "true":
        bar.set("stretchy", "true")
        bar.set("symmetric", "true")
    if "fence" in bar.attrib or "stretchy" in bar.attrib:
        bar.set("lspace", "0")
        bar.set("rspace", "0")


def _space_functions(row: ET.Element) -> None:
    """Put a thin space between a function's name and the terms beside it: p log q."""
    spaced: list[ET.Element] = []
    children = list(row)
    for index, child in enumerate(children):
        if _starts_function(children, index) and spaced and spaced[-1].tag != name("mo"):
            spaced.append(ET.Element(name("mspace"), width=_THIN))
        spaced.append(child)
        following = children[index + 1] if index + 1 < len(children) else None
        if _ends_function(child) and following is not None and _is_term(following):
            spaced.append(ET.Element(name("mspace"), width=_THIN))
    row[:] = spaced


def _starts_function(children: list[ET.Element], index: int) -> bool:
    """Tell whether a function's name stands here, alone or with limits, as in max over i."""
    plain = index + 1 < len(children) and _is_apply(children[index + 1])
    return plain or (_ends_function(children[index]) and not _is_apply(children[index]))


def _ends_function(element: ET.Element) -> bool:
    """Tell whether the element is KaTeX's mark behind a function's name, or a name with limits."""
    if len(element) and element.tag != name("mrow"):
        base = element[0]
        return bool(len(base)) and _is_apply(base[-1])
    return _is_apply(element)


def _is_apply(element: ET.Element) -> bool:
    return element.tag == name("mo") and element.text == _APPLY


def _is_term(element: ET.Element) -> bool:
    """Tell whether the element is no operator, no fence, and no group that opens with a fence."""
    first = element
    while len(first) and first.tag == name("mrow"):
        first = first[0]
    return first.tag != name("mo")


def _rewrite_accent(over: ET.Element) -> None:
    accent = over[1]
    if over.get("accent") != "true" or accent.tag != name("mo"):
        return
    text = accent.text or ""
    if accent.get("stretchy") == "true":
        accent.text = _WIDE_ACCENTS.get(text, text)
        return
    accent.text = _ACCENTS.get(text, text)
    accent.set("stretchy", "false")
    if accent.text == "→":
        accent.set("mathsize", _ARROW_SIZE)


def _rewrite_prime(power: ET.Element) -> None:
    """Set f′ in one row: the font's prime is small and raised by itself."""
    exponent = power[1]
    marks = [exponent] if exponent.tag == name("mo") else list(exponent)
    if marks and all(mark.text == "′" for mark in marks):
        power.tag = name("mrow")
        power[1:] = marks
        for mark in marks:
            mark.set("lspace", "0")
            mark.set("rspace", "0")
