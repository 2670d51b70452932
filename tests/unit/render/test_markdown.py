"""A body becomes HTML, headings, links, plain text and diagnostics."""

from __future__ import annotations

import re
import threading
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model import Heading, Link, Rendered
from generator.render.body_links import blanked
from generator.render.markdown import MAX_CHARACTERS, convert, is_refusal
from generator.render.placeholders import resolve_links
from generator.render.sanitise import ATTRIBUTES, CLASSES, TAGS
from tests.unit.render.markdown_samples import FAR_REACHING, MARKDOWN, NASTY


def made(body: str, path: str = "content/sfj/policy/banfa.md", first_line: int = 10) -> Rendered:
    return convert(body, item_id="sfj/policy/banfa", path=path, first_line=first_line)


def codes(rendered: Rendered) -> list[tuple[str, int, int]]:
    return [(found.code, found.line, found.column) for found in rendered.diagnostics]


# --- structure ----------------------------------------------------------------------


def test_headings_form_an_outline_below_the_title() -> None:
    """The page's title is its h1: the first heading is h2 whatever the editor wrote, and no level is skipped."""
    html = made("# 甲\n\n#### 乙\n\n### 丙\n\n# 丁\n\n###### 戊\n").html
    assert [line[:3] for line in html.split("\n")] == ["<h2", "<h3", "<h3", "<h2", "<h3"]


def test_heading_ids_stay_when_another_heading_is_added() -> None:
    """Ids come from the text, so that links from elsewhere last."""
    before = {one.text: one.id for one in made("## 总则\n\n## 附则\n").headings}
    after = {one.text: one.id for one in made("## 目的\n\n## 总则\n\n### 范围\n\n## 附则\n").headings}
    assert before.items() <= after.items()


def test_repeated_headings_get_numbers() -> None:
    """The first bearer keeps the plain id; each id is there once."""
    assert [one.id for one in made("## 总则\n\n## 总则\n\n第三条 甲\n\n第三条 乙\n").headings] == [
        "总则",
        "总则_1",
        "art-3",
        "art-3_1",
    ]


@pytest.mark.parametrize("paragraph", ["第三十二条 甲", "第三十二条　甲", "**第三十二条** 甲", "第三十二条\n甲"])
def test_article_at_the_start_of_a_paragraph_can_be_linked_to(paragraph: str) -> None:
    """The label is bold in the class of the theme, the paragraph has the id, the headings have the article."""
    rendered = made(f"甲乙丙丁\n\n{paragraph}\n")
    assert '<p id="art-32"><strong class="article">第三十二条</strong>' in rendered.html
    assert rendered.headings == (Heading(level=7, id="art-32", text="第三十二条"),)
    assert rendered.blocks[-1].anchor == "art-32"


@pytest.mark.parametrize("paragraph", ["第三条的规定不适用", "依照第三条 处理", "> 第三条 引文", "- 第三条 列表"])
def test_article_is_only_what_opens_a_paragraph_of_the_document(paragraph: str) -> None:
    """A mention of an article, or an article in a quotation, is none."""
    assert made(paragraph).headings == ()


@pytest.mark.parametrize(
    ("paragraph", "level"),
    [("一、甲", 1), ("（一）甲", 2), ("(十二)甲", 2), ("1．甲", 3), ("1、甲", 3), ("12.甲", 3), ("（1）甲", 4)],
)
def test_levels_of_official_documents_are_classes(paragraph: str, level: int) -> None:
    """一、（一）1．（1） hang by class; the text stays as written (GB/T 9704)."""
    assert made(f"甲\n\n{paragraph}").html.endswith(f'<p class="level-{level}">{paragraph}</p>')


@pytest.mark.parametrize("paragraph", ["1.5万元", "2026年", "一切为了人民", "（一般公共预算）", "一"])
def test_levels_are_not_seen_in_other_beginnings(paragraph: str) -> None:
    """Amounts, years and words that begin alike are plain paragraphs."""
    assert made(f"甲\n\n{paragraph}").html.endswith(f"<p>{paragraph}</p>")


@pytest.mark.parametrize(
    "end", ["示例市司法局\n\n2026年1月2日", "示例市司法局\n2026年1月2日", "示例市司法局\n\n二〇二六年一月二日"]
)
def test_signature_and_date_are_found(end: str) -> None:
    """The organ's name above a date stands at the right, as on paper, without any markup."""
    html = made(f"各区司法局：\n\n现通知如下。\n\n{end}\n\n附件：名单").html
    assert html.startswith('<p class="salutation">')
    assert '<p class="signature">示例市司法局' in html


