"""From the chapters to the glossary and back, the search in both languages, the map."""

import pytest
from playwright.sync_api import Browser, Page


@pytest.mark.parametrize(
    ("query", "name", "anchor"),
    [
        ("梯度下降", "梯度下降", "term-gradient-descent"),
        ("训练集", "训练集", "term-training-set"),
        ("协变量", "特征（协变量）", "term-feature"),
        ("vanishing gradient", "vanishing gradient", "term-vanishing-gradient"),
    ],
)
def test_search_leads_to_the_entry(
    browser: Browser, base: str, query: str, name: str, anchor: str
) -> None:
    # Not the watched page: from the disk, Sphinx tries in vain to fetch summaries of what it finds.
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(base + "/search.html")
        field = page.locator("input[name=q]:visible").first
        field.fill(query)
        field.press("Enter")
        page.locator("#search-results a").get_by_text(name, exact=True).first.click()
        page.wait_for_url(f"**/book/glossary.html*#{anchor}")


def test_search_leads_to_the_section_that_has_the_words(page: Page, server: str) -> None:
    page.goto(server + "/search.html?q=sigmoid+logits+binary")
    hit = page.locator("#search-results a[href*='11_logistic_regression.html#']").first
    hit.click()
    page.wait_for_url("**/11_logistic_regression.html#*")
    section = page.locator(":target")
    text = section.text_content() or ""
    assert all(word in text.lower() for word in ("sigmoid", "logit", "binary"))
    assert len(text) < len(page.locator("article").text_content() or "") / 2


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("15.3", "15_softmax_classification.html#exercise-15-3"),
        ("Exercise 4.2", "04_gradient_descent.html#exercise-4-2"),
        ("vanishing gradient", "glossary.html#term-vanishing-gradient"),
        ("stack expects each tensor to be equal size", "errors.html#stack-expects-each-tensor"),
        ("Trying to backward through the graph", "errors.html#trying-to-backward-through"),
    ],
)
def test_what_is_called_so_comes_first(page: Page, server: str, query: str, place: str) -> None:
    page.goto(f"{server}/search.html?q={query}")
    assert place in (page.locator("#search-results a").first.get_attribute("href") or "")


@pytest.mark.parametrize(
    ("typed", "left"), [("沐", 0), ("梯度", 1), ("gradient desc", 1), ("dead ReLUs", 1)]
)
def test_the_glossary_can_be_filtered(page: Page, base: str, typed: str, left: int) -> None:
    page.goto(f"{base}/book/glossary.html")
    every = page.locator("dl.glossary dd").count()
    page.get_by_label("Filter").fill(typed)
    entries = page.locator("dl.glossary dt:visible")
    count = page.locator("dl.glossary dd:visible").count()
    assert (count > 0) == bool(left)
    assert count < every / 10
    assert page.locator(".glossary-filter output").text_content() == f"{count} of {every}"
    words = " ".join(entries.all_text_contents()).lower()
    assert (typed.lower().removesuffix("s") in words) == bool(left)


def test_what_is_folded_is_printed(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    assert page.locator("article details:not([open])").count() > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article details:not([open])").count() > 0


def test_a_bold_term_and_its_entry_lead_to_each_other(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/01_learning_from_data.html")
    term = page.locator("a.term", has_text="supervised learning")
    assert "none" in term.evaluate("(link) => getComputedStyle(link).textDecorationLine")
    term.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/glossary.html#term-supervised-learning")
    page.locator("dt#term-supervised-learning ~ dd a", has_text="Chapter 01").first.click()
    page.wait_for_url("**/01_learning_from_data.html#term-supervised-learning")


def test_the_map_is_read_and_used_on_a_phone(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{base}/book/map.html")
    size = "(text) => text.getBoundingClientRect().height / text.querySelectorAll('[x]').length"
    for box in page.locator("svg.chapter-map text").all():
        assert box.evaluate(size) >= 11
    page.locator("svg.chapter-map a", has_text="Walking").click()
    page.wait_for_url("**/notebooks/04_gradient_descent.html")
