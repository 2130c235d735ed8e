"""A progress bar for people who watch, silence where output is captured."""

import os
import sys
from typing import Any

from tqdm import tqdm

from dlbook.say import is_open

ENVIRONMENT_VARIABLE = "DLBOOK_PROGRESS"


def progress_bar(*, show: bool | None = None, **options: Any) -> "tqdm[Any]":
    """A tqdm bar that leaves nothing behind: text on stderr, or a widget in a live notebook.

    Args:
        show: whether to draw it; ``None`` decides by `is_watched`.
        **options: tqdm's own, such as ``total``, ``desc``, ``unit``.
    """
    shown = is_watched() if show is None else show and is_open(sys.stderr)
    if shown and _in_kernel():
        from tqdm.notebook import tqdm as notebook_tqdm

        return notebook_tqdm(leave=False, **options)
    return tqdm(disable=not shown, leave=False, **options)


def is_watched() -> bool:
    """Whether somebody sees stderr now: a terminal or a live notebook.

    The environment variable ``DLBOOK_PROGRESS=0`` says no, as when the book is built or tested.
    """
    if os.environ.get(ENVIRONMENT_VARIABLE, "").strip() == "0":
        return False
    asks = getattr(sys.stderr, "isatty", None)  # there may be no stderr, as under pythonw
    return _in_kernel() or bool(asks and is_open(sys.stderr) and asks())


def _in_kernel() -> bool:
    # ipykernel may have been imported by another tool, as by pytest: what counts is who runs.
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
