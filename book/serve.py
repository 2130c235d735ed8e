"""Serve a folder on loopback, compressed, and open it in a browser: ``serve.py FOLDER [PORT]``."""

import asyncio
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8000


def application(folder: Path) -> Application:
    """Return what answers requests: the files of a folder, compressed."""
    pages = {"path": str(folder), "default_filename": "index.html"}
    return Application([(r"/(.*)", StaticFileHandler, pages)], compress_response=True)


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve ``folder`` in a thread while the block runs; its address is given to the block.

    Args:
        folder: holds the pages.
        port: 0 for any that is free.
    """
    running: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    sockets = bind_sockets(port, ADDRESS)

    async def serve_until_ended() -> None:
        ended = asyncio.Event()
        server = HTTPServer(application(folder))
        server.add_sockets(sockets)
        running.set_result((asyncio.get_running_loop(), ended))
        await ended.wait()
        server.stop()
        await server.close_all_connections()

    thread = threading.Thread(target=asyncio.run, args=(serve_until_ended(),))
    thread.start()
    loop, ended = running.result()
    try:
        yield f"http://{ADDRESS}:{sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


if __name__ == "__main__":
    port = int(sys.argv[2]) if sys.argv[2:] else DEFAULT_PORT
    with suppress(KeyboardInterrupt), served(Path(sys.argv[1]), port) as address:
        print(f"The book is at {address}/ (Ctrl-C ends)", flush=True)
        webbrowser.open(address)
        while True:  # unlike an event, Ctrl-C ends it on every system
            time.sleep(60)
