"""``python -m benchmarks [NAME …]``: measure, print, and keep the results for the book's page.

Each name is a module of this package, or one with ``@cuda`` for the same on a GPU. Without names
all are measured that can be here. What is measured replaces that part of the results alone.
With ``--dry`` before the names it is a rehearsal in small sizes on the CPU: nothing is kept.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import torch

from benchmarks import results
from benchmarks.rows import CannotMeasureError, Row, table

ON_DEVICES = ("input_pipeline", "fit", "recipes", "batch_sizes", "sweeps")
NAMES = (
    *ON_DEVICES,
    "d2l_trainer",
    "import_time",
    "notebook_times",
    "page_weight",
    "slider_latency",
    "page_training",
    "build_time",
)


def main(names: Sequence[str]) -> None:
    """Measure the named parts, or all."""
    dry = list(names[:1]) == ["--dry"]
    names = names[dry:]
    parts = list(ON_DEVICES) if dry else every_part()
    if unknown := [name for name in names if name not in parts]:
        sys.exit(f"expected names among {', '.join(parts)}; got {unknown[0]!r}")
    for part in names or parts:
        print(f"\n{part}", flush=True)
        try:
            rows = measure(part, dry=dry)
        except CannotMeasureError as error:
            print(f"skipped: {error}")
        else:
            print(table(rows), flush=True)
            if not dry:
                results.keep(part, rows, device_of(part))
    if not dry:
        print(f"\nThe results are in {'/'.join(results.RESULTS.parts[-2:])}.")


def every_part() -> list[str]:
    """Return the names of all that can be measured on this machine."""
    return [*NAMES, *(f"{name}@cuda" for name in ON_DEVICES if torch.cuda.is_available())]


def device_of(part: str) -> torch.device:
    """Return the device that a part's name asks for."""
    return torch.device(part.partition("@")[2] or "cpu")


def measure(part: str, *, dry: bool = False) -> list[Row]:
    """Run one benchmark."""
    name = part.partition("@")[0]
    run = import_module(f"benchmarks.{name}").main
    rows: list[Row] = run(device_of(part), dry=dry) if name in ON_DEVICES else run()
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
