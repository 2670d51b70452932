"""generator.clearance.verbatim: what is left out of a file can hide nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.clearance import verbatim
from generator.clearance.audit_texts import item_values
from generator.clearance.audit_views import markup_views, strip_tags, tag_text
from generator.clearance.fingerprints import Fingerprints, prints_of
from generator.clearance.folding import SEPARATOR
from generator.clearance.scanner import File, Owner, Scanner
from generator.clearance.verbatim import Repeated, apart, rest_of_page
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
    texts = (("search/text/a-0.json", b'[["","a"]]'), ("search/text/a-1.json", b'[["","b"]]'))
    facts = make_facts(make_item("sfj/policy/shown", title="公开的标题"))
    return Owner(facts.id, facts.path, lambda: body, lambda: html.encode(), lambda: texts, item_values(facts))


@given(at=st.integers(0, 10_000), length=st.integers(16, 60), near=st.booleans(), needle=st.booleans())
def test_what_stands_across_an_edge_is_found(at: int, length: int, near: bool, needle: bool) -> None:
    """Whatever part of a page is withheld: it stands in what is left, or in the body, which its item explains."""
    whole = page("公开的标题", tail="<p>页面自己的话，正文之后的一段，与正文无关。</p>")
    text = strip_tags(whole)
    start, end = text.index(PARAGRAPHS[0]), text.index(PARAGRAPHS[-1]) + len(PARAGRAPHS[-1])
    place = (start, end)[at % 2] - length + at % (length + 1) if near else at % (len(text) - length)
    secret = text[place : place + length]
    prints = Fingerprints([prints_of("a/b/c", [] if needle else [secret], [secret] if needle else [])])
    found = rest_of_page(whole.encode(), HTML.encode(), prints.longest)
    rest = found.data.decode()
    assert found.ends
    assert found.ends in found.data
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
    assert rest_of_page(whole, html.encode(), LONGEST) == (whole, b"")


def test_a_page_with_another_body_is_given_back_whole() -> None:
    """One character differs: it is no longer what the item says."""
    whole = page("标题", HTML.replace("第59条", "第95条")).encode()
    assert rest_of_page(whole, HTML.encode(), LONGEST) == (whole, b"")


def test_the_ends_of_a_body_are_found_whole() -> None:
    """As many Han as are asked for at least, with whole characters, and no tags."""
    ends = rest_of_page(page("标题").encode(), HTML.encode(), LONGEST).ends.decode()
    first, last = ends.split(SEPARATOR)
    text = strip_tags(HTML)
    assert text.startswith(first)
    assert text.endswith(last)
    assert min(len(first), len(last)) >= LONGEST


TEXTS = {
    "as its item has it": ("search/text/a-0.json", b'[["","a"]]', False),
    "with another text": ("search/text/a-0.json", "[]", True),
    "with the text of the next": ("search/text/a-0.json", b'[["","b"]]', False),
    "of another name": ("search/text/b-0.json", "[]", True),
}


@pytest.mark.parametrize("case", TEXTS)
def test_texts_for_snippets_are_left_out_when_their_item_has_the_very_same(case: str) -> None:
    """Any other file of that name, and the same file of any other name, is looked through."""
    path, data, found = TEXTS[case]
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])])
    data = json.dumps([["", SECRET]], ensure_ascii=False).encode() if isinstance(data, str) else data
    files = [File(path, data, owner()), *(File(f"sfj/{number}.txt", b"x", None) for number in range(300))]
    assert [one.path for one in Scanner(prints).scan_all(files).scans] == ([path] if found else [])


def test_a_name_is_looked_at_even_where_the_text_is_not() -> None:
    """The name of a withheld file at which stands what an item says."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [], [], ["text/a-0.json"])])
    files = [File("search/text/a-0.json", b'[["","a"]]', owner())]
    files += [File(f"sfj/{number}.txt", b"x", None) for number in range(300)]
    assert [one.path for one in Scanner(prints).scan_all(files).scans] == ["search/text/a-0.json"]


def test_what_pages_repeat_is_left_out_once_it_was_looked_at() -> None:
    """Of tags nothing is left, of text both ends."""
    pages = [page(f"标题{number}", f"<p>正文{number}</p>").encode() for number in range(20)]
    prints = Fingerprints([prints_of("a/b/c", ["完全无关的内容，哪里都没有出现过的一句话"], [])])
    repeated = Repeated(prints)
    for before, after in zip(pages, repeated.shortened([repeated.parted(one) for one in pages]), strict=True):
        assert len(after) < len(before) / 4
        assert "示例第0区司法局".encode() in after
        assert "主办单位第79号联系方式".encode() in after
        assert b"<a href" not in after


