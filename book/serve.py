"""Serve a folder on loopback, compressed, and open it in a browser: ``serve.py FOLDER [PORT]``."""

import asyncio
import sys
import webbrowser
from pathlib import Path

from tornado.web import Application, StaticFileHandler

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8000


def application(folder: Path) -> Application:
    """Return what answers requests: the files of a folder, compressed."""
    pages = {"path": str(folder), "default_filename": "index.html"}
    return Application([(r"/(.*)", StaticFileHandler, pages)], compress_response=True)


async def serve(folder: Path, port: int) -> None:
    """Serve ``folder`` until interrupted.

    Raises:
        FileNotFoundError: there is no index.html in the folder.
    """
    if not (folder / "index.html").is_file():
        raise FileNotFoundError(f"{folder} holds no index.html; run `make book` first")
    application(folder).listen(port, address=ADDRESS)
    url = f"http://{ADDRESS}:{port}/"
    print(f"The book is at {url} (Ctrl-C ends)", flush=True)
    webbrowser.open(url)
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else DEFAULT_PORT))
    except KeyboardInterrupt:
        print()
