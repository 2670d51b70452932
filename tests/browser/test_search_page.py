"""The search box and the results page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

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


def settled(page: Page) -> None:
    """Wait until the results of the address are there."""
    page.wait_for_selector(".search-layout:not([aria-busy]) .search-result")


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press the key until the focus is on the element; by keyboard there is no other way."""
    for _ in range(120):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by {key}")


def selected(page: Page) -> str:
    return str(page.locator("[role=option][aria-selected=true]").get_attribute("data-href"))


def test_suggestions_are_chosen_with_the_arrow_keys(page: Page, address: str) -> None:
    """Type on a unit's page; arrows go through the list and back to the text, Escape closes, Enter goes there."""
    page.goto(f"{address}jyglj/index.html")
    tab_to(page, "#mt-q")
    page.keyboard.type("会见")
    page.wait_for_selector("[role=option]")
    options = page.locator("[role=option]")
    count = options.count()
    assert count > 2
    assert page.get_attribute("#mt-q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#mt-q", "aria-activedescendant") == options.nth(0).get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("#mt-q", "aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("#mt-q", "aria-activedescendant") == options.nth(count - 1).get_attribute("id")
    page.keyboard.press("Escape")
    assert page.locator(".search-suggestions:visible").count() == 0
    assert page.get_attribute("#mt-q", "aria-expanded") == "false"
    assert page.input_value("#mt-q") == "会见"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted, title = selected(page), options.nth(1).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(wanted)
    assert page.inner_text("h1") in title


def test_list_does_not_change_under_the_hands_of_somebody_who_chooses(page: Page, address: str) -> None:
    """Suggestions that come when somebody has begun to choose come too late: Enter goes where it says."""
    page.goto(f"{address}jyglj/index.html")
    page.focus("#mt-q")
    page.keyboard.type("会见")
    page.wait_for_selector("[role=option]")
    page.keyboard.type("通信")
    page.keyboard.press("ArrowDown")
    wanted = selected(page)
    page.wait_for_timeout(1500)
    assert selected(page) == wanted
    page.keyboard.press("Enter")
    page.wait_for_url(wanted)


def test_half_written_word_of_an_input_method_is_no_question(page: Page, address: str) -> None:
    """Pinyin on its way to Han asks for nothing and announces nothing; the Han that come of it do."""
    said = """() => {
        window.said = [];
        const status = document.querySelector('.site-search [role=status]');
        new MutationObserver(() => window.said.push(status.textContent)).observe(status, {childList: true});
    }"""
    page.goto(f"{address}jyglj/index.html")
    page.wait_for_selector(".site-search [role=status]", state="attached")
    page.evaluate(said)
    page.focus("#mt-q")
    keyboard = page.context.new_cdp_session(page)
    for part in ("h", "hui", "hui'jian"):
        keyboard.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
        page.wait_for_timeout(400)
    keyboard.send("Input.insertText", {"text": "会见"})
    page.wait_for_selector("[role=option]")
    announced = [text for text in page.evaluate("window.said") if text]
    assert announced == [f"有 {page.locator('[role=option]').count()} 条建议，用上下方向键选择"]
    keyboard.send("Input.imeSetComposition", {"text": "yu", "selectionStart": 2, "selectionEnd": 2})
    assert page.locator(".search-suggestions:visible").count() == 0


def test_words_typed_before_the_script_came_are_suggested_for(page: Page, address: str) -> None:
    """On a slow line the box is there before its script; what was typed meanwhile is not lost."""
    held: list[Route] = []
    page.route("**/search-box*.js", lambda route: held.append(route))
    page.goto(f"{address}jyglj/index.html", wait_until="commit")
    page.wait_for_selector("#mt-q")
    page.focus("#mt-q")
    page.keyboard.type("会见")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.wait_for_selector("[role=option]")
    assert "会见" in page.locator("[role=option]").first.inner_text()


def test_search_works_by_keyboard_alone(page: Page, address: str) -> None:
    """Ask on a unit's page, widen, page, filter, sort, reload, go back and forward, without a pointer."""
    page.goto(f"{address}jyglj/index.html")
    tab_to(page, "#mt-q")
    page.keyboard.type("办理申请会见")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jyglj/search.html?q=**")
    settled(page)
    assert page.locator(".search-suggestions:visible").count() == 0
    tab_to(page, ".search-scope a:last-child")
    page.keyboard.press("Enter")
    page.wait_for_url("**in=all**")
    settled(page)
    # The number of results has the focus, so that it is read out and Tab goes on into the results.
    page.wait_for_function("document.activeElement.matches('.search-status')")
    first = page.locator(".search-result-title").all_inner_texts()
    assert len(first) == 10
    tab_to(page, ".pagination-next a")
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    settled(page)
    second = page.locator(".search-result-title").all_inner_texts()
    assert second
    assert not set(first) & set(second)
    page.reload()
    settled(page)
    assert page.locator(".search-result-title").all_inner_texts() == second
    page.go_back()
    page.wait_for_url(lambda url: "page=2" not in url)
    settled(page)
    assert page.locator(".search-result-title").all_inner_texts() == first
    page.go_forward()
    page.wait_for_url("**page=2**")
    settled(page)
    assert page.locator(".search-result-title").all_inner_texts() == second
    tab_to(page, ".search-sort a:last-child")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=date**")
    settled(page)
    page.wait_for_function("document.activeElement.matches('.search-status')")
    tab_to(page, ".search-facet li:nth-child(2) a")
    label, held = page.evaluate(
        "[document.activeElement.textContent, document.activeElement.parentElement.querySelector('.count').textContent]"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=**")
    settled(page)
    assert f"找到 {held} 条信息" == page.inner_text(".search-status")
    assert set(page.locator(".search-result-meta span:nth-of-type(1)").all_inner_texts()) == {label}
    dates = page.locator(".search-result time").all_inner_texts()
    assert dates == sorted(dates, reverse=True)
    wanted = page.locator(".search-result-title").first.get_attribute("href")
    tab_to(page, ".search-result-title", "Shift+Tab")
    tab_to(page, ".search-result:first-child .search-result-title", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(str(wanted))


def test_number_of_the_page_is_told(page: Page, address: str) -> None:
    """Who does not see the page hears that it is another; the number of results is the same."""
    page.goto(f"{address}search.html?{urlencode({'q': '法律援助'})}")
    settled(page)
    first = page.inner_text(".search-status")
    page.click(".pagination-next a")
    page.wait_for_url("**page=2**")
    settled(page)
    page.wait_for_function("document.activeElement.matches('.search-status')")
    assert page.inner_text(".search-status") == f"{first}，第 2 页"


PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(document.domain)</script>',
    "javascript:alert(document.domain)",
    "<svg/onload=alert(1)>鹮鹮",
    "&lt;zqzq&gt;</p></main>",
]


@pytest.mark.parametrize("found", ["", "会见"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_query_stays_text(page: Page, address: str, payload: str, found: str) -> None:
    """Markup in a query is shown where the query is shown, and never obeyed, whether something is found or not."""
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    query = f"{found} {payload}".strip()
    page.goto(f"{address}search.html?{urlencode({'q': query})}")
    if found:
        settled(page)
    else:
        page.wait_for_selector(".search-message li")
        assert query in page.inner_text(".search-message")
    assert page.input_value("#mt-search-q") == query
    assert query in page.title()
    page.fill("#mt-search-q", query)
    page.wait_for_timeout(600)
    assert page.locator("main img, main svg, .search-app script, zqzq").count() == 0
    assert page.locator("form img, form svg, form script").count() == 0
    assert said == []


def test_gibberish_with_a_common_word_finds_nothing(page: Page, address: str) -> None:
    """One everyday digit out of a line that nothing else answers is no answer; what to try is said instead."""
    page.goto(f"{address}search.html?{urlencode({'q': 'qwzx fghjk vbnmp 1 ujhgt'})}")
    page.wait_for_selector(".search-message li")
    assert page.locator(".search-result:visible").count() == 0
    assert "没有找到" in page.inner_text(".search-message")


def test_lists_are_offered_where_nothing_is_found(page: Page, address: str) -> None:
    """Who finds nothing by words may look it up by category and year, and is told so; who finds something may not."""
    page.goto(f"{address}search.html?{urlencode({'q': '量子纠缠'})}")
    page.wait_for_selector(".search-message li")
    assert page.is_visible("[data-search-fallback] a >> nth=0")
    assert "类别和年份" in page.inner_text(".search-message")
    page.fill("#mt-search-q", "会见")
    page.press("#mt-search-q", "Enter")
    settled(page)
    assert not page.is_visible("[data-search-fallback]")


def test_advice_that_comes_late_does_not_speak_of_another_question(page: Page, address: str) -> None:
    """On a slow line the titles that might be meant come after the next question was asked."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search/results/**", hold)
    page.goto(f"{address}search.html?{urlencode({'q': '会见', 'year': '2019', 'sort': 'date'})}")
    page.wait_for_function("document.querySelector('.search-status')?.textContent.includes('0')")
    page.fill("#mt-search-q", "量子纠缠")
    page.press("#mt-search-q", "Enter")
    page.wait_for_selector(".search-message :text('量子纠缠')")
    assert held
    for route in held:
        route.continue_()
    page.wait_for_timeout(800)
    assert "量子纠缠" in page.inner_text(".search-message")


def test_filters_are_told_where_they_leave_nothing(page: Page, address: str) -> None:
    """What a filter hides is not said to be nowhere, and the filter can be taken away."""
    page.goto(f"{address}search.html?{urlencode({'q': '会见', 'year': '2019'})}")
    page.wait_for_selector(".search-message li")
    assert "所选的范围" in page.inner_text(".search-message")
    assert not page.is_visible("[data-search-fallback]")
    page.click(".search-message li a")
    page.wait_for_url(lambda url: "year=" not in url)
    settled(page)


def test_broken_index_shows_a_message_and_the_lists(page: Page, address: str) -> None:
    """Without its index the page says so and still offers the categories and years."""
    page.route("**/search/entry.json", lambda route: route.abort())
    page.goto(f"{address}search.html?q=%E4%BC%9A%E8%A7%81")
    page.wait_for_selector(".search-message button")
    assert page.is_visible("[data-search-fallback]")


def test_failure_is_said_instead_of_an_answer(page: Page, address: str) -> None:
    """When the line breaks, neither the results of the question before nor "nothing found" stand for an answer."""
    page.goto(f"{address}search.html?{urlencode({'q': '会见'})}")
    settled(page)
    page.route("**/search/**", lambda route: route.abort())
    page.fill("#mt-search-q", "公证收费")
    page.press("#mt-search-q", "Enter")
    page.wait_for_selector(".search-message button")
    assert page.locator(".search-result:visible, .search-filters:visible a").count() == 0
    assert "没有找到" not in page.inner_text("main")
    assert "不可用" in page.inner_text(".search-status")
    assert page.evaluate("document.activeElement.className") == "search-status"
    assert page.is_visible("[data-search-fallback]")
    page.unroute("**/search/**")
    page.click(".search-message button")
    settled(page)
    assert page.evaluate("document.activeElement.className") == "search-status"
    assert not page.is_visible("[data-search-fallback]")


@pytest.mark.parametrize(
    ("question", "lost"), [("会见", "results/**"), ("監獄會見", "folding-*"), ('"免费储物柜"', "text/**")]
)
def test_nothing_is_not_said_to_be_found_where_something_was_not_read(
    page: Page, address: str, question: str, lost: str
) -> None:
    """Neither "nothing found" nor a number without results stands for what the line has swallowed."""
    page.route(f"**/search/{lost}", lambda route: route.abort())
    page.goto(f"{address}search.html?{urlencode({'q': question})}")
    page.wait_for_selector(".search-message button")
    assert "不可用" in page.inner_text(".search-status")
    assert "没有找到" not in page.inner_text("main")
    page.unroute(f"**/search/{lost}")
    page.click(".search-message button")
    settled(page)


def test_slow_line_is_said_and_the_lists_are_offered(page: Page, address: str) -> None:
    """Who waits is told that it takes long, and may go on without; the answer still comes."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.clock.install()
    page.route("**/search/entry.json", hold)
    page.goto(f"{address}search.html?{urlencode({'q': '会见'})}")
    page.wait_for_function("document.querySelector('.search-status')?.textContent")
    assert not page.is_visible("[data-search-fallback]")
    page.clock.run_for(20_000)
    assert "慢" in page.inner_text(".search-status")
    assert page.is_visible("[data-search-fallback]")
    held[0].continue_()
    settled(page)
    assert not page.is_visible("[data-search-fallback]")


@pytest.mark.parametrize("script", ["search-page", "search-core"])
def test_page_says_why_it_does_not_answer_when_its_script_does_not_run(page: Page, address: str, script: str) -> None:
    """An old browser, or a line on which a script is lost: scripts are enabled, and yet nobody answers."""
    page.route(f"**/assets/{script}.*", lambda route: route.abort())
    page.goto(f"{address}search.html?{urlencode({'q': '会见'})}")
    page.wait_for_selector(".banner-script", timeout=8000)
    assert "脚本" in page.inner_text(".banner-script")
    assert page.is_visible("[data-search-fallback]")


def test_running_script_takes_its_apology_away(page: Page, address: str) -> None:
    """Where search works nothing says that it does not, neither before a question nor after."""
    page.goto(f"{address}search.html")
    page.wait_for_selector("[data-search-fallback][data-ready]")
    assert page.is_visible("[data-search-fallback]")
    assert not page.is_visible(".banner-script")


def test_page_of_results_beyond_the_last_shows_the_last(page: Page, address: str) -> None:
    """An address that was kept while the index held more leads to results, not to an empty list."""
    page.goto(f"{address}search.html?{urlencode({'q': '法律援助', 'page': 99})}")
    settled(page)
    last = page.locator(".pagination li:not(.pagination-previous)").last
    assert last.locator("[aria-current=page]").count() == 1
    assert "page=99" not in page.url


def test_same_question_again_is_no_step_to_go_back_over(page: Page, address: str) -> None:
    """Enter pressed twice makes one entry of the history, and the window is called what it shows."""
    page.goto(f"{address}search.html")
    name = page.title()
    page.fill("#mt-search-q", "会见")
    page.press("#mt-search-q", "Enter")
    settled(page)
    page.press("#mt-search-q", "Enter")
    settled(page)
    assert page.title().startswith("会见")
    page.go_back()
    page.wait_for_selector("[data-search-fallback]:visible")
    assert page.title() == name


def test_way_past_the_header_asks_nothing_anew(page: Page, address: str) -> None:
    """A link to a place of the page changes what browsers call the history, but not the question."""
    page.goto(f"{address}search.html?{urlencode({'q': '会见'})}")
    settled(page)
    page.evaluate("window.first = document.querySelector('.search-result')")
    tab_to(page, ".skip-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**#mt-main")
    page.wait_for_timeout(500)
    assert page.evaluate("window.first.isConnected")
    page.go_back()
    page.wait_for_timeout(500)
    assert page.evaluate("window.first.isConnected")


def test_chosen_filter_is_in_sight(page: Page, address: str) -> None:
    """A value that stands among the rarer ones is not hidden behind "more" while it narrows the results."""
    page.goto(f"{address}search.html?{urlencode({'q': '法律'})}")
    settled(page)
    rarer = page.locator(".search-facet details a").last
    chosen = rarer.text_content()
    page.locator(".search-facet details").last.locator("summary").click()
    rarer.click()
    page.wait_for_selector("main [aria-busy]", state="detached")
    current = page.locator(".search-facet details [aria-current=true]")
    assert current.text_content() == chosen
    assert current.is_visible()


def test_filters_are_told_above_the_results(browser: Browser, address: str) -> None:
    """On a phone the filters stand below the results; above them is told, and taken back, what is left out."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}search.html?{urlencode({'q': '会见', 'category': 'policy', 'year': '2026'})}")
    settled(page)
    chosen = page.locator(".search-chosen a")
    assert chosen.all_text_contents() == ["去掉筛选条件：政策文件 ×", "去掉筛选条件：2026 ×"]
    page.fill("#mt-search-q", "社区矫正")
    page.press("#mt-search-q", "Enter")
    page.wait_for_url("**category=policy**")
    settled(page)
    assert page.get_by_role("link", name=re.compile("去掉筛选条件.*政策文件")).bounding_box()["y"] < 800
    chosen.first.click()
    page.wait_for_url(lambda url: "category=" not in url and "year=2026" in url)
    settled(page)
    assert chosen.all_text_contents() == ["去掉筛选条件：2026 ×"]
    chosen.first.click()
    page.wait_for_url(lambda url: "year=" not in url)
    settled(page)
    assert not page.locator(".search-chosen").is_visible()
    context.close()


def test_chosen_category_offers_those_under_it(page: Page, address: str) -> None:
    """Choose a category, then one under it; choosing the latter again leads back to the former."""

    def as_if_under(route: Route) -> None:
        entry = route.fetch().json()
        entry["categories"] = [[id, name, "policy" * (id == "interpretation")] for id, name, *_ in entry["categories"]]
        route.fulfill(json=entry)

    page.route("**/search/entry.json", as_if_under)
    page.goto(f"{address}search.html?{urlencode({'q': '管理办法'})}")
    settled(page)
    facet = page.locator(".search-facet:has(h2:text('类别'))")
    above, under = facet.get_by_text("政策文件", exact=True), facet.get_by_text("政策解读", exact=True)
    assert under.count() == 0
    both = facet.locator("li", has_text="政策文件").locator(".count").inner_text()
    above.click()
    page.wait_for_url("**category=policy**")
    under.wait_for()
    settled(page)
    assert page.inner_text(".search-status") == f"找到 {both} 条信息"
    assert under.bounding_box()["x"] > above.bounding_box()["x"]
    under.click()
    page.wait_for_url("**category=interpretation**")
    settled(page)
    assert under.get_attribute("aria-current") == "true"
    page.reload()
    settled(page)
    under.click()
    page.wait_for_url("**category=policy**")


def test_going_back_from_a_result_leads_to_where_it_was_found(browser: Browser, address: str) -> None:
    """On a slow line the results come after the browser has looked for the place where the reader was."""
    context = browser.new_context(viewport={"width": 390, "height": 600})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{address}search.html?{urlencode({'q': '法律援助'})}")
    settled(page)
    page.evaluate("scrollTo(0, 1500)")
    place = page.evaluate("scrollY")
    assert place > 1000
    page.evaluate("document.querySelectorAll('.search-result-title')[7].click()")
    page.wait_for_url(lambda url: "search.html" not in url)
    page.wait_for_load_state()
    page.go_back()
    settled(page)
    page.wait_for_function("place => Math.abs(scrollY - place) < 5", arg=place, timeout=5000)
    context.close()


def test_apology_waits_in_a_browser_that_cannot_tell_whether_scripts_are_enabled(
    page: Page, address: str, sample: Path
) -> None:
    """Browsers of before 2023 do not know ``scripting``: the apology must not flash up before their script has come."""

    def as_if_old(route: Route) -> None:
        style = (sample / route.request.url.removeprefix(address)).read_text(encoding="utf-8")
        route.fulfill(body=style.replace("(scripting:", "(unknown:"), content_type="text/css")

    page.route("**/site.*.css", as_if_old)
    page.route("**/assets/search-page.*", lambda route: route.abort())
    page.goto(f"{address}search.html")
    height = "document.querySelector('.banner-script').offsetHeight"
    assert page.evaluate(height) == 0
    assert page.is_visible("[data-search-fallback] a >> nth=0")
    page.wait_for_function(f"{height} > 40", timeout=8000)


@pytest.mark.parametrize(("path", "box"), [("search.html", "#mt-search-q"), ("index.html", "#mt-hero-q")])
def test_suggestions_stand_under_their_box(page: Page, address: str, path: str, box: str) -> None:
    """Wherever the box is on the page, also where its form holds more than the box."""
    page.goto(address + path)
    page.locator(box).press_sequentially("法律")
    page.wait_for_selector("[role=option]")
    field = page.locator(box).bounding_box()
    suggestions = page.locator(".search-suggestions:visible").bounding_box()
    assert field is not None
    assert suggestions is not None
    assert 0 <= suggestions["y"] - (field["y"] + field["height"]) < 10
    assert suggestions["x"] == field["x"]


def test_chosen_suggestion_can_be_told_in_high_contrast(page: Page, address: str) -> None:
    """Where the reader's own colours replace ours, what is chosen has an outline."""
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}search.html")
    page.locator("#mt-search-q").press_sequentially("法律")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    outlines = page.locator("[role=option]").evaluate_all("all => all.map(one => getComputedStyle(one).outlineStyle)")
    assert outlines[0] == "solid"
    assert set(outlines[1:]) == {"none"}


@pytest.mark.parametrize("path", ["search.html", "sfj/search.html"])
def test_name_of_a_unit_leads_to_its_site(page: Page, address: str, path: str) -> None:
    """Who asks for a unit wants its address and telephone, which stand on its site and in no document."""
    page.goto(f"{address}{path}?{urlencode({'q': '静海区 司法局电话'})}")
    link = page.locator(".search-sites a")
    link.wait_for()
    assert link.all_inner_texts() == ["静海区司法局"]
    page.fill("#mt-search-q", "公证")
    page.press("#mt-search-q", "Enter")
    page.wait_for_url("**q=%E5%85%AC**")
    settled(page)
    assert not link.is_visible()
    page.go_back()
    link.click()
    page.wait_for_url("**/jinghai/index.html")
