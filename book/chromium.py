"""A real Chromium that reaches nothing but this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

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


@contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """Chromium, from the environment variable ``CHROMIUM`` or the path.

    Args:
        more: arguments for Chromium.

    Raises:
        FileNotFoundError: it is not installed.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise FileNotFoundError("Chromium is not installed; `make browser` installs it on Debian")
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, LOOPBACK_ONLY, *more]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
