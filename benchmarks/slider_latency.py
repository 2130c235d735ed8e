"""How long a move of a slider takes until the picture has changed, in Chromium, from the disk."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from chromium import launched
from playwright.sync_api import Page

from benchmarks.results import ROOT
from benchmarks.rows import Bar, CannotMeasureError, Row

SITE = ROOT / "_build" / "html"
ROUNDS, MOVES = 3, 20
MEDIAN_BAR, P95_BAR = Bar("≤", 16, of="all"), Bar("≤", 50, of="all")

# From the input event to the frame after Vega has drawn.
TIME_MOVES = """async ([root, input, moves]) => {
    const times = [];
    for (let i = 0; i < moves; i++) {
        const shown = new Promise((done) => root.addEventListener("dlx-shown", done, {once: true}));
        const began = performance.now();
        const count = input.options ? input.options.length : Number(input.max) + 1;
        input.value = String((Number(input.value) + 1) % count);
        input.dispatchEvent(new Event("input", {bubbles: true}));
        await shown;
        times.push(performance.now() - began);
        await new Promise(requestAnimationFrame);
    }
    return times;
}"""


def main() -> list[Row]:
    """The medians and the 95th percentiles of all controls of all explorers."""
    times: dict[str, list[float]] = defaultdict(list)
    paths = pages_with_explorers()
    with launched() as browser:
        page = browser.new_page()
        # In rounds, so that a moment in which the machine is slow spoils no control's median.
        for _ in range(ROUNDS):
            for path in paths:
                for name, moves in measure(page, path):
                    times[name] += moves
    medians = {name: median(moves) for name, moves in times.items()}
    slow = {name: quantiles(moves, n=20)[-1] for name, moves in times.items()}
    return [
        row("median of a control's moves", medians, MEDIAN_BAR),
        row("19 of 20 moves of a control", slow, P95_BAR),
    ]


def row(name: str, milliseconds: dict[str, float], bar: Bar) -> Row:
    """Return a value for each control; the note names the slowest."""
    slowest = max(milliseconds, key=milliseconds.__getitem__)
    note = f"{len(milliseconds)} controls, the slowest: {slowest}"
    return Row(name, "ms", tuple(milliseconds.values()), bar, note)


def pages_with_explorers() -> list[Path]:
    """Return the chapters' pages that hold an explorer.

    Raises:
        CannotMeasureError: there is no such page.
    """
    found = [
        path
        for path in sorted(SITE.glob("notebooks/*.html"))
        if 'class="dlx"' in path.read_text(encoding="utf-8")
    ]
    if not found:
        raise CannotMeasureError("there is no book in _build/html; run `make book` first")
    return found


def measure(page: Page, path: Path) -> Iterator[tuple[str, list[float]]]:
    """Yield each control of a page and what its moves take, in milliseconds."""
    page.goto(path.as_uri())
    for number, root in enumerate(page.locator(".dlx").all(), start=1):
        root.scroll_into_view_if_needed()
        page.wait_for_function("(root) => 'drawn' in root.dataset", arg=root.element_handle())
        for control in root.locator(".dlx-control").all():
            field = control.locator("input, select")
            arguments = [root.element_handle(), field.element_handle(), MOVES]
            label = control.locator("label span").inner_text()
            yield f"{path.stem[:2]}, figure {number}, {label}", page.evaluate(TIME_MOVES, arguments)
