"""The shared code of the book: data, models, training, descent, plots.

Importing `dlbook` itself loads nothing heavy. Each room is imported by name, for example
``from dlbook.training import fit`` or ``from dlbook import plots``; imports between rooms only
go down: plots → training → models, descent → data → device.
"""

__version__ = "0.1.0"
