"""How the built sample looks and behaves in a real browser, page type by page type (shared design: LOOK)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "portal home": "index.html",
    "units": "units.html",
    "site map": "site-map.html",
    "about": "about.html",
    "accessibility": "accessibility.html",
    "search": "search.html",
    "search results": "search.html?q=会见",
    "search without results": "jyglj/search.html?q=量子纠缠",
    "consultations": "consultations.html",
    "not found": "404.html",
    "portal list": "categories/policy.html",
    "portal year": "archive/2026.html",
    "unit home": "jyglj/index.html",
    "list": "sfj/notice/index.html",
    "year": "jyglj/archive/2026.html",
    "long item": "sfj/policy/sqjz-shishi-xize.html",
    "service item": "jyglj/service/huijian-xuzhi.html",
    "wide tables": "sfj/result/xxgk-nianbao-2025.html",
    "consultation": "sfj/decision/ggflfw-banfa-zhengqiu.html",
    "repealed": "sfj/policy/lvsuo-niandu-jiancha-2019.html",
    "short item": "hexi/notice/lvshi-jinshequ.html",
}
"""One page of every type."""

WIDTHS = (320, 390, 768, 1280)

A4_WIDTH = 595
"""Points."""

each_page = pytest.mark.parametrize("name", PAGES)


@contextmanager
def _opened(browser: Browser, url: str, *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    try:
        response = page.goto(url, wait_until="load")
        assert response is not None
        assert response.ok, url
        yield page
    finally:
        context.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Callable[..., Any]:
    """Open the page of a type, with the options of a browser context."""

    def opened(name: str, **options: Any) -> Any:
        return _opened(browser, address + quote(PAGES[name], safe="/?="), **options)

    return opened


def _violations(page: Page, rules: list[str]) -> list[str]:
    """What axe finds by these rules or sets of rules: rule and element."""
    found: list[str] = page.evaluate(
        """async rules => {
            const result = await axe.run(document, {runOnly: rules});
            return result.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`));
        }""",
        rules,
    )
    return found


OVERFLOWING = """() => {
    const wide = document.documentElement.clientWidth;
    const hides = element => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX);
    const scrolls = element => {
        for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
            if (hides(one)) return true;
        }
        return false;
    };
    return [...document.body.querySelectorAll('*')]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > wide + 0.5 && !scrolls(one))
        .map(one => one.tagName + '.' + one.className);
}"""
"""Elements that reach beyond the right edge, except in frames that scroll."""


LAYOUT_SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value; }))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 60);
})"""
"""Cumulative layout shift so far."""


@each_page
def test_page_fits_every_width(open_page: Callable[..., Any], name: str) -> None:
    """No page scrolls sideways from a small phone to a desk, nor with doubled text; only tables do, in their frame."""
    with open_page(name) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOWING) == [], f"{name} at {width} px"
        page.evaluate("document.documentElement.style.fontSize = '225%'")  # twice what base.css says
        for width in (640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOWING) == [], f"{name} at {width} px with text at 200 %"


OLD = "@supports not (inset: 0)"
"""Where the style sheets speak to browsers that are older than themselves."""

TOUCHING = """() => {
    const rows = [...document.body.querySelectorAll('*')].filter(one => getComputedStyle(one).display === 'flex');
    for (const row of rows) row.style.gap = '0';
    const text = element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
    };
    return rows.flatMap(row => {
        const parts = [...row.children].filter(one => one.checkVisibility() && one.textContent.trim());
        return parts.slice(1).flatMap((part, at) => {
            const [before, after] = [text(parts[at]), text(part)];
            const isBeside = after.top < before.bottom && after.left >= before.left;
            const touches = isBeside && after.left - before.right < 4;
            return touches ? [`${row.className}: ${part.textContent.slice(0, 20)}`] : [];
        });
    });
}"""
"""Neighbours in a row that run into each other in a browser that knows no gaps in such rows."""


@each_page
def test_words_stay_apart_in_an_old_browser(browser: Browser, address: str, sample: Path, name: str) -> None:
    """Old phones know flexible rows, but not their gaps: navigation and facts must not run into each other."""
    context = browser.new_context()
    page = context.new_page()

    def as_if_old(route: Route) -> None:
        style = (sample / route.request.url.removeprefix(address)).read_text(encoding="utf-8")
        assert OLD in style
        route.fulfill(body=style.replace(OLD, "@media all"), content_type="text/css")

    page.route("**/site.*.css", as_if_old)
    page.goto(address + quote(PAGES[name], safe="/?="), wait_until="networkidle")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOUCHING) == [], f"{name} at {width} px"
    context.close()


@each_page
def test_page_has_no_accessibility_violation(open_page: Callable[..., Any], axe: str, name: str) -> None:
    """axe finds nothing in WCAG 2.2 AA and its best practices, in both colour schemes, and on a phone."""
    with open_page(name, width=1280) as page:
        page.wait_for_load_state("networkidle")
        page.evaluate(axe)
        assert _violations(page, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]) == []
        page.emulate_media(color_scheme="dark")
        assert _violations(page, ["color-contrast"]) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert _violations(page, ["target-size", "color-contrast", "scrollable-region-focusable"]) == []


@each_page
def test_page_loads_only_its_own_files_and_does_not_jump(browser: Browser, address: str, name: str) -> None:
    """Nothing comes from elsewhere or is missing, the console stays empty, and nothing moves once it was shown."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    requested: list[str] = []
    failed: list[str] = []
    logged: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            logged.append(message.text)

    page.on("request", lambda request: requested.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.on("console", note)
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.goto(address + quote(PAGES[name], safe="/?="), wait_until="networkidle")
    shift = page.evaluate(LAYOUT_SHIFT)
    context.close()
    assert [url for url in requested if not url.startswith((address, "data:", "blob:"))] == []
    assert failed == []
    assert logged == []
    assert shift < 0.05


@each_page
def test_page_reads_without_javascript(open_page: Callable[..., Any], name: str) -> None:
    """Without scripts every page has its heading, its text and the way home."""
    with open_page(name, java_script_enabled=False) as page:
        assert page.locator("main h1").is_visible()
        assert page.locator("a.brand").is_visible()
        assert len(page.locator("main").inner_text()) > 20


def test_search_page_without_javascript_leads_to_every_list(open_page: Callable[..., Any]) -> None:
    """The search page explains itself and offers the categories and years instead."""
    with open_page("search", java_script_enabled=False) as page:
        assert page.locator(".banner-script").is_visible()
        assert page.locator("[data-search-fallback] a").count() >= 10


@each_page
def test_print_leaves_out_the_chrome(open_page: Callable[..., Any], name: str) -> None:
    """On paper there is the text, and neither header, navigation nor footer."""
    with open_page(name) as page:
        page.emulate_media(media="print")
        for part in (
            ".cluster-bar",
            ".site-search",
            ".site-nav",
            ".site-footer",
            ".breadcrumb",
            ".contents",
            ".neighbours",
            ".search-button",
            ".search-tools",
            ".search-filters",
        ):
            assert not any(one.is_visible() for one in page.locator(part).all()), part
        assert page.locator("main h1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_print_is_black_on_white(open_page: Callable[..., Any], scheme: str) -> None:
    """A unit's own colour stays on the screen, also where somebody prints what stands before them in the dark."""
    with open_page("service item", color_scheme=scheme) as page:
        page.emulate_media(media="print")
        edges = page.locator(".correction, .admonition").evaluate_all(
            "all => all.map(one => getComputedStyle(one).borderLeftColor)"
        )
        assert set(edges) == {"rgb(0, 0, 0)"}
        assert page.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(0, 0, 0)"


def test_what_is_folded_up_is_printed(open_page: Callable[..., Any]) -> None:
    """On paper nobody can unfold it; on the screen it stays as it is."""
    with open_page("service item") as page:
        page.evaluate(
            """() => {
                const folded = document.createElement('details');
                folded.innerHTML = '<summary>甲</summary><p>乙丙丁</p>';
                document.querySelector('.document').append(folded);
            }"""
        )
        text = page.locator(".document details p")
        assert not text.is_visible()
        page.emulate_media(media="print")
        assert text.is_visible()
        assert text.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})")


def test_images_have_a_light_ground_in_the_dark(open_page: Callable[..., Any]) -> None:
    """Black lines on a transparent ground would be lost, wherever in the document the image stands."""
    with open_page("service item", color_scheme="dark") as page:
        grounds = page.evaluate(
            """() => {
                const image = document.querySelector('.document img');
                const places = ['figure', 'li', 'td'].map(name => document.createElement(name));
                document.querySelector('.document').append(...places);
                places.forEach(place => place.append('x', image.cloneNode()));
                const all = [...document.querySelectorAll('.document img')];
                return all.map(one => getComputedStyle(one).backgroundColor);
            }"""
        )
    assert len(grounds) > 3
    assert set(grounds) == {"rgb(255, 255, 255)"}


def test_wide_table_is_whole_on_paper(open_page: Callable[..., Any]) -> None:
    """Nobody can scroll a sheet of paper: no column of a table stays behind its edge."""
    with open_page("wide tables") as page:
        page.locator(".document table").first.evaluate(
            """table => {
                const row = table.insertRow();
                for (let at = 10; at < 24; at++) row.insertCell().textContent = `987654${at}`;
            }"""
        )
        places = _places(page.pdf(format="A4"))
    assert 0 < places["98765423"] < A4_WIDTH - 40


def _places(paper: bytes) -> dict[str, float]:
    """How far from the left edge each piece of text begins, in points."""
    places: dict[str, float] = {}

    def note(text: str, matrix: list[float], own: list[float], *_: object) -> None:
        places[text.strip()] = matrix[4] + own[4] * matrix[0]

    for sheet in PdfReader(BytesIO(paper)).pages:
        sheet.extract_text(visitor_text=note)
    return places


def test_every_page_says_that_it_is_a_demonstration(sample: Path) -> None:
    """A reader of any page of the sample is told that nothing in it is real."""
    pages = sorted(sample.rglob("*.html"))
    assert len(pages) > 200
    assert [page.relative_to(sample) for page in pages if "均为虚构" not in page.read_text(encoding="utf-8")] == []


def test_keyboard_reaches_the_text_first(open_page: Callable[..., Any]) -> None:
    """The first press of Tab shows the way past the header, and Enter takes it."""
    with open_page("long item") as page:
        page.keyboard.press("Tab")
        link = page.locator(".skip-link")
        assert link.evaluate("one => one === document.activeElement")
        assert link.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "mt-main"


def test_unit_switcher_opens_by_keyboard(open_page: Callable[..., Any]) -> None:
    """Every unit can be reached from every page without a mouse."""
    with open_page("short item") as page:
        page.locator(".unit-switch summary").focus()
        page.keyboard.press("Enter")
        assert page.locator(".unit-switch-list a").first.is_visible()
        assert page.locator(".unit-switch-list a").count() >= 20


def test_contents_rail_stays_in_sight_on_a_desk(open_page: Callable[..., Any]) -> None:
    """Beside a long document its contents do not scroll away."""
    with open_page("long item") as page:
        page.evaluate("window.scrollTo({top: 4000, behavior: 'instant'})")
        assert page.locator(".contents").bounding_box()["y"] >= 0
        assert page.locator(".contents").bounding_box()["x"] > page.locator(".document").bounding_box()["x"] + 400


def test_lines_of_a_document_are_of_a_readable_length(open_page: Callable[..., Any]) -> None:
    """A line of a document has at most 40 Han."""
    with open_page("long item") as page:
        width, size = page.locator(".document").evaluate(
            "one => [one.getBoundingClientRect().width, parseFloat(getComputedStyle(one).fontSize)]"
        )
        assert 30 <= width / size <= 40.5


@pytest.mark.parametrize(
    ("name", "indent", "align"),
    [
        ("", "2em", "start"),
        ("caption", "0px", "center"),
        ("unit", "0px", "right"),
        ("noindent", "0px", "start"),
        ("salutation", "0px", "start"),
        ("signature", "0px", "right"),
        ("align-left", "2em", "start"),
        ("align-center", "0px", "center"),
        ("align-right", "0px", "right"),
        ("note", "0px", "start"),
    ],
)
def test_paragraphs_stand_as_their_style_says(
    open_page: Callable[..., Any], name: str, indent: str, align: str
) -> None:
    """The styles that editors are told of: a salutation is flush left, what is centred is not pushed aside."""
    with open_page("short item") as page:
        found = page.locator(".document").evaluate(
            """(one, name) => {
                const made = document.createElement("p");
                made.className = name;
                one.append(made);
                const style = getComputedStyle(made);
                return [style.textIndent, style.textAlign, parseFloat(style.fontSize)];
            }""",
            name,
        )
    assert found[:2] == [indent.replace("2em", f"{2 * found[2]:g}px"), align]


def test_item_page_is_light(sample: Path) -> None:
    """Page and style sheets of a 3,000-character document weigh at most 25 KB compressed."""
    page = sample / PAGES["long item"]
    html = page.read_text(encoding="utf-8")
    sheets = [page.parent / href for href in re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)]
    assert sheets
    weight = sum(len(gzip.compress(file.read_bytes(), 9)) for file in (page, *sheets))
    assert weight <= 25 * 1024
