"""Leak scenarios with a bug in them: the program itself lets something through, and the audit finds it.

Each bug is planted into the running code; the build must then fail, name file and item,
delete the file and leave no manifest, so that nothing can be released.
"""

from __future__ import annotations

import html
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from generator.build import indexing, stages, texts
from generator.build.cache import Memory, OutputState
from generator.build.fs import FileSystem
from generator.build.learning import Knowledge
from generator.build.packs import BodyRef, PackReader
from generator.build.rendering import put
from generator.build.result import BuildResult
from generator.build.texts import ReadBack, TextJob
from generator.build.tree import Tree
from generator.clearance.gate import ClearedItem
from generator.model import TextBlock
from generator.search.passages import cut_passages
from generator.search.postings import encode_postings
from tests.leaks.house import CONTROL, TEXT, TITLE, WORD, House

ITEM = "jyglj/policy/neibu"
BUGS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "a page with the text": ("jyglj/extra.html", lambda text: f"<p>{text}</p>".encode()),
    "a page with a word a tag": ("jyglj/extra.html", lambda text: "".join(f"<i>{c}</i>" for c in text).encode()),
    "a page with a word a tag and an entity": (
        "jyglj/extra.html",
        lambda text: ("".join(f"<i>{c}</i>" for c in text) + "&amp;").encode(),
    ),
    "a page with entities": ("jyglj/extra.html", lambda text: "".join(f"&#{ord(c)};" for c in text).encode()),
    "an attribute": ("jyglj/extra.html", lambda text: f'<img alt="{text}" src="x.png">'.encode()),
    "a comment": ("jyglj/extra.html", lambda text: f"<!-- {text} -->".encode()),
    "a link": ("jyglj/extra.html", lambda text: f'<a href="?q={quote(text)}">x</a>'.encode()),
    "a feed": (
        "jyglj/feed2.xml",
        lambda text: f"<content type='html'>{html.escape(f'<b>{text}</b>')}</content>".encode(),
    ),
    "a sitemap": ("sitemap2.xml", lambda text: f"<loc>https://www.shili.example/{ITEM}.html</loc>".encode()),
    "open data": ("jyglj/extra.json", lambda text: json.dumps([{"x": text}]).encode()),
    "a script": ("assets/extra.js", lambda text: f"const x={json.dumps(text)};".encode()),
    "a text file": ("llms.txt", lambda text: f"# {text}".encode()),
    "a file name": (f"jyglj/{TEXT}.html", lambda text: b"<p>x</p>"),
    "a file that nobody can read": ("jyglj/extra.dat", lambda text: b"\x00\xff" + text.encode("utf-16")),
}


def build_with(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, data: bytes, source: str = "bug"
) -> BuildResult:
    """A build that writes one file too many."""
    prune = Tree.prune

    def prune_and_leak(tree: Tree) -> None:
        prune(tree)
        settings = house.settings()
        tree.unseal()
        tree.add(path, put(settings.fs, settings.out, path, data, b"bug", source))

    monkeypatch.setattr(Tree, "prune", prune_and_leak)
    return house.publish()


def keep_stray(house: House, monkeypatch: pytest.MonkeyPatch, path: str, source: str) -> None:
    """From now on builds write a file with the secret text, once, and keep it as it is, whatever changes."""
    prune = Tree.prune

    def keep_and_prune(tree: Tree) -> None:
        settings = house.settings()
        if not tree.keep(path, b"bug"):
            tree.unseal()
            tree.add(path, put(settings.fs, settings.out, path, f"<p>{TEXT}</p>".encode(), b"bug", source))
        prune(tree)

    monkeypatch.setattr(Tree, "prune", keep_and_prune)


def assert_caught(house: House, result: BuildResult, path: str) -> None:
    assert {leak.path for leak in result.leaks} == {path}
    assert not house.has(path)
    assert not house.has("manifest.json")
    assert result.faults
    assert result.report is not None
    assert not result.report.audit_passed
    assert house.traces(TEXT, TITLE) == [] or path.startswith(f"jyglj/{TEXT}")


