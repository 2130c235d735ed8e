"""Whether outputs are made for a published page, which has no kernel."""

import os

ENVIRONMENT_VARIABLE = "DLBOOK_PAGE"


def for_page() -> bool:
    """Whether ``DLBOOK_PAGE=1`` is set, as it is while the book is built."""
    return os.environ.get(ENVIRONMENT_VARIABLE, "").strip() == "1"
