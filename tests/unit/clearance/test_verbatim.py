"""generator.clearance.verbatim: what is left out of a file can hide nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.audit_views import markup_views, strip_tags, tag_text
from generator.clearance.fingerprints import Fingerprints, prints_of
from generator.clearance.folding import SEPARATOR
from generator.clearance.scanner import File, Owner, Scanner
from generator.clearance.verbatim import Repeated, rest_of_page, rest_of_passages, said_by
from generator.model import ItemBody, TextBlock
from tests.unit.clearance.clearance_makers import make_facts, make_item

LONGEST = 30
PARAGRAPHS = [f"第{number}条　依照有关规定，办理第{number * 7}号事项应当提交材料并说明理由。" for number in range(60)]
HTML = "\n".join(f'<p id="art-{number}">{text}</p>' for number, text in enumerate(PARAGRAPHS))
HEAD = (
    '<meta name="viewport" content="x">\n<meta name="SiteName" content="示例市司法局网站">\n'
    '<meta name="ColumnName" content="">'
)
HEADER = "<header>\n" + "\n".join(f'<a href="../{n}/">示例第{n}区司法局</a>' for n in range(80)) + "\n</header>"
FOOTER = "<footer>\n" + "\n".join(f'<p class="f{n}">主办单位第{n}号联系方式</p>' for n in range(80)) + "\n</footer>"


def page(title: str, html: str = HTML, header: str = HEADER, footer: str = FOOTER, tail: str = "") -> str:
    return (
        f"<!doctype html>\n<html>\n<head>\n<title>{title}</title>\n{HEAD}\n</head>\n<body>\n{header}\n<main>\n"
        f"<h1>{title}</h1>\n<div>{html}</div>{tail}\n</main>\n{footer}\n</body>\n</html>\n"
    )


def hits(prints: Fingerprints, markup: str) -> set[int]:
    shown = markup_views(markup)
    return set(prints.hits(SEPARATOR.join((*shown.plain, *map(tag_text, shown.tags)))).tolist())


def owner(html: str = HTML) -> Owner:
    blocks = tuple(TextBlock(anchor="", text=text) for text in PARAGRAPHS)
    body = ItemBody(html=html, headings=(), blocks=blocks)
    return Owner(make_facts(make_item("sfj/policy/shown", title="公开的标题")), lambda: body, "")


@given(at=st.integers(0, 10_000), length=st.integers(16, 60), near=st.booleans(), needle=st.booleans())
def test_what_stands_across_an_edge_is_found(at: int, length: int, near: bool, needle: bool) -> None:
    """Whatever part of a page is withheld: it stands in what is left, or in the body, which its item explains."""
    whole = page("公开的标题", tail="<p>页面自己的话，正文之后的一段，与正文无关。</p>")
    text = strip_tags(whole)
    start, end = text.index(PARAGRAPHS[0]), text.index(PARAGRAPHS[-1]) + len(PARAGRAPHS[-1])
    place = (start, end)[at % 2] - length + at % (length + 1) if near else at % (len(text) - length)
    secret = text[place : place + length]
    prints = Fingerprints([prints_of("a/b/c", [] if needle else [secret], [secret] if needle else [])])
    rest = rest_of_page(whole.encode(), HTML, prints.longest).decode()
    assert len(rest) < len(whole) - len(HTML) / 2
    assert hits(prints, whole) <= hits(prints, rest) | hits(prints, HTML)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<p>短</p>", "too short"),
        ("\n".join(f"<p>line {number} of a text without Han</p>" for number in range(99)), "no Han"),
        (HTML.replace("第9条", "<!-- 第9条 -->"), "a comment"),
    ],
)
def test_a_page_is_given_back_whole_when_it_is_not_sure(html: str, why: str) -> None:
    """Without ends that can be counted, nothing is left out."""
    whole = page("标题", html).encode()
    assert rest_of_page(whole, html, LONGEST) == whole


def test_a_page_with_another_body_is_given_back_whole() -> None:
    """One character differs: it is no longer what the item says."""
    whole = page("标题", HTML.replace("第59条", "第95条")).encode()
    assert rest_of_page(whole, HTML, LONGEST) == whole


def test_passages_that_the_item_says_are_left_out() -> None:
    """What is left of a file of passages are its anchors, and what the item does not say."""
    said = said_by(owner().load())
    passages = [["art-1", "\n".join(PARAGRAPHS[1:4])], ["art-4", "另一段话，条目里没有"], ["art-5", PARAGRAPHS[5][:20]]]
    rest = rest_of_passages(json.dumps(passages).encode(), said).decode()
    assert rest.split(SEPARATOR) == ["art-1", "art-4", "另一段话，条目里没有", "art-5"]


@pytest.mark.parametrize("data", [b"", b"[[1,2]]", b'{"a":"b"}', b"\xff", b'[["a","b","c"]]'])
def test_another_file_is_given_back_whole(data: bytes) -> None:
    """It is read by its format, as ever."""
    assert rest_of_passages(data, "甲乙丙") == data


def test_two_texts_of_an_item_are_not_one() -> None:
    """Nothing is explained by the end of one text and the beginning of another."""
    body = ItemBody(
        html="", headings=(), blocks=(TextBlock(anchor="", text="甲" * 20),), attachment_texts=(("a.txt", "乙" * 20),)
    )
    passage = "甲" * 9 + "乙" * 9
    assert passage in rest_of_passages(json.dumps([["", passage]]).encode(), said_by(body)).decode()


def test_what_pages_repeat_is_left_out_once_it_was_looked_at() -> None:
    """Of tags nothing is left, of text both ends."""
    pages = [page(f"标题{number}", f"<p>正文{number}</p>").encode() for number in range(20)]
    prints = Fingerprints([prints_of("a/b/c", ["完全无关的内容，哪里都没有出现过的一句话"], [])])
    for before, after in zip(pages, Repeated(prints).shortened(pages), strict=True):
        assert len(after) < len(before) / 4
        assert "示例第0区司法局".encode() in after
        assert "主办单位第79号联系方式".encode() in after
        assert b"<a href" not in after


SECRET = "提请减刑罪犯共计三十七人名单另附不得外传"
WHERE = {
    "the header": page("标题", header=HEADER.replace("示例第40区司法局", SECRET)),
    "an attribute of the header": page("标题", header=HEADER.replace('"../40/"', f'"../40/" title="{SECRET}"')),
    "the footer": page("标题", footer=FOOTER.replace("主办单位第40号联系方式", SECRET)),
    "the end of the header and what follows": page(
        SECRET[8:], header=HEADER.replace("示例第79区司法局</a>\n</header>", f"{SECRET[:8]}</a></header>")
    ).replace("<main>\n<h1>", "<main><h1>"),
    "before the body": page("标题", f"{SECRET[8:]}</p>{HTML}").replace("<div>", f"<div><p>{SECRET[:8]}"),
    "behind the body": page("标题", tail=f"<p>{SECRET}</p>"),
    "the title": page(SECRET),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("everywhere", [False, True], ids=["in one page", "in every page"])
def test_scanning_many_files_finds_what_scanning_one_finds(where: str, everywhere: bool) -> None:
    """Whether a page is alone in it or all repeat it: each is named, and nothing else."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])])
    clean = page("标题")
    pages = [WHERE[where] if everywhere or number == 9 else clean for number in range(24)]
    files = [File(f"sfj/policy/p{number}.html", one.encode(), owner()) for number, one in enumerate(pages)]
    alone = [
        Scanner(prints).scan(file.path, file.data, own=(file.owner.facts, file.owner.load()))
        for file in files
        if file.owner is not None
    ]
    together = Scanner(prints).scan_all(files)
    assert {one.path: one.keys.tolist() for one in together.scans} == {
        one.path: one.keys.tolist() for one in alone if one.keys.size
    }
    assert bool(together.scans)


def test_an_asset_that_every_site_has_is_looked_at_once_and_named_wherever_it_holds_something() -> None:
    """The same bytes are known to be clean only when they were."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])])
    files = [File(f"{unit}/assets/a.js", b"export const a = 1;\n", None) for unit in ("sfj", "jyglj", "heping")]
    files += [File(f"{unit}/assets/b.js", f"const b = '{SECRET}';".encode(), None) for unit in ("sfj", "jyglj")]
    files += [File(f"sfj/{number}.txt", b"x", None) for number in range(300)]
    files += [File(f"{unit}/assets/c.js", f"const b = '{SECRET}';".encode(), None) for unit in ("sfj", "jyglj")]
    found = Scanner(prints).scan_all(files)
    assert sorted(one.path for one in found.scans) == [
        "jyglj/assets/b.js",
        "jyglj/assets/c.js",
        "sfj/assets/b.js",
        "sfj/assets/c.js",
    ]