def test_the_ends_of_a_stretch_are_short_where_no_long_name_begins_or_ends_in_it() -> None:
    """As a long name would stand in it from its beginning, or to its end."""
    stretch, name = "".join(map(chr, range(0x5000, 0x5100))), "".join(map(chr, range(0x6000, 0x6032)))
    for names, kept in {(name,): 2 * 16, (name[:20] + stretch[:20],): 2 * 40, (stretch[-30:] + name,): 2 * 80}.items():
        trimmed = verbatim._trimmed(stretch.encode(), Fingerprints([prints_of("a/b/c", [], [], names)])).decode()
        assert len(trimmed) == kept + len(SEPARATOR)


STRETCH = st.text("会见须知ab1 .，①#\n　", max_size=120)


@given(stretch=STRETCH, before=STRETCH, after=STRETCH, start=st.integers(0, 300), size=st.integers(4, 60))
@example(stretch="会见须知a" * 20, before="b", after="", start=0, size=40)
@example(stretch="会见须知a" * 20, before="", after="b", start=61, size=40)
def test_what_stands_half_within_what_is_trimmed_is_found(
    stretch: str, before: str, after: str, start: int, size: int
) -> None:
    """Whatever reaches over either end of it: a window of a text, a name of any length, of which no part is one."""
    whole = f"{before}{stretch}{after}"
    secret = whole[start : start + size]
    _stays_found(Fingerprints([prints_of("a/b/c", [secret], [secret])]), before, stretch, after)
    _stays_found(Fingerprints([prints_of("a/b/c", [], [], [secret])]), before, stretch, after)


def _stays_found(prints: Fingerprints, before: str, stretch: str, after: str) -> None:
    whole = f"{before}{stretch}{after}"
    left = f"{before}{verbatim._trimmed(stretch.encode(), prints).decode()}{after}"
    found = set(prints.hits(left).tolist())
    assert found <= set(prints.hits(whole).tolist())
    assert set(prints.hits(whole).tolist()) <= found | set(prints.hits(stretch).tolist())


@given(order=st.lists(st.integers(0, 5), max_size=40))
def test_what_was_repeated_last_is_told_from_what_is_alike(order: list[int]) -> None:
    """Pages by turns of several headers, of which some begin as others do: each is given its own."""
    headers = ["<p>一", "<p>一二", "<p>一\n<p>二", "<p>二", f"<p>{SECRET}", ""]
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])])
    repeated = Repeated(prints)
    for _ in range(3):
        pages = [page(f"标题{number}", "<p>正文", headers[number], "<p>尾").encode() for number in order]
        left = repeated.shortened([repeated.parted(one) for one in pages])
        for before, after in zip(pages, left, strict=True):
            assert _shown(after) == _shown(before)
        again = [f"\n{one}".encode() for one in ("", "<body", "<body\n<main", "</main>\n", "<main\n</html>")]
        assert repeated.shortened([repeated.parted(one) for one in again]) == again


def _shown(markup: bytes) -> str:
    """The text of a page that is too short to be left out in part."""
    return "".join(strip_tags(markup.decode()).split()).replace(SEPARATOR, "")


