"""How cases of bad input are written down, and how they become folders.

``cases_*.py`` hold the input, one case a line; ``expected/<table>.txt`` holds what
is reported for it. To add a case: add it to a table, run
``UPDATE_GOLDEN=1 pytest tests/invalid`` and read the difference in ``expected/``
as an editor would.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from generator.build.pipeline import check
from generator.build.settings import Settings
from generator.content.definitions import load_cluster, place_in
from generator.content.item import load_item
from generator.content.source import scan
from generator.deploy.definition import load_definition
from generator.deploy.parts import parts_of
from generator.deploy.redirects import load_old_addresses
from generator.diagnostics import Diagnostic, in_order
from generator.errors import ConfigError
from generator.model import Cluster, ParsedItem
from generator.render.theme import load_theme
from generator.search.thesaurus import load_thesaurus
from tests.conftest import REPOSITORY

Special = Callable[[Path], None]
"""Makes something at a path that is no plain file."""
Files = Mapping[str, "str | bytes | Special"]


@dataclass(frozen=True)
class Case:
    """Files below a folder with ``content/`` and ``sites/``; the cluster of ``SITES`` where they say nothing else."""

    files: Files
    warning: bool = False
    """The input is odd, but published all the same."""
    content: bool = True
    """Whether there is a content folder at all."""
    without: tuple[str, ...] = ()
    """Files of ``SITES``, or of the theme, that are not there."""
    theme: bool = False
    """Whether there is a copy of the default theme, which ``files`` are written over."""
    whole: bool = False
    """What is reported comes from later stages as well: the cluster is checked as the command does."""


@dataclass(frozen=True)
class Outcome:
    """What the readers say of a folder."""

    diagnostics: tuple[Diagnostic, ...]
    parsed: tuple[ParsedItem, ...] = field(default=())

    def lines(self, language: str = "zh") -> str:
        """Every diagnostic on a line of its own, as ``check --format text`` prints it."""
        return "".join(f"{one.format(language)}\n" for one in self.diagnostics)


TODAY = datetime(2024, 6, 1, tzinfo=timezone(timedelta(hours=8)))
ITEM = "content/sfj/notice/a.md"
TITLE = "title: 关于会见时间的通知"
DATE = "date: 2024-05-06"
UNIT = "unit: sfj"
CATEGORY = "category: notice"
CLEARED = "confidentiality_cleared: true"
REQUIRED = (TITLE, DATE, UNIT, CATEGORY, CLEARED)
BODY = "正文。\n"

SITES: dict[str, str] = {
    "sites/negative-list.yml": (
        "version: '1'\nrules:\n"
        "  - {id: word, kind: term, terms: [绝无此词], basis: 测试, severity: block, review: 2099-12-31}\n"
    ),
    "sites/cluster.yml": "name: 示例网站群\nbase_url: https://sfj.shili.example/\nunits: [sfj, jyglj]\n",
    "sites/units/sfj.yml": "id: sfj\nname: 示例市司法局\nshort_name: 市司法局\nkind: bureau\n",
    "sites/units/jyglj.yml": "id: jyglj\nname: 示例市监狱管理局\nshort_name: 监狱局\nkind: center\nparent: sfj\n",
    "sites/categories.yml": (
        "- {id: notice, name: 通知公告, name_en: Notices, rhythm: notice}\n"
        "- {id: policy, name: 政策文件, name_en: Policies}\n"
    ),
}


def front(*lines: str, body: str = BODY) -> str:
    """A source whose front matter is these lines."""
    return "\n".join(["---", *lines, "---", "", body])


def item(*more: str, body: str = BODY) -> Case:
    """One item with the required keys and ``more``."""
    return Case({ITEM: front(*REQUIRED, *more, body=body)})


def but(line: str, *instead: str) -> Case:
    """One item with the required keys, one of them written ``instead`` or left out."""
    at = REQUIRED.index(line)
    return Case({ITEM: front(*REQUIRED[:at], *instead, *REQUIRED[at + 1 :])})


def raw(content: str | bytes) -> Case:
    """One item with exactly that content."""
    return Case({ITEM: content})


def odd(case: Case) -> Case:
    """The case as one that is published with a warning."""
    return replace(case, warning=True)


def whole(case: Case) -> Case:
    """The case as one of which later stages have something to say."""
    return replace(case, whole=True)


def beside(case: Case, more: Files) -> Case:
    """The case with further files."""
    return replace(case, files={**case.files, **more})


def link(target: str) -> Special:
    """A symbolic link."""
    return lambda path: path.symlink_to(target)


def unreadable(path: Path) -> None:
    """A file that nobody may read."""
    path.write_text(front(*REQUIRED))
    path.chmod(0)


def pipe(path: Path) -> None:
    """A named pipe: reading it would wait for ever."""
    os.mkfifo(path)


def write(case: Case, folder: Path) -> Path:
    """Make ``content/``, ``sites/`` and, where the case has one, ``themes/`` of the case below ``folder``."""
    files: dict[str, str | bytes | Special] = {name: text for name, text in SITES.items() if name not in case.without}
    files.update(case.files)
    folder.mkdir(parents=True)
    if case.theme:
        shutil.copytree(REPOSITORY / "themes", folder / "themes")
        for name in case.without:
            (folder / name).unlink()
    if case.content:
        (folder / "content").mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _further(folder: Path, cluster: Cluster) -> Iterator[Callable[[], object]]:
    """The readers of definitions that not every case has."""
    sites = folder / "sites"
    if (folder / "themes").is_dir():
        yield partial(load_theme, folder / "themes", cluster, locate=partial(place_in, sites))
    if os.path.lexists(sites / "thesaurus.yml"):
        yield partial(load_thesaurus, sites)
    if os.path.lexists(sites / "deploy.yml"):
        yield partial(load_definition, sites, parts_of(cluster))
        yield partial(load_old_addresses, sites, cluster)


def checked(folder: Path) -> Outcome:
    """What a check of the whole cluster reports."""
    private = {name: folder / name for name in ("content", "sites", "out", "cache", "state")}
    settings = Settings(**private, themes=REPOSITORY / "themes", now=TODAY, executor="serial")
    try:
        return Outcome(check(settings).diagnostics)
    except ConfigError as error:
        return Outcome(error.diagnostics)


def read(folder: Path, *, whole: bool = False) -> Outcome:
    """What definitions, scan and items of a folder report, in the order of reports."""
    if whole:
        return checked(folder)
    try:
        cluster = load_cluster(folder / "sites")
    except ConfigError as error:
        return Outcome(error.diagnostics)
    further: list[Diagnostic] = []
    for load in _further(folder, cluster):
        try:
            load()
        except ConfigError as error:
            further += error.diagnostics
    if further:
        return Outcome(in_order(further))
    tree = scan(folder / "content", cluster)
    parsed = tuple(load_item(folder / "content", source, cluster) for source in tree.items)
    found = [*tree.diagnostics, *(one for each in parsed for one in each.diagnostics)]
    return Outcome(in_order(found), parsed)
