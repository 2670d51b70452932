"""Invariant 3: an incremental build leaves exactly the tree that a clean build would, byte for byte."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from generator.build.report import load_report
from tests.build.cluster import NOW, UNITS, SmallCluster, digests

SENTENCES = [
    "会见时间为每周三。",
    "本办法自发布之日起施行。",
    "## 一、总则\n\n第一条 为了公开。",
    "| 项 | 数 |\n|---|---:|\n| 甲 | 1 |",
    "见[说明](item:sfj/policy/a)。",
]
PARTS = [
    *(
        "head.json",
        "sources.bin",
        "sources-since.bin",
        "facts-30.bin",
        "facts-3a.bin",
        "outputs.bin",
        "outputs-since.bin",
        "outcome.bin",
        "packs",
    ),
    *("prints.bin", "asked.bin", "terms.bin", "index.bin", "templates.bin"),
]
PLACES = [f"{unit}/{category}/{slug}" for unit in UNITS for category in ("decision", "policy") for slug in "ab"]

items = st.sampled_from(PLACES)
bodies = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("\n\n".join)


class Edits(RuleBasedStateMachine):
    """Edits of everything that output depends on; after each, warm is compared with cold."""

    written = Bundle("written")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="warm-cold-"))
        self.cluster = SmallCluster(self.root)
        self.now = NOW

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @initialize(target=written, body=bodies)
    def first(self, body: str) -> str:
        self.cluster.write("sfj/policy/a", title="第一件", body=body)
        return "sfj/policy/a"

    @rule(
        target=written, item=items, title=st.sampled_from(["通知", "办法", "公告"]), body=bodies, day=st.integers(1, 28)
    )
    def write(self, item: str, title: str, body: str, day: int) -> str:
        self.cluster.write(item, title=title, body=body, date=f"2026-10-{day:02d}")
        return item

    @rule(item=written, cleared=st.sampled_from(["true", "false", '"true"', "yes"]))
    def set_clearance(self, item: str, cleared: str) -> None:
        self.cluster.write(item, title="改过", cleared=cleared)

    @rule(item=written)
    def unclear_behind_the_stat(self, item: str) -> None:
        path = self.cluster.content / f"{item}.md"
        if not path.exists():
            return
        before = path.stat()
        text = path.read_text("utf-8")
        path.write_text(text.replace("confidentiality_cleared: true", "confidentiality_cleared: fals"), "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(item=written, days=st.sampled_from([-3, 1, 5]))
    def schedule(self, item: str, days: int) -> None:
        self.cluster.write(item, title="排期", date=f"{(self.now + timedelta(days=days)):%Y-%m-%d}")

    @rule(item=written, days=st.sampled_from([1, 5]))
    def expire(self, item: str, days: int) -> None:
        self.cluster.write(item, title="到期", expires_on=f"{(self.now + timedelta(days=days)):%Y-%m-%d}")

    @rule(days=st.integers(1, 4))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(item=consumes(written))
    def delete(self, item: str) -> None:
        (self.cluster.content / f"{item}.md").unlink(missing_ok=True)
        shutil.rmtree(self.cluster.content / item, ignore_errors=True)

    @rule(item=written, text=st.sampled_from(["甲", "乙乙"]))
    def attach(self, item: str, text: str) -> None:
        folder = self.cluster.content / item
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "表.txt").write_text(text, "utf-8")
        self.cluster.write(item, title="带附件", attachments="[表.txt]")

    @rule(phone=st.sampled_from(["010-55500001", "010-55500002"]))
    def edit_unit(self, phone: str) -> None:
        path = self.cluster.sites / "units" / "jyglj.yml"
        path.write_text(UNITS["jyglj"] + f'contact: {{telephone: "{phone}"}}\n', "utf-8")

    @rule(name=st.sampled_from(["决策公开", "决策与预公开"]))
    def rename_category(self, name: str) -> None:
        path = self.cluster.sites / "categories.yml"
        text = path.read_text("utf-8").splitlines()
        text[0] = f"- {{id: decision, name: {name}, name_en: Decisions}}"
        path.write_text("\n".join(text) + "\n", "utf-8")

    @rule(colour=st.sampled_from(["#a61b1b", "#14427a"]))
    def edit_theme(self, colour: str) -> None:
        path = next((self.cluster.themes / "default" / "assets" / "css").glob("*.css"))
        path.write_text(path.read_text("utf-8") + f"\n.test-{colour[1:]} {{ color: {colour}; }}\n", "utf-8")

    @rule(text=st.sampled_from(["页", "改版"]))
    def edit_template(self, text: str) -> None:
        path = self.cluster.themes / "default" / "templates" / "about.html"
        path.write_text(path.read_text("utf-8") + f"{{# {text} #}}\n", "utf-8")

    @rule()
    def meddle_with_the_tree(self) -> None:
        out = self.root / "out"
        if out.exists():
            (out / "stranger" / "x.html").parent.mkdir(exist_ok=True)
            (out / "stranger" / "x.html").write_text("不是我们的", "utf-8")
            (out / "index.html").write_text("被改了", "utf-8")

    @rule(part=st.sampled_from(PARTS), place=st.floats(0, 1), bit=st.integers(0, 7))
    def spoil_the_cache(self, part: str, place: float, bit: int) -> None:
        folder = self.root / "out-private" / "cache"
        for path in folder.glob(f"{part}/*" if part == "packs" else part):
            data = bytearray(path.read_bytes())
            if data:
                data[int(place * (len(data) - 1))] ^= 1 << bit
                path.write_bytes(bytes(data))

    @rule(place=st.floats(0, 1), bit=st.integers(0, 7))
    def spoil_the_report(self, place: float, bit: int) -> None:
        path = self.root / "out-private" / "state" / "report.json"
        if path.exists():
            data = bytearray(path.read_bytes())
            data[int(place * (len(data) - 1))] ^= 1 << bit
            path.write_bytes(bytes(data))

    @invariant()
    def warm_equals_cold(self) -> None:
        # As on an editor's machine, where copies of the process do some of the work.
        self.cluster.build_with("out", now=self.now, executor="processes", jobs=2)
        assert digests(self.root / "out") == self.cluster.build_clean(now=self.now)
        warm, cold = (load_report(self.root / f"{name}-private" / "state") for name in ("out", "clean"))
        assert (warm.items, warm.counts, warm.manifest_sha256) == (cold.items, cold.counts, cold.manifest_sha256)


def test_an_incremental_build_leaves_the_clean_tree() -> None:
    """After any edits, in any order, warm equals cold."""
    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=6, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )


@pytest.mark.soak
def test_an_incremental_build_leaves_the_clean_tree_two_thousand_steps() -> None:
    """The same over 2,000 steps."""
    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