def test_date_alone_is_no_signature() -> None:
    """A date below a sentence, or at the top of a law, is a paragraph."""
    html = made("2021年8月20日\n\n甲，乙。\n\n2021年8月20日\n").html
    assert "class" not in html


def test_line_end_between_han_leaves_no_space() -> None:
    """An editor who wraps lines gets no gaps in the text, in plain and in marked paragraphs."""
    assert made("甲\n乙").html == "<p>甲乙</p>"
    assert made("**甲**乙\n丙").html == "<p><strong>甲</strong>乙丙</p>"
    assert "甲\n乙" in made("    甲\n    乙").html


# --- plain text ---------------------------------------------------------------------


def test_blocks_are_the_text_in_reading_order() -> None:
    """One block for each paragraph, item and row; entities decoded, tags gone, alternative texts and notes kept."""
    body = (
        "## 甲 & 乙\n\n文<b>字</b>[^1]\n\n- 一\n- 二\n\n| 项 | 数 |\n|---|---|\n| 丙 | 1 |\n\n![图示](a.png)"
        "\n\n甲<br>乙\n\n[^1]: 注\n"
    )
    rendered = made(body)
    assert [block.text for block in rendered.blocks] == [
        *("甲 & 乙", "文字", "一", "二", "项 数", "丙 1", "图示", "甲 乙", "注"),
    ]
    assert {block.anchor for block in rendered.blocks} == {rendered.headings[0].id}


def test_blocks_leave_out_nothing_but_the_marks_of_footnotes() -> None:
    """What is shown is searched and screened, whatever class it claims."""
    body = '甲[^1]<a class="footnote-ref" href="#x">乙</a><a class="footnote-backref" href="#x">丙</a>\n\n[^1]: 丁\n'
    assert [block.text for block in made(body).blocks] == ["甲乙丙", "丁"]


def test_comments_and_scripts_are_in_no_output() -> None:
    """What the reader must not see is neither in the HTML nor in the text that is searched."""
    rendered = made("甲<!-- 秘密一 -->\n\n<!--\n\n秘密二\n\n-->\n\n<script>秘密三</script>\n\n[//]: # (秘密四)\n\n乙")
    assert "秘密" not in repr(rendered)


# --- links --------------------------------------------------------------------------


def test_links_become_numbered_placeholders_with_their_places() -> None:
    """Each internal address is data, in the order of the document, with line and column of the source."""
    body = (
        "见[办法](../notice/gonggao.md#第三条)。\n\n"
        "[条目](item:jyglj/policy/jianyu)、[表](附件%20一.pdf)\n![图](图.png)\n"
    )
    rendered = made(body)
    assert rendered.links == (
        Link(kind="item", target="sfj/notice/gonggao", anchor="art-3", line=10, column=2),
        Link(kind="item", target="jyglj/policy/jianyu", line=12, column=1),
        Link(kind="file", target="附件 一.pdf", line=12, column=32),
        Link(kind="image", target="图.png", line=13, column=1),
    )
    assert [f'"mt-link:{number}"' in rendered.html for number in range(5)] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("before", "column"),
    [("`[a](b.pdf)`", 13), ("<!-- [a](b.pdf) -->", 20), ("b.pdf", 6), ("[[a] b] c ", 11), ("![](c.png)", 11)],
)
def test_place_of_a_link_is_not_that_of_its_likes(before: str, column: int) -> None:
    """Code, comments and words that look like the link do not take its place."""
    links = made(f"{before}[a [b]](b.pdf)").links
    assert [link.column for link in links if link.kind == "file"] == [column]


def test_places_of_equal_links_follow_each_other() -> None:
    """The same address three times has three places; defined once and used twice, it has the definition's."""
    assert [link.column for link in made("[a](b.pdf)[b](b.pdf) [c](b.pdf)").links] == [1, 11, 22]
    assert [link.line for link in made("[a][r] [b][r]\n\n[r]: b.pdf").links] == [12, 12]


