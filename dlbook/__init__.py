"""The shared code of the book, from data sets to figures that react.

Importing `dlbook` itself loads nothing heavy. Each room is imported by name, for example
``from dlbook.training import fit`` or ``from dlbook import plots``; imports between rooms only
go down: labs, explorers, exercises → plots, sweeps → training → models, descent → data → device.
"""

__version__ = "0.1.0"
