"""For every field of every definition model, an edit that gives it another valid value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from generator.clearance.rule import Rule, Scope
from generator.deploy.definition import Definition as Deployment
from generator.deploy.definition import LocalTarget, S3Target, SshTarget, WebServer
from generator.deploy.redirects import OldAddress
from generator.model import Category, Cluster, Contact, Unit
from generator.render.options import Need, Options
from generator.render.themefile import Accent, Definition
from tests.build.defined import (
    CATEGORIES,
    CLUSTER,
    DEPLOY,
    HEPING,
    JYGLJ,
    OLD,
    RULES,
    SFJ,
    THEME,
    THESAURUS,
    Data,
    Defined,
    Edit,
    as_yaml,
    put,
)

Change = Callable[[Defined], None]


def portal(*place: str | int, to: object) -> Edit:
    return put(CLUSTER, *place, to=to)


def option(name: str, to: object) -> Edit:
    return put(CLUSTER, "theme_options", name, to=to)


def unit(*place: str | int, to: object) -> Edit:
    return put(JYGLJ, *place, to=to)


def theme(*place: str | int, to: object) -> Edit:
    return put(THEME, *place, to=to)


def rule(number: int, *place: str | int, to: object) -> Edit:
    return put(RULES, "rules", number, *place, to=to)


def deploy(*place: str | int, to: object) -> Edit:
    return put(DEPLOY, *place, to=to)


def rename_unit(data: Data) -> None:
    """Content stays where it was: it is of a unit that is no more."""
    data["sites/units/hp.yml"] = data.pop(HEPING) | {"id": "hp"}
    data[CLUSTER]["units"][2] = "hp"


def regex_instead_of_term(data: Data) -> None:
    one = data[RULES]["rules"][0]
    one |= {"kind": "regex", "pattern": "绝密词"}


def lower(data: Data) -> None:
    """The list stands a line further down than before."""
    data[RULES] = "# 负面清单\n" + as_yaml(data[RULES])


def further_right(data: Data) -> None:
    data[RULES] = as_yaml(data[RULES]).replace("\n  {", "\n    {")


FIELDS: Mapping[type[Struct], Mapping[str, Edit]] = {
    Cluster: {
        "name": portal("name", to="改名的网站群"),
        "base_url": portal("base_url", to="http://www.shili.example/gk/"),
        "time_zone": lambda data: data[CLUSTER].pop("time_zone"),  # there is only one
        "theme": portal("theme", to="plain"),
        "theme_options": option("slogan", "以公开为常态"),
        "notice": portal("notice", to="改版中。"),
        "organiser": portal("organiser", to="别的单位"),
        "description": portal("description", to="别的说明。"),
        "site_code": portal("site_code", to="bm12345678"),
        "icp": portal("icp", to="示ICP备9号"),
        "police": portal("police", to="示公网安备 9号"),
        "contact": lambda data: data[CLUSTER].pop("contact"),
        "units": portal("units", to=["jyglj", "sfj", "heping"]),
        "categories": lambda data: data[CATEGORIES].reverse(),
    },
    Unit: {
        "id": rename_unit,
        "name": unit("name", to="改名的监狱管理局"),
        "short_name": unit("short_name", to="狱局"),
        "kind": unit("kind", to="center"),
        "parent": unit("parent", to="heping"),
        "host": unit("host", to="https://jyglj.shili.example/"),
        "clearance": put(HEPING, "clearance", to="flag"),
        "site_code": unit("site_code", to="9999000009"),
        "icp": unit("icp", to=""),
        "police": unit("police", to="示公网安备 9号"),
        "organiser": unit("organiser", to="别的单位"),
        "contact": lambda data: data[JYGLJ].pop("contact"),
        "accent": unit("accent", to="#1f5f4a"),
        "accent_dark": unit("accent_dark", to="#86cdb0"),
        "emblem": unit("emblem", to="狱"),
        "description": unit("description", to="别的说明。"),
        "theme_options": unit("theme_options", to={"tagline": "阳光执法"}),
    },
    Category: {
        "id": put(CATEGORIES, 0, "id", to="decisions"),
        "name": put(CATEGORIES, 2, "name", to="政策法规"),
        "name_en": put(CATEGORIES, 2, "name_en", to="Rules"),
        "parent": put(CATEGORIES, 3, "parent", to=None),
        "rhythm": put(CATEGORIES, 2, "rhythm", to="none"),
        "description": put(CATEGORIES, 2, "description", to="别的说明。"),
    },
    Contact: {
        "telephone": unit(
            "contact", "telephone", to="010-55500002"
        ),  # which an item names: the rule for it is quiet now
        "email": unit("contact", "email", to="jy@shili.example"),
        "address": unit("contact", "address", to="示例市和平区一路1号"),
        "postcode": unit("contact", "postcode", to="300000"),
        "hours": unit("contact", "hours", to="周三"),
    },
    Definition: {
        "name": theme("name", to="另一个名字"),
        "stylesheets": lambda data: data[THEME]["stylesheets"].reverse(),
        "accents": lambda data: data[THEME]["accents"].pop("district"),
        "paper": theme("paper", to="#fffffe"),
        "surface": theme("surface", to="#f7f6f4"),
        "dark_surface": theme("dark_surface", to="#16181c"),
        "options": theme("options", to={"slogan": "公开", "more": "更多"}),
        "unit_options": theme("unit_options", to={"tagline": "为民", "more": "更多"}),
    },
    Accent: {
        "light": theme("accents", "district", "light", to="#2b3a4a"),
        "dark": theme("accents", "district", "dark", to="#b9cccf"),
    },
    Options: {
        "language": option("language", "en"),
        "emblem": option("emblem", "堂"),
        "accent": option("accent", "#14427a"),
        "accent_dark": option("accent_dark", "#8db8ee"),
        "navigation": option("navigation", ["service", "decision"]),
        "needs": option("needs", []),
        "example_queries": option("example_queries", ["调解"]),
        "switcher_limit": option("switcher_limit", 1),
        "texts": lambda data: data[CLUSTER]["theme_options"].pop("slogan"),
    },
    Need: {
        "label": portal("theme_options", "needs", 0, "label", to="探视"),
        "to": portal("theme_options", "needs", 0, "to", to="item:jyglj/policy/coded"),
        "hint": portal("theme_options", "needs", 0, "hint", to=""),
    },
    Rule: {
        "id": rule(0, "id", to="words"),
        "kind": regex_instead_of_term,
        "basis": rule(0, "basis", to="条例第二十条"),
        "severity": rule(0, "severity", to="block"),
        "review": rule(0, "review", to="2026-02-28"),
        "scope": lambda data: data[RULES]["rules"][0].pop("scope"),
        "terms": rule(0, "terms", to=["会见"]),
        "pattern": rule(2, "pattern", to="内部编号[a-z]+"),
        "recogniser": rule(1, "recogniser", to="mobile"),
        "line": lower,
        "column": further_right,
    },
    Scope: {
        "units": rule(0, "scope", "units", to=["heping"]),
        "categories": rule(0, "scope", "categories", to=["service"]),
        "fields": rule(0, "scope", "fields", to=["title"]),
        "attachments": rule(0, "scope", "attachments", to=True),
    },
}

DEPLOYED: Mapping[type[Struct], Mapping[str, Edit]] = {
    Deployment: {
        "targets": lambda data: data[DEPLOY]["targets"].pop("store"),
        "keep": deploy("keep", to=3),
        "grace_hours": deploy("grace_hours", to=1),
        "deletion_cap": deploy("deletion_cap", to=5),
        "public_key": deploy("public_key", to="other.pub"),
        "webserver": lambda data: data[DEPLOY].pop("webserver"),
    },
    LocalTarget: {
        "name": lambda data: data[DEPLOY]["targets"].update(there=data[DEPLOY]["targets"].pop("here")),
        "path": deploy("targets", "here", "path", to="elsewhere"),
        "sites": deploy("targets", "here", "sites", to="all"),
        "reload": deploy("targets", "here", "reload", to="false"),
    },
    SshTarget: {
        "name": lambda data: data[DEPLOY]["targets"].update(other=data[DEPLOY]["targets"].pop("main")),
        "host": deploy("targets", "main", "host", to="a.shili.example"),
        "path": deploy("targets", "main", "path", to="/srv/other"),
        "sites": deploy("targets", "main", "sites", to="all"),
        "port": deploy("targets", "main", "port", to=2222),
        "user": deploy("targets", "main", "user", to="web"),
        "known_hosts": deploy("targets", "main", "known_hosts", to="hosts"),
        "reload": deploy("targets", "main", "reload", to="false"),
    },
    S3Target: {
        "name": lambda data: data[DEPLOY]["targets"].update(bucket=data[DEPLOY]["targets"].pop("store")),
        "endpoint": deploy("targets", "store", "endpoint", to="https://b.example"),
        "bucket": deploy("targets", "store", "bucket", to="other"),
        "sites": deploy("targets", "store", "site", to="portal"),
        "region": deploy("targets", "store", "region", to="b"),
        "prefix": deploy("targets", "store", "prefix", to=""),
    },
    WebServer: {
        "path": deploy("webserver", "path", to="/srv/other"),
        "certificates": deploy("webserver", "certificates", to="/etc/other"),
        "listen": deploy("webserver", "listen", to="10.0.0.2"),
        "http": deploy("webserver", "http", to=8080),
        "https": deploy("webserver", "https", to=8443),
        "brotli": deploy("webserver", "brotli", to=False),
        "hsts_days": deploy("webserver", "hsts_days", to=30),
    },
    OldAddress: {
        "host": put(OLD, 1, "from", to="https://older.shili.example/a"),
        "address": put(OLD, 0, "from", to="/col/show.jsp?id=2"),
        "to": put(OLD, 0, "to", to="sfj"),
        "line": lambda data: data.update({OLD: f"# 旧地址\n{as_yaml(data[OLD])}"}),
    },
}


def _entries(data: Data, **entries: object) -> None:
    data[THESAURUS] |= entries


def a_unit_comes(data: Data) -> None:
    data["sites/units/hexi.yml"] = data[HEPING] | {"id": "hexi", "name": "河西区司法局", "clearance": "flag"}
    data[CLUSTER]["units"].append("hexi")


def a_unit_goes(data: Data) -> None:
    """With the records and withdrawals of its items."""
    del data[HEPING]
    data[CLUSTER]["units"].remove("heping")


def a_unit_with_a_tombstone_goes(data: Data) -> None:
    del data[SFJ]
    data[CLUSTER]["units"].remove("sfj")
    data[HEPING]["parent"] = data[JYGLJ]["parent"] = None


def the_units_of_rules_go(data: Data) -> None:
    a_unit_with_a_tombstone_goes(data)
    data[RULES]["rules"][0].pop("scope")


def a_category_goes(data: Data) -> None:
    del data[CATEGORIES][3]


def least(data: Data) -> None:
    """Nothing but what must be there."""
    data[CLUSTER] = {key: data[CLUSTER][key] for key in ("name", "base_url", "units")}
    for file in (SFJ, JYGLJ, HEPING):
        data[file] = {key: data[file][key] for key in ("id", "name", "short_name", "kind")}
    data[CATEGORIES] = [{key: one[key] for key in ("id", "name", "name_en")} for one in data[CATEGORIES]]
    for file in (THESAURUS, DEPLOY, OLD):
        del data[file]


OTHERS: Mapping[str, Edit] = {
    "a lay word": lambda data: _entries(data, 监狱=["办法"]),
    "other official words": lambda data: _entries(data, 探监=["规定", "会见"]),
    "official words that nobody uses": lambda data: _entries(data, 探监=["绝无此词"]),
    "a lay word goes": lambda data: data[THESAURUS].pop("规矩"),
    "no thesaurus": lambda data: data.pop(THESAURUS),
    "an empty thesaurus": lambda data: data.update({THESAURUS: ""}),
    "another version of the rules": put(RULES, "version", to="2"),
    "a rule goes": lambda data: data[RULES]["rules"].pop(2),
    "rules in another order": lambda data: data[RULES]["rules"].reverse(),
    "a unit comes": a_unit_comes,
    "a unit goes": a_unit_goes,
    "the unit of a rule goes": the_units_of_rules_go,
    "a category comes": lambda data: data[CATEGORIES].insert(0, {"id": "law", "name": "法规", "name_en": "Laws"}),
    "a category goes": a_category_goes,
    "a category gets a parent": put(CATEGORIES, 1, "parent", to="decision"),
    "the policy becomes signed": put(JYGLJ, "clearance", to="signed"),
    "the least": least,
}
"""Changes of more than one value, or of what has no model."""


def _within(text: str, name: str) -> str:
    """A template that shows one sign more, wherever it shows anything."""
    first = re.search(r"{%-? *(?:block|macro) [^%]*%}", text)
    at = first.end() if first else len(text)
    return f"{text[:at]}<!-- {name} -->{text[at:]}"


def _edit_file(path: Path) -> None:
    text = path.read_text("utf-8")
    match path.suffix:
        case ".html":
            text = _within(text, path.name)
        case ".css":
            text += "\n.changed { color: #a61b1b; }\n"
        case ".svg":
            text = text.replace("1v1", "2v2")
        case ".yml" if path.parent.name == "strings":
            text = re.sub(r"(?m)^search: .*$", "search: 搜一搜", text)
        case ".yml":
            text += "# 说明\n"
        case ".js":
            text += "\nglobalThis.changed = true;\n"
        case _:
            text += "# more\n"
    assert text != path.read_text("utf-8")
    path.write_text(text, "utf-8")


def change(file: str) -> Change:
    """The change of a file that shows wherever the file does."""
    return lambda defined: _edit_file(defined.root / file)


def remove(file: str) -> Change:
    """The change that takes a file away, and its folder where nothing else is in it."""

    def removed(defined: Defined) -> None:
        path = defined.root / file
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()

    return removed


def add(file: str, text: str) -> Change:
    """The change that brings another file, or the same with other words."""

    def added(defined: Defined) -> None:
        path = defined.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return added


_DEFAULT = "themes/default"
FILES: Mapping[str, Change] = {
    "a template": change(f"{_DEFAULT}/templates/item.html"),
    "a template of parts": change(f"{_DEFAULT}/templates/_parts.html"),
    "a template of one unit": change(f"{_DEFAULT}/units/heping/templates/about.html"),
    "a template of one unit goes": remove(f"{_DEFAULT}/units/heping/templates/about.html"),
    "a template of one unit comes": add(f"{_DEFAULT}/units/sfj/templates/tombstone.html", "撤回于 {{ withdrawn_on }}"),
    "a stylesheet": change(f"{_DEFAULT}/assets/css/item.css"),
    "a stylesheet that no page has": add(f"{_DEFAULT}/assets/css/none.css", ".none { color: #a61b1b; }"),
    "a script": change(f"{_DEFAULT}/assets/js/search-box.js"),
    "a script that others import": change(f"{_DEFAULT}/assets/js/search-folding.js"),
    "an image": change(f"{_DEFAULT}/assets/img/seal.svg"),
    "a file that no page names": add(f"{_DEFAULT}/assets/img/other.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "texts": change(f"{_DEFAULT}/strings/zh-CN.yml"),
    "texts of another language": change(f"{_DEFAULT}/strings/en.yml"),
    "a comment in theme.yml": change(THEME),
    "a theme that is not used": change("themes/plain/templates/item.html"),
    "a hidden file": add(f"{_DEFAULT}/.swp", "x"),
    "known hosts": change("sites/known_hosts"),
    "a note beside the definitions": add("sites/README.md", "说明"),
}
