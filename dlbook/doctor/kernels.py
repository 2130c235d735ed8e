"""Jupyter's kernels: which environment each starts, and whether the book runs there."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dlbook.doctor.asking import ask
from dlbook.doctor.commands import command, pip_install, python
from dlbook.doctor.finding import Finding
from dlbook.doctor.home import home
from dlbook.doctor.processes import LONGEST_LINE, run

# Run by the kernel's Python, which may be older than ours. A kernel starts in the folder of the
# notebook, so what lies in the current folder must not count.
LOOK = """
import importlib.util, sys
found = lambda name: importlib.util.find_spec(name) is not None
sys.path = [folder for folder in sys.path if folder]
print("missing:", *[name for name in %r if not found(name)])
"""
ANSWER = re.compile(r"^missing:(.*)$", re.MULTILINE)
NEEDED = ("ipykernel", "torch", "dlbook")
BARE = re.compile(r"python(\d+(\.\d+)?)?(\.exe)?")  # Jupyter puts its own Python in its place


def kernel_facts() -> dict[str, dict[str, Any]]:
    """Of each kernel for Python: the command and the variables it starts with, or an error."""
    from jupyter_client.kernelspec import KernelSpecManager

    manager = KernelSpecManager()
    facts = {name: _facts(manager, name) for name in sorted(manager.find_kernel_specs())}
    return {name: fact for name, fact in facts.items() if fact["language"] == "python"}


def _facts(manager: Any, name: str) -> dict[str, Any]:
    """What ``kernel.json`` says. Jupyter leaves out silently what it cannot read."""
    try:
        spec = manager.get_kernel_spec(name)
        argv, variables = spec.argv, spec.env
        if not argv or not all(isinstance(word, str) for word in (*argv, *variables.values())):
            raise TypeError(f"argv and env should hold texts, got {argv} and {variables}")
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        return {"language": "python", "error": said.partition("\n")[0][:LONGEST_LINE]}
    return {"language": spec.language, "argv": argv, "env": variables}


def examine(limit: float) -> list[Finding]:
    """Whether a kernel starts an environment that holds the book's code."""
    (answer,) = ask(kernel_facts, limit=limit, home=home())
    if "No module named 'jupyter_client'" in answer.failure:
        return [_none("Jupyter knows no kernel here: neither it nor ipykernel is installed")]
    if answer.failure:
        what = f"Jupyter cannot list its kernels: {answer.failure}"
        why = "So it cannot start one, and no notebook runs."
        mend = pip_install("--upgrade", "--force-reinstall", "jupyter_client", "ipykernel")
        return [Finding("kernel", "broken", what, why, mend)]
    if not answer.value:
        return [_none("Jupyter knows no kernel for Python")]
    findings = [_examine_one(name, spec, limit) for name, spec in answer.value.items()]
    return findings + list(_all_incomplete(findings))


def _examine_one(name: str, spec: dict[str, Any], limit: float) -> Finding:
    if "error" in spec:
        what = f"{name} has a kernel.json that cannot be used: {spec['error']}"
        return Finding("kernel", "broken", what, "Jupyter does not offer it.", _remove(name))
    first = spec["argv"][0]
    interpreter = sys.executable if BARE.fullmatch(first) else shutil.which(first)
    if interpreter is None:
        what = f"{name} starts {first}, which is not there"
        why = "Its environment was removed or moved. Jupyter still offers it, and it cannot start."
        return Finding("kernel", "broken", what, why, _remove(name))
    if not Path(interpreter).name.lower().startswith("python"):
        return Finding("kernel", "ok", f"{name} starts {first}; not examined further")
    finished = run([interpreter, "-c", LOOK % (NEEDED,)], limit, spec["env"])
    said = ANSWER.search(finished.out)
    if finished.status != 0 or said is None:
        how = finished.failure if finished.status else "it answers with other words"
        what = f"{name}: its Python does not run: {how}"
        return Finding("kernel", "broken", what, "It cannot start.", _remove(name))
    return _judge(name, interpreter, said[1].split())


def _judge(name: str, interpreter: str, missing: list[str]) -> Finding:
    if not missing:
        return Finding("kernel", "ok", f"{name} starts {interpreter}")
    what = f"{name} starts {interpreter}, which lacks {' and '.join(missing)}"
    if "ipykernel" in missing:
        why = "Without ipykernel a kernel dies as soon as it is started."
        return Finding(
            "kernel", "broken", what, why, pip_install("ipykernel", interpreter=interpreter)
        )
    why = "The chapters fail there. Choose another kernel for them, in Jupyter's menu Kernel."
    return Finding("kernel", "note", what, why, _register())


def _all_incomplete(findings: list[Finding]) -> Iterator[Finding]:
    if not any(finding.level == "ok" for finding in findings):
        yield _none("no kernel has the book's code")


def _none(what: str) -> Finding:
    why = "Without a kernel no notebook runs. Make one of this environment."
    mend = f"{pip_install('ipykernel')}\n{_register()}"
    return Finding("kernel", "broken", what, why, mend)


def _remove(name: str) -> str:
    return command(python(), "-m", "jupyter", "kernelspec", "remove", name)


def _register() -> str:
    return command(python(), "-m", "ipykernel", "install", "--user", "--name", "dlbook")
