"""``python -m benchmarks``: run all, print the ratios, and write them to _build/benchmarks.json."""

import json
import platform
from dataclasses import asdict
from pathlib import Path

import torch

from benchmarks import fit_overhead, input_pipeline, sweeps
from benchmarks.timing import Ratio
from dlbook.device import describe_device

RESULTS = Path(__file__).parents[1] / "_build" / "benchmarks.json"


def main() -> None:
    """Measure, show, and keep."""
    ratios = [*input_pipeline.main(), *fit_overhead.main(), *sweeps.main()]
    print(table(ratios))
    RESULTS.parent.mkdir(exist_ok=True)
    record = machine() | {"ratios": [asdict(ratio) for ratio in ratios]}
    RESULTS.write_text(json.dumps(record, indent=2, ensure_ascii=False), encoding="utf-8")
    print(f"Written to {'/'.join(RESULTS.parts[-2:])}.")


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "device": describe_device("cpu"),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def table(ratios: list[Ratio]) -> str:
    """A line per ratio: its median, its range over the rounds, and the bar."""
    width = max(len(ratio.name) for ratio in ratios)
    lines = [f"{'ratio of times':{width}}   median      min      max   bar"]
    for r in ratios:
        verdict = f"{r.bar:7} {'met' if r.met else 'missed'}"
        lines.append(f"{r.name:{width}} {r.median:8.2f} {r.low:8.2f} {r.high:8.2f}   {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
