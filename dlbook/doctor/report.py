"""Findings as text for people, and as JSON for programs."""

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict

from dlbook.doctor.finding import Finding

WIDTH = 80
MARKS = {"ok": "[ok]", "note": "[note]", "broken": "[BROKEN]"}
INDENT = 9  # the longest mark and a space


def as_json(findings: Iterable[Finding]) -> str:
    """A list of objects with the keys topic, level, what, why and mend."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def as_text(findings: list[Finding]) -> str:
    """At most 80 columns, except for commands and paths: those must be copied whole."""
    levels = [finding.level for finding in findings]
    if broken := levels.count("broken"):
        last = f"{broken} broken. Mend the first one first, then run this again."
    else:
        last = "Nothing is broken."
    return "\n".join([*map(_paragraph, findings), "", last])


def _paragraph(finding: Finding) -> str:
    mark = MARKS[finding.level].ljust(INDENT)
    lines = [_wrapped(f"{finding.topic}: {finding.what}", first=mark)]
    if finding.why:
        lines.append(_wrapped(finding.why))
    lines += [f"{' ' * INDENT}-> {command}" for command in finding.mend.splitlines()]
    return "\n".join(lines)


def _wrapped(text: str, first: str = " " * INDENT) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
