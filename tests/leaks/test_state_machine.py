"""A repository under random editing: whatever is not cleared is nowhere, after every build.

The machine keeps its own, simple idea of what may be public, and a canary for every
text that was ever written. After a build the canaries of public items are the only ones
that may stand anywhere: in the tree, in file names, or in what the build printed.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule, run_state_machine_as_test

from tests.leaks.house import CONTROL, House, _plain, _readings

PLACES = ("sfj/policy", "jyglj/policy", "jyglj/service", "heping/decision")
LAW = "第一条 为了规范有关工作，根据有关法律法规，结合本市实际，制定本办法。本办法所称标准为每人每日{}元，按月核定。"
FILE = "fujian.txt"


@dataclasses.dataclass
class Draft:
    """What the machine knows of one item."""

    item: str
    title: str
    body: str
    file: str = ""
    cleared: bool = False
    recorded: tuple[str, str, str] | None = None
    """Title, body and file that a record was written over; binds from then on."""

    @property
    def state(self) -> tuple[str, str, str]:
        return self.title, self.body, self.file

    @property
    def canaries(self) -> set[str]:
        return {one for one in self.state if one}


class Editing(RuleBasedStateMachine):
    """Editors at work; ``build`` is one of the things they do."""

    items: Bundle[str] = Bundle("items")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="mingtang-editing-")
        self.house = House(Path(self.folder.name))
        self.drafts: dict[str, Draft] = {}
        self.withdrawn: set[str] = set()
        self.withdrawn_bodies: set[str] = set()
        self.withdrawn_files: set[str] = set()
        self.planted: set[str] = set()
        self.count = 0

    def teardown(self) -> None:
        try:
            self.build()
        finally:
            self.folder.cleanup()

    # --- helpers ---------------------------------------------------------------------------

    def canary(self, what: str) -> str:
        self.count += 1
        made = f"金丝雀{what}{self.count:06d}号"
        self.planted.add(made)
        return made

    def text_of(self, draft: Draft) -> str:
        return LAW.format(draft.body)

    def save(self, draft: Draft) -> Path:
        keys = {"attachments": f"[{FILE}]"} if draft.file else {}
        flag = "true " if draft.cleared else "false"
        path = self.house.write(
            draft.item, title=draft.title, cleared=flag, body=f"{self.text_of(draft)}\n\n{draft.body}完。", **keys
        )
        folder = self.house.content / draft.item
        shutil.rmtree(folder, ignore_errors=True)
        if draft.file:
            folder.mkdir()
            (folder / FILE).write_text(draft.file, "utf-8")
        self.drafts[draft.item] = draft
        return path

    def is_public(self, draft: Draft) -> bool:
        return (
            draft.cleared
            and draft.item not in self.withdrawn
            and draft.body not in self.withdrawn_bodies
            and draft.file not in self.withdrawn_files
            and draft.recorded in (None, draft.state)
        )

    # --- what editors do -------------------------------------------------------------------

    @rule(target=items, place=st.sampled_from(PLACES), cleared=st.booleans(), attach=st.booleans())
    def write(self, place: str, cleared: bool, attach: bool) -> str:
        """A new item; all attachments bear one name."""
        item = f"{place}/item{self.count}"
        file = self.canary("附件") if attach else ""
        self.save(Draft(item, self.canary("标题"), self.canary("正文"), file, cleared))
        return item

    @rule(target=items, item=items, cleared=st.booleans())
    def write_near_copy(self, item: str, cleared: bool) -> str:
        """A copy that differs in one number."""
        if item not in self.drafts:
            return item
        copy = f"{item.rpartition('/')[0]}/copy{self.count}"
        self.save(Draft(copy, self.canary("标题"), self.canary("正文"), "", cleared))
        return copy

    @rule(item=items)
    def toggle(self, item: str) -> None:
        """Clear what was not, un-clear what was."""
        if draft := self.drafts.get(item):
            self.save(dataclasses.replace(draft, cleared=not draft.cleared))

    @rule(item=items)
    def un_clear_unseen(self, item: str) -> None:
        """Un-clear in place what a build has just read, with size and time of the file restored."""
        draft = self.drafts.get(item)
        if draft is None or not draft.cleared:
            return
        self.build()
        path = self.house.content / f"{item}.md"
        stat = path.stat()
        data = path.read_bytes()
        changed = data.replace(b"confidentiality_cleared: true ", b"confidentiality_cleared: false")
        assert len(changed) == len(data)
        with path.open("r+b") as file:
            file.write(changed)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        self.drafts[item] = dataclasses.replace(draft, cleared=False)

    @rule(item=items)
    def edit(self, item: str) -> None:
        """Another text; a record over the old one is void."""
        if draft := self.drafts.get(item):
            self.save(dataclasses.replace(draft, body=self.canary("正文")))

    @rule(item=items)
    def exchange_attachment(self, item: str) -> None:
        """Another attachment under the same name, in a file of the same size."""
        draft = self.drafts.get(item)
        if draft is not None and draft.file:
            self.save(dataclasses.replace(draft, file=self.canary("附件")))

    @rule(item=items)
    def remove_attachment(self, item: str) -> None:
        """The item no longer names it."""
        if draft := self.drafts.get(item):
            self.save(dataclasses.replace(draft, file=""))

    @rule(item=items)
    def record(self, item: str) -> None:
        """A clearance record over the item as it stands."""
        draft = self.drafts.get(item)
        if draft is None or item in self.withdrawn or draft.recorded is not None:
            return
        self.house.clear(item)
        self.drafts[item] = dataclasses.replace(draft, recorded=draft.state)

    @rule(target=items, item=consumes(items), place=st.sampled_from(PLACES))
    def move(self, item: str, place: str) -> str:
        """Another unit, another category, another name."""
        draft = self.drafts.pop(item, None)
        if draft is None:
            return item
        self.delete_files(item)
        moved = f"{place}/moved{self.count}"
        self.count += 1
        self.save(dataclasses.replace(draft, item=moved, recorded=None))
        return moved

    @rule(item=consumes(items))
    def delete(self, item: str) -> None:
        """The source goes, with its files."""
        if self.drafts.pop(item, None):
            self.delete_files(item)

    def delete_files(self, item: str) -> None:
        (self.house.content / f"{item}.md").unlink()
        shutil.rmtree(self.house.content / item, ignore_errors=True)

    @rule(item=items)
    def withdraw(self, item: str) -> None:
        """For ever, and its text and its attachment under every other name too."""
        draft = self.drafts.get(item)
        if draft is None or item in self.withdrawn:
            return
        self.house.withdraw(item)
        self.withdrawn.add(item)
        self.withdrawn_bodies.add(draft.body)
        if draft.file:
            self.withdrawn_files.add(draft.file)

    # --- and what must hold ----------------------------------------------------------------

    @rule(twice=st.booleans())
    def build_now(self, twice: bool) -> None:
        """A second build at once believes the first one's memory."""
        self.build()
        if twice:
            self.build()

    @rule()
    def build(self) -> None:
        """Nothing but what is public stands anywhere; and what is public is there."""
        result = self.house.publish()
        public = {item for item, draft in self.drafts.items() if self.is_public(draft)}
        for item in public:
            assert self.house.has(f"{item}.html"), item
        for item in self.drafts.keys() - public:
            assert not self.house.has(f"{item}.html"), item
        allowed = {one for item in public for one in self.drafts[item].canaries}
        forbidden = sorted(self.planted - allowed)
        text = _plain("\n".join(self._everything(result)))
        assert [one for one in forbidden if one in text] == []
        assert result.leaks == ()
        assert self.house.has(f"{CONTROL}.html")

    def _everything(self, result: object) -> list[str]:
        found = []
        for path in self.house.out.rglob("*"):
            found.append(path.name)
            if path.suffix in (".css", ".js", ".svg", ".woff2"):
                continue
            if path.is_file():
                found += _readings(path.read_bytes())
        found += [one.format() + one.hint() for one in getattr(result, "diagnostics", ())]
        return found


SUPPRESSED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
QUICK = settings(
    max_examples=5,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=SUPPRESSED,
    database=None,
    phases=(Phase.generate,),  # a failure is told as found: making it shorter would take hundreds of builds
)
LONG = settings(QUICK, max_examples=150, stateful_step_count=40)


def test_nothing_uncleared_leaves_under_random_editing() -> None:
    """Edits, clears, un-clears, moves, deletions and withdrawals in any order."""
    run_state_machine_as_test(Editing, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.soak
def test_nothing_uncleared_leaves_under_long_random_editing() -> None:
    """The same, for as long as patience lasts."""
    run_state_machine_as_test(Editing, settings=LONG)  # type: ignore[no-untyped-call]
