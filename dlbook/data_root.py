"""Where data lies on this machine."""

import os
from pathlib import Path

ENVIRONMENT_VARIABLE = "DLBOOK_DATA"


def data_root() -> Path:
    """The folder named by ``DLBOOK_DATA``, or else ``dlbook`` in the user's cache folder.

    It has torchvision's layout (``MNIST/raw/*.gz``) and need not exist yet.

    Raises:
        NotADirectoryError: the path is there and is no folder.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    root = Path(named).expanduser() if named else _cache()
    if root.exists() and not root.is_dir():
        raise NotADirectoryError(
            f"the data root {root} is a file, not a folder; set {ENVIRONMENT_VARIABLE} to a folder"
        )
    return root


def _cache() -> Path:
    from platformdirs import user_cache_path  # here, for the doctor must start without it

    return user_cache_path("dlbook", appauthor=False)
