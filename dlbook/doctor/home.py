"""The user's home folder: in a container there can be none."""

import os
import tempfile

from dlbook.doctor.commands import set_variable
from dlbook.doctor.finding import Finding

VARIABLE = "HOME" if os.name == "posix" else "USERPROFILE"


def examine(_limit: float) -> list[Finding]:
    """Whether there is a home folder; nothing is said where there is one."""
    if _is_known():
        return []
    what = f"this user has no home folder: {VARIABLE} is not set, and the system knows none"
    why = "Jupyter needs one, and data sets go to the folder for temporary files. Name any folder."
    return [Finding("home", "broken", what, why, set_variable(VARIABLE, home()))]


def home() -> str:
    """The home folder; where there is none, the folder for temporary files."""
    return os.path.expanduser("~") if _is_known() else tempfile.gettempdir()  # noqa: PTH111


def _is_known() -> bool:
    return not os.path.expanduser("~").startswith("~")  # noqa: PTH111  it never raises
