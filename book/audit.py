"""Report what Lighthouse says of a built book, as read on a phone: ``audit.py FOLDER [RUNS]``.

A report, never a test: the performance that it measures depends on how busy the machine is.
Lighthouse comes from npm's registry into a folder beside the book; so do its full reports.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from serve import served

LIGHTHOUSE = "lighthouse@12.8.2"  # 13 needs Node 22
PAGES = (
    "index",
    "notebooks/04_gradient_descent",
    "notebooks/08_sgd",
    "notebooks/10_information",
    "notebooks/17_mnist",
)
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
RUNS = 5
CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"


def install(folder: Path) -> Path:
    """Install Lighthouse, which needs Node 18.20 or newer, and return the path of its command."""
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, LIGHTHOUSE],
        check=True,
    )
    return folder / "node_modules" / ".bin" / "lighthouse"


def scores(lighthouse: Path, address: str, report: Path) -> dict[str, int]:
    """Audit one page once, keep the full report, and return each category's score of 100."""
    subprocess.run(
        [
            lighthouse,
            address,
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={CHROMIUM_FLAGS}",
            "--no-enable-error-reporting",
            "--quiet",
        ],
        env=_environment(),
        check=True,
    )
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * categories[name]["score"]) for name in CATEGORIES}


def _environment() -> dict[str, str]:
    """Return the environment, in which Lighthouse finds the browser that the tests use."""
    chromium = os.environ.get("CHROMIUM")
    return {**os.environ, **({"CHROME_PATH": chromium} if chromium else {})}


def audited(site: Path, runs: int) -> pd.DataFrame:
    """Return a row of scores for each run on each page; the runs on a page are spread in time."""
    folder = site.parent / "audit"
    lighthouse = install(folder)
    # Lighthouse asks for a robots.txt, which a site below a prefix cannot have: no news.
    logging.getLogger("tornado.access").setLevel(logging.ERROR)

    def rows() -> Iterator[dict[str, str | int]]:
        with served(site) as address:
            for run in range(1, runs + 1):
                for page in PAGES:
                    report = folder / f"{Path(page).name}-{run}.json"
                    found = scores(lighthouse, f"{address}/{page}.html", report)
                    yield {"page": page, "run": run, **found}

    return pd.DataFrame(rows())


def main(site: Path, runs: int) -> None:
    """Print the medians of all pages, and write them with the single runs to scores.json."""
    table = audited(site, runs)
    medians = table.groupby("page")[CATEGORIES].median()
    target = site.parent / "audit" / "scores.json"
    summary = {
        "lighthouse": LIGHTHOUSE,
        "medians": medians.to_dict("index"),
        "runs": table.to_dict("records"),
    }
    target.write_text(json.dumps(summary, indent=2), encoding="utf-8")
    print(medians.to_string(float_format="{:.0f}".format))
    print(f"Medians of {runs} runs; these and the full reports are in {target.parent}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else RUNS)
    except FileNotFoundError as error:
        sys.exit(str(error))
