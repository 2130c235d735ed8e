"""What a published book needs besides its pages: a page for wrong addresses, a card, a map."""

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, SITE
from PIL import Image
from playwright.sync_api import Browser, Response


def test_a_wrong_address_leads_back_into_the_book(browser: Browser, host: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{host}/notebooks/chapter/that/is/not.html")
        page.wait_for_load_state("networkidle")
        assert [answer.status for answer in answers if answer.status != 200] == [404]
        page.get_by_role("link", name="04 · Walking downhill").first.click()
        assert page.locator("article h1").inner_text().startswith("Walking downhill")


@pytest.mark.parametrize("path", PAGES)
def test_each_page_says_what_it_is_about(path: str) -> None:
    html = BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")
    about = {str(tag.get("name") or tag.get("property")): tag for tag in html.find_all("meta")}
    assert 40 < len(str(about["description"]["content"])) < 300
    assert str(about["og:url"]["content"]).endswith(path)
    assert str(about["og:image"]["content"]).endswith("/_static/card.png")


def test_the_card_has_the_size_that_previews_show() -> None:
    with Image.open(SITE / "_static" / "card.png") as card:
        assert card.size == (1200, 630)
