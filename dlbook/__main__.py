"""``python -m dlbook``."""

import platform
import sys

# An older Python does not even read the other files. It should get this far, and hear why.
if sys.version_info >= (3, 11):  # noqa: UP036
    from dlbook.cli import main

    sys.exit(main())
else:
    sys.exit(
        f"dlbook needs Python 3.11 or newer, and {sys.executable} is {platform.python_version()}.\n"
        "Make an environment of its own: conda create --name dlbook python=3.11 pip"
    )