@pytest.mark.parametrize(
    ("path", "written", "target"),
    [
        ("content/sfj/policy/banfa.md", "banfa/表.pdf", "表.pdf"),
        ("content/sfj/policy/banfa.md", "./表.pdf", "表.pdf"),
        ("content/sfj/policy/banfa/index.md", "banfa/表.pdf", "banfa/表.pdf"),
        ("content/sfj/policy/banfa/index.md", "图/a.png", "图/a.png"),
    ],
)
def test_file_links_are_relative_to_the_items_folder(path: str, written: str, target: str) -> None:
    """As in front matter: beside ``slug.md`` the folder may be written or left out."""
    assert [link.target for link in made(f"[表]({written})", path).links] == [target]


@pytest.mark.parametrize(
    ("markup", "code", "severity"),
    [
        ("[甲](javascript:alert(1))", "markdown-link-scheme", "error"),
        ("[甲](JaVaScRiPt:x)", "markdown-link-scheme", "error"),
        ("[甲](data:text/html,x)", "markdown-link-scheme", "error"),
        ("[甲](mt-link:0)", "markdown-link-scheme", "error"),
        ("[甲](mt-refused:)", "markdown-link-scheme", "error"),
        ("[甲](vbscript:x)", "markdown-link-scheme", "error"),
        ("<ftp://a.cn/b>", "markdown-link-scheme", "error"),
        ("[甲](/sfj/policy/)", "markdown-link-absolute", "error"),
        ("[甲](//a.cn/b)", "markdown-link-absolute", "error"),
        ("[甲](www.a.cn)", "markdown-link-www", "error"),
        ("[甲](item:banfa)", "markdown-link-item", "error"),
        ("[甲](../../../x.md)", "markdown-link-item", "error"),
        ("[甲](../policy/banfa.html)", "markdown-link-page", "error"),
        ("[甲](../../秘密.pdf)", "markdown-link-outside", "error"),
        ("[甲]()", "markdown-link-empty", "warning"),
        ("[甲](#没有)", "markdown-anchor-missing", "warning"),
        ("![甲](https://a.cn/b.png)", "markdown-image-elsewhere", "error"),
        ("![甲](//a.cn/b.png)", "markdown-image-elsewhere", "error"),
        ("![甲](C:\\Users\\z\\b.png)", "markdown-image-elsewhere", "error"),
        ("![甲](file:///C:/b.png)", "markdown-image-elsewhere", "error"),
        ("<img src='data:image/png;base64,x' alt='甲'>", "markdown-image-elsewhere", "error"),
        ("[甲](file:///C:/b.docx)", "markdown-link-scheme", "error"),
        ("![](a.png)", "markdown-image-alt", "warning"),
        ("[](https://a.cn/)", "markdown-link-text", "warning"),
        ("[　](a.pdf)", "markdown-link-text", "warning"),
    ],
)
def test_faulty_links_are_located(markup: str, code: str, severity: str) -> None:
    """The diagnostic names line and column of the link; it never withholds the item."""
    rendered = made(f"甲\n\n  乙{markup}丙\n")
    assert codes(rendered) == [(code, 12, 4)]
    assert [found.severity for found in rendered.diagnostics] == [severity]
    assert not any(map(is_refusal, rendered.diagnostics))
    assert not any(
        written in rendered.html for written in ('href="/', 'href="w', "script:x", "data:", 'ftp://a.cn/b"', 'src="h')
    )


@pytest.mark.parametrize(
    "markup",
    [
        "[甲](java&#115;cript:x)",
        '<a href="java&#10;script:x">甲</a>',
        "<a href=' javascript:x'>甲</a>",
        "[甲][r]\n\n[r]: data:x",
    ],
)
def test_hidden_schemes_are_refused(markup: str) -> None:
    """However it is written, a scheme that is not allowed leaves the text alone and is told."""
    rendered = made(markup)
    assert rendered.html == "<p>甲</p>"
    assert [found.code for found in rendered.diagnostics] == ["markdown-link-scheme"]


def test_links_that_lead_away_are_marked() -> None:
    """External links have ``rel`` and a class; mail and telephone are plain."""
    html = made("[甲](https://a.cn/b c?d=1&e=2) <a@b.cn> [电话](tel:12348)").html
    assert '<a href="https://a.cn/b%20c?d=1&amp;e=2" class="external" rel="noopener">甲</a>' in html
    assert '<a href="mailto:a@b.cn">a@b.cn</a>' in html
    assert '<a href="tel:12348">电话</a>' in html


