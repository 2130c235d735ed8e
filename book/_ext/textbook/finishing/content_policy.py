"""A content security policy on every page: its own scripts run, and no others.

A page may load files of the book alone. Of inline scripts only those run that stood on the page
when it was built: the policy names their hashes. Nothing is evaluated from text.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser

from sphinx.errors import ExtensionError

from textbook.finishing.site import Site

_CHARSET = '<meta charset="utf-8" />'  # browsers look for it in the first kilobyte
_WRITTEN = re.compile(r'\n *<meta http-equiv="Content-Security-Policy" content="[^"]*" />')
_JAVASCRIPT = {"", "text/javascript", "module"}  # other scripts hold data


class _InlineScripts(HTMLParser):
    """Collects the texts of the inline scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a text where an inline script begins."""
        attributes = dict(attrs)
        of_javascript = (attributes.get("type") or "") in _JAVASCRIPT
        self._inside = tag == "script" and "src" not in attributes and of_javascript
        if self._inside:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        """Add to the script's text, which may come in pieces."""
        if self._inside:
            self.texts[-1] += data

    def handle_endtag(self, _tag: str) -> None:
        """End the script's text."""
        self._inside = False


def policy(html: str) -> str:
    """Return the policy of a page, with the hashes of its inline scripts."""
    scripts = _InlineScripts()
    scripts.feed(html)
    hashes = " ".join(sorted({_source(text) for text in scripts.texts}))
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self' file:",  # a page on the disk is no self to Firefox
        ]
    )


def _source(script: str) -> str:
    """Return how a policy names an inline script."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def with_policy(html: str) -> str:
    """Return a page with its policy at the beginning, in the place of an earlier one.

    Raises:
        ExtensionError: the page does not say its character set, where the policy belongs.
    """
    if _CHARSET not in html:
        raise ExtensionError(f"content_policy: a page has no {_CHARSET}: {html[:200]}")
    html = _WRITTEN.sub("", html)
    tag = f'\n    <meta http-equiv="Content-Security-Policy" content="{policy(html)}" />'
    return html.replace(_CHARSET, _CHARSET + tag, 1)


def write(site: Site) -> None:
    """Write the policy into each page that is not finished yet."""
    for path, html in site.pages.items():
        if site.has_changed(path) or not _WRITTEN.search(html):
            site.pages[path] = with_policy(html)
