"""Reading a theme, and every fault that an operator can make in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.errors import ConfigError
from generator.model import Cluster
from generator.render.renderer import _HEADINGS
from generator.render.theme import Theme, load_theme
from generator.render.themefile import ASKED
from tests.conftest import REPOSITORY
from tests.site_support import THEMES, make_cluster, make_theme


@pytest.fixture
def themes(tmp_path: Path) -> Path:
    """A copy of the themes that a test may spoil."""
    return Path(shutil.copytree(THEMES, tmp_path / "themes"))


def _unit(cluster: Cluster, **changes: Any) -> Cluster:
    first, second, *rest = cluster.units
    return msgspec.structs.replace(cluster, units=(first, msgspec.structs.replace(second, **changes), *rest))


def _faults(themes: Path, cluster: Cluster | None = None) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load_theme(themes, cluster or make_cluster())
    return [fault.format("en").partition("  hint:")[0] for fault in refused.value.diagnostics]


def test_every_site_has_all_assets_of_its_own() -> None:
    """Nothing is loaded across sites; the style sheet of colours and the emblem are the site's own."""
    theme = make_theme()
    sites = {site: {file.path for file in theme.assets(site)} for site in ("", "sfj", "a")}
    names = {path.rpartition("/")[2].partition(".")[0] for path in sites["a"]}
    assert {"site", "unit", "emblem"} <= names
    assert all(path.startswith("a/assets/") for path in sites["a"])
    assert all(path.startswith("assets/") for path in sites[""])
    assert theme.asset("a", "site.css") in sites["a"]
    assert theme.asset("a", "none.css") is None


def test_unit_colours_are_in_its_stylesheet_for_light_and_dark() -> None:
    """A given accent is used as it is; the dark variant is lifted until it is legible."""
    theme = load_theme(THEMES, _unit(make_cluster(), accent="#123456"))
    (sheet,) = (file.data.decode() for file in theme.assets("a") if "/unit." in file.path)
    light, dark = sheet.split("@media (prefers-color-scheme:dark)")
    assert light.strip() == ":root{--accent:#123456;--on-accent:#ffffff}"
    assert "--accent:#123456" not in dark


def test_accent_that_cannot_be_read_is_refused(themes: Path) -> None:
    """Contrast of accents is checked at load, on paper and on the dark surface."""
    assert _faults(themes, _unit(make_cluster(), accent="#ffcc00", accent_dark="#222222")) == [
        "sites/units/a.yml: error[accent-contrast]: the contrast of accent on #f7f6f3 is only 1.40:1; "
        "text would be hard to read",
        "sites/units/a.yml: error[accent-contrast]: the contrast of accent on #ffffff is only 1.51:1; "
        "text would be hard to read",
        "sites/units/a.yml: error[accent-contrast]: the contrast of accent_dark on #16181b is only 1.12:1; "
        "text would be hard to read",
    ]


@pytest.mark.parametrize("colour", ["red", "#a61b1b;}body{display:none"])
def test_accent_that_is_no_colour_is_refused(themes: Path, colour: str) -> None:
    """Only ``#rrggbb`` gets into a style sheet."""
    assert _faults(themes, _unit(make_cluster(), accent=colour)) == [
        "sites/units/a.yml: error[colour-format]: a colour of accent is not of the form #rrggbb"
    ]


def test_syntax_error_of_a_template_is_located(themes: Path) -> None:
    """File and line, not a traceback."""
    (themes / "default/templates/about.html").write_text("<p>\n{% if %}\n", encoding="utf-8")
    assert _faults(themes) == [
        "themes/default/templates/about.html:2: error[template-syntax]: the template has a syntax error: "
        "Expected an expression, got 'end of statement block'"
    ]


def test_interface_text_that_does_not_exist_is_located(themes: Path) -> None:
    """``{% t key %}`` is checked while compiling, in a unit's own templates too."""
    folder = themes / "default/units/a/templates"
    folder.mkdir(parents=True)
    (folder / "about.html").write_text("\n\n{% t nonsense %}", encoding="utf-8")
    assert _faults(themes) == [
        "themes/default/units/a/templates/about.html:3: error[template-text]: "
        "there is no interface text named 'nonsense'"
    ]


def test_template_that_is_missing_or_refers_to_none_is_refused(themes: Path) -> None:
    """A theme has every template that pages are made of, and those that its templates include."""
    (themes / "default/templates/list.html").unlink()
    (themes / "default/templates/about.html").write_text('{% include "none.html" %}', encoding="utf-8")
    assert _faults(themes) == [
        "themes/default/templates: error[template-missing]: the template list.html is missing",
        "themes/default/templates/about.html: error[template-missing]: the template none.html is missing",
    ]


