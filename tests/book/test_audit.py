"""The audit says what it needs."""

import os
import subprocess
import sys
from pathlib import Path


def test_without_node_one_line_says_so(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, str(root / "book" / "audit.py"), str(tmp_path / "html")]
    result = subprocess.run(
        command,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "Lighthouse needs Node 18.20 or newer, and npm is not on the path"
    ]