def test_fragment_links_meet_their_headings() -> None:
    """``#`` and the text of a heading, or an article's number, is where it leads to."""
    rendered = made("[甲](#第三条) [乙](#第一章 总则) [丙](#%E6%80%BB)\n\n## 第一章　总则\n\n第三条 丁\n\n## 总\n")
    assert rendered.diagnostics == ()
    assert [f'href="#{one.id}"' in rendered.html for one in rendered.headings] == [True, True, True]


def test_unresolved_links_leave_text_and_alternative_text() -> None:
    """A link without an address is its text, an image its description; the others get their addresses."""
    html = made('[**甲**](a.md "题")乙![丙<](b.png)[丁](c.pdf)[![戊](d.png)](e.md)').html
    assert resolve_links(html, [None, None, "c.pdf", None, None]) == (
        '<p><strong>甲</strong>乙丙&lt;<a href="c.pdf">丁</a>戊</p>'
    )
    assert resolve_links(html, ["a.html?x=1&y=2", "b.png", "c.pdf", "e.html", "d.png"], [None, (30, 20)]) == (
        '<p><a href="a.html?x=1&amp;y=2" title="题"><strong>甲</strong></a>乙<img src="b.png" alt="丙&lt;" width="30"'
        ' height="20"><a href="c.pdf">丁</a><a href="e.html"><img src="d.png" alt="戊"></a></p>'
    )


@pytest.mark.parametrize("first", ["3. 甲\n4. 乙", "３. 甲\n４. 乙", "３. **甲**\n\n４. 乙"])
def test_a_list_begins_with_the_number_that_its_text_has(first: str) -> None:
    """In whatever digits: the third paragraph of a law is not its first."""
    assert '<ol start="3">' in made(f"前文。\n\n{first}\n").html


# --- the sanitiser ------------------------------------------------------------------


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "hr", "img", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


OURS = {"href", "src", "rel", "role", "aria-label", "tabindex"}
OUR_CLASSES = CLASSES | {"article", "external", "table-scroll", "level-1", "level-2", "level-3", "level-4"}
EVIL = (
    "<iframe src=x>",
    "<form action=x>",
    "<svg onload=x>",
    "<style>a</style>",
    "onclick=x>",
    " style='x'",
    "<a ",
    "<p ",
)
ANYTHING = st.one_of(
    MARKDOWN, st.lists(st.sampled_from(FAR_REACHING + EVIL + ("甲", "\n\n", "{: onclick=x style=y }"))).map("".join)
)


def check_safe(body: str) -> None:
    rendered = made(body)
    reader = _Reader()
    reader.feed(rendered.html)
    reader.close()
    assert reader.open == []
    assert reader.comments == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in reader.tags:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | OURS
        assert set((attributes.get("class") or "").split()) <= OUR_CLASSES
        for name in ("href", "src"):
            if name in attributes:
                assert (attributes[name] or "").startswith(("mt-link:", "http:", "https:", "mailto:", "tel:", "#"))
    numbers = [int((a.get("href") or a.get("src") or "")[8:]) for _, a in reader.tags if "mt-link:" in str(a)[:30]]
    assert numbers == sorted(numbers)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_output_holds_nothing_off_the_list_for_any_input(body: str) -> None:
    """Any text whatever: well-formed, only allowed tags, attributes, classes and addresses, each id once."""
    check_safe(body)


@pytest.mark.soak
@settings(max_examples=30_000, deadline=None)
@given(ANYTHING)
def test_output_holds_nothing_off_the_list_for_very_many_inputs(body: str) -> None:
    """A long campaign of the test above."""
    check_safe(body)


@pytest.mark.parametrize("body", NASTY)
def test_output_holds_nothing_off_the_list_for_each_construct(body: str) -> None:
    """The bodies that are hard to read are safe too."""
    check_safe(body)


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        (
            "甲\n{: style='color:red' onclick=x target=_blank .caption .evil #main }",
            '<p class="caption" id="h-main">甲</p>',
        ),
        ('<p align="center" style="x">甲</p>', "<p>甲</p>"),
        ("<font color=red>甲</font>", "<p>甲</p>"),
        ("<iframe src=https://a.cn>甲</iframe>", ""),
        ('<span id="a">甲</span><span id="a">乙</span>', '<p><span id="h-a">甲</span><span>乙</span></p>'),
        ("<td colspan=2>甲</td>", "甲"),
    ],
)
def test_attributes_and_html_keep_to_the_list(markup: str, html: str) -> None:
    """Neither attribute lists nor raw HTML bring in styles, handlers, targets, foreign classes or the page's ids."""
    assert made(markup).html == html


