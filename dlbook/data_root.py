"""Where data lies on this machine."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

ENVIRONMENT_VARIABLE = "DLBOOK_DATA"


def data_root() -> Path:
    """The folder named by ``DLBOOK_DATA``, or else ``dlbook`` in the user's cache folder.

    It has torchvision's layout (``MNIST/raw/*.gz``) and need not exist yet. For a user without a
    home folder, as in some containers, it lies in the folder for temporary files.

    Raises:
        NotADirectoryError: the path is there and is no folder, or it begins with ``~`` and there
            is no such home folder.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    try:
        root = Path(named).expanduser() if named else _cache()
    except RuntimeError as error:
        raise NotADirectoryError(
            f"{ENVIRONMENT_VARIABLE} is {named}, and there is no such home folder; set HOME, or "
            f"set {ENVIRONMENT_VARIABLE} to a whole path"
        ) from error
    if root.exists() and not root.is_dir():
        raise NotADirectoryError(
            f"the data root {root} is a file, not a folder; set {ENVIRONMENT_VARIABLE} to a folder"
        )
    return root


def _cache() -> Path:
    from platformdirs import user_cache_path  # here, for the doctor must start without it

    with suppress(RuntimeError):  # older versions of platformdirs return a path that begins with ~
        if (path := user_cache_path("dlbook", appauthor=False)).is_absolute():
            return path
    return Path(tempfile.gettempdir()) / f"dlbook-{getattr(os, 'getuid', int)()}"
