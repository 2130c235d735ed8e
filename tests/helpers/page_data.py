"""What a figure's HTML holds for the page's script."""

import json
import re
from typing import Any

DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


def page_data(html: str) -> dict[str, Any]:
    """The data of the first figure."""
    found = DATA.search(html)
    assert found is not None
    return json.loads(found[1].replace("<\\/", "</"))
