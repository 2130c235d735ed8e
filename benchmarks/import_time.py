"""How long the package takes to import once torch is there, in a fresh process each time."""

import json
import subprocess
import sys

from benchmarks.rows import Bar, Row

MODULES = ("dlbook", "dlbook.training", "dlbook.plots", "dlbook.explorers", "dlbook.labs")
ROUNDS = 3
LIGHT = Bar("≤", 0.01)
TIME_IMPORTS = """
import json, sys, time
from importlib import import_module
start = time.perf_counter()
import torch
middle = time.perf_counter()
import_module(sys.argv[1])
print(json.dumps([middle - start, time.perf_counter() - middle]))
"""


def main() -> list[Row]:
    """How many times as long each module takes as torch before it, in the same process."""
    seconds(MODULES[-1])  # the first import reads the files from the disk
    rounds = [{module: seconds(module) for module in MODULES} for _ in range(ROUNDS)]
    torch = tuple(each["dlbook"][0] for each in rounds)
    ratios = {
        module: tuple(after / before for before, after in (each[module] for each in rounds))
        for module in MODULES
    }
    return [
        Row("import torch", "s", torch),
        *(
            Row(f"import {module}, after torch / import torch", "×", values, bar_of(module))
            for module, values in ratios.items()
        ),
    ]


def bar_of(module: str) -> Bar | None:
    """Return the bar: the package itself should be light, its rooms load what they need."""
    return LIGHT if module == "dlbook" else None


def seconds(module: str) -> tuple[float, float]:
    """Return how long torch takes to import, and a module after it."""
    command = [sys.executable, "-c", TIME_IMPORTS, module]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = json.loads(run.stdout)
    return before, after
