"""The meta tags that 《政府网站发展指引》(国办发〔2017〕47号) asks of sites, columns and articles. Pure.

Each function returns pairs of name and content. 标签值不得为空: an optional tag
without a value is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from generator.model import Category, Cluster, Unit

Tags = list[tuple[str, str]]

_COLUMN_TYPES = {
    "policy": "政策文件",
    "interpretation": "政策解读",
    "response": "回应关切",
    "service": "办事服务",
    "notice": "通知公告",
}
"""The list of the 指引 is open-ended; other columns give their own name."""


def site_tags(cluster: Cluster, unit: Unit | None) -> Tags:
    """``SiteName SiteDomain SiteIDCode``, on every page; ``unit`` is ``None`` for the portal."""
    site = unit or cluster
    address = (unit.host if unit else None) or cluster.base_url
    return _filled(
        ("SiteName", site.name),
        ("SiteDomain", urlsplit(address).hostname or ""),
        ("SiteIDCode", site.site_code),
    )


def column_tags(category: Category, site_name: str) -> Tags:
    """``ColumnName ColumnDescription ColumnKeywords ColumnType``, on lists and articles."""
    return [
        ("ColumnName", category.name),
        ("ColumnDescription", category.description or f"{site_name}{category.name}"),
        ("ColumnKeywords", f"{category.name},{site_name}"),
        ("ColumnType", _COLUMN_TYPES.get(category.id, category.name)),
    ]


def article_tags(shown: Mapping[str, str], *, publisher: str, keywords: str, image: str, url: str) -> Tags:
    """``ArticleTitle PubDate ContentSource`` and the optional tags of an article.

    Args:
        shown: ``title``, ``date`` (ISO, to the minute), ``source``, ``author``, ``summary``.
        publisher: the source where none is named.
        keywords: joined by commas.
        image: full address of the article's picture.
        url: full address of the page.
    """
    date = shown["date"]
    return [
        ("ArticleTitle", shown["title"]),
        ("PubDate", f"{date[:10]} {date[11:16]}"),
        ("ContentSource", shown.get("source") or publisher),
        *_filled(
            ("Keywords", keywords),
            ("Author", shown.get("author", "")),
            ("Description", shown["summary"]),
            ("Image", image),
            ("Url", url),
        ),
    ]


def _filled(*tags: tuple[str, str]) -> Tags:
    return [tag for tag in tags if tag[1]]
