"""What the commands that judge and change single items need: definitions, rules, evidence, sources.

Effects: ``open_desk`` and ``Desk`` read ``content`` and ``sites``; ``Desk.file`` writes evidence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from generator.build.facts import facts_of
from generator.build.settings import Settings
from generator.clearance.evidence import Evidence, load_evidence
from generator.clearance.gate import Screening, screen
from generator.clearance.rules import Rules, load_rules
from generator.content.definitions import load_cluster
from generator.content.item import load_item
from generator.content.names import nearest
from generator.content.source import SourceItem, SourceTree, scan
from generator.errors import UsageError
from generator.model import Cluster, ItemBody, ItemFacts

_MOST_COMPARED = 20_000
"""Items among which a similar name is looked for: more would take seconds."""


@dataclass(frozen=True)
class Desk:
    """One look at the repository."""

    settings: Settings
    cluster: Cluster
    rules: Rules
    evidence: Evidence
    tree: SourceTree

    def source(self, named: str) -> SourceItem:
        """The item named by its id or by the path of its file; raises ``UsageError`` when there is none."""
        item_id = item_id_of(named, self.settings.content)
        for source in self.tree.items:
            if source.id == item_id:
                return source
        hint = meant(item_id, [one.id for one in self.tree.items])
        raise UsageError(f"没有这个条目：{named}。{hint}No such item; give unit/category/slug or the path of its file.")

    def read(self, source: SourceItem) -> tuple[ItemFacts, ItemBody]:
        """All that a build would learn of the item now."""
        parsed = load_item(self.settings.content, source, self.cluster)
        facts, body, _ = facts_of(self.settings.content, self.rules, source, parsed)
        return facts, body

    def judge(self, facts: ItemFacts, evidence: Evidence) -> Screening:
        """The gate's answer for one item under this evidence."""
        return screen([facts], evidence, self.cluster, now=self.settings.now)

    def file(self, unit: str, folder: str, name: str, data: bytes) -> Path:
        """Write a file of evidence. Such files are immutable: raises ``UsageError`` when the name is taken."""
        path = self.settings.content / unit / folder / name
        if path.exists():
            raise UsageError(f"已有同样的文件，没有改动：{path}。The same file exists; nothing was changed.")
        self.settings.fs.write(path, data, durable=True)
        return path


def open_desk(settings: Settings) -> Desk:
    """Read definitions, rules and evidence, and list the items; raises ``ConfigError``."""
    cluster = load_cluster(settings.sites)
    return Desk(
        settings=settings,
        cluster=cluster,
        rules=load_rules(settings.sites, cluster),
        evidence=load_evidence(settings.content, settings.sites, cluster, state=settings.state),
        tree=scan(settings.content, cluster),
    )


def meant(item_id: str, known: Collection[str]) -> str:
    """``是不是 …？``, where the name of an item that there is comes near one that there is not; else nothing."""
    near = nearest(item_id, known) if len(known) <= _MOST_COMPARED else None
    return f"是不是 {near}？" if near else ""


def item_id_of(named: str, content: Path) -> str:
    """The id that a person means: ``jyglj/policy/a``, ``content/jyglj/policy/a.md`` or ``…/a/index.md``."""
    path = Path(named)
    if path.suffix == ".md" or path.is_absolute() or path.exists():
        try:
            path = path.resolve().relative_to(content.resolve())
        except ValueError:
            path = Path(named)
    parts = list(path.parts)
    if parts and parts[0] == content.name and len(parts) > 3:
        parts = parts[1:]
    if parts and parts[-1] == "index.md":
        parts = parts[:-1]
    return "/".join(parts).removesuffix(".md").strip("/")
