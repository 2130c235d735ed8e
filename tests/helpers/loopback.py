"""A real web server on this machine that can misbehave as real mirrors do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

DRIP_SECONDS = 0.05  # between two bytes of a slow server


@dataclass(frozen=True)
class Reply:
    """What the server answers to one address.

    Attributes:
        body: the bytes to send.
        status: of HTTP.
        location: where a redirect leads.
        promised: the Content-Length, unless it is that of the body; none at all when negative.
        missing: how many bytes of the body are not sent.
        hangs: whether the server falls silent after the body instead of closing.
        slow_head: whether the head comes one byte after the other.
        slow_body: whether the body does.
        endless: whether the body is sent again and again.
        bare: whether there is no head, so that the body is all that is sent.
    """

    body: bytes = b""
    status: int = 200
    location: str = ""
    promised: int | None = None
    missing: int = 0
    hangs: bool = False
    slow_head: bool = False
    slow_body: bool = False
    endless: bool = False
    bare: bool = False


class Server(ThreadingHTTPServer):
    """Answers from `replies`, by path, or by whole URL when it is asked as a proxy."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.closing = Event()

    @property
    def url(self) -> str:
        """The address of the root, with a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}/"

    def mirror(self, name: str, **files: Reply) -> str:
        """Serve ``files`` (``a_gz`` stands for ``a.gz``) in a folder, and return its address."""
        for filename, reply in files.items():
            self.replies[f"/{name}/{filename.replace('_', '.')}"] = reply
        return f"{self.url}{name}/"


class Handler(BaseHTTPRequestHandler):
    """Sends the reply that the server holds for a path, or 404."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        reply = self.server.replies.get(self.path, Reply(status=404))
        with suppress(ConnectionError):  # who asked may have had enough
            if not reply.bare:
                self._send_head(reply)
            self._send(reply.body[: len(reply.body) - reply.missing], slow=reply.slow_body)
            while reply.endless and not self.server.closing.is_set():
                self._send(reply.body, slow=reply.slow_body)
            if reply.hangs:
                self.server.closing.wait()

    def _send_head(self, reply: Reply) -> None:
        self.send_response(reply.status)
        length = len(reply.body) if reply.promised is None else reply.promised
        if length >= 0:
            self.send_header("Content-Length", str(length))
        if reply.location:
            self.send_header("Location", reply.location)
        head = b"".join(self._headers_buffer) + b"\r\n"
        self._headers_buffer.clear()
        self._send(head, slow=reply.slow_head)

    def _send(self, content: bytes, *, slow: bool) -> None:
        if not slow:
            self.wfile.write(content)
            return
        for place in range(len(content)):
            if self.server.closing.is_set():
                return
            self.wfile.write(content[place : place + 1])
            time.sleep(DRIP_SECONDS)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def serving() -> Iterator[Server]:
    """A running server, closed at the end of the block."""
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
