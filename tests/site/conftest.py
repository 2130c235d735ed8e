"""The built book, a browser, and a server on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import NoFramesError, Watch, without_frames
from chromium import launched
from pages import SITE, pages
from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PREFIX = "/dlbook/"  # where the published book stands on its host
PAGES = pages()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a test again when the browser stopped drawing under it, and for no other reason."""
    again = pytest.mark.flaky(reruns=2, only_rerun=[NoFramesError])
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(again)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Tell a test that failed from one whose page got no more frames."""
    try:
        return (yield)
    except Exception as error:
        browser = pyfuncitem.funcargs.get("browser")
        if browser and (pages := without_frames(browser)):
            raise NoFramesError(f"Chromium draws no more frames of {pages}") from error
        raise


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with launched() as running:
        yield running


class Host(BaseHTTPRequestHandler):
    """Answers as the host of a book does, with 404.html for what is not there."""

    prefix = "/"  # below which the book stands

    def do_GET(self) -> None:
        path = unquote(self.path.split("?")[0])
        file = SITE / path.removeprefix(self.prefix)
        found = path.startswith(self.prefix) and file.is_file()
        body = (file if found else SITE / "404.html").read_bytes()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", guess_type(file)[0] or "" if found else "text/html")
        self.end_headers()
        with suppress(ConnectionError):  # a reader may have gone on
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class PublishedHost(Host):
    """Answers as the host of the published book."""

    prefix = PREFIX


@contextmanager
def answering(host: type[Host]) -> Iterator[str]:
    """The address at which a host answers on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), host) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}{host.prefix}".rstrip("/")
        running.shutdown()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the book on loopback."""
    assert PAGES, "there is no book in _build/html; run `make book` first"
    with answering(Host) as address:
        yield address


@pytest.fixture
def host() -> Iterator[str]:
    """The address of the book as it is published."""
    with answering(PublishedHost) as address:
        yield address


@pytest.fixture(params=["file", "http"])
def base(request: pytest.FixtureRequest, server: str) -> str:
    """Where the book is read: from the disk, and from a server."""
    return SITE.as_uri() if request.param == "file" else server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; whatever goes wrong on it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watch = Watch(context)
    with context:
        yield context.new_page()
        watch.assert_clean()
