"""The policy of a page names the scripts that stand on it, and no others."""

import hashlib
from base64 import b64encode

import pytest
from sphinx.errors import ExtensionError
from textbook.finishing.content_policy import policy, with_policy

SCRIPT = '\n  "use strict";\n  document.title = "a < b && c";\n'


def hashed(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def scripts_of(html: str) -> str:
    return next(part for part in policy(html).split("; ") if part.startswith("script-src"))


def test_an_inline_script_is_named_by_its_hash_once() -> None:
    html = f"<script>{SCRIPT}</script><p>x</p><script>{SCRIPT}</script>"
    assert scripts_of(html) == f"script-src 'self' {hashed(SCRIPT)}"


def test_nothing_comes_from_elsewhere_and_nothing_is_evaluated() -> None:
    rules = dict(part.split(" ", 1) for part in policy("<p>a page</p>").split("; "))
    assert (rules["object-src"], rules["base-uri"]) == ("'none'", "'none'")
    sources = {source for rule in rules.values() for source in rule.split()}
    assert sources == {"'self'", "'none'", "'unsafe-inline'", "data:", "file:"}
    assert rules["script-src"] == rules["default-src"] == "'self'"
    assert rules["form-action"] == "'self' file:"  # a search from the disk, in Firefox


@pytest.mark.parametrize(
    "html",
    [
        "<p>no script</p>",
        '<script src="file.js"></script>',
        '<script type="application/json">{"a": 1}</script>',
        "<p>&lt;script&gt;x&lt;/script&gt;</p>",
    ],
)
def test_files_and_data_need_no_hash(html: str) -> None:
    assert scripts_of(html) == "script-src 'self'"


def test_a_policy_is_written_once() -> None:
    html = '<head>\n    <meta charset="utf-8" /></head><script>1</script>'
    once = with_policy(html)
    assert hashed("1") in once
    assert with_policy(once) == once
    changed = with_policy(once.replace(">1<", ">2<"))
    assert hashed("2") in changed
    assert hashed("1") not in changed


def test_a_page_that_does_not_say_its_character_set_is_refused() -> None:
    with pytest.raises(ExtensionError, match="content_policy: a page has no <meta charset"):
        with_policy("<html><body></body></html>")
