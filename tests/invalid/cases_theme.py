"""A theme, its interface texts, and what the cluster and its units ask of it."""

import re

from tests.conftest import REPOSITORY
from tests.invalid.invalid_cases import SITES, Case

DEFAULT = "themes/default"
THEME, ENGLISH, CHINESE = (
    (REPOSITORY / DEFAULT / name).read_text("utf-8") for name in ("theme.yml", "strings/en.yml", "strings/zh-CN.yml")
)
CLUSTER = SITES["sites/cluster.yml"]
SFJ = SITES["sites/units/sfj.yml"]


def theme(text: str | bytes) -> Case:
    return Case({f"{DEFAULT}/theme.yml": text}, theme=True)


def but(line: str, instead: str) -> Case:
    """The default theme with other words in its definition."""
    assert line in THEME
    return theme(THEME.replace(line, instead))


def english(text: str | bytes) -> Case:
    return Case({f"{DEFAULT}/strings/en.yml": text}, theme=True)


def without(name: str) -> Case:
    return Case({}, theme=True, without=(f"{DEFAULT}/{name}",))


def options(*lines: str) -> Case:
    """A cluster with these options."""
    written = "".join(f"  {line}\n" for line in lines)
    return Case({"sites/cluster.yml": f"{CLUSTER}theme_options:\n{written}"}, theme=True)


def sfj(*lines: str) -> Case:
    return Case({"sites/units/sfj.yml": SFJ + "".join(f"{line}\n" for line in lines)}, theme=True)


CASES: dict[str, Case] = {
    "no such theme": Case({"sites/cluster.yml": CLUSTER + "theme: defualt\n"}, theme=True),
    "no theme.yml": without("theme.yml"),
    "theme.yml empty": theme(""),
    "theme.yml as a list": theme("- name: default\n"),
    "theme.yml in GBK": theme(THEME.encode() + "# 说明\n".encode("gbk")),
    "theme.yml with broken YAML": theme(THEME + "options: [\n"),
    "key twice": theme(THEME + "name: default\n"),
    "missing keys": theme("name: default\nsurface: '#ffffff'\n"),
    "unknown and misspelt keys": theme(THEME + "stylesheet: [a.css]\nfavicon: a.ico\n"),
    "name without a value": but("name: default", "name:"),
    "stylesheets as text": but("[tokens.css, base.css", "tokens.css # [base.css"),
    "a stylesheet that is not there": but("tokens.css", "token.css"),
    "colours by name, and without quotes": theme(
        THEME.replace('paper: "#ffffff"', "paper: white").replace('surface: "#f7f6f3"', "surface: #f7f6f3", 1)
    ),
    "accents as a list": but("accents:", "accents: []\nold:"),
    "accents without that of the portal": but("  bureau:", "  burau:"),
    "an accent without its dark variant": but(', dark: "#86cdb0"', ""),
    "an accent as one colour": but('{light: "#1f5f4a", dark: "#86cdb0"}', '"#1f5f4a"'),
    "accents of the theme that cannot be read": but(
        '{light: "#1f5f4a", dark: "#86cdb0"}', '{light: "#cccccc", dark: "#111111"}'
    ),
    "options as a list, and of lists": theme(
        THEME.replace("options: {}", "options: [slogan]", 1).replace('  tagline: ""', "  tagline: [a]")
    ),
    "no file of a language": without("strings/en.yml"),
    "texts as a list": english("- a\n"),
    "texts empty": english(""),
    "a text as a list": english(ENGLISH.replace("home: Home", "home: [Home]")),
    "a text twice": english(ENGLISH + "home: Home\n"),
    "a text of one language only": english(ENGLISH.replace("home: Home\n", "") + "homes: Home\n"),
    "texts that pages need, in no language": Case(
        {
            f"{DEFAULT}/strings/{name}.yml": re.sub("(?m)^(validity_repealed|year_title|home): .*\n", "", text)
            for name, text in (("en", ENGLISH), ("zh-CN", CHINESE))
        },
        theme=True,
    ),
    "texts in which a number is filled in": english(
        re.sub("(?m)^year_title: .*$", "year_title: Year", ENGLISH).replace("{number}", "{n}")
    ),
    "texts with an open bracket": english(ENGLISH + "more_texts: [\n"),
    "template in GBK": Case({f"{DEFAULT}/templates/about.html": "关于".encode("gbk")}, theme=True),
    "template with a text that is not there": Case(
        {f"{DEFAULT}/templates/not_found.html": "<p>\n{% t not_fuond %}\n"}, theme=True
    ),
    "no template": without("templates/list.html"),
    "unknown and misspelt options": options("colour: red", "navigations: [notice]", "texts: {a: b}"),
    "options of other forms": options(
        "navigation: notice", "example_queries: [会见, [a]]", "switcher_limit: many", "accent: [a]"
    ),
    "an entry without a target, one with an unknown key, one that is text": options(
        "needs:", "  - {label: 会见}", "  - {label: 办, to: 'unit:sfj', link: a}", "  - 会见"
    ),
    "targets that are not there": options(
        "navigation: [notice, notise]",
        "needs:",
        "  - {label: 会见, to: 'item:sfj/notices/a'}",
        "  - label: 办法",
        "    to: category:polcy",
    ),
    "too many in the navigation": options("navigation: [notice, policy, notice, policy, notice, policy]"),
    "unknown language": options("language: fr"),
    "emblem of three characters": options("emblem: 司法局"),
    "accent of the portal that is none, or cannot be read": options("accent: red", 'accent_dark: "#222222"'),
    "accents of a unit that cannot be read": sfj('accent: "#ffcc00"', 'accent_dark: "#222222"'),
    "unknown option of a unit": sfj("theme_options:", "  tag_line: 为民"),
    "two files of one name": Case({f"{DEFAULT}/assets/js/site.css": "a{}\n"}, theme=True),
    "scripts that name each other": Case(
        {
            f"{DEFAULT}/assets/js/one.js": "\nimport './two.js'\n",
            f"{DEFAULT}/assets/js/two.js": "import './one.js'\n",
        },
        theme=True,
    ),
    "style sheet with a picture that is not there": Case(
        {f"{DEFAULT}/assets/css/tokens.css": "/* url(none.svg)\n*/\na{}\nb{background: url(none.svg)}\n"}, theme=True
    ),
    "script of a module that is not there": Case({f"{DEFAULT}/assets/js/one.js": "\nimport './nil.js'\n"}, theme=True),
    "faults of all the theme's files": Case(
        {
            f"{DEFAULT}/theme.yml": THEME + "favicon: a.ico\n",
            f"{DEFAULT}/strings/en.yml": ENGLISH + "extra: a\n",
            f"{DEFAULT}/templates/about.html": "{% t nothing_at_all %}",
            f"{DEFAULT}/templates/units.html": "单位\U00020000".encode("gb18030"),
        },
        theme=True,
    ),
    "faults of the cluster, a unit, the theme's texts and its templates": Case(
        {
            "sites/cluster.yml": CLUSTER + "theme_options: {language: fr}\n",
            "sites/units/sfj.yml": SFJ + "theme_options: {motto: 为民}\n",
            f"{DEFAULT}/strings/en.yml": ENGLISH + "extra: a\n",
            f"{DEFAULT}/templates/about.html": "{% if %}",
        },
        theme=True,
    ),
}
