"""The web, read piece by piece, with a time limit on each."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException, HTTPResponse
from threading import Thread
from typing import TypeVar
from urllib import request
from urllib.error import HTTPError

T = TypeVar("T")

PIECE = 1 << 16
LARGEST = 1 << 28  # ten times the largest file of the image sets
TURN_SECONDS = 0.5
LONGEST_REASON = 200  # characters


class TransferError(Exception):
    """A server did not deliver; the message says why in one line."""


@contextmanager
def reply_to(url: str, timeout: float) -> Iterator[HTTPResponse]:
    """What a server answers to a request for ``url``.

    Args:
        url: begins with ``http://`` or ``https://``, and so must the addresses it redirects to.
        timeout: seconds in which the answer must begin: to look up the name, to connect to any of
            its addresses, and to follow redirects.

    Raises:
        TransferError: it did not answer, or with an error, or promises too large a file.
    """
    # The socket's own time-out is for the thread that is left to itself when time is up.
    ask = partial(_web().open, url, timeout=2 * timeout)
    reply: HTTPResponse = _within(timeout, ask, f"it did not answer within {timeout:g} s")
    try:
        if reply.length is not None and reply.length > LARGEST:
            raise TransferError(f"it offers {reply.length:,} bytes, more than any file here has")
        yield reply
    finally:
        # This waits for a read that was given up, so it is left to a thread as well.
        Thread(target=reply.close, daemon=True).start()


def pieces(reply: HTTPResponse, timeout: float) -> Iterator[bytes]:
    """The body of a reply.

    Args:
        reply: of `reply_to`.
        timeout: seconds in which each 64 KiB must come.

    Raises:
        TransferError: they did not come in time, or other than the promised number of bytes.
    """
    promised, received = reply.length, 0
    late = f"it sent less than {PIECE:,} bytes within {timeout:g} s"
    while piece := _within(timeout, partial(reply.read, PIECE), late):
        received += len(piece)
        if received > LARGEST:
            raise TransferError(f"it sends more than {LARGEST:,} bytes, more than any file here")
        yield piece
    if promised is not None and received < promised:
        raise TransferError(f"it sent {received:,} of {promised:,} bytes")


def _within(seconds: float, work: Callable[[], T], late: str) -> T:
    """The result of ``work``, in a thread, which is left to itself when it takes too long.

    Time-outs of sockets are not enough: each byte and each address of a host begins them anew.
    """
    outcome: Future[T] = Future()
    Thread(target=_settle, args=(outcome, work), daemon=True).start()
    try:
        return _awaited(outcome, seconds)
    except TimeoutError as error:
        raise TransferError(late) from error
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()
        raise TransferError(_in_one_line(str(getattr(error, "reason", error)))) from error


def _awaited(outcome: Future[T], seconds: float) -> T:
    """What comes of it within some time, awaited in turns.

    Ctrl-C that comes just before the main thread begins to wait does not end that wait.
    """
    end = time.monotonic() + seconds
    while not outcome.done() and (left := end - time.monotonic()) > 0:
        wait([outcome], min(left, TURN_SECONDS))
    return outcome.result(0)


def _settle(outcome: Future[T], work: Callable[[], T]) -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:
        outcome.set_exception(error)


def _in_one_line(text: str) -> str:
    """What a server said, without what could move a terminal's cursor."""
    line = " ".join(text.split())[:LONGEST_REASON]
    return "".join(letter for letter in line if letter.isprintable())


def _web() -> request.OpenerDirector:
    """An opener that knows http and https alone: no redirect leads it to files or elsewhere."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(),
        request.HTTPDefaultErrorHandler(),
        request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
