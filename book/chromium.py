"""A real Chromium that reaches nothing but this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Every name but the loopback address is unknown, as in a closed network.
LOOPBACK_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def launch(kind: BrowserType, *more: str) -> Browser:
    """Start Chromium, from the environment variable ``CHROMIUM`` or the path.

    Args:
        kind: Playwright's ``chromium``.
        more: arguments for it.

    Raises:
        FileNotFoundError: it is not installed.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError("Chromium is not installed; `make browser` installs it on Debian")
    return kind.launch(executable_path=path, args=[*ARGUMENTS, LOOPBACK_ONLY, *more])


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium while the block runs."""
    with sync_playwright() as playwright, launch(playwright.chromium) as browser:
        yield browser
