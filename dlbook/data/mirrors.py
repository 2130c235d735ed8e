"""Where image sets are fetched from."""

import os
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

ENVIRONMENT_VARIABLE = "DLBOOK_MIRRORS"


def mirrors_of(title: str, published: Sequence[str]) -> tuple[str, ...]:
    """The addresses to fetch an image set from, in order, each ending in a slash.

    They are those that ``DLBOOK_MIRRORS`` names, or else the published ones. Each named one has
    the layout of a data root, so that any web server in a data root will do.

    Args:
        title: the name of the set's folder in a data root, such as ``"MNIST"``.
        published: torchvision's mirrors of the set.

    Raises:
        ValueError: an address is none of a web server.
    """
    named = re.findall(r"[^\s,]+", os.environ.get(ENVIRONMENT_VARIABLE, ""))
    for address in named:
        _require_web(address)
    return tuple(f"{address.rstrip('/')}/{title}/raw/" for address in named) or tuple(published)


def _require_web(address: str) -> None:
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port or a bracket that cannot be
        good = False
    if not good or parts.query or parts.fragment:
        raise ValueError(
            f"{ENVIRONMENT_VARIABLE} must hold addresses such as http://HOST:PORT/ with commas or "
            f"spaces between them, got {address!r}"
        )
