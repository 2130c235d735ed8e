"""The data of figures in files of their own, which a page fetches when a figure nears the window.

Notebooks carry the charts of an explorer and the weights of a drawing pad inside the output. On a
page, which must come whole before it is drawn, they would be most of what a reader waits for. They
become scripts and not JSON, for a page that was opened from a disk may load only those.
"""

import hashlib
import json
import re
from typing import Any

from dlbook.page import json_text
from textbook.finishing.site import Site

FOLDER = "_static/figures"
# What a figure has no use for until it is drawn.
_LATER = ("specs", "numbers", "tape", "tapes", "sets", "models", "optimizers")
_DATA = re.compile(r'(<script type="application/json">)(.*?)(?=</script>)', re.DOTALL)
_FILE = re.compile(rf"{FOLDER}/(\w+\.js)")


def without_figures(html: str) -> tuple[str, dict[str, str]]:
    """Return a page that names the files of its figures, and those files' texts by their names."""
    files: dict[str, str] = {}

    def moved(found: re.Match[str]) -> str:
        data = json.loads(found[2])
        later = {name: data.pop(name) for name in _LATER if name in data}
        if not later:
            return found[0]
        key, text = _script(later)
        files[f"{key}.js"] = text
        return found[1] + json_text(data | {"later": {"file": f"{FOLDER}/{key}.js", "key": key}})

    return _DATA.sub(moved, html), files


def _script(data: dict[str, Any]) -> tuple[str, str]:
    """Return what the data are called by, and a script that leaves them under this key."""
    text = json_text(data)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    return key, f'(window.dlbookData ||= {{}})["{key}"] = {text};\n'


def take_out(site: Site) -> None:
    """Take the data out of the pages, and drop what no page names."""
    folder = site.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    named: set[str] = set()
    for path, html in site.pages.items():
        site.pages[path], files = without_figures(html)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        named.update(_FILE.findall(site.pages[path]))
    for path in folder.glob("*.js"):
        if path.name not in named:
            path.unlink()
