"""Findings: everything that would be emitted is looked through, and nothing is quoted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rule import Rule, Scope
from generator.clearance.rules import Rules, make_rules
from generator.clearance.screening import diagnose, exempt, find, find_together, is_heavy
from generator.content.item import parse_item
from generator.content.source import FileStat, SourceFile, SourceItem
from generator.model import Category, Cluster, Contact, Finding, ParsedItem, Unit
from generator.render.markdown import convert

CLUSTER = Cluster(
    name="示例",
    base_url="https://a.example/",
    units=(Unit(id="sfj", name="局", short_name="局", kind="bureau", contact=Contact(telephone="022-23083333")),),
    categories=(Category(id="notice", name="通知", name_en="Notices"),),
)
ID = "11010519491231002X"
MOBILE = "13812345678"
FRONT = "title: 通知\ndate: 2026-11-01\nunit: sfj\ncategory: notice\nconfidentiality_cleared: true\n"


def make(*extra: Rule) -> Rules:
    recognisers = [
        Rule(id=name, kind="recogniser", basis="试", severity="block", review=date(2030, 1, 1), recogniser=name)
        for name in RECOGNISERS
        if name != "name-list"
    ]
    return make_rules("1", [*recognisers, *extra], CLUSTER)


RULES = make()


def parse(body: str, front: str = FRONT, name: str = "a.md", files: tuple[str, ...] = ()) -> ParsedItem:
    slug = name.partition("/")[0].removesuffix(".md")
    stat = FileStat(size=1, mtime_ns=1, ctime_ns=1, inode=1)
    source = SourceItem(
        id=f"sfj/notice/{slug}",
        path=f"sfj/notice/{name}",
        unit="sfj",
        category="notice",
        slug=slug,
        stat=stat,
        bundle=tuple(SourceFile(name=name, stat=stat) for name in files),
    )
    return parse_item(source, f"---\n{front}---\n{body}".encode(), CLUSTER)


def findings(
    body: str, front: str = FRONT, rules: Rules = RULES, name: str = "a.md", files: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    parsed = parse(body, front, name, files)
    path = f"content/{parsed.path}"
    return find(parsed, convert(parsed.body, item_id=parsed.id, path=path, first_line=parsed.body_line), rules)


def test_finding_tells_rule_place_and_mask() -> None:
    """A finding names its rule, the line and column of the source, and shows the match masked."""
    (found,) = findings(f"第一段。\n\n身份证号{ID}。\n")
    assert (found.rule, found.severity) == ("resident-id", "block")
    assert (found.path, found.line, found.column) == ("content/sfj/notice/a.md", 10, 5)
    assert found.masked == "11*************02X"


PIECES = st.sampled_from(
    [
        "",
        "正文",
        MOBILE,
        f"\n\n{ID}",
        "138**1234**5678",
        "1381234&#53;678",
        "内部",
        "资料",
        "微信",
        "：a12345",
        "\n",
        "津",
        "A12345",
    ]
)


@given(
    st.lists(
        st.tuples(
            st.lists(PIECES, max_size=4).map("".join),
            st.sampled_from(["a.md", "13812345678.md", "b/index.md", "sfj/c.md"]),
            st.sampled_from([(), ("内部资料.pdf",), ("a.pdf", f"{MOBILE}.pdf")]),
            st.sampled_from([FRONT, f"{FRONT}summary: '电话{MOBILE}'\n", "title: 坏\n"]),
        ),
        max_size=5,
    )
)
def test_item_is_looked_through_alike_in_any_company(written: list[tuple[str, str, tuple[str, ...], str]]) -> None:
    """What stands in one item is found in no other, whatever words the rules of each know."""
    words = Rule(id="w", kind="term", basis="试", severity="warn", review=date(2030, 1, 1), terms=("内部",))
    more = replace(words, id="v", terms=("微信", "正文"), scope=Scope(units=("jyj",)))
    rules = make(words, more)
    items = []
    for number, (body, name, files, front) in enumerate(written):
        named = "".join(f"\n  - {one}" for one in files)
        parsed = parse(body, f"{front}attachments:{named}\n" if files else front, name, files)
        if number % 2:  # a unit with other rules
            parsed = replace(parsed, path=parsed.path.replace("sfj/", "jyj/", 1))
        rendered = convert(parsed.body, item_id=parsed.id, path=parsed.path, first_line=parsed.body_line)
        items.append((parsed, rendered))
    assert find_together(items, rules) == [find(parsed, rendered, rules) for parsed, rendered in items]


@pytest.mark.parametrize(
    "body",
    [
        f"<!-- {MOBILE} -->",
        f"![联系人 {MOBILE}](a.png)",
        f"[拨打](tel:{MOBILE})",
        f"`{MOBILE}`",
        f"```\n{MOBILE}\n```",
        f"| 甲 | {MOBILE} |\n| --- | --- |\n| 乙 | 丙 |",
        f"[^1]: {MOBILE}",
        "1381234&#53;678",
        "138**1234**5678",
        r"138\-1234\-5678",
        "１３８１２３４５６７８",
        "138 1234 5678",
        "138\u200b12345678",
        "1\u03323\u03328\u03321\u03322\u03323\u03324\u03325\u03326\u03327\u03328",
        "13&#x3164;8123&#xFE0F;45678",
        "手机：一三八一二三四五六七八",
        "| 手机 | 1 | 3 | 8 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |\n|---|---|---|---|---|---|---|---|---|---|---|---|",
        "手机：138、1234、5678",
        "联系138\n12345678。",
        '[问](https://a.cn/ "138&#49;2345678")',
        '<time datetime="138&#49;2345678"></time>',
        '<table><tr><th abbr="138&#49;2345678">一</th></tr></table>',
        "[问](tel:138%31%32345678)",
    ],
)
def test_number_is_found_wherever_it_stands(body: str) -> None:
    """Comments, alternative texts, links, code, tables, entities and parted numbers are looked through."""
    found = [one for one in findings(f"段落。\n\n{body}\n") if one.rule == "mobile"]
    assert {one.masked for one in found} == {"138****5678"}
    assert all(one.line >= 8 for one in found)


@pytest.mark.parametrize("body", ["机\n密★1年\n\n正文", "正文\n\n（此件\n不公开）", "内部\n资料"])
def test_mark_over_the_end_of_a_line_is_found(body: str) -> None:
    """A page shows the lines of a paragraph as one."""
    assert "secrecy-mark" in {found.rule for found in findings(f"{body}\n") if found.severity == "block"}


def test_names_in_keywords_are_a_list() -> None:
    """A page lists them in a row."""
    rules = make(
        Rule(id="n", kind="recogniser", basis="试", severity="block", review=date(2030, 1, 1), recogniser="name-list")
    )
    front = f"{FRONT}keywords: [王小明, 李晓红, 张建国]\n"
    assert [(found.rule, found.line) for found in findings("正文\n", front, rules)] == [("n", 7)]
    assert findings("正文\n", f"{FRONT}keywords: [王小明, 戒毒, 康复]\n", rules) == ()


def test_number_that_only_the_reader_sees_is_placed_in_its_line() -> None:
    """A number spelt with entities is told at the line where its neighbours stand."""
    found = findings("第一段文字。\n\n联系电话1381234&#53;678，欢迎来电。\n\n第三段文字。\n")
    assert [(one.rule, one.line) for one in found] == [("mobile", 10)]


def test_doubtful_number_hides_no_certain_one_that_only_the_reader_sees() -> None:
    """In an address digits are only warned of: the same ones in the text are another matter."""
    found = findings(f"见[138<b>1234</b>5678](https://x.example/{MOBILE})。\n")
    assert {one.severity for one in found} == {"warn", "block"}
    spelt = "".join(f"\\x{ord(sign):02x}" for sign in MOBILE)
    found = findings("正文。\n", f'{FRONT}source: https://x.example/{MOBILE}\nsummary: "{spelt}"\n')
    assert {one.severity for one in found} == {"warn", "block"}


@pytest.mark.parametrize(
    ("front", "body", "severity"),
    [
        ('summary: "机密★1年"', "", "block"),
        ("keywords: ['机密★1年']", "", "block"),
        ("summary: 机密★1年", "", "block"),
        ("summary: “机密★1年”", "", "warn"),
        ('summary: 标注"机密★1年"的', "", "warn"),
        ("", '[甲](https://x.example/ "机密★1年")', "block"),
        ("", '<abbr title="机密★1年">甲</abbr>', "block"),
        ("", '"机密★1年",甲', "block"),
        ("", '应当标注"机密★1年"字样', "warn"),
    ],
)
def test_quotation_marks_of_markup_make_no_mark_doubtful(front: str, body: str, severity: str) -> None:
    """They are none of the text's own, which would be one about marks."""
    found = findings(f"{body or '正文。'}\n", f"{FRONT}{front}\n")
    assert [one.severity for one in found] == [severity]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (f"title: 通知 {MOBILE}\n", 2),
        (f"summary: 请致电{MOBILE}\n", 7),
        (f"author: '{MOBILE}'\n", 7),
        (f"keywords: [甲, '{MOBILE}']\n", 7),
        ('summary: "请致电1381234\\u0035678"\n', 7),
        (f"summary: >\n  请致电\n  {MOBILE}\n", 9),
        (f"attachments:\n  - file: b.pdf\n    title: 名单 {MOBILE}\n", 9),
    ],
)
def test_number_in_front_matter_is_found(key: str, line: int) -> None:
    """Each key of the front matter is looked through, however YAML writes its value."""
    front = FRONT.replace("title: 通知\n", key) if key.startswith("title") else FRONT + key
    found = [one for one in findings("正文。\n", front) if one.rule == "mobile"]
    assert [one.line for one in found] == [line]


