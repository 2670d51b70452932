"""The search box and the results page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def test_question_from_a_units_box_is_answered_filtered_and_kept(page: Page, address: str) -> None:
    """Type on a unit's page, see highlights, widen, filter, sort, reload, go back: the address says it all."""
    page.goto(f"{address}jyglj/index.html")
    page.fill("#mt-q", "监狱会见")
    page.press("#mt-q", "Enter")
    page.wait_for_selector(".search-snippet mark")
    assert "找到" in page.inner_text(".search-status")
    page.click(".search-scope a >> nth=1")
    page.wait_for_url("**in=all**")
    page.wait_for_selector("main [aria-busy]", state="detached")
    page.click(".search-facet:has(h2:text('类别')) a >> nth=1")
    page.wait_for_url("**category=**")
    page.click(".search-sort a >> nth=1")
    page.wait_for_url("**sort=date**")
    page.wait_for_selector("main [aria-busy]", state="detached")
    dates = page.locator(".search-result time").all_inner_texts()
    assert dates == sorted(dates, reverse=True) != []
    kept = page.url
    page.reload()
    page.wait_for_selector(".search-result")
    assert page.url == kept
    assert page.locator(".search-result time").all_inner_texts() == dates
    page.go_back()
    page.wait_for_url(lambda url: "sort=date" not in url and "category=" in url)


def test_nothing_found_says_what_to_try_and_markup_stays_text(page: Page, address: str) -> None:
    """A query that finds nothing gets advice; markup in it is shown, never obeyed."""
    page.goto(f"{address}search.html?q=%3Czqzq%3E%E9%B9%AE%E9%B9%AE")
    page.wait_for_selector(".search-message li")
    assert "<zqzq>" in page.inner_text(".search-message")
    assert page.locator(".search-app zqzq").count() == 0


def test_broken_index_shows_a_message_and_the_lists(page: Page, address: str) -> None:
    """Without its index the page says so and still offers the categories and years."""
    page.route("**/search/entry.json", lambda route: route.abort())
    page.goto(f"{address}search.html?q=%E4%BC%9A%E8%A7%81")
    page.wait_for_selector(".search-message button")
    assert page.is_visible("[data-search-fallback]")
