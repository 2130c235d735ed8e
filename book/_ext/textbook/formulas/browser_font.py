"""STIX Two Math with the numbers that browsers need, for they lay out by simpler rules than TeX.

For a root or a fence a browser keeps room for the widest of its sizes, whatever size it draws; what
is left over shows as a gap. It sets the top of a root right and lets the rest hang below the line,
and STIX's smallest root is 1.19 em tall. It knows no larger prime for exponents.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from operator import mul
from typing import Any

import numpy as np
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

_ROOT = "√"
_FENCES = "()[]{}⌈⌉⌊⌋⟨⟩"
_WIDER = 20  # by how much larger sizes may be wider than the smallest; in 0.001 em, as all here
_ROOT_HEIGHTS = (660, 740, 820, 900, 980, 1080, 1187)  # the last is STIX's smallest
_ROOT_GAP = 130  # from what stands under a root to its bar
_STIX_BAR, _BAR = 68, 54  # 54 is one pixel at the formulas' size
_PRIMES = "′″‴"

Move = Callable[[int], float]
Sizes = Any  # fontTools' MathGlyphConstruction


def adapt(font: TTFont) -> None:
    """Change the numbers of a whole STIX Two Math, before it is cut down."""
    table = font["MATH"].table
    constants, variants = table.MathConstants, table.MathVariants
    constants.RadicalVerticalGap.Value = _ROOT_GAP
    constants.RadicalRuleThickness.Value = constants.FractionRuleThickness.Value = _BAR
    growing = variants.VertGlyphCoverage.glyphs
    sizes = dict(zip(growing, variants.VertGlyphConstruction, strict=True))
    for sign in _FENCES + _ROOT:
        name = font.getBestCmap()[ord(sign)]
        _narrow(font, name, sizes[name])
    _grade_roots(font, name, sizes[name])
    _raise_primes(font)


def _narrow(font: TTFont, name: str, sizes: Sizes) -> None:
    """Press the sizes of a sign, and the parts of its largest, to about its own width."""
    widest = font["hmtx"][name][0] + _WIDER
    assembly = sizes.GlyphAssembly
    parts = [part.glyph for part in assembly.PartRecords] if assembly else []
    for each in {*parts, *(record.VariantGlyph for record in sizes.MathGlyphVariantRecord)}:
        width = font["hmtx"][each][0]
        if width > widest:
            _draw(font, each, font["glyf"][each], widest, x=partial(mul, widest / width))


def _grade_roots(font: TTFont, name: str, sizes: Sizes) -> None:
    """Put lower roots before the smallest; the lowest takes the place of the character."""
    smallest, (width, _) = deepcopy(font["glyf"][name]), font["hmtx"][name]
    lower: list[Any] = []
    for height in _ROOT_HEIGHTS:
        record = otTables.MathGlyphVariantRecord()
        record.VariantGlyph = f"{name}.{height}" if lower else name
        record.AdvanceMeasurement = height
        _draw(font, record.VariantGlyph, smallest, width, y=_root_of(height, smallest))
        lower.append(record)
    _, *larger = sizes.MathGlyphVariantRecord
    for record in larger:
        glyph, (width, _) = font["glyf"][record.VariantGlyph], font["hmtx"][record.VariantGlyph]
        y = _root_of(glyph.yMax - glyph.yMin, glyph)
        _draw(font, record.VariantGlyph, glyph, width, y=y)
    sizes.MathGlyphVariantRecord = [*lower, *larger]
    sizes.VariantCount = len(sizes.MathGlyphVariantRecord)


def _root_of(height: int, glyph: Any) -> Move:
    """Return where the points of a root go as it becomes so tall and its bar as thick as all."""
    low, high = glyph.yMin, glyph.yMax
    upright = [low, high - _STIX_BAR, high], [low, low + height - _BAR, low + height]
    return lambda y: float(np.interp(y, *upright))


def _raise_primes(font: TTFont) -> None:
    """Let primes be the large ones that are made for exponents, where MathML puts them."""
    tables = [each for lookup in font["GSUB"].table.LookupList.Lookup for each in lookup.SubTable]
    larger = {name: made[0] for each in tables for name, made in _alternates(each).items()}
    for cmap in font["cmap"].tables:
        for prime in cmap.cmap.keys() & set(map(ord, _PRIMES)):
            cmap.cmap[prime] = larger.get(cmap.cmap[prime], cmap.cmap[prime])  # some tables are one


def _alternates(table: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = getattr(getattr(table, "ExtSubTable", table), "alternates", {})
    return found


def _same(at: int) -> float:
    return at


def _draw(
    font: TTFont, name: str, like: Any, width: int, *, x: Move = _same, y: Move = _same
) -> None:
    """Draw a glyph like another one, each point moved."""
    glyph = deepcopy(like)
    points = [(round(x(across)), round(y(up))) for across, up in like.coordinates]
    glyph.coordinates = type(glyph.coordinates)(points)
    if name not in font.getGlyphOrder():
        font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, glyph.xMin)