def test_dropped_html_is_told_once() -> None:
    """The editor learns which tag or attribute went, and where it first stood."""
    rendered = made("甲\n\n<script>x</script>\n<script>y</script>\n\n<b style='x'>乙</b>\n")
    assert [(one.code, one.line, one.column, one.params) for one in rendered.diagnostics] == [
        ("markdown-html-dropped", 12, 1, (("name", "script"),)),
        ("markdown-html-dropped", 15, 4, (("name", "style"),)),
    ]


def test_code_that_shows_html_is_not_dropped() -> None:
    """Code is text."""
    rendered = made("`<script>` 和\n\n    <style>\n")
    assert rendered.diagnostics == ()
    assert "&lt;script&gt;" in rendered.html


def test_footnotes_lead_there_and_back() -> None:
    """The mark has a spoken label, and so has the way back; the number is no part of the sentence."""
    html = made("甲[^注 一]乙\n\n[^注 一]: 说明\n").html
    assert '<sup id="fnref-注-一"><a href="#fn-注-一" class="footnote-ref">1</a></sup>' in html
    assert '<a href="#fnref-注-一" class="footnote-backref" aria-label="返回正文中的注释 1">↩</a>' in html


# --- limits -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        ">" * 1000 + " 甲",
        "- " * 500 + "甲",
        "\n".join(" " * 4 * level + "- 甲" for level in range(200)),
        "[" * 10_000,
        "[" * 5_000 + "]" * 5_000,
        "*甲 " * 5_000,
        "[a](b" * 5_000,
        "#" * 100_000,
        "甲\n===\n" * 9_000,
        "!!! note\n" * 10_000,
        "<div>" * 40_000,
        '<a href="x ' * 19_000,
        "[TOC]\n\n" * 100 + "## 甲\n\n" * 100,
        "- 甲\n" * 30_000,
        "`a`|" * 5_000 + "\n---|---\n",
    ],
    ids=lambda body: body[:12],
)
def test_costly_bodies_are_refused(body: str) -> None:
    """Too deep or too much markup gives an error and no HTML: the item is withheld, nothing is half shown."""
    rendered = made(body)
    assert (rendered.html, rendered.blocks, rendered.links) == ("", (), ())
    assert [found.code for found in rendered.diagnostics] == ["markdown-too-complex"]
    assert is_refusal(rendered.diagnostics[0])


@pytest.mark.parametrize(
    ("notes", "refused"),
    [
        (["[^a]"] * 900, False),
        (["[^a]"] * 1_100, True),
        (["[^a]", "[^b]"] * 800, True),
        ([f"[^{number}]" for number in range(9_000)], False),
        ([f"[^{number}]" for number in range(11_000)], True),
    ],
)
def test_footnotes_beyond_counting_are_refused(notes: list[str], refused: bool) -> None:
    """Each time that a footnote is named again all the times before are counted: ten thousand took minutes."""
    body = "\n\n".join(("[^a]: 甲", *(f"乙{note}" for note in notes)))
    assert any(code == "markdown-too-complex" for code, _, _ in codes(made(body))) == refused


@pytest.mark.parametrize(
    "body",
    [
        "正文&#x202E;文正&#8236;。",
        "正文。\n\n<p>正&#917554;文。</p>",
        '![图&#xE0041;](a.png "题")',
        "`&#x202E;`\n\n[甲](https://a.cn/ '乙&#x202E;')",
    ],
)
def test_entity_of_a_character_that_steers_is_refused(body: str) -> None:
    """What is seen with it is not what is published, as with the character itself."""
    rendered = made(body)
    assert (rendered.html, rendered.blocks) == ("", ())
    assert [found.code for found in rendered.diagnostics] == ["markdown-entity"]
    assert is_refusal(rendered.diagnostics[0])


def test_entity_that_is_shown_as_it_is_written_is_none() -> None:
    """In code it stands for itself, and usual ones stand for usual characters."""
    assert made("`&#x202E;` &#169; &#x4E2D;").diagnostics == ()


