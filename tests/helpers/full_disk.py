"""Disks that are full or read-only, made for real."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A disk of its own in memory at an empty folder; without the right to that, skip the test."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    command = ["mount", "-t", "tmpfs", "-o", options, "dlbook-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def allow_files_of(size: int) -> None:
    """From now on no file of this process may have more bytes; writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
