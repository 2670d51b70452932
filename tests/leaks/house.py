"""A small cluster with secrets in it, and a search for them that shares nothing with the audit."""

from __future__ import annotations

import contextlib
import dataclasses
import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import unquote

import msgspec

from generator.authoring.clearing import Decision, draw_up, next_number
from generator.authoring.desk import Desk, open_desk
from generator.authoring.earlier import Earlier
from generator.authoring.withdrawing import make_withdrawal
from generator.build.result import BuildResult
from generator.clearance import records, withdrawals
from generator.clearance.records import Record, Step
from generator.model import ItemFacts
from tests.build.cluster import NOW, SmallCluster

TITLE = "金丝雀标题丙字七号"
TEXT = "金丝雀正文：此句若见于公开目录即为泄漏，编号七七四九，不得外传。"
WORD = "CANARY7749"
SECRETS = (TITLE, TEXT, WORD)
CONTROL = "sfj/policy/control"
"""A cleared item that is always there: a scenario in which nothing is built shows nothing."""

NO_HISTORY = Earlier()
STEPS = {
    "drafter": Step(by="审查员甲", date=date(2026, 9, 1)),
    "department": Step(by="审查员乙", date=date(2026, 9, 1), opinion="同意公开"),
    "secrecy": Step(by="审查员丙", date=date(2026, 9, 2), opinion="不涉密"),
    "approver": Step(by="审查员丁", date=date(2026, 9, 3)),
}


class House(SmallCluster):
    """The cluster of one scenario. Policies of units are set by ``policy``."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write(CONTROL, title="公开的对照条目", body="对照条目的正文，人人可见。")
        self.last: BuildResult | None = None

    # --- content -----------------------------------------------------------------------

    def secret(self, item: str, *, cleared: str = "false", body: str = TEXT, **keys: str) -> Path:
        """An item with a secret in its title, its text and its keywords."""
        keys = {"title": TITLE, "keywords": f"[{WORD}]"} | keys
        return self.write(item, cleared=cleared, body=f"{body}\n\n{WORD}\n", **keys)

    def file(self, path: str, data: bytes | str) -> Path:
        """A file of the content folder."""
        where = self.content / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(data.encode() if isinstance(data, str) else data)
        return where

    def with_file(self, item: str, name: str, data: bytes | str, *, cleared: str = "true", **keys: str) -> None:
        """An item with one attachment."""
        keys = {"title": "附件在此", "attachments": f"[{name}]"} | keys
        self.write(item, cleared=cleared, body="见附件。", **keys)
        self.file(f"{item}/{name}", data)

    def policy(self, unit: str, policy: str) -> None:
        """What a unit wants beside the flag."""
        path = self.sites / "units" / f"{unit}.yml"
        path.write_text(f"{path.read_text('utf-8')}clearance: {policy}\n", "utf-8")

    # --- evidence ----------------------------------------------------------------------

    def desk(self) -> Desk:
        """What the authoring commands see."""
        return open_desk(self.settings())

    def facts(self, item: str) -> ItemFacts:
        """What a build would learn of an item now."""
        desk = self.desk()
        return desk.read(desk.source(item))[0]

    def clear(self, item: str, **changes: object) -> Path:
        """A clearance record over the item as it stands; ``changes`` spoil it before it is written."""
        desk = self.desk()
        decision = Decision(STEPS, "条例第二十条", str(changes.pop("conclusion", "同意公开")))
        number = next_number(item.partition("/")[0], 2026, desk.evidence)
        record, _, _ = draw_up(desk.read(desk.source(item))[0], decision, number)
        return self.file_record(msgspec.structs.replace(record, **changes))

    def file_record(self, record: Record) -> Path:
        """Write a record under the name that its bytes must bear."""
        unit, _, slug = record.item.split("/")
        raw = records.format_record(record)
        return self.file(f"{unit}/{records.FOLDER}/{records.record_name(slug, raw)}", raw)

    def withdraw(self, item: str, *, tombstone: bool = False, earlier: Earlier = NO_HISTORY) -> Path:
        """A withdrawal of the item as it stands."""
        made = make_withdrawal(
            item,
            self.facts(item),
            [],
            number="w-1",
            by="审查员丁",
            reason="依法撤销",
            day=date(2026, 11, 20),
            tombstone=tombstone,
            earlier=earlier,
        )
        return self.file(f"{item.partition('/')[0]}/{withdrawals.FOLDER}/{made.name}", made.data)

    # --- outcome -----------------------------------------------------------------------

    def publish(self, *, now: datetime = NOW) -> BuildResult:
        """Build the release."""
        self.last = self.build(now=now)
        return self.last

    @property
    def out(self) -> Path:
        """The public tree."""
        return self.root / "out"

    def has(self, path: str) -> bool:
        """Whether the public tree has that file."""
        return (self.out / path).is_file()

    def traces(self, *secrets: str) -> list[str]:
        """Where in the public tree, or in what the build printed, any of these stands."""
        wanted = [_plain(one) for one in secrets or SECRETS]
        found = []
        for path in sorted(self.out.rglob("*")):
            name = path.relative_to(self.out).as_posix()
            texts = [name] if path.is_dir() else [name, *_readings(path.read_bytes())]
            if any(one in _plain(text) for text in texts for one in wanted):
                found.append(name)
        if self.last is not None:
            said = " ".join(
                text
                for one in self.last.diagnostics
                for text in (one.format(), one.format("en"), one.hint("zh"), one.hint("en"))
            )
            found += [f"printed: {one}" for one in wanted if one in _plain(said)]
        return found

    def stays_in(self, *secrets: str, now: datetime = NOW) -> None:
        """Build, and assert that nothing of the secrets is public, and that the rest is."""
        result = self.publish(now=now)
        assert self.traces(*secrets) == []
        assert result.leaks == ()
        assert self.has("manifest.json")
        assert self.has(f"{CONTROL}.html")

    def is_out(self, item: str) -> None:
        """Build, and assert that the item is public: the scenario withholds nothing else by chance."""
        self.publish()
        assert self.has(f"{item}.html")


def replace_settings(house: House, **changes: object) -> BuildResult:
    """A build with other settings."""
    from generator.build.pipeline import build

    return build(dataclasses.replace(house.settings(), **changes))  # type: ignore[arg-type]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return "".join(text.split()).casefold()


def _readings(data: bytes) -> Iterator[str]:
    """What could be read in a file by somebody who tries."""
    for encoding in ("utf-8", "gb18030", "utf-16"):
        text = data.decode(encoding, "ignore")
        yield text
        if encoding != "utf-8":
            continue
        yield re.sub(r"<[^>]*>", "", text)
        bare = html.unescape(html.unescape(text))
        yield re.sub(r"<[^>]*>", "", bare)
        yield unquote(bare)
        with contextlib.suppress(ValueError):
            yield json.dumps(json.loads(text), ensure_ascii=False)
    for wbits in (15, -15, 31):
        try:
            yield zlib.decompressobj(wbits).decompress(data).decode("utf-8", "ignore")
        except zlib.error:
            continue
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member
                yield from _readings(archive.read(member))