@pytest.mark.parametrize(
    "body",
    [
        *("*" * 50_000, "{" * 100_000, "-" * 100_000, "> " * 30 + "甲", "|a|b|\n|-|-|\n" + "|1|2|\n" * 5_000),
        *("文字。\n\n" * 20_000, "## 同名\n\n" * 5_000, "文" * 900_000, "第一条 甲\n\n" * 5_000, "\n" * 300_000),
    ],
    ids=lambda body: body[:12],
)
def test_large_but_plain_bodies_are_converted(body: str) -> None:
    """Size alone is no fault."""
    assert not any(map(is_refusal, made(body).diagnostics))


@given(st.lists(st.sampled_from(["`", "``", "<!--", "-->", "-", ">", "甲", "\n"]), max_size=14).map("".join))
def test_links_in_code_and_comments_are_none(body: str) -> None:
    """As one pattern says it, which takes the square of the time over many comments that are never closed."""
    pattern = re.compile(r"(?<!`)(`+)(?!`)[^`]+\1(?!`)|<!--.*?-->", re.DOTALL)
    assert blanked(body) == pattern.sub(lambda hidden: " " * len(hidden[0]), body)


def test_comments_that_are_never_closed_cost_a_look_each() -> None:
    """The one pattern would take hours."""
    assert blanked("<!-- " * 200_000) == "<!-- " * 200_000


def test_body_beyond_the_limit_is_refused() -> None:
    """Five megabytes of text are no item."""
    rendered = made("文" * (MAX_CHARACTERS + 1))
    assert rendered.html == ""
    assert codes(rendered) == [("markdown-too-long", 10, 0)]


def test_refusal_says_where() -> None:
    """The line of the refused text, in the file."""
    assert codes(made("甲\n\n乙\n\n" + "[" * 10_000)) == [("markdown-too-complex", 14, 0)]


def test_a_refused_body_leaves_nothing_behind() -> None:
    """The converter is the same for the next body as it was for the last."""
    before = made("*甲* [乙](x.md)\n\n- 丙\n")
    made("> - " * 3 + "*甲 " * 5_000)
    made("[" * 10_000)
    assert made("*甲* [乙](x.md)\n\n- 丙\n") == before


def test_conversion_is_the_same_in_threads() -> None:
    """Each thread has a converter of its own."""
    bodies = [text * 3 for text in NASTY]
    wanted = [made(body) for body in bodies]
    got: dict[int, list[Rendered]] = {}

    def work(number: int) -> None:
        got[number] = [made(body) for body in bodies]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[number] == wanted for number in range(4)] == [True] * 4


