"""The shared code of the book, from data sets to figures that react.

Importing `dlbook` itself loads nothing heavy. Each room is imported by name, for example
``from dlbook.training import fit`` or ``from dlbook import plots``; imports between rooms only
go down: labs → explorers, exercises → plots, sweeps → training, tapes → models, descent → data →
device.
"""

__version__ = "0.1.0"


def release() -> str:
    """The first two numbers of the version: a chapter fits all versions that share them."""
    return ".".join(__version__.split(".")[:2])


def require_release(needed: str) -> None:
    """Stop a chapter, in its first cell, that was written for another release than this one.

    Args:
        needed: the release that the chapter was written for, such as ``"0.1"``.

    Raises:
        ImportError: the installed dlbook is of another release.
    """
    if needed != release():
        raise ImportError(
            f"this chapter was written for dlbook {needed}, and dlbook {__version__} is installed: "
            "take the chapters and the package from the same release"
        )