@pytest.mark.parametrize("bug", BUGS)
def test_audit_finds_what_a_bug_lets_through(house: House, monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    """Whatever the format, the file is deleted and the build fails."""
    house.secret(ITEM)
    path, encode = BUGS[bug]
    assert_caught(house, build_with(house, monkeypatch, path, encode(TEXT)), path)


def test_audit_finds_the_difference_of_a_near_copy(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The windows over one number: everything around it is public."""
    law = "第一条 为了规范有关工作，根据有关法律法规，结合本市实际，制定本办法。本办法所称标准为每人每日{}元。"
    house.write("jyglj/policy/gongkai", title="办法", body=law.format("二百"))
    house.secret(ITEM, body=law.format("三百"))
    path = "jyglj/extra.html"
    assert_caught(house, build_with(house, monkeypatch, path, law.format("三百").encode()), path)


def test_audit_finds_terms_of_no_cleared_item(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index made of more than the postings of cleared items is deleted where its dictionary tells it."""
    house.write("jyglj/policy/gongkai", title="办法", body="公开的正文。")
    house.secret(ITEM)
    secret = encode_postings(house.facts("jyglj/policy/gongkai").item, cut_passages([TextBlock(anchor="", text=TEXT)]))

    class Confused(PackReader):
        def postings(self, ref: BodyRef) -> bytes:
            return secret

    monkeypatch.setattr(indexing, "PackReader", Confused)
    result = house.publish()
    assert result.leaks
    assert {leak.reason for leak in result.leaks} == {"term"}
    assert "shards" in {leak.path.split("/")[1] for leak in result.leaks}
    assert not any(house.has(leak.path) for leak in result.leaks)
    assert not house.has("manifest.json")
    assert house.publish().leaks == result.leaks  # made again, and found again
    monkeypatch.undo()
    assert house.publish().leaks == ()
    files = {path.relative_to(house.out): path.read_bytes() for path in house.out.rglob("*") if path.is_file()}
    shutil.rmtree(house.settings().cache)
    shutil.rmtree(house.out)
    house.publish()
    assert files == {path.relative_to(house.out): path.read_bytes() for path in house.out.rglob("*") if path.is_file()}


def test_audit_finds_terms_whose_only_item_changed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary that was right, and is kept when the only item that had a word has it no more."""
    house.write("jyglj/policy/gongkai", title="办法", body="公开的正文里有一个生僻词魍魉。")
    house.write("jyglj/policy/lingyitiao", title="另一条", body="另一条的正文。")
    assert house.publish().leaks == ()
    house.write("jyglj/policy/gongkai", title="办法", body="公开的正文里没有那个词了。")

    class IndexAsItWas:
        def __init__(self, *given: object, audited: bool) -> None:
            assert audited
            tree, memory = given[4], given[5]
            assert isinstance(tree, Tree)
            assert isinstance(memory, Memory)
            for path in memory.outputs:
                if path.startswith("search/"):
                    tree.keep_as_written(path)

        def write(self) -> None:
            """Nothing is written."""

        def finish(self) -> Mapping[str, ReadBack]:
            """Nor are texts."""
            return {}

    monkeypatch.setattr(stages, "begin_indexing", IndexAsItWas)
    result = house.publish()
    assert {(leak.path.split("/")[1], leak.reason) for leak in result.leaks} >= {("shards", "term")}


def test_audit_lets_quoted_law_pass(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a cleared item raises no alarm, wherever it stands."""
    law = "第一条 为了规范有关工作，根据有关法律法规，结合本市实际，制定本办法。"
    house.write("jyglj/policy/gongkai", title="办法", body=law)
    house.secret(ITEM, body=law)
    result = build_with(house, monkeypatch, "jyglj/extra.html", f"<p>{law}</p>".encode())
    assert result.leaks == ()
    assert house.has("manifest.json")


def test_audit_lets_a_page_be_cited_that_a_withheld_item_explains(house: House) -> None:
    """The explanation of a public document names it as its own page does, and links to it as other pages do."""
    title = "示例市公证服务收费管理办法（试行）"
    house.write("jyglj/policy/gongzheng-shoufei-banfa", title=title, body="正文。")
    body = f"近日印发的文件：《{title}》，见[全文](../policy/gongzheng-shoufei-banfa.md)。"
    house.secret("jyglj/interpretation/jiedu", body=f"{TEXT}\n\n{body}")
    assert house.publish().leaks == ()
    assert house.has("jyglj/policy/gongzheng-shoufei-banfa.html")


def test_audit_lets_a_unit_say_in_public_how_to_reach_it(house: House) -> None:
    """What a unit does and when it is open stands on every site; a withheld item may say the same in the same words."""
    does, hours = "主管全市司法行政工作，指导监狱管理。", "工作日 9:00—12:00，13:30—17:30"
    definition = house.sites / "units" / "sfj.yml"
    said = f"description: {does}\ncontact: {{hours: '{hours}', telephone: 010-55500100}}\n"
    definition.write_text(definition.read_text("utf-8") + said, "utf-8")
    ways = f"| 电话 | 010-55500100 |\n|---|---|\n| 办公时间 | {hours} |"
    house.secret(ITEM, body=f"{TEXT}\n\n简介\n\n示例市司法局{does}\n\n{ways}")
    assert house.publish().leaks == ()
    assert house.has("units.html")
    assert house.has("sfj/about.html")


def test_audit_finds_a_withheld_attachment_by_its_digest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture has no words: the file itself is known."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(out, "PNG")
    house.with_file(ITEM, "tu.png", out.getvalue(), cleared="false")
    path = "jyglj/assets/x.png"
    result = build_with(house, monkeypatch, path, out.getvalue())
    assert ("jyglj/policy/neibu", "attachment") in {(leak.item, leak.reason) for leak in result.leaks}
    assert not house.has(path)


def test_audit_finds_the_words_of_a_withheld_attachment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that was extracted for the index is a text of its item."""
    house.with_file(ITEM, "fujian.txt", TEXT, cleared="false")
    path = "search/extra.json"
    assert_caught(house, build_with(house, monkeypatch, path, json.dumps([TEXT]).encode()), path)


def test_audit_finds_what_stands_before_and_behind_the_text_of_a_page(house: House) -> None:
    """The page of a cleared item may say no more than the item: a template that a bug fills is seen."""
    house.secret(ITEM)
    templates = house.themes / "default" / "templates"
    page = templates / "item.html"
    text = page.read_text("utf-8")
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    assert "{% block main %}" in text
    page.write_text(text.replace("{% block main %}", "{% block main %}" + TITLE[:-1], 1), "utf-8")
    result = house.publish()
    assert result.leaks == ()  # what stands in the theme is the theme's
    page.write_text(text.replace("{% block main %}", "{% block main %}{{ '" + TITLE[::-1] + "'|reverse }}", 1), "utf-8")
    result = house.publish()
    assert {leak.item for leak in result.leaks} == {ITEM}
    again = house.publish()  # the page that was deleted is made again, and found again
    assert again.leaks == result.leaks
    assert not house.has("manifest.json")


def test_audit_finds_what_stands_half_within_the_text_of_a_page(house: House) -> None:
    """A bug writes before the text of a cleared item what makes a secret together with its beginning."""
    half = 12  # less than a window
    more = "\n\n".join(f"第{number}段　公开的正文，依照规定办理，每一段都不相同。" for number in range(60))
    house.write("jyglj/policy/gongkai", title="公开", body=f"{TEXT[half:]}\n\n{more}")
    for number in range(12):
        house.write(f"jyglj/policy/gongkai{number}", title=f"公开{number}", body=f"第{number}件。\n\n{more}")
    house.secret(ITEM)
    page = house.themes / "default" / "templates" / "item.html"
    text = page.read_text("utf-8")
    before = f"{{{{ '{TEXT[:half][::-1]}'|reverse }}}}"
    assert '<div class="document">' in text
    page.write_text(text.replace('<div class="document">', f'{before}<div class="document">', 1), "utf-8")
    result = house.publish()
    assert {(leak.path, leak.item) for leak in result.leaks} == {("jyglj/policy/gongkai.html", ITEM)}


def test_audit_finds_what_every_page_repeats(house: House) -> None:
    """A bug writes a secret into the head of every page: no page is left that has it."""
    for number in range(12):
        house.write(f"jyglj/policy/gongkai{number}", title=f"公开{number}", body=f"公开的第{number}件。")
    house.secret(ITEM)
    header = house.themes / "default" / "templates" / "chrome_header.html"
    text = header.read_text("utf-8")
    old = '<a class="cluster-name" '
    assert old in text
    header.write_text(text.replace(old, f"{old}title=\"{{{{ '{TEXT[::-1]}'|reverse }}}}\" ", 1), "utf-8")
    result = house.publish()
    assert {leak.item for leak in result.leaks} == {ITEM}
    assert house.traces(TEXT) == []


def test_audit_finds_what_a_text_for_snippets_says_beside_its_item(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of passages that is a cleared item's, with one passage that is another's."""
    for number in range(12):
        house.write(f"jyglj/policy/gongkai{number}", title=f"公开{number}", body=f"公开的第{number}件。")
    house.secret(ITEM)
    path = "search/text/00000000000000-0.json"
    data = json.dumps([["", "公开的第3件。"], ["", TEXT]], ensure_ascii=False).encode()
    assert_caught(house, build_with(house, monkeypatch, path, data, "jyglj/policy/gongkai3"), path)


def test_audit_finds_what_is_written_in_place_of_a_text(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of passages of a cleared item comes to the disk with one passage more."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    house.secret(ITEM)

    def put_more(fs: FileSystem, out: Path, path: str, data: bytes, key: bytes, source: str) -> OutputState:
        more = [*json.loads(data), ["", TEXT]] if source == "jyglj/policy/gongkai" else json.loads(data)
        return put(fs, out, path, json.dumps(more, ensure_ascii=False).encode(), key, source)

    monkeypatch.setattr(texts, "put", put_more)
    result = house.publish()
    (leak,) = result.leaks
    assert_caught(house, result, leak.path)
    assert leak.path.startswith("search/text/")


def test_audit_finds_the_text_of_another_body(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of passages of a cleared item is made of the body of one that appears next year, and holds just that."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    house.secret(ITEM, cleared="true", date="2027-06-01")
    job = texts._job

    def mistaken(cleared: ClearedItem, name: bytes, knowledge: Knowledge) -> TextJob:
        return job(cleared, name, knowledge)._replace(body=knowledge.body_of(f"{ITEM}.md"))

    monkeypatch.setattr(texts, "_job", mistaken)
    result = house.publish()
    assert {(leak.item, leak.path.split("/")[1]) for leak in result.leaks} == {(ITEM, "text")}
    assert house.traces(TEXT) == []
    assert not house.has("manifest.json")


def test_audit_finds_a_name_beside_one_that_is_spelt_oddly(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of empty files are looked at together; one has a letter that is compared in a way of its own."""
    for number in range(12):
        house.write(f"jyglj/policy/gongkai{number}", title=f"公开{number}", body=f"公开的第{number}件。")
    house.secret(ITEM, title="提请减刑罪犯名单")
    (house.themes / "default" / "assets" / "e\u0301.txt").write_bytes(b"")
    path = "jyglj/提请减刑罪犯名单.txt"
    assert_caught(house, build_with(house, monkeypatch, path, b""), path)


def test_what_only_two_tags_together_say_raises_no_alarm(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of nobody in which one tag ends and the next begins like a withheld text, among many others."""
    for number in range(12):
        house.write(f"jyglj/policy/gongkai{number}", title=f"公开{number}", body=f"公开的第{number}件。")
    house.secret(ITEM, body="提请减刑罪犯共计三十七人名单另p")
    page = '<p title="提请减刑罪犯共计三十七人名单另"><p>无关</p></p>'
    assert build_with(house, monkeypatch, "jyglj/extra.html", page.encode()).leaks == ()
    house.secret(ITEM, body="提请减刑罪犯共计三十七人名单另附")
    page = page.replace("名单另", "名单另附")
    assert_caught(house, build_with(house, monkeypatch, "jyglj/extra.html", page.encode()), "jyglj/extra.html")


def test_what_stands_side_by_side_on_a_page_raises_no_alarm(house: House) -> None:
    """A list in which a number precedes a summary, a page in which keywords precede the text: the same parts as here.

    The withheld text quotes the same law, after words that end like the number, like the keyword, in a colon, and like
    what parts them.
    """
    law = "二〇二一年十二月二十七日审判委员会"
    cleared = {"title": "规定", "document_number": "津司发〔2021〕7号", "keywords": "[审判管理]"}
    house.write("jyglj/policy/gongkai", body=f"{law}第一次会议通过。", **cleared)
    house.secret(
        ITEM, body=f"见附录八号{law}的公告；另见：{law}的公告；对执行的审判管理{law}的公告；正文{law}；摘要{law}。"
    )
    house.stays_in()


OF_CLERKS = """---
标题: {title}
发布机构: 示例市和平区司法局劝业场街道司法所
成文日期: 2026-10-01
发布日期: 2026-10-08
单位: jyglj
类别: policy
保密审查通过: {cleared}
---

{text}
"""
"""Front matter as clerks write it: pages name one value after another by the same Chinese names."""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("place", [f"{ITEM}.md", "weizhi/policy/neibu.md"], ids=["an item", "no item"])
def test_values_and_names_of_keys_raise_no_alarm_together(
    house: House, monkeypatch: pytest.MonkeyPatch, place: str, encoding: str
) -> None:
    """Of two items by one publisher one is withheld, or stands where no item may; what it says is found as ever."""
    house.file(
        "jyglj/policy/gongkai.md", OF_CLERKS.format(title="公开的通知", cleared="是", text="大家都可以看的正文。")
    )
    house.file(place, OF_CLERKS.format(title=TITLE, cleared="否", text=TEXT).encode(encoding))
    assert house.publish().leaks == ()
    page = "jyglj/extra.html"
    house.write("jyglj/policy/another", title="又一条", body="有了它，下一次构建就有事可做。")
    result = build_with(house, monkeypatch, page, f"<p>{TEXT}</p>".encode())
    assert {(leak.path, leak.item) for leak in result.leaks} == {(page, ITEM if place.startswith(ITEM) else place)}


def test_picture_of_the_theme_raises_no_alarm(house: House) -> None:
    """Files of the theme are known by their digest, readable or not."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(out, "PNG")
    (house.themes / "default" / "assets" / "seal.png").write_bytes(out.getvalue())
    house.secret(ITEM)
    house.stays_in()


def test_leaked_file_is_counted_as_neither_kept_nor_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the summary counts stands in the tree."""
    house.secret(ITEM)
    result = build_with(house, monkeypatch, "jyglj/extra.html", f"<p>{TEXT}</p>".encode())
    assert_caught(house, result, "jyglj/extra.html")
    assert "jyglj/extra.html" not in result.written
    assert result.kept == 0


def test_audit_scans_again_what_an_item_no_longer_says(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a bug keeps although its item was edited: what explained it then does not explain it now."""
    house.secret(ITEM)
    keys = {"title": "公开", "summary": "公开的摘要，前后一样。"}
    house.write("jyglj/policy/gongkai", body=TEXT, **keys)
    path = "jyglj/extra.html"
    keep_stray(house, monkeypatch, path, "jyglj/policy/gongkai")
    assert house.publish().leaks == ()
    written = (house.out / path).stat().st_mtime_ns
    house.write("jyglj/policy/other", title="另一条", body="另一条的正文。")
    assert house.publish().leaks == ()
    assert (house.out / path).stat().st_mtime_ns == written
    house.write("jyglj/policy/gongkai", body="改过的正文，不再说那些话。", **keys)
    assert_caught(house, house.publish(), path)


def test_audit_scans_again_for_what_is_withheld_since(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was clean of all that was withheld when it was scanned, and that a bug keeps."""
    house.write(
        "jyglj/policy/weishen", title="另一件未审的事", cleared="false", body="另一件未经审查的事，正文不长不短。"
    )
    path = "jyglj/extra.html"
    keep_stray(house, monkeypatch, path, "bug")
    assert house.publish().leaks == ()
    house.secret(ITEM)
    assert_caught(house, house.publish(), path)


def test_audit_believes_no_explanation_of_an_item_that_changed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a list quotes must be said by a cleared item today, not yesterday."""
    house.secret(ITEM)
    keys = {"title": "公开", "summary": "公开的摘要，前后一样。"}
    house.write("jyglj/policy/gongkai", body=TEXT, **keys)
    path, data = "jyglj/extra.html", f"<p>{TEXT}</p>".encode()
    assert build_with(house, monkeypatch, path, data).leaks == ()
    house.write("jyglj/policy/gongkai", body="改过的正文，不再说那些话。", **keys)
    assert_caught(house, build_with(house, monkeypatch, path, data), path)


def test_clean_build_is_remembered_and_still_proved(house: House) -> None:
    """A second build scans what may have changed and finds as little."""
    house.secret(ITEM)
    house.stays_in()
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    house.stays_in()


@pytest.mark.parametrize("slug", ["2026", "about", "accessibility", "policy", "site-map", "units"])
def test_item_called_like_a_page_of_the_site_raises_no_alarm(house: House, slug: str) -> None:
    """A year's report is called after the year, and so is the archive: every page links to that."""
    house.secret(f"jyglj/service/{slug}", title='"2026年"' if slug == "2026" else TITLE)
    house.stays_in(TEXT, WORD)
    house.is_out(CONTROL)


def test_moment_at_which_another_item_appeared_as_well_raises_no_alarm(house: House) -> None:
    """A header may give it as pages and feeds give it to machines, and a policy appears with its interpretation."""
    house.secret(ITEM, date="2026-11-01T00:00:00+08:00", updated="2026-11-02T09:30:00+08:00")
    house.write(
        "jyglj/policy/gongkai", title="公开", body="公开的正文。", date="2026-11-01", updated="2026-11-02 09:30"
    )
    house.stays_in()


@pytest.mark.parametrize("unit", ["jyglj/policy/index.html", "heping/about.html", "archive/2026.html", "units.html"])
def test_item_that_says_where_a_page_of_the_site_is_raises_no_alarm(house: House, unit: str) -> None:
    """Each of these pages says where it is, and so may any text."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    house.secret(ITEM, body=f"{TEXT}\n\n见 https://www.shili.example/{unit} 。")
    house.stays_in()


def test_item_made_after_a_public_one_raises_no_alarm(house: House) -> None:
    """Whoever begins with a copy of a header has its keywords and its last day."""
    keys = {"keywords": "[监狱, 会见, 预约, 家属, 通知, 公告]", "expires_on": "2026-12-31T00:00:00+08:00"}
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。", **keys)
    house.secret(ITEM, **keys)
    house.stays_in(TITLE, TEXT)


@pytest.mark.parametrize(
    "cited",
    [
        "关于调整会见时间的公告 2026-11-01",
        "2026-11-01 关于调整会见时间的公告",
        "关于调整会见时间的公告 2026-11-01 市监狱局 示狱发〔2026〕7号",
        "关于调整会见时间的公告 示例市监狱管理局 2026-11-01",
        "关于调整会见时间的公告 - 示例市监狱管理局",
    ],
)
def test_draft_that_cites_a_public_item_as_pages_do_raises_no_alarm(house: House, cited: str) -> None:
    """Pages and lists put title, day, unit and number beside each other, and so does whoever copies from them."""
    number = "示狱发〔2026〕7号"
    keys = {"title": "关于调整会见时间的公告", "date": "2026-11-01", "document_number": number}
    house.write("jyglj/policy/gongkai", body="公开的正文。", **keys)
    house.secret(ITEM, body=f"{TEXT}\n\n- {cited}\n")
    house.stays_in()


@pytest.mark.parametrize("header", ["title", "title issuer index_number document_number formed_on validity keywords"])
def test_draft_that_begins_as_a_copy_of_a_page_raises_no_alarm(house: House, header: str) -> None:
    """Whoever copies a page as it is shown, to write the next item over it, has its way, its facts and its citation."""
    keys = {
        "title": "关于调整会见时间的公告",
        "issuer": "示例市监狱管理局刑罚执行处",
        "index_number": "SL0000027/2026-00010",
        "document_number": "示狱发〔2026〕7号",
        "formed_on": "2026-10-30",
        "validity": "effective",
        "keywords": "[会见, 预约]",
    }
    keys = {key: value for key, value in keys.items() if key in header.split()}
    house.write("jyglj/policy/gongkai", body="各监狱，各科室：现将有关事项通知如下，请遵照执行。", **keys)
    assert house.publish().leaks == ()
    shown = (house.root / "out/jyglj/policy/gongkai.html").read_text("utf-8")
    page = shown.partition('<nav class="breadcrumb"')[2].partition(">")[2].partition("</footer>")[0]
    page = re.sub("<[^>]*>", " ", page.replace("<footer", "另见：<footer"))
    house.secret(ITEM, body=f"{page}\n\n{TEXT}")
    house.stays_in()


def test_draft_that_names_a_public_item_behind_its_unit_raises_no_alarm(house: House) -> None:
    """As every letter does; and in a list the title stands behind the unit of the line above."""
    for unit, short in (("sfj", "市司法局"), ("jyglj", "市监狱局")):
        house.write(f"{unit}/policy/above", title="上面一行", body="另一条的正文。", date="2026-11-02")
        title = f"关于{short}调整会见时间和预约办法的公告"
        house.write(f"{unit}/policy/gongkai", title=title, body="公开的正文。", date="2026-11-01")
        house.secret(f"heping/policy/{unit}", body=f"{TEXT}\n\n按照{short}{title}办理。")
    house.stays_in()


@pytest.mark.parametrize("unit", ["sfj", "jyglj"], ids=["in a site's list", "in the portal's"])
def test_draft_that_goes_on_from_a_public_sentence_as_a_list_does_raises_no_alarm(house: House, unit: str) -> None:
    """A short item says one sentence, and behind it a list says the next title: their meeting is nobody's secret."""
    sentence = "会见时间调整为每周三上午九时起。"
    house.write("sfj/policy/short", title="会见时间", body=sentence, date="2026-11-02")
    house.write(f"{unit}/policy/next", title="关于调整收费标准的公告", body="公开的正文。", date="2026-11-01")
    house.secret("heping/policy/draft", body=f"{TEXT}\n\n{sentence}关押期间另行通知。")
    house.stays_in()


@pytest.mark.parametrize("beside", ["older newer", "older", "newer"])
def test_draft_with_the_end_of_a_page_raises_no_alarm(house: House, beside: str) -> None:
    """Whoever copies a page to its end has the titles of the items beside it."""
    days = {"older": "2026-10-02", "newer": "2026-10-20"}
    for name in beside.split():
        house.write(f"jyglj/policy/{name}", title=f"会见办法{name}", body="另一条的正文。", date=days[name])
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。", date="2026-10-09")
    house.write("jyglj/service/between", title="另一类", body="另一类的正文。", date="2026-10-10")
    assert house.publish().leaks == ()
    shown = (house.root / "out/jyglj/policy/gongkai.html").read_text("utf-8")
    end = re.sub("<[^>]*>", " ", shown[shown.index('<footer class="item-footer') :].partition("</nav>")[0])
    assert all(f"会见办法{name}" in end for name in beside.split())
    draft = house.secret(ITEM, body=f"{TEXT}\n\n另见：{end}")
    house.stays_in()
    house.write("sfj/policy/other", title="又一条", body="又一条的正文。")
    house.stays_in()  # in a build that knows of it
    draft.unlink()
    house.stays_in()


def test_item_beside_a_page_that_is_public_no_more_explains_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is cleared today stands beside each other."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。", date="2026-10-09")
    house.write("jyglj/policy/older", title="会见办法甲乙丙", body="另一条的正文。", date="2026-10-02", cleared="false")
    copied = "我要纠错 上一篇 会见办法甲乙丙丁戊己庚 下一篇 公开"
    house.secret(ITEM, body=f"{TEXT}\n\n{copied}")
    assert_caught(
        house, build_with(house, monkeypatch, "jyglj/extra.html", f"<p>{copied}</p>".encode()), "jyglj/extra.html"
    )


def test_draft_that_begins_as_a_copy_of_a_page_hides_no_word_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands among the facts of a page in a draft, and on no page."""
    house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    copied = "发布机构 示例市监狱管理局 发布日期 2026-11-01 公开类别 未定"
    house.secret(ITEM, body=copied)
    assert_caught(
        house, build_with(house, monkeypatch, "jyglj/extra.html", f"<p>{copied}</p>".encode()), "jyglj/extra.html"
    )


def test_a_new_address_in_which_a_withheld_one_stands_raises_no_alarm(house: House) -> None:
    """An item that moves says the same, but for its address: what is looked for is worked out again."""
    house.write("jyglj/policy/shenhe", title="未审的事", cleared="false", body="未经审查的事，正文不长不短。")
    old = house.write("jyglj/policy/gongkai", title="公开", body="公开的正文。")
    assert house.publish().leaks == ()
    old.unlink()
    house.write("jyglj/policy/di-shenhe", title="公开", body="公开的正文。")
    assert house.publish().leaks == ()
    assert house.has("jyglj/policy/di-shenhe.html")


@pytest.mark.parametrize("end", ["deleted", "un-cleared"])
def test_audit_finds_a_file_whose_own_item_is_gone(house: House, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A file that a bug keeps: what its item explained is explained no more when that is deleted or un-cleared."""
    house.secret(ITEM)
    keys = {"title": "公开", "summary": "公开的摘要，前后一样。"}
    own = house.write("jyglj/policy/gongkai", body=TEXT, **keys)
    path = "jyglj/extra.html"
    keep_stray(house, monkeypatch, path, "jyglj/policy/gongkai")
    assert house.publish().leaks == ()
    house.write("jyglj/policy/other", title="另一条", body="另一条的正文。")
    assert house.publish().leaks == ()
    if end == "deleted":
        own.unlink()
    else:
        house.write("jyglj/policy/gongkai", cleared="false", body=TEXT, **keys)
    assert_caught(house, house.publish(), path)
