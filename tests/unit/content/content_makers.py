"""A small cluster and sources without a disk, for tests of the content stage."""

from __future__ import annotations

from generator.content.item import parse_item
from generator.content.source import FileStat, SourceFile, SourceItem
from generator.model import Category, Cluster, Item, ParsedItem, Unit

STAT = FileStat(1, 2, 3, 4)

CLUSTER = Cluster(
    name="示例网站群",
    base_url="https://sfj.shili.example/",
    units=tuple(Unit(id=name, name=name, short_name=name, kind="bureau") for name in ("sfj", "jyglj")),
    categories=tuple(
        Category(id=name, name=name, name_en=name) for name in ("notice", "policy", "service", "response")
    ),
)

REQUIRED = "title: 通知\ndate: 2024-05-06\nunit: sfj\ncategory: notice\nconfidentiality_cleared: true\n"


def make_source(*files: str, slug: str = "a", bundle: bool = False) -> SourceItem:
    """An item of sfj/notice with these files in its folder."""
    path = f"sfj/notice/{slug}/index.md" if bundle else f"sfj/notice/{slug}.md"
    return SourceItem(
        f"sfj/notice/{slug}", path, "sfj", "notice", slug, STAT, tuple(SourceFile(name, STAT) for name in files)
    )


def parse(front: str, body: str = "正文。\n", source: SourceItem | None = None) -> ParsedItem:
    """An item with that front matter."""
    return parse_item(source or make_source(), f"---\n{front}---\n{body}".encode(), CLUSTER)


def item(front: str = "", source: SourceItem | None = None) -> Item:
    """An item with the required keys and ``front``; fails where it is faulty."""
    parsed = parse(REQUIRED + front, source=source)
    assert parsed.item is not None, [one.format() for one in parsed.diagnostics]
    return parsed.item
