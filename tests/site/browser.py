"""What goes on in a browser while a page is read."""

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

LOCAL = ("file://", "data:", "blob:", "about:", "http://127.0.0.1:", "ws://127.0.0.1:")
NARROW = {"width": 360, "height": 740}
SCROLL_THROUGH = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 800) {
        window.scrollTo({top: y, behavior: "instant"});
        await new Promise((done) => setTimeout(done, 30));
    }
    // On a busy machine a figure may have passed by between two frames: stop at those.
    for (const figure of document.querySelectorAll(".dlx:not([data-drawn])")) {
        figure.scrollIntoView({behavior: "instant"});
        for (let wait = 0; wait < 200 && !("drawn" in figure.dataset); wait++)
            await new Promise((done) => setTimeout(done, 50));
    }
}"""

A_FRAME_COMES = """() => Promise.race([
    new Promise((done) => requestAnimationFrame(() => done(true))),
    new Promise((done) => setTimeout(() => done(false), 5000)),
])"""


class NoFramesError(Exception):
    """Chromium draws no more frames for a page, which happens to it on a busy machine."""


def without_frames(browser: Browser) -> list[str]:
    """The open pages for which no frame comes within five seconds, by their addresses."""
    pages = [page for context in browser.contexts for page in context.pages]
    return [page.url for page in pages if not page.evaluate(A_FRAME_COMES)]


def read_through(page: Page) -> None:
    """Scroll to the end of a page, and wait until all its figures are drawn."""
    page.evaluate(SCROLL_THROUGH)
    page.wait_for_function("!document.querySelector('.dlx:not([data-drawn])')")


class Watch:
    """What went wrong in a browser context: in scripts, requests, against a page's policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.script_errors: list[str] = []
        self.failed: list[str] = []
        self.foreign: list[str] = []
        self.refused: list[str] = []
        context.on("weberror", lambda error: self.script_errors.append(str(error.error)))
        context.on("requestfailed", self._request_failed)
        context.on("response", self._response)
        context.on("request", self._request)
        context.on("console", self._console)

    def assert_clean(self) -> None:
        """Fail with everything that went wrong."""
        assert not self.script_errors, self.script_errors
        assert not self.refused, f"against the content security policy: {self.refused}"
        assert not self.foreign, f"requests to other hosts: {self.foreign}"
        assert not self.failed, f"failed requests: {self.failed}"

    def _request_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it came
            self.failed.append(request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(LOCAL):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.refused.append(message.text)
