"""Small built trees for the tests of releases: tree, manifest and report, as a build leaves them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.build.fs import FileSystem
from generator.build.manifest import MANIFEST_NAME, ManifestFile, encode_manifest
from generator.build.outputs import claim
from generator.build.report import ItemReport, Kind, ReportHead, hosts_of, item_line, join_lines, save_report
from generator.clearance.rules import load_rules
from generator.deploy.definition import Definition, LocalTarget, Target
from generator.deploy.gates import Consent
from generator.deploy.pipeline import deploy
from generator.deploy.request import Outcome, Request
from generator.model import Category, Cluster, Unit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FS = FileSystem()
RULES = """\
version: "2026-11"
rules:
  - {id: secrecy-mark, kind: recogniser, recogniser: secrecy-mark, basis: 保密法, severity: block, review: 2027-06-30}
"""
ORDINARY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""Before a command: modes bind it as they bind every account but root's."""


def cluster(*, own_hosts: Sequence[str] = (), base_url: str = "https://www.shi.example/") -> Cluster:
    """A portal with units ``alpha``, ``beta`` and ``gamma``; those in ``own_hosts`` have a host of their own."""
    units = tuple(
        Unit(
            id=name,
            name=name.title(),
            short_name=name,
            kind="bureau",
            host=f"https://{name}.shi.example/" if name in own_hosts else None,
        )
        for name in ("alpha", "beta", "gamma")
    )
    return Cluster(
        name="示例",
        base_url=base_url,
        units=units,
        categories=(Category(id="notice", name="公告", name_en="Notices"),),
    )


def page(title: str, body: str = "") -> bytes:
    """A page long enough to be worth compressing."""
    filler = "".join(f"<p>{title} 第{number}段 {body}</p>\n" for number in range(40))
    return f'<!doctype html><html lang="zh"><title>{title}</title>\n{filler}</html>\n'.encode()


def hashed(folder: str, stem: str, data: bytes, extension: str) -> str:
    """The path of a file whose name holds its digest."""
    return f"{folder}/{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{extension}"


def site(items: Mapping[str, str], *, flavour: str = "") -> dict[str, bytes]:
    """A small cluster's files: a page for each item (id → text), homes, an asset and a search index.

    Pages name the asset, and the entry of the index names its shards, so that readers can check.
    """
    style = f"body {{ color: black }} /* {flavour} */\n".encode() * 30
    asset = hashed("assets", "site", style, "css")
    shard = "\n".join(f"{item} {text}" for item, text in sorted(items.items())).encode() * 3
    shard_path = hashed("search", "t0", shard, "bin")
    files = {
        asset: style,
        shard_path: shard,
        "search/index.json": f'{{"shards": ["{shard_path}"]}}\n'.encode(),
        "404.html": page("找不到", "404"),
        "index.html": page("门户", "、".join(sorted(items)) + f' <link href="/{asset}">'),
    }
    for unit in ("alpha", "beta", "gamma"):
        listed = "、".join(item for item in sorted(items) if item.startswith(f"{unit}/"))
        files[f"{unit}/{hashed('assets', 'site', style, 'css')}"] = style
        files[f"{unit}/index.html"] = page(unit, listed + f' <link href="/{unit}/{asset}">')
        files[f"{unit}/404.html"] = page(f"{unit} 找不到", "404")
    for item, text in items.items():
        files[f"{item}.html"] = page(item, text + f' <link href="/{item.partition("/")[0]}/{asset}">')
    return files


def source(item: str) -> bytes:
    """What the editors wrote of an item of ``cluster()``."""
    unit, category, slug = item.split("/")
    head = f"title: {slug}\ndate: 2026-03-01\nunit: {unit}\ncategory: {category}\nconfidentiality_cleared: true"
    return f"---\n{head}\n---\n\n正文。\n".encode()


