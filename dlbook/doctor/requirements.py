"""What is installed, held against what dlbook and its widgets ask for."""

import importlib.metadata
from typing import Any

from dlbook.doctor.asking import ask
from dlbook.doctor.commands import pip_install, reinstall
from dlbook.doctor.finding import Finding

EXAMINED = ("dlbook", "torchvision", "ipywidgets")


def requirement_facts() -> dict[str, list[dict[str, str]] | None]:
    """Of three distributions, the requirements that are not met; ``None`` if it is missing."""
    return {name: unmet(name) for name in EXAMINED}


def unmet(distribution: str) -> list[dict[str, str]] | None:
    """The runtime requirements of a distribution that are not met, with what is installed.

    Returns:
        Pairs of ``requirement`` and ``installed``, the latter empty for what is missing;
        ``None`` when the distribution itself is not installed.
    """
    try:
        lines = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    from packaging.requirements import Requirement

    found = []
    for requirement in map(Requirement, lines):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        installed = version_of(requirement.name)
        if not _meets(requirement, installed):
            wanted = f"{requirement.name}{requirement.specifier}"
            found.append({"requirement": wanted, "installed": installed})
    return found


def _meets(requirement: Any, installed: str) -> bool:
    from packaging.version import InvalidVersion

    try:
        return bool(installed) and requirement.specifier.contains(installed, prereleases=True)
    except InvalidVersion:
        return False


def version_of(distribution: str) -> str:
    """The version that is installed, or an empty text, also where pip's notes are damaged."""
    try:
        return importlib.metadata.version(distribution) or ""
    except (importlib.metadata.PackageNotFoundError, KeyError):
        return ""


def examine(limit: float) -> list[Finding]:
    """Whether the versions fit: of what dlbook needs, of torchvision's torch, of the widgets."""
    (answer,) = ask(requirement_facts, limit=limit)
    if answer.failure:
        what = f"the versions cannot be compared: {answer.failure}"
        if "No module named" in answer.failure:
            why, mend = "Matplotlib needs the same library, packaging.", pip_install("packaging")
        else:
            why, mend = (
                "What pip noted of a package is damaged.",
                reinstall("torchvision", "ipywidgets"),
            )
        return [Finding("requirements", "broken", what, why, mend)]
    facts: dict[str, Any] = answer.value
    return [
        _dlbook(facts["dlbook"]),
        *_torchvision(facts["torchvision"]),
        *_widgets(facts["ipywidgets"]),
    ]


def _dlbook(found: list[dict[str, str]] | None) -> Finding:
    if found is None:
        what = "dlbook is not installed; it runs from the current folder"
        why = "Notebooks run in a folder of their own and will not find it."
        return Finding("requirements", "note", what, why, pip_install("--editable", "."))
    if not found:
        return Finding("requirements", "ok", f"all that dlbook {version_of('dlbook')} asks for")
    why = "The book's code uses what these versions brought."
    mend = pip_install("--upgrade", *(line["requirement"] for line in found))
    return Finding("requirements", "broken", _list("dlbook", found), why, mend)


def _torchvision(found: list[dict[str, str]] | None) -> list[Finding]:
    unfit = [line for line in found or [] if line["requirement"].startswith("torch")]
    if not unfit:
        return []
    why = "Each torchvision is built for one torch. With another it may work, or fail later."
    mend = pip_install("--upgrade", "torch", "torchvision")
    return [Finding("torchvision", "note", _list("torchvision", unfit), why, mend)]


def _widgets(found: list[dict[str, str]] | None) -> list[Finding]:
    """ipywidgets is Python; what the browser shows comes from two packages of fitting versions."""
    if found is None:
        return []
    if found:
        why = "Instead of sliders you would read 'Error displaying widget'."
        mend = pip_install("--upgrade", "ipywidgets", "jupyterlab_widgets", "widgetsnbextension")
        return [Finding("widgets", "broken", _list("ipywidgets", found), why, mend)]
    ipywidgets, lab = version_of("ipywidgets"), version_of("jupyterlab")
    if ipywidgets.startswith("7.") and lab.startswith("4."):
        what = f"JupyterLab {lab} cannot show the widgets of ipywidgets {ipywidgets}"
        why = "Instead of sliders you would read 'Click to show javascript error'."
        return [Finding("widgets", "broken", what, why, pip_install("--upgrade", "ipywidgets>=8"))]
    return [Finding("widgets", "ok", f"ipywidgets {ipywidgets} and its part for the browser")]


def _list(distribution: str, found: list[dict[str, str]]) -> str:
    parts = (f"{line['requirement']}, here {line['installed'] or 'missing'}" for line in found)
    return f"{distribution} asks for " + "; ".join(parts)
