"""The pages of a small cluster, whole, as they were last looked at.

``UPDATE_GOLDEN=1`` writes them anew: look at the difference before you commit it.
Hashes in the names of static files are left out, so that styles may change.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.clearance.evidence import Evidence
from generator.clearance.gate import screen
from generator.content.definitions import load_cluster
from generator.content.item import parse_item
from generator.content.source import scan
from generator.model import Cluster, ItemBody, ItemFacts, Tombstone
from generator.render.markdown import convert
from generator.render.pages import plan_pages
from generator.render.renderer import Renderer
from generator.render.theme import load_theme
from generator.site.catalogue import assemble
from generator.site.links import resolve
from tests.conftest import UPDATE_GOLDEN
from tests.site_support import THEMES

CASE = Path(__file__).resolve().parents[2] / "golden" / "small"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEPT = (
    "index.html",
    "404.html",
    "feed.xml",
    "sitemap.xml",
    "robots.txt",
    "categories/policy.html",
    "jia/index.html",
    "jia/catalogue.json",
    "jia/old/huijian.html",
    "jia/archive/2026.html",
    "jia/policy/index.html",
    "jia/policy/huijian.html",
    "jia/policy/chehui.html",
    "jia/interpretation/jiedu.html",
    "yi/search.html",
    "yi/sitemap.xml",
    "yi/notice/gonggao.html",
)
"""One of each kind; of all others only the name is compared."""


def _learn(cluster: Cluster) -> tuple[list[ItemFacts], dict[str, ItemBody]]:
    facts, bodies = [], {}
    for source in scan(CASE / "content", cluster).items:
        parsed = parse_item(source, (CASE / "content" / source.path).read_bytes(), cluster)
        assert not parsed.diagnostics
        made = convert(parsed.body, item_id=parsed.id, path=parsed.path, first_line=parsed.body_line)
        anchors = " ".join(heading.id for heading in made.headings)
        item = parsed.item
        assert item is not None
        summary = item.summary or made.blocks[0].text
        facts.append(
            ItemFacts(id=parsed.id, path=parsed.path, item=item, links=made.links, anchors=anchors, summary=summary)
        )
        bodies[parsed.id] = ItemBody(html=made.html, headings=made.headings, blocks=made.blocks)
    return facts, bodies


def _build() -> dict[str, str]:
    cluster = load_cluster(CASE / "sites")
    facts, bodies = _learn(cluster)
    stone = Tombstone(
        id="jia/policy/chehui", unit="jia", category="policy", withdrawn_on=date(2026, 6, 7), reason="决定被依法撤销。"
    )
    catalogue = assemble(cluster, screen(facts, Evidence(), cluster, now=NOW).cleared, [stone], NOW)
    theme = load_theme(THEMES, cluster)
    renderer = Renderer(theme, cluster)
    resolution = resolve(catalogue, {one.id for one in facts})
    pages = plan_pages(catalogue, resolution, theme)
    written = {page.path: renderer.render(page, bodies.get(page.item)).decode() for page in pages}
    return {path: re.sub(r"\.[0-9a-f]{8}\.(css|svg|js)", r".HASH.\1", text) for path, text in written.items()}


def test_small_cluster_is_what_it_was() -> None:
    """Every kind of page, byte for byte, and the names of all."""
    built = _build()
    found = {path: built[path] for path in KEPT} | {"tree.txt": "\n".join([*sorted(built), ""])}
    expected = CASE / "expected"
    if UPDATE_GOLDEN:
        for path, text in found.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_text(text, encoding="utf-8")
    stored = {
        file.relative_to(expected).as_posix(): file.read_text(encoding="utf-8")
        for file in expected.rglob("*")
        if file.is_file()
    }
    assert found == stored
    assert not [path for path, text in built.items() if "不公开" in text or "neibu" in text]
