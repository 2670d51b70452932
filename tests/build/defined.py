"""A cluster of which every definition says something, kept as data so that each value can be changed by its place."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml
from msgspec import Struct

from generator.build.result import BuildResult
from generator.clearance.rules import load_rules
from generator.content.definitions import load_cluster
from generator.content.fields import load_yaml
from generator.deploy.definition import load_definition
from generator.deploy.parts import parts_of
from generator.deploy.redirects import load_old_addresses
from generator.render.options import read_options
from generator.render.themefile import read_definition
from tests.build.cluster import REPOSITORY, digests
from tests.leaks.house import House

Data = dict[str, Any]
"""File below the root → what it says."""
Edit = Callable[[Data], object]

CLUSTER, CATEGORIES, THEME = "sites/cluster.yml", "sites/categories.yml", "themes/default/theme.yml"
SFJ, JYGLJ, HEPING = (f"sites/units/{unit}.yml" for unit in ("sfj", "jyglj", "heping"))
RULES, THESAURUS, DEPLOY, OLD = (
    f"sites/{name}.yml" for name in ("negative-list", "thesaurus", "deploy", "old-addresses")
)

_CONTACT = {
    "telephone": "010-55500001",
    "email": "zwgk@shili.example",
    "address": "示例市中心区明堂路1号",
    "postcode": "000000",
    "hours": "工作日 9:00—17:00",
}


def _unit(unit: str, name: str, short: str, kind: str, **more: object) -> Data:
    common = {
        "site_code": "9999000002",
        "icp": "示ICP备2号",
        "police": "示公网安备 2号",
        "organiser": f"{name}办公室",
        "contact": dict(_CONTACT),
        "description": f"{short}的职责。",
        "accent": "#14427a",
        "accent_dark": "#8db8ee",
        "emblem": short[0],
        "theme_options": {"tagline": "依法公开"},
    }
    return {"id": unit, "name": name, "short_name": short, "kind": kind} | common | more


BASE: Data = {
    CLUSTER: {
        "name": "测试网站群",
        "base_url": "https://www.shili.example/",
        "time_zone": "Asia/Shanghai",
        "theme": "default",
        "theme_options": {
            "emblem": "明",
            "accent": "#a61b1b",
            "accent_dark": "#ef9a8f",
            "navigation": ["policy", "service"],
            "needs": [
                {"label": "会见", "hint": "带什么", "to": "item:jyglj/service/meet"},
                {"label": "办法", "to": "category:policy"},
            ],
            "example_queries": ["会见", "办法"],
            "switcher_limit": 30,
            "slogan": "公开为常态",
        },
        "notice": "本站为演示。",
        "organiser": "示例市司法局",
        "description": "全市司法行政信息。",
        "site_code": "9999000001",
        "icp": "示ICP备1号",
        "police": "示公网安备 1号",
        "contact": _CONTACT,
        "units": ["sfj", "jyglj", "heping"],
    },
    SFJ: _unit("sfj", "示例市司法局", "市司法局", "bureau"),
    JYGLJ: _unit(
        "jyglj", "示例市监狱管理局", "监狱局", "administration", parent="sfj", host="https://jy.shili.example/"
    ),
    HEPING: _unit(
        "heping", "和平区司法局", "和平区局", "district", parent="sfj", clearance="record", accent="", accent_dark=""
    ),
    CATEGORIES: [
        {"id": "decision", "name": "决策公开", "name_en": "Decisions", "rhythm": "yearly", "description": "决策。"},
        {"id": "service", "name": "服务公开", "name_en": "Services", "rhythm": "notice", "description": "服务。"},
        {"id": "policy", "name": "政策文件", "name_en": "Policies", "rhythm": "news", "description": "政策。"},
        {"id": "interpretation", "name": "政策解读", "name_en": "Interpretations", "parent": "policy"},
    ],
    RULES: {
        "version": "1",
        "rules": [
            {
                **{"id": "word", "kind": "term", "terms": ["绝密词"], "basis": "条例第十四条"},
                **{"severity": "warn", "review": "2026-01-31"},
                "scope": {"units": ["sfj"], "categories": ["policy"], "fields": ["body"], "attachments": False},
            },
            {
                **{"id": "phone", "kind": "recogniser", "recogniser": "landline", "basis": "条例第十五条"},
                **{"severity": "warn", "review": "2027-01-31"},
            },
            {
                **{"id": "code", "kind": "regex", "pattern": "内部编号[0-9]+", "basis": "条例第十六条"},
                **{"severity": "block", "review": "2027-01-31"},
            },
        ],
    },
    THESAURUS: {"探监": ["会见"], "规矩": ["办法", "规定"]},
    DEPLOY: {
        "keep": 10,
        "grace_hours": 24,
        "deletion_cap": 20,
        "public_key": "release.pub",
        "targets": {
            "here": {"kind": "local", "path": "released", "sites": ["portal"], "reload": "true"},
            "main": {
                **{"kind": "ssh", "host": "www.shili.example", "port": 22, "user": "mingtang", "path": "/srv/mingtang"},
                **{"known_hosts": "known_hosts", "sites": ["portal"], "reload": "true"},
            },
            "store": {
                **{"kind": "s3", "endpoint": "https://oss.example", "region": "a", "bucket": "shili-jy"},
                **{"prefix": "jy", "site": "jyglj"},
            },
        },
        "webserver": {
            **{"path": "/srv/mingtang", "certificates": "/etc/ssl/mingtang", "listen": "10.0.0.1"},
            **{"http": 80, "https": 443, "brotli": True, "hsts_days": 365},
        },
    },
    OLD: [
        {"from": "/col/show.jsp?id=1", "to": "sfj/policy/rules"},
        {"from": "https://old.shili.example/a", "to": "sfj"},
    ],
    THEME: yaml.safe_load((REPOSITORY / "themes/default/theme.yml").read_text("utf-8"))
    | {"options": {"slogan": "公开"}, "unit_options": {"tagline": "为民"}},
}


def as_yaml(said: object) -> str:
    """Data as a file says it: JSON, which our YAML holds."""
    return json.dumps(said, ensure_ascii=False, indent=1)


def items_of(house: House) -> None:
    """Content in which every definition shows somewhere: families, consultations, tombstones, records, findings."""
    house.write(
        "sfj/policy/rules", title="会见办法", body="第一条 会见办法。绝密词。电话 010-55500001。", pinned="true"
    )
    house.write("sfj/interpretation/rules", title="会见办法解读", body="规定。", interprets="[sfj/policy/rules]")
    house.write("sfj/decision/ask", title="征求意见", body="请提意见。", consultation_closes="2026-12-20")
    house.write("sfj/policy/gone", title="已撤", body="要撤回的内容，原文不少于二十个字，依法撤销，另行公布。")
    house.write(
        "jyglj/service/meet", title="会见须知", body="带证件。电话 010-55500002。", redirect_from="[old/meet.html]"
    )
    house.with_file("jyglj/policy/table", "表.txt", "绝密词与内部编号。")
    house.write("jyglj/policy/coded", title="有编号", body="内部编号77不得外传，这一条被负面清单拦下。")
    house.write("heping/policy/recorded", title="审查过", body="有审查记录的内容。")
    house.write("heping/policy/unrecorded", title="没有记录", body="没有审查记录的内容，不能出现在网站上。")


class Defined(House):
    """The folders of that cluster, written from data, and builds of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        (self.themes / "default" / "units" / "heping" / "templates").mkdir(parents=True)
        page = self.themes / "default" / "templates" / "about.html"
        about = page.read_text("utf-8").replace("{% block main %}", '{% block main %}{{ options["slogan"] }}', 1)
        assert "slogan" in about
        page.write_text(about, "utf-8")
        (self.themes / "default" / "units" / "heping" / "templates" / "about.html").write_text(about, "utf-8")
        images = self.themes / "default" / "assets" / "img"
        images.mkdir()
        (images / "seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>', "utf-8")
        with (self.themes / "default" / "assets" / "css" / "base.css").open("a", encoding="utf-8") as sheet:
            sheet.write('\n.seal { background: url("../img/seal.svg"); }\n')
        (self.sites / "known_hosts").write_text("www.shili.example ssh-ed25519 AAAA\n", "utf-8")
        items_of(self)
        self.write_definitions(BASE)
        shutil.copytree(self.themes / "default", self.themes / "plain")
        self.clear("heping/policy/recorded")
        self.withdraw("sfj/policy/gone", tombstone=True)

    def write_definitions(self, data: Data) -> None:
        """Write every file of ``data``; those of ``BASE`` that it does not have go."""
        for name in BASE.keys() - data.keys():
            (self.root / name).unlink(missing_ok=True)
        for name, said in data.items():
            path = self.root / name
            path.write_text(said if isinstance(said, str) else as_yaml(said), "utf-8")

    def warm(self, **changes: object) -> BuildResult:
        """Build with what is remembered of the builds before."""
        return self.build_with("out", **changes)

    def cold(self, **changes: object) -> tuple[BuildResult, dict[str, str]]:
        """Build without any memory but that which must be kept, as when somebody deleted cache and tree."""
        shutil.rmtree(self.root / "clean", ignore_errors=True)
        shutil.rmtree(self.root / "clean-private", ignore_errors=True)
        shutil.copytree(self.root / "out-private" / "state", self.root / "clean-private" / "state")
        result = self.build_with("clean", **changes)
        return result, digests(self.root / "clean")

    def loaded(self) -> dict[type, list[Struct]]:
        """Every value of a definition model, as the program reads the files now."""
        cluster = load_cluster(self.sites)
        rules = load_rules(self.sites, cluster)
        theme, _ = read_definition(load_yaml(self.themes / cluster.theme / "theme.yml", "theme.yml"), "theme.yml")
        assert theme is not None
        options, _ = read_options(cluster, theme)
        roots = (cluster, theme, options, rules.rules)
        placed = (load_definition(self.sites, parts_of(cluster)), load_old_addresses(self.sites, cluster))
        found: dict[type, list[Struct]] = {}
        for one in _structs((*roots, *placed)):
            found.setdefault(type(one), []).append(one)
        return found


def _structs(value: object) -> Iterator[Struct]:
    if isinstance(value, Struct):
        yield value
        for name in value.__struct_fields__:
            yield from _structs(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _structs(one)
    elif isinstance(value, Mapping):
        yield from _structs(tuple(value.values()))


def models_below(*roots: type[Struct]) -> set[type[Struct]]:
    """These models and all that their fields may hold."""
    found: set[type[Struct]] = set()

    def look(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, Struct) and kind not in found:
            found.add(kind)
            for hint in get_type_hints(kind).values():
                look(hint)
        for part in get_args(kind):
            look(part)

    for root in roots:
        look(root)
    return found


def edited(edit: Edit) -> Data:
    """The definitions after an edit."""
    data = copy.deepcopy(BASE)
    edit(data)
    return data


def put(file: str, *place: str | int, to: object) -> Edit:
    """The edit that writes another value at a place of a file."""

    def edit(data: Data) -> None:
        at = data[file]
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = to

    return edit