def test_languages_with_different_keys_are_refused(themes: Path) -> None:
    """A text that only one language has would be missing in the other."""
    with (themes / "default/strings/zh-CN.yml").open("a", encoding="utf-8") as file:
        file.write("extra: 多出\n")
    assert _faults(themes) == [
        "themes/default/strings/zh-CN.yml:122:1: error[string-missing]: the interface text 'extra' is missing in en.yml"
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_interface_texts_that_cannot_be_read_are_one_fault(themes: Path, language: str) -> None:
    """A slip in one line is what has to be mended; that all texts are missing then is no news."""
    with (themes / f"default/strings/{language}.yml").open("a", encoding="utf-8") as file:
        file.write("extra: a: b\n")
    (fault,) = _faults(themes)
    assert fault.startswith(f"themes/default/strings/{language}.yml:")


def test_unknown_and_ill_formed_options_are_refused_together(themes: Path) -> None:
    """Every fault of ``theme_options`` is reported in the same run."""
    options = {
        "colour": "red",
        "navigation": ["policy", "nonsense"],
        "needs": [{"label": "办", "to": "item:a/none"}],
        "example_queries": "一个",
        "texts": {"a": "b"},
    }
    cluster = _unit(make_cluster(theme_options=options), theme_options={"motto": "x"})
    assert [fault.partition("error[")[2].partition("]")[0] for fault in _faults(themes, cluster)] == [
        "option-target",
        "option-target",
        "option-type",
        "option-unknown",
        "option-unknown",
        "option-unknown",
    ]


def test_what_is_only_odd_stops_no_theme(themes: Path) -> None:
    """Line ends of Windows, and a stylesheet that is named twice."""
    for name in ("theme.yml", "strings/en.yml", "strings/zh-CN.yml"):
        path = themes / "default" / name
        text = path.read_text("utf-8").replace("[tokens.css,", "[tokens.css, tokens.css,")
        path.write_bytes(text.replace("\n", "\r\n").encode())
    assert load_theme(themes, make_cluster()).names == make_theme().names


def test_a_kind_of_unit_takes_the_colour_of_the_portal_where_the_theme_names_none(themes: Path) -> None:
    """A theme may name one colour for all."""
    path = themes / "default" / "theme.yml"
    path.write_text(re.sub(r"(?m)^  (administration|center|district):.*\n", "", path.read_text("utf-8")), "utf-8")
    theme = load_theme(themes, make_cluster())
    assert {site["unit.css"] for site in theme.site_names.values()} == {make_theme().site_names[""]["unit.css"]}


def test_texts_that_pages_need_are_all_asked_of_a_theme() -> None:
    """What is looked up by its name when a page is made, has been looked for when the theme was read."""
    asked = {*_HEADINGS.values()}
    for path in (REPOSITORY / "generator" / "render").glob("*.py"):
        asked |= set(re.findall(r"\bstrings\[[\"']([a-z_]+)[\"']\]", path.read_text("utf-8")))
    assert {"correction", "year_title"} < asked <= ASKED


def test_missing_theme_and_missing_stylesheet_are_refused(themes: Path) -> None:
    """The operator is told which theme, and which file."""
    assert "no theme named none" in _faults(themes, make_cluster(theme="none"))[0]
    (themes / "default/assets/css/tokens.css").unlink()
    assert _faults(themes) == [
        "themes/default/theme.yml:4:15: error[asset-missing]: it refers to the file tokens.css, which does not exist"
    ]


def _digest(themes: Path, cluster: Cluster) -> str:
    return load_theme(themes, cluster).digest


@pytest.mark.parametrize(
    "name", ["theme.yml", "strings/en.yml", "templates/layout.html", "assets/css/base.css", "assets/js/search-box.js"]
)
def test_texts_in_another_encoding_are_one_fault_each(themes: Path, name: str) -> None:
    """Saved by an editor as GBK, or with a mark that would hide the first rule of a style sheet behind it."""
    path = themes / "default" / name
    text = path.read_bytes()
    path.write_bytes(text + "\n# 中".encode("gbk"))
    (fault,) = _faults(themes)
    assert re.fullmatch(
        rf"themes/default/{name}:\d+:\d+: error\[encoding-gbk\]: the file is encoded in GBK, not UTF-8", fault
    )
    path.write_bytes(b"\xef\xbb\xbf" + text)
    assert _faults(themes) == [
        f"themes/default/{name}:1:1: error[encoding-bom]: the file begins with a byte order mark"
    ]


def test_link_out_of_the_theme_is_refused(themes: Path, tmp_path: Path) -> None:
    """It may lead to an item that is not cleared, which would be published; one to another theme is fine."""
    (tmp_path / "secret.md").write_text("不公开。", "utf-8")
    (themes / "default" / "assets" / "a.txt").symlink_to(tmp_path / "secret.md")
    (themes / "other").mkdir()
    (themes / "other" / "b.txt").write_text("b", "utf-8")
    (themes / "default" / "assets" / "b.txt").symlink_to("../../other/b.txt")
    assert [fault.partition(" error")[0] for fault in _faults(themes)] == ["themes/default/assets/a.txt:"]
    (themes / "default" / "assets" / "a.txt").unlink()
    (tmp_path / "linked").symlink_to(themes)
    assert "b.txt" in load_theme(tmp_path / "linked", make_cluster()).names


def test_digest_covers_files_and_definitions(themes: Path) -> None:
    """Whatever a page may show of theme or definitions changes the digest; editors' temporary files do not."""
    cluster = make_cluster()
    first = _digest(themes, cluster)
    (themes / "default/templates/.about.html.swp").write_text("x", encoding="utf-8")
    (themes / "default/templates/about.html~").write_text("x", encoding="utf-8")
    assert _digest(themes, cluster) == first
    assert _digest(themes, _unit(cluster, short_name="丙局")) != first
    with (themes / "default/strings/en.yml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert _digest(themes, cluster) != first


def test_trusted_theme_is_not_compiled_again(themes: Path) -> None:
    """The digest of a faultless theme vouches for its templates; any other digest does not."""
    theme: Theme = load_theme(themes, make_cluster())
    (themes / "default/templates/about.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(ConfigError):
        load_theme(themes, make_cluster(), trusted=theme.digest)


def test_template_of_one_unit_replaces_the_theme_for_that_unit_alone(themes: Path) -> None:
    """Overrides are by unit and by template."""
    folder = themes / "default/units/a/templates"
    folder.mkdir(parents=True)
    (folder / "about.html").write_text("own", encoding="utf-8")
    theme = load_theme(themes, make_cluster())
    assert theme.templates_of("a")["about.html"] == "own"
    assert theme.templates_of("b") == theme.templates