@pytest.mark.parametrize("key", ["genre", "document_number", "source", "redirect_from"])
def test_number_that_yaml_spells_otherwise_is_found(key: str) -> None:
    """What the file says in escapes, the page says in digits."""
    spelt = "".join(f"\\x{ord(sign):02x}" for sign in ID)
    value = f'["zwgk/{spelt}.html"]' if key == "redirect_from" else f'"{spelt}"'
    assert [one.rule for one in findings("正文。\n", f"{FRONT}{key}: {value}\n")] == ["resident-id"]


def test_comment_in_front_matter_is_found() -> None:
    """A number in a YAML comment is in the source and in its history."""
    assert [one.line for one in findings("正文。\n", FRONT + f"# 联系人 {MOBILE}\n")] == [7]


def test_names_of_files_are_looked_through() -> None:
    """The name of the item and of its attachments would be in addresses."""
    assert [one.rule for one in findings("正文。\n", name=f"{MOBILE}.md")] == ["mobile"]
    for file, rule in ((f"名单-{MOBILE}.pdf", "mobile"), ("机密-方案.pdf", "secrecy-mark")):
        front = FRONT + f"attachments:\n  - file: {file}\n    title: 方案\n"
        found = findings("正文。\n", front, name="a/index.md", files=(file,))
        assert {one.rule for one in found} == {rule}


