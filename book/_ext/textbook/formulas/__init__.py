"""Formulas: TeX to MathML, and the font that draws it."""
