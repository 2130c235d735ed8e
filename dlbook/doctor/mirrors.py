"""The network: do the servers of the image sets answer?"""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from dlbook.doctor.asking import ask
from dlbook.doctor.commands import set_variable, unset_variable
from dlbook.doctor.finding import Finding
from dlbook.doctor.image_sets import image_sets
from dlbook.mirrors import ENVIRONMENT_VARIABLE, mirrors_of

TIMEOUT_SECONDS = 3.0
LIMIT = 3 * TIMEOUT_SECONDS  # looking up an address has no time-out of its own


def mirror_facts() -> dict[str, dict[str, str]]:
    """Of each image set and mirror, why it does not answer; an empty text if it does."""
    addresses = {
        images.title: {
            mirror: mirror + next(iter(images.files))
            for mirror in mirrors_of(images.title, images.mirrors)
        }
        for images in image_sets()
    }
    urls = sorted({url for mirrors in addresses.values() for url in mirrors.values()})
    with ThreadPoolExecutor(max(1, len(urls))) as pool:
        reasons = dict(zip(urls, pool.map(_reason, urls), strict=True))
    return {
        title: {mirror: reasons[url] for mirror, url in mirrors.items()}
        for title, mirrors in addresses.items()
    }


def _reason(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS):  # noqa: S310 — a web address
            return ""
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error))


def examine(limit: float) -> list[Finding]:
    """Whether each image set has a mirror that answers. Without a network the book works, too."""
    try:
        mirrors_of("", ())
    except ValueError as error:
        why = "Chapters that load images stop there."
        return [Finding("network", "broken", str(error), why, unset_variable(ENVIRONMENT_VARIABLE))]
    (answer,) = ask(mirror_facts, limit=min(limit, LIMIT))
    if answer.failure:
        return [_offline(f"the mirrors cannot be asked: {answer.failure}")]
    findings, silent = [], {}
    for title, mirrors in answer.value.items():
        if answering := [mirror for mirror, reason in mirrors.items() if not reason]:
            what = f"{title} can be fetched from {answering[0]}"
            findings.append(Finding("network", "ok", what))
        else:
            silent[title] = mirrors
    return findings + ([_offline(_told(silent))] if silent else [])


def _told(silent: dict[str, dict[str, str]]) -> str:
    reasons = (
        f"{mirror}: {reason}" for mirrors in silent.values() for mirror, reason in mirrors.items()
    )
    return f"no mirror of {' or '.join(silent)} answers. {'; '.join(reasons)}"


def _offline(what: str) -> Finding:
    why = (
        "The book works offline, on digits that come with scikit-learn. For the real sets, copy "
        "their .gz files from another machine; behind a proxy, name it."
    )
    return Finding("network", "note", what, why, set_variable("https_proxy", "http://HOST:PORT"))