def test_mark_in_the_title_is_found() -> None:
    """A title in brackets that says internal marks the paper."""
    front = FRONT.replace("title: 通知", "title: 关于某项工作的通知（内部）")
    assert [(one.rule, one.line) for one in findings("正文。\n", front)] == [("secrecy-mark", 2)]


def test_contacts_of_units_are_no_findings() -> None:
    """The telephone that a unit publishes as its contact may stand anywhere."""
    assert findings("电话：022-23083333，（022）2308 3333。\n") == ()
    assert [one.severity for one in findings("电话：022-23084444。\n")] == ["block"]


def test_doubtful_match_only_warns() -> None:
    """A number that fails its check digit deserves a look, and does not block."""
    (found,) = findings("身份证号110105194912310021。\n")
    assert (found.rule, found.severity) == ("resident-id", "warn")


def test_term_regex_and_category_rules() -> None:
    """Words, expressions and whole categories can be forbidden."""
    base = {"basis": "试", "severity": "warn", "review": date(2030, 1, 1)}
    rules = make(
        Rule(id="word", kind="term", terms=("甲乙", "丙丁"), **base),
        Rule(id="form", kind="regex", pattern="第[0-9]+监区", terms=("监区",), **base),
        Rule(id="all", kind="category", scope=Scope(categories=("notice",)), **base),
    )
    found = findings("首行丙丁。\n\n第12监区，甲乙、甲乙。\n", rules=rules)
    assert [(one.rule, one.line, one.column) for one in found] == [
        ("all", 5, 11),
        ("word", 8, 3),
        ("form", 10, 1),
        ("word", 10, 7),
        ("word", 10, 10),
    ]


def test_scope_of_fields_is_kept() -> None:
    """A rule for titles says nothing of bodies, and one for bodies nothing of titles."""
    base = {"kind": "term", "terms": ("甲乙",), "basis": "试", "severity": "warn", "review": date(2030, 1, 1)}
    rules = make(
        Rule(id="title-only", scope=Scope(fields=("title",)), **base),
        Rule(id="body-only", scope=Scope(fields=("body",)), **base),
    )
    found = findings("甲乙\n", FRONT.replace("通知", "甲乙"), rules=rules)
    assert [(one.rule, one.line) for one in found] == [("title-only", 2), ("body-only", 8)]


# --- exemptions ----------------------------------------------------------------------


def with_exemption(found: Finding, **changes: str) -> str:
    values = {"rule": found.rule, "match": found.masked, "digest": found.digest, "reason": "已公开", "by": "张三"}
    lines = "".join(f"    {key}: '{value}'\n" for key, value in (values | changes).items())
    return FRONT + "exemptions:\n  -" + lines[3:]


