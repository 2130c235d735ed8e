"""A real web server on this machine that can misbehave as real mirrors do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True)
class Reply:
    """What the server answers to one address.

    Attributes:
        body: the bytes to send.
        status: of HTTP.
        missing: how many bytes fewer are sent than Content-Length promises.
        hangs: whether the server falls silent after the body instead of closing.
    """

    body: bytes = b""
    status: int = 200
    missing: int = 0
    hangs: bool = False


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
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) - reply.missing])
        if reply.hangs:
            self.server.closing.wait()

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
