"""How long a move of a slider takes until the picture has changed, in Chromium, from the disk."""

from pathlib import Path
from statistics import median, quantiles

from chromium import launched
from playwright.sync_api import Page

SITE = Path(__file__).parents[1] / "_build" / "html"
MOVES = 60
MEDIAN_BAR, P95_BAR = 16.0, 50.0  # milliseconds

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


def main() -> None:
    """Print a line for each control of each explorer of the book."""
    print(f"{'page, control':52} median ms  p95 ms   bars ≤ {MEDIAN_BAR:g} and ≤ {P95_BAR:g}")
    with launched() as browser:
        page = browser.new_page()
        for path in sorted(SITE.glob("notebooks/*.html")):
            if 'class="dlx"' in path.read_text(encoding="utf-8"):
                page.goto(path.as_uri())
                _measure(page, path.stem)


def _measure(page: Page, chapter: str) -> None:
    for root in page.locator(".dlx").all():
        root.scroll_into_view_if_needed()
        page.wait_for_function("(root) => 'drawn' in root.dataset", arg=root.element_handle())
        for control in root.locator(".dlx-control").all():
            field = control.locator("input, select")
            arguments = [root.element_handle(), field.element_handle(), MOVES]
            times = page.evaluate(TIME_MOVES, arguments)
            middle, slow = median(times), quantiles(times, n=20)[-1]
            verdict = "met" if middle <= MEDIAN_BAR and slow <= P95_BAR else "missed"
            name = f"{chapter}, {control.locator('label span').inner_text()}"
            print(f"{name:52} {middle:9.1f} {slow:7.1f}   {verdict}")


if __name__ == "__main__":
    main()
