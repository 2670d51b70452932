"""A small cluster to build in tests: three units, four categories, the real theme; and comparison of trees."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

from generator.build.fs import FileSystem
from generator.build.pipeline import build
from generator.build.result import BuildResult
from generator.build.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)

CLUSTER = """\
name: 测试网站群
base_url: https://www.shili.example/
time_zone: Asia/Shanghai
theme: default
notice: 本站为演示。
organiser: 示例市司法局
units: [sfj, jyglj, heping]
"""
CATEGORIES = """\
- {id: decision, name: 决策公开, name_en: Decisions}
- {id: service, name: 服务公开, name_en: Services}
- {id: policy, name: 政策文件, name_en: Policies}
- {id: interpretation, name: 政策解读, name_en: Interpretations, parent: policy}
"""
UNITS = {
    "sfj": "id: sfj\nname: 示例市司法局\nshort_name: 市司法局\nkind: bureau\nemblem: 司\n",
    "jyglj": "id: jyglj\nname: 示例市监狱管理局\nshort_name: 市监狱局\nkind: administration\nemblem: 狱\n",
    "heping": "id: heping\nname: 和平区司法局\nshort_name: 和平区局\nkind: district\nemblem: 和\n",
}
RULES = (REPOSITORY / "sites" / "negative-list.yml", REPOSITORY / "sites" / "thesaurus.yml")


class SmallCluster:
    """The folders of one cluster below ``root``, and builds of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content, self.sites, self.themes = root / "content", root / "sites", root / "themes"
        for unit in UNITS:
            (self.content / unit).mkdir(parents=True)
        (self.sites / "units").mkdir(parents=True)
        (self.sites / "cluster.yml").write_text(CLUSTER, "utf-8")
        (self.sites / "categories.yml").write_text(CATEGORIES, "utf-8")
        for unit, text in UNITS.items():
            (self.sites / "units" / f"{unit}.yml").write_text(text, "utf-8")
        for path in RULES:  # rules for a unit that this cluster does not have are for one that it has
            (self.sites / path.name).write_text(path.read_text("utf-8").replace("jdglj", "jyglj"), "utf-8")
        shutil.copytree(REPOSITORY / "themes", self.themes)

    def settings(self, name: str = "out", *, now: datetime = NOW, fs: FileSystem | None = None) -> Settings:
        """Settings of a build into ``<root>/<name>`` with a memory of its own."""
        return Settings(
            content=self.content,
            sites=self.sites,
            themes=self.themes,
            out=self.root / name,
            cache=self.root / f"{name}-private" / "cache",
            state=self.root / f"{name}-private" / "state",
            now=now,
            executor="serial",
            fs=fs or FileSystem(),
        )

    def build(self, name: str = "out", *, now: datetime = NOW, fs: FileSystem | None = None) -> BuildResult:
        """Build into ``<root>/<name>``."""
        return build(self.settings(name, now=now, fs=fs))

    def build_with(self, name: str = "out", **changes: object) -> BuildResult:
        """Build with other settings."""
        return build(dataclasses.replace(self.settings(name), **changes))  # type: ignore[arg-type]

    def build_clean(self, *, now: datetime = NOW) -> dict[str, str]:
        """The tree that a build without any memory leaves."""
        for name in ("clean", "clean-private"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        self.build("clean", now=now)
        return digests(self.root / "clean")

    def write(
        self, item: str, *, title: str = "标题", cleared: str = "true", body: str = "正文。", **keys: str
    ) -> Path:
        """Write the item ``<unit>/<category>/<slug>``."""
        unit, category, _ = item.split("/")
        front = {"title": title, "date": "2026-10-01", "unit": unit, "category": category} | keys
        lines = [f"{key}: {value}" for key, value in front.items()]
        path = self.content / f"{item}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join(["---", *lines, f"confidentiality_cleared: {cleared}", "---", "", body, ""])
        path.write_text(text, "utf-8")
        return path


def digests(tree: Path) -> dict[str, str]:
    """SHA-256 of every file of a tree, folders too."""
    found = {}
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        found[name] = "folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
    return found