def test_exemption_covers_its_match_only() -> None:
    """An exempted number stays exempt wherever it stands in the item; another number does not."""
    body = f"甲：{MOBILE}；乙：13987654321；又：138 1234 5678。\n"
    first = findings(body)[0]
    found = findings(body, with_exemption(first))
    assert [(one.masked, one.exempt) for one in found] == [
        ("138****5678", True),
        ("139****4321", False),
        ("138****5678", True),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"rule": "landline"}, {"match": "139****5678"}, {"digest": "0" * 64}],
)
def test_exemption_that_does_not_fit_covers_nothing(changes: dict[str, str]) -> None:
    """Rule, mask and digest must all be the finding's; else the exemption is named as unused."""
    body = f"甲：{MOBILE}。\n"
    parsed = parse(body, with_exemption(findings(body)[0], **changes))
    found = findings(body, with_exemption(findings(body)[0], **changes))
    assert not any(one.exempt for one in found)
    assert "exemption-unused" in {one.code for one in diagnose(found, parsed.item)}


def test_exempted_finding_raises_no_diagnostic() -> None:
    """What was permitted with a reason is no fault, and its exemption is not called unused."""
    body = f"甲：{MOBILE}。\n"
    front = with_exemption(findings(body)[0])
    assert diagnose(findings(body, front), parse(body, front).item) == ()


def test_exempting_is_idempotent() -> None:
    """Exemptions may be applied again when an item's attachments are known."""
    body = f"甲：{MOBILE}。\n"
    front = with_exemption(findings(body)[0])
    item = parse(body, front).item
    assert item is not None
    once = exempt(findings(body, front), item.exemptions)
    assert exempt(once, item.exemptions) == once


# --- diagnostics ---------------------------------------------------------------------


def test_diagnostics_never_quote_the_match() -> None:
    """A message shows the mask and the digest, in both languages, and nothing else."""
    body = f"身份证号{ID}，电话{MOBILE}，住址：示例市中心区明堂街道幸福里小区3号楼2单元501室\n\n机密★1年\n"
    for one in diagnose(findings(body)):
        for text in (one.format("zh"), one.format("en")):
            assert ID not in text
            assert MOBILE not in text
            assert "幸福里" not in text
            assert "机密" not in text


def test_block_is_an_error_and_warn_a_warning() -> None:
    """The severity of a finding is that of its diagnostic."""
    found = diagnose(findings(f"{MOBILE}\n\n身份证号110105194912310021\n"))
    assert [(one.code, one.severity) for one in found] == [
        ("negative-list-block", "error"),
        ("negative-list-warn", "warning"),
    ]


def test_nobody_is_told_to_delete_a_mark_of_secrecy() -> None:
    """To take the mark off a secret is the offence itself: whoever finds one stops and reports it."""
    (certain,) = diagnose(findings("机密★1年\n\n正文。\n"))
    assert (certain.code, certain.severity) == ("negative-list-secrecy-block", "error")
    (quoted,) = diagnose(findings("标注“机密★1年”的文件\n"))
    assert (quoted.code, quoted.severity) == ("negative-list-secrecy-warn", "warning")
    (attached,) = diagnose([replace(one, attachment="1") for one in findings("机密★1年\n")])
    assert attached.code == "negative-list-secrecy-attachment"
    assert all("报告保密部门" in one.hint() and "mask" not in one.hint() for one in (certain, quoted, attached))


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_number_is_found_between_any_words(before: str, after: str) -> None:
    """No text around a number hides it, except digits and letters that make it another one."""
    body = f"{before}。\n\n号码：{MOBILE}。\n\n{after}".replace("\r", "")
    assert any(one.masked == "138****5678" for one in findings(body))


@given(st.text(max_size=200))
def test_any_text_is_looked_through_without_failing(text: str) -> None:
    """Whatever stands in a body, screening gives an answer."""
    findings(text.replace("\r", ""))


# --- what nobody looks through ----------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "most"),
    [
        ("根据有关规定，现将情况公告如下。", 1_000_000),
        ("| 王小明 | 13812345678 | 11010519491231002X |\n", 200_000),
        ("1、", 50_000),
        ("7 ", 50_000),
        ("机密★1年\n", 90_000),
        ("栋", 25_000),
        ("①1", 25_000),
    ],
)
def test_only_bodies_of_figures_without_end_are_heavy(written: str, most: int) -> None:
    """Prose never is, whatever its length, and no body is that is as short as articles are."""
    assert not is_heavy((written * most)[:most])
    assert is_heavy(written * most * 8) == ("。" not in written)
