"""Every page is read again when one of the book's own extensions has changed.

Sphinx looks at the pages' sources and at its settings alone. So a digest of the extensions is a
setting, on which all pages depend. The notebooks are not run again for it.
"""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def digest(folder: Path) -> str:
    """Return a hash of the Python files of a folder, their names and their contents."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the setting."""
    app.add_config_value("own_extensions", digest(Path(__file__).parent), "env", str)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
