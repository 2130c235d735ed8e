"""Compare every notebook again and again: ``soak.py SEED NOTEBOOK...``.

Each pass runs with its own hash seed, in its own order, and with one thread or two. What passes
once may still hang on one of these. The same seed gives the same passes.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

ROUNDS = 3
THREADS = (1, 2)
_LARGEST_HASH_SEED = 4_294_967_295
_COMPARE = ("-m", "pytest", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=300")


@dataclass(frozen=True)
class Pass:
    """One pass over all notebooks, and the circumstances in which it runs."""

    threads: int
    hash_seed: int
    notebooks: tuple[str, ...]

    def succeeds(self) -> bool:
        """Run it; pytest says what differs."""
        circumstances = {
            "OMP_NUM_THREADS": str(self.threads),
            "PYTHONHASHSEED": str(self.hash_seed),
        }
        command = [sys.executable, *_COMPARE, *self.notebooks]
        return subprocess.run(command, env=os.environ | circumstances, check=False).returncode == 0

    def __str__(self) -> str:
        return (
            f"OMP_NUM_THREADS={self.threads} PYTHONHASHSEED={self.hash_seed} "
            f"in the order {' '.join(self.notebooks)}"
        )


def passes(seed: int, notebooks: list[str], rounds: int = ROUNDS) -> Iterator[Pass]:
    """Yield the passes of all rounds; the same seed gives the same ones."""
    chance = random.Random(seed)
    for _ in range(rounds):
        for threads in THREADS:
            order = chance.sample(notebooks, len(notebooks))
            yield Pass(threads, chance.randint(1, _LARGEST_HASH_SEED), tuple(order))


def main(seed: int, notebooks: list[str], rounds: int = ROUNDS) -> int:
    """Run every pass, also after one that failed, and return the exit status."""
    failed = []
    for number, one in enumerate(passes(seed, notebooks, rounds), start=1):
        place = f"pass {number} of {rounds * len(THREADS)}"
        print(f"{place}, seed {seed}: {one}", flush=True)  # noqa: T201
        if not one.succeeds():
            failed.append(one)
    for one in failed:
        print(f"failed: {one}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