@pytest.mark.parametrize("char", ["\x00", "\x02", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_characters_that_html_may_not_hold_become_spaces(char: str) -> None:
    """Positions stay, and a surrogate does not stop the build."""
    rendered = made(f"甲{char}乙[丙](x.md)")
    assert rendered.html == '<p>甲 乙<a href="mt-link:0">丙</a></p>'
    assert rendered.links[0].column == 4


# --- the editors' page --------------------------------------------------------------

_DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "markdown.md").read_text("utf-8")


@pytest.mark.parametrize("example", re.findall(r"```markdown\n(.*?)```", _DOCUMENT, re.DOTALL))
def test_examples_of_the_editors_page_are_without_fault(example: str) -> None:
    """What editors are told to copy works."""
    rendered = made(example)
    assert rendered.diagnostics == ()
    assert rendered.html


def test_classes_of_the_editors_page_are_allowed() -> None:
    """Each class that the page offers passes the sanitiser."""
    offered = set(re.findall(r"`\.([a-z-]+)`", _DOCUMENT)) - {"html"}
    assert {"caption", "signature", "align-right"} <= offered <= CLASSES


# --- what is read otherwise than it is meant ------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ("第二条　平台是指：\n（一）中心；\n（二）工作站。", "markdown-lines-run-on", (11, 1)),
        ("流程如下：\n1.申请\n2.受理", "markdown-lines-run-on", (11, 1)),
        ("流程如下：\n1. 申请\n2. 受理", "markdown-lines-run-on", (11, 1)),
        ("一、申请\n二、受理", "markdown-lines-run-on", (11, 1)),
        ("**问：** 为什么？\n**答：** 为了规范。", "markdown-lines-run-on", (11, 1)),
        ("各单位：\n　　现将有关事项通知如下：\n　　一、提高认识\n　　要提高认识。", "markdown-lines-run-on", (11, 1)),
        ("联系人：王科长\n电话：12348\n地址：明堂路1号", "markdown-lines-run-on", (11, 1)),
        ("甲\n\n＃ 标题\n\n＃＃ 第二级", "markdown-marks-wide", (12, 1)),
        ("甲、＊＊加粗＊＊乙", "markdown-marks-wide", (10, 3)),
        ("见［网］（https://www.a.cn）", "markdown-marks-wide", (10, 2)),
        ("见[网]（https://www.a.cn）", "markdown-marks-wide", (10, 2)),
        ("见［办法](item:sfj/policy/banfa)", "markdown-marks-wide", (10, 2)),
        ("甲\n\n    各区司法局：\n\n    请遵照执行。", "markdown-code-indented", (12, 5)),
        ("\t各区司法局：请遵照执行。", "markdown-code-indented", (10, 2)),
        ("| 项目 | 标准 |\n| 遗嘱 | 200 |", "markdown-table-broken", (10, 1)),
        ("标准如下：\n| 项目 | 标准 |\n|---|---|\n| 遗嘱 | 200 |", "markdown-table-broken", (11, 1)),
        ("｜项目｜标准｜\n｜－－｜－－｜\n｜遗嘱｜200｜", "markdown-table-broken", (10, 1)),
        ("序号\t公证处\n1\t明信\n2\t中正", "markdown-table-tabs", (10, 1)),
        ("电话138****1234、139****5678", "markdown-stars-lost", (10, 6)),
        ("姓名：王*明、李*红", "markdown-stars-lost", (10, 5)),
        ("依据[^1]。\n\n[^1]：《法律援助法》", "markdown-footnote-colon", (12, 1)),
        ("依据[^1]和[^2]。\n\n[^1]: 《法律援助法》", "markdown-footnote-missing", (10, 8)),
        ("若A<B，且C>D", "markdown-text-as-tag", (10, 3)),
        ("[网](http：//www.a.cn/)", "markdown-link-wide", (10, 1)),
        ("[网](ｈｔｔｐｓ://www.a.cn/)", "markdown-link-wide", (10, 1)),
    ],
)
def test_what_is_read_otherwise_than_meant_is_told(body: str, code: str, place: tuple[int, int]) -> None:
    """A paste from Word, a masked number, the marks of an input method: said once, where it begins, and no more."""
    assert codes(made(body)) == [(code, *place)]
    assert not any(map(is_refusal, made(body).diagnostics))


@pytest.mark.parametrize(
    "body",
    [
        "第二条　平台是指：\n\n（一）中心；\n\n（二）工作站。",
        "1. 申请\n2. 受理\n\n- 甲\n- （一）乙",
        "一、申请  \n二、受理\\\n三、审核<br>\n四、送达",
        "## 一、申请\n（一）初审",
        "段落的一行\n和它的下一行，2026年\n1月1日",
        "- 第二项\n\n    第二项的续段（前面空四格）",
        "    <style>\n",
        "| 项目 | 标准 |\n|---|---|\n| 一、遗嘱 | 甲\\|乙 |\n| 二、委托\t | 138****1234 |",
        "一图读懂|示例市办法",
        "各单位：\n\n　　现将有关事项通知如下：\n\n　　示例市司法局\n　　2026年8月18日",
        "联系人：王科长  \n电话：12348",
        "＃1号楼、＊号键、［2026］13号、见附表［1］（略），又见[1]（略）",
        "写作 `[](https://a.cn)`；[![图](a.png)](https://a.cn)，- [ ] 是",
        "写作 `＊＊加粗＊＊`、`［网］（https://www.a.cn）`",
        "电话138****1234，或者138\\*\\*\\*\\*1234、139\\*\\*\\*\\*5678",
        "注意**必须**携带，_不得_转借，**高**效",
        "填写<姓名>，见<https://www.gov.cn/>，发到<a@b.cn>",
        "依据[^1]。\n\n[^1]: 《法律援助法》",
        "写作`[^1]`，或者\\[^2]",
        "<table>\n<tr><td>一、甲</td>\t<td>乙</td></tr>\n<tr><td>二、甲</td>\t<td>乙</td></tr>\n</table>",
        "H<sub>2</sub>O，A<b>甲，乙</b>",
    ],
)
def test_what_is_meant_is_not_told(body: str) -> None:
    """Lists, breaks, tables, text that is escaped, and lines that merely end."""
    assert made(body).diagnostics == ()