class Workshop:
    """A folder with all that a deploy needs: ``content sites public cache state served``."""

    def __init__(self, root: Path, cluster: Cluster, targets: Sequence[Target] = ()) -> None:
        self.root = root
        self.cluster = cluster
        self.out = root / "public"
        self.state = root / "state"
        self.served = root / "served"
        self.now = NOW
        self.said: list[str] = []
        self.environment: dict[str, str] = {}
        everything = ("portal", *(unit.id for unit in cluster.units if unit.host))
        self.definition = Definition(
            targets=tuple(targets) or (LocalTarget(name="local", path=self.served, sites=everything),)
        )
        for name in ("content", "sites", "cache", "state"):
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "sites" / "negative-list.yml").write_text(RULES, "utf-8")

    def build(
        self,
        files: Mapping[str, bytes],
        items: Mapping[str, Sequence[str]],
        *,
        withheld: Mapping[str, str] = {},
        kind: Kind = "release",
        faults: int = 0,
        audit_passed: bool = True,
        next_change_at: datetime | None = None,
        redirects: Mapping[str, str] = {},
        tombstones: Sequence[str] = (),
        withdrawn: Mapping[str, str] = {},
        commit: str = "",
    ) -> None:
        """Leave what a build leaves; each call is a minute later than the last."""
        self.now += timedelta(minutes=1)
        shutil.rmtree(self.out, ignore_errors=True)
        claim(FS, self.out, kind)
        listed = []
        for path, data in files.items():
            FS.write(self.out / path, data)
            listed.append(ManifestFile(path, len(data), hashlib.sha256(data).hexdigest()))
        manifest = encode_manifest(listed, next_change_at)
        FS.write(self.out / MANIFEST_NAME, manifest)
        shutil.rmtree(self.root / "content")
        (self.root / "content").mkdir()
        for item in items:
            FS.write(self.root / "content" / f"{item}.md", source(item))
        reports = {
            item: ItemReport(verdict="published", path=f"{item}.md", files=tuple(owned))
            for item, owned in items.items()
        }
        reports |= {item: ItemReport(verdict=verdict, path=f"{item}.md") for item, verdict in withheld.items()}
        report = ReportHead(
            manifest_sha256=hashlib.sha256(manifest).hexdigest(),
            kind=kind,
            now=self.now,
            commit=commit,
            next_change_at=next_change_at,
            audit_passed=audit_passed,
            faults=faults,
            withdrawn=dict(withdrawn),
            redirects=dict(redirects),
            hosts=hosts_of(self.cluster),
            rules=load_rules(self.root / "sites", self.cluster).digest,
            tombstones=tuple(tombstones),
        )
        save_report(FS, self.state, report, join_lines(item_line(item, one) for item, one in reports.items()))

    def build_site(self, items: Mapping[str, str], *, flavour: str = "", **more: object) -> None:
        """Build ``site(items)``; each item owns its page."""
        files = site(items, flavour=flavour)
        self.build(files, {item: [f"{item}.html"] for item in items}, **more)  # type: ignore[arg-type]

    def request(self, **more: object) -> Request:
        """A deploy a second after the build."""
        return Request(
            content=self.root / "content",
            sites=self.root / "sites",
            out=self.out,
            cache=self.root / "cache",
            state=self.state,
            cluster=self.cluster,
            definition=self.definition,
            now=self.now + timedelta(seconds=1),
            by="tester",
            environment=self.environment,
            say=self.said.append,
            jobs=1,
            **more,  # type: ignore[arg-type]
        )

    def deploy(self, *, confirmed: Sequence[str] = (), deletions: bool = False, **more: object) -> Outcome:
        """Deploy what was built last."""
        consent = Consent(confirmed=frozenset(confirmed), deletions=deletions)
        return deploy(self.request(consent=consent, **more))

    def served_file(self, path: str) -> Path:
        """A public file of the release that is served."""
        return self.served / "current" / "public" / path


def everywhere(folder: Path, needle: str) -> list[str]:
    """Every file below ``folder`` whose name or bytes hold ``needle``, compressed ones unpacked."""
    import gzip

    import brotli

    found = []
    for path in sorted(folder.rglob("*")):
        if needle in path.name:
            found.append(str(path))
        elif path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            elif path.suffix == ".br":
                data = brotli.decompress(data)
            if needle.encode() in data:
                found.append(str(path))
    return found