def test_more_stretches_than_are_remembered_are_left_out_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the units before are forgotten."""
    monkeypatch.setattr(verbatim, "_MOST_KNOWN", 8)
    repeated = Repeated(Fingerprints([prints_of("a/b/c", ["完全无关的内容，哪里都没有出现过的一句话"], [])]))
    for unit in range(9):
        pages = [page(f"标题{n}", "<p>正文", header=HEADER.replace("示例", f"第{unit}例")).encode() for n in range(4)]
        for after in repeated.shortened([repeated.parted(one) for one in pages]):
            assert b"<a href" not in after
            assert f"第{unit}例第0区".encode() in after


@pytest.mark.parametrize("markup", ["<!doctype html><p>a", "\n<!doctype html><p>a", "<p>a! b", "!<p>a"])
def test_only_a_declaration_at_the_beginning_is_told_apart(markup: str) -> None:
    """Not behind it: there a comment may begin."""
    assert apart(markup.encode()) is not None
    assert apart(f"{markup}<!-- x -->".encode()) is None


@pytest.mark.parametrize("markup", ["a < b", "a > b", "<a <b>>", "<p>a<!-- b --></p>", "<p", "p>"])
def test_markup_that_is_not_sure_is_not_told_apart(markup: str) -> None:
    """It is read by its format."""
    assert apart(markup.encode()) is None


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
        Scanner(prints).scan(file.path, file.data, own=(file.owner.values, file.owner.load()))
        for file in files
        if file.owner is not None
    ]
    together = Scanner(prints).scan_all(files)
    assert {one.path: one.keys.tolist() for one in together.scans} == {
        one.path: one.keys.tolist() for one in alone if one.keys.size
    }
    assert bool(together.scans)


@pytest.mark.parametrize("torn", ["<script>if (1 < 2) {}</script>", "<p>1 > 2</p>", "<!-- 注释 -->", "<p>&amp;</p>"])
@pytest.mark.parametrize("everywhere", [False, True], ids=["in one page", "in every page"])
def test_pages_in_which_angles_are_not_sure_are_read_by_their_format(torn: str, everywhere: bool) -> None:
    """They hide nothing, in the text or in a tag, and spoil nothing of the pages beside them."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])])
    secrets = {3: f"{SECRET[:9]}<b>{SECRET[9:]}</b>", 4: f'<i title="{SECRET}">', 6: SECRET}
    files = []
    for number in range(24):
        markup = page("标题", tail=secrets.get(number, "") + (torn if everywhere or number in (3, 4, 5) else ""))
        files.append(File(f"sfj/policy/p{number}.html", markup.encode(), owner()))
    found = Scanner(prints).scan_all(files)
    assert {one.path for one in found.scans} == {f"sfj/policy/p{number}.html" for number in secrets}
    assert {file.path for file in files if hits(prints, file.data.decode())} == {one.path for one in found.scans}


@pytest.mark.parametrize("sign", [":", ",", "]", "}"])
def test_a_sign_at_the_beginning_of_a_string_is_part_of_it(sign: str) -> None:
    """Where strings of data end is seen without reading it by its format: what follows a quotation mark is not lost."""
    text = f"{sign}{SECRET[:15]}"
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [text], [f"{sign}减刑名单"])])
    files = [File(f"sfj/{number}.json", b'["x","y"]', None) for number in range(20)]
    for path, said in (("sfj/text.json", text), ("sfj/name.json", f"{sign}减刑名单")):
        data = json.dumps({"a": said, "b": ["", said]}, ensure_ascii=False, separators=(",", ":"))
        files.append(File(path, data.encode(), None))
    assert {one.path for one in Scanner(prints).scan_all(files).scans} == {"sfj/text.json", "sfj/name.json"}


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


def test_a_name_that_cannot_be_read_with_others_hides_no_other_name() -> None:
    """Names of files whose content needs no look are looked at together, and one of them is spelt oddly."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [], [SECRET])])
    files = [File("sfj/e\u0301.txt", b"", None), File(f"sfj/{SECRET}.txt", b"", None)]
    files += [File(f"sfj/{number}.txt", b"x", None) for number in range(300)]
    assert [one.path for one in Scanner(prints).scan_all(files).scans] == [f"sfj/{SECRET}.txt"]


def test_files_that_are_read_again_are_found_as_those_that_are_held() -> None:
    """In escapes, in a name, in what nobody owns: what a first look cannot tell needs the whole file."""
    prints = Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [], ["text/a-0.json"])])
    escaped = "".join(f"&#{ord(one)};" for one in SECRET)
    files = [File(f"sfj/policy/p{number}.html", page("标题").encode(), owner()) for number in range(20)]
    files += [File("sfj/policy/escaped.html", page(escaped).encode(), owner())]
    files += [File("sfj/policy/plain.html", page(SECRET).encode(), owner())]
    files += [File("search/text/a-0.json", b'[["","a"]]', owner()), File("a.txt", b"\xff\xfe", None)]
    files += [File("list.html", page(SECRET).encode(), None)]
    data = {file.path: file.data for file in files}
    held = Scanner(prints).scan_all(files)
    read: list[str] = []

    def again(path: str) -> bytes:
        read.append(path)
        return data[path]

    found = Scanner(prints, again=again).scan_all(files)
    assert {one.path: (one.keys.tolist(), one.readable) for one in found.scans} == {
        one.path: (one.keys.tolist(), one.readable) for one in held.scans
    }
    assert {one.path for one in found.scans} == data.keys() - {f"sfj/policy/p{number}.html" for number in range(20)}
    assert set(read) == {"sfj/policy/escaped.html", "sfj/policy/plain.html", "search/text/a-0.json", "a.txt"}
