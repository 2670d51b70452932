"""The leak audit: what is found in output files, and what raises no alarm."""

from __future__ import annotations

import html
import json
from pathlib import Path
from urllib.parse import quote

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.audit import (
    Leak,
    file_leaks,
    identical_copies,
    leaks,
    together,
    withheld_files,
)
from generator.clearance.audit_texts import Publisher, Voice, item_texts, item_values, withheld_prints
from generator.clearance.evidence import Evidence
from generator.clearance.fingerprints import Fingerprints
from generator.clearance.gate import exposed, screen
from generator.clearance.scanner import File, Scanner
from generator.model import Heading, ItemBody, ItemFacts, TextBlock
from tests.unit.clearance.clearance_makers import NOW, make_cluster, make_facts, make_item

SECRET = "本批提请减刑罪犯共计三十七人，名单另附，不得外传，违者追究责任。"
LAW = "对罪犯的减刑、假释，由执行机关向中级以上人民法院提出减刑、假释建议书。"


def body_of(markup: str, source: str = "") -> ItemBody:
    return ItemBody(html=markup, headings=(), blocks=(), source_text=source or markup)


def withheld(text: str = SECRET, title: str = "提请减刑罪犯名单", item_id: str = "jyglj/notice/neibu") -> ItemFacts:
    return make_facts(make_item(item_id, title=title, confidentiality_cleared=False), body=text)


def fingerprints(*texts: str, facts: ItemFacts | None = None) -> Fingerprints:
    facts = facts or withheld()
    return Fingerprints([withheld_prints(facts, body_of(f"<p>{'</p><p>'.join(texts)}</p>", "\n".join(texts)))])


def found(prints: Fingerprints, path: str, data: str | bytes, *, explaining: tuple[str, ...] = ()) -> list[Leak]:
    raw = data.encode() if isinstance(data, str) else data
    scan = Scanner(prints).scan(path, raw)
    # The way of many files at once comes to the same for each of them.
    clean = File("clean.html", "<p>无关的一页</p>".encode(), None)
    scanned = Scanner(prints).scan_all([*[clean] * 20, File(path, raw, None), clean])
    assert [(one.path, one.keys.tolist(), one.readable) for one in scanned.scans] == [
        (one.path, one.keys.tolist(), one.readable) for one in [scan] if one.keys.size or not one.readable
    ]
    keys = together([scan])
    return list(leaks(prints, [scan], np.setdiff1d(keys, prints.unexplained(keys, explaining))))


def escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


ENCODINGS = {
    "plain": ("a.html", lambda text: f"<p>{text}</p>"),
    "tag-split": ("a.html", lambda text: "".join(f"<b>{one}</b>" for one in text)),
    "decimal entities": ("a.html", lambda text: "".join(f"&#{ord(one)};" for one in text)),
    "hexadecimal entities": ("a.html", lambda text: "".join(f"&#x{ord(one):x};" for one in text)),
    "white-space split": ("a.html", lambda text: "<p>" + " \n\u3000".join(text) + "</p>"),
    "zero-width split": ("a.html", lambda text: "\u200b".join(text)),
    "soft hyphens": ("a.html", lambda text: "\u00ad".join(text)),
    "attribute": ("a.html", lambda text: f'<img alt="{html.escape(text)}" src="x.png">'),
    "single-quoted attribute": ("a.html", lambda text: f"<a title='{text}'>x</a>"),
    "meta": ("a.html", lambda text: f'<meta name="description" content="{text}">'),
    "comment": ("a.html", lambda text: f"<!-- {text} -->"),
    "comment with a tag": ("a.html", lambda text: f"<!-- <p>{text[:9]}<b>{text[9:]}</b></p> -->"),
    "percent-encoded link": ("a.html", lambda text: f'<a href="/s?q={quote(text)}">x</a>'),
    "script": ("a.html", lambda text: f'<script type="application/json">{json.dumps({"t": text})}</script>'),
    "json": ("a.json", lambda text: json.dumps({"items": [{"title": text}]}, ensure_ascii=True)),
    "json key": ("a.json", lambda text: json.dumps({text: 1})),
    "json with html in it": (
        "a.json",
        lambda text: json.dumps({"html": "".join(f"<i>{html.escape(c)}</i>" for c in text)}),
    ),
    "broken json": ("a.json", lambda text: '{"a": "' + escaped(text)),
    "feed": ("feed.xml", lambda text: f"<feed><title>{text}</title></feed>"),
    "feed with html": (
        "feed.xml",
        lambda text: f"<content type='html'>{html.escape(''.join(f'<b>{c}</b>' for c in text))}</content>",
    ),
    "feed with cdata": ("feed.xml", lambda text: f"<content><![CDATA[<p>{text[:8]}<b>{text[8:]}</b></p>]]></content>"),
    "script file": ("a.js", lambda text: f'const x = "{escaped(text)}";'),
    "style sheet": ("a.css", lambda text: "a::after{content:'" + "".join(f"\\{ord(c):x} " for c in text) + "'}"),
    "text": ("robots.txt", lambda text: f"# {text}"),
    "svg": ("a.svg", lambda text: "<svg><text>" + "".join(f"<tspan>{c}</tspan>" for c in text) + "</text></svg>"),
    "file name": ("jyglj/notice/x/{name}.html", lambda text: "<p>nothing</p>"),
    "percent-encoded twice": ("a.html", lambda text: f'<a href="{quote(quote(text))}">x</a>'),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_finds_withheld_text_in_every_encoding(encoding: str) -> None:
    """However a format writes it, withheld text is found and its item named."""
    path, encode = ENCODINGS[encoding]
    path = path.format(name=SECRET)
    assert Leak(path, "jyglj/notice/neibu", "text") in found(fingerprints(SECRET), path, encode(SECRET))


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=16, max_size=16),
    st.sampled_from(sorted(ENCODINGS)),
    st.text("的一是了我不人在他有这个", max_size=40),
)
def test_finds_any_sixteen_characters_in_every_encoding(canary: str, encoding: str, around: str) -> None:
    """Sixteen characters suffice, wherever they stand in the withheld text."""
    path, encode = ENCODINGS[encoding]
    path = path.format(name=canary)
    assert found(fingerprints(around + canary + around), path, encode(canary))


@given(st.text(min_size=1, max_size=60), st.sampled_from(sorted(ENCODINGS)))
def test_text_of_a_cleared_item_never_alarms(quoted: str, encoding: str) -> None:
    """What stands in a cleared item is no leak, whatever it is and however it is written."""
    path, encode = ENCODINGS[encoding]
    if encoding == "file name":
        path, encode = ENCODINGS["plain"]
    cleared = make_facts()
    written = encode(quoted)
    prints = fingerprints(quoted, facts=withheld(quoted, title="不相干的标题"))
    if path.endswith(".html"):
        scan = Scanner(prints).scan(
            "jyglj/notice/gongshi.html",
            written.encode("utf-8", "replace"),
            own=(item_values(cleared), body_of(written)),
        )
        assert not leaks(prints, [scan], np.empty(0, np.uint64))


def test_quoted_law_raises_no_alarm_and_a_difference_of_one_number_does() -> None:
    """A near-copy is caught by the windows over its difference, and by nothing else."""
    near = LAW.replace("中级", "高级")
    prints = fingerprints(near)
    assert not found(prints, "a.html", f"<p>{LAW}</p>", explaining=(LAW,))
    assert found(prints, "a.html", f"<p>{near}</p>", explaining=(LAW,))


@pytest.mark.parametrize("name", ["会见须知", "示司发〔2026〕9号", "提请减刑罪犯名单", "xinxi.html", "neibu.html"])
def test_finds_names_shorter_than_a_window(name: str) -> None:
    """Titles, numbers and addresses are found whole."""
    facts = withheld(title="会见须知", item_id="jyglj/notice/neibu")
    assert facts.item is not None
    item = msgspec.structs.replace(facts.item, document_number="示司发〔2026〕9号", summary="")
    prints = Fingerprints(
        [
            withheld_prints(msgspec.structs.replace(facts, item=item), body_of("<p>x</p>")),
            withheld_prints(withheld(item_id="jyglj/notice/xinxi"), body_of("<p>y</p>")),
        ]
    )
    assert [one.reason for one in found(prints, "list.html", f"<a href='{name}'>{name}</a>")] == ["name"]
    assert not found(prints, "list.html", f"<a href='{name[:-1]}'>{name[1:]}</a>")


def test_finds_a_full_width_number() -> None:
    """NFKC: full-width digits and brackets hide nothing."""
    facts = withheld()
    assert facts.item is not None
    item = msgspec.structs.replace(facts.item, document_number="示司发(2026)9号")
    prints = Fingerprints([withheld_prints(msgspec.structs.replace(facts, item=item), body_of("<p>x</p>"))])
    assert found(prints, "a.html", "<p>示司发（２０２６）９号</p>")


def test_address_of_a_withheld_item_is_found_unless_it_has_a_tombstone() -> None:
    """A sitemap that lists what is withheld leaks; a tombstone's address is public."""
    page = "<url><loc>https://x.example/jyglj/notice/neibu.html</loc></url>"
    facts = withheld()
    with_address = Fingerprints([withheld_prints(facts, body_of("<p>x</p>"))])
    without = Fingerprints([withheld_prints(facts, body_of("<p>x</p>"), address=False)])
    assert found(with_address, "sitemap.xml", page)
    assert not found(without, "sitemap.xml", page)


def test_reference_from_a_cleared_item_explains_no_address() -> None:
    """That a cleared item refers to a withheld one does not make its address public."""
    cleared = make_facts(make_item(interprets=("jyglj/notice/neibu",)))
    prints = fingerprints(SECRET)
    page = b'<a href="../notice/neibu.html">x</a>'
    scan = Scanner(prints).scan("jyglj/notice/gongshi.html", page, own=(item_values(cleared), body_of("<p>x</p>")))
    assert "name" in [one.reason for one in leaks(prints, [scan], np.empty(0, np.uint64))]


def test_attachment_text_and_digest_of_a_withheld_item_are_found() -> None:
    """The words of an attachment, and the file itself under any name."""
    facts = make_facts(make_item(confidentiality_cleared=False), files={"名单.xlsx": "a" * 64})
    body = msgspec.structs.replace(body_of("<p>x</p>"), attachment_texts=(("名单.xlsx", SECRET),))
    prints = Fingerprints([withheld_prints(facts, body)])
    assert found(prints, "search/block.json", json.dumps([SECRET]))
    assert found(prints, "manifest.json", json.dumps(["a" * 64]))
    screening = screen([facts], Evidence(), make_cluster(), now=NOW)
    assert file_leaks([("sfj/x.bin", "a" * 64)], withheld_files(screening)) == (
        Leak("sfj/x.bin", facts.id, "attachment"),
    )


def test_attachment_that_a_cleared_item_has_as_well_is_no_leak() -> None:
    """One file in a cleared and a withheld item may be published by the cleared one."""
    held = make_facts(make_item("jyglj/policy/b", confidentiality_cleared=False), files={"a.pdf": "a" * 64})
    screening = screen([held, make_facts(files={"b.pdf": "a" * 64})], Evidence(), make_cluster(), now=NOW)
    assert withheld_files(screening) == {}


def test_file_that_cannot_be_read_does_not_leave_unless_it_is_known() -> None:
    """Fail closed: bytes that no decoder reads are an alarm, but for known files."""
    import hashlib

    data = b"\x89PNG\xff\xfe\x00\x01"
    prints = fingerprints(SECRET)
    assert found(prints, "a.png", data) == [Leak("a.png", "", "unreadable")]
    assert found(prints, "a.dat", "ASCII".encode("utf-16-le")) == [Leak("a.dat", "", "unreadable")]
    scanner = Scanner(prints, known=frozenset({hashlib.sha256(data).hexdigest()}))
    assert scanner.scan("a.png", data).readable
    assert found(prints, "a.bin", SECRET.encode("utf-16"))


def test_decoders_of_other_stages_are_used_by_extension() -> None:
    """A format that only its own stage reads is decoded by that stage's reader."""
    prints = fingerprints(SECRET)
    scan = Scanner(prints, decoders={"blk": lambda data: [data[::-1].decode("utf-16")]}).scan(
        "search/0.blk", SECRET.encode("utf-16")[::-1]
    )
    assert leaks(prints, [scan], np.empty(0, np.uint64))


def test_own_text_is_left_out_but_what_adjoins_it_is_not() -> None:
    """Cutting the owner's text out of its page hides nothing that stands before or behind it."""
    own = "".join(f"<p>第{n}条 本条规定的内容各不相同，编号为{n * 7919}。</p>" for n in range(60))
    cleared = make_facts()
    body = body_of(own)
    prints = fingerprints(SECRET)
    for page in (f"<h1>{SECRET}</h1>{own}", f"{own}{SECRET}", f"{SECRET[:20]}{own}{SECRET[20:]}{SECRET}"):
        scan = Scanner(prints).scan("a.html", page.encode(), own=(item_values(cleared), body))
        assert leaks(prints, [scan], np.empty(0, np.uint64))


def test_a_text_that_begins_in_the_page_and_ends_in_the_own_text_is_found() -> None:
    """A window over the seam between page and own text is looked at."""
    own = "".join(f"<p>第{n}条 本条规定的内容各不相同，编号为{n * 7919}。</p>" for n in range(60))
    seam = "密密密密密密密密第0条本条规定的内容"
    prints = fingerprints(seam)
    scan = Scanner(prints).scan(
        "a.html", f"<p>密密密密密密密密</p>{own}".encode(), own=(item_values(make_facts()), body_of(own))
    )
    assert leaks(prints, [scan], np.empty(0, np.uint64))


def test_prints_survive_pickling_and_narrowing() -> None:
    """Workers look for the same fingerprints as the build."""
    import pickle

    prints = fingerprints(SECRET)
    again = pickle.loads(pickle.dumps(prints))
    keys = prints.hits(SECRET + "提请减刑罪犯名单")
    assert keys.tolist() == again.hits(SECRET + "提请减刑罪犯名单").tolist()
    some = keys[:3]
    assert prints.narrowed(some).hits(SECRET + "提请减刑罪犯名单").tolist() == some.tolist()
    assert again.digest == prints.digest
    needle = [key for key in prints.keys.tolist() if prints.is_needle(key)]
    asked = np.array(sorted({*keys.tolist()[:2], *needle, 7}), np.uint64)
    assert prints.known(asked).tolist() == [key for key in asked.tolist() if key != 7]
    assert prints.narrowed(keys[:2]).known(asked).tolist() == keys.tolist()[:2]


@given(taken=st.lists(st.integers(0, 200), max_size=60), strange=st.lists(st.integers(0, 2**64 - 1), max_size=5))
def test_what_is_taken_out_of_prints_is_what_narrowing_leaves(taken: list[int], strange: list[int]) -> None:
    """Windows and names alike, whatever else is named, the last key included."""
    prints = fingerprints(SECRET)
    some = {int(prints.keys[place % prints.keys.size]) for place in taken}
    standing = np.array(sorted(some | set(strange)), np.uint64)
    left = prints.without(standing)
    assert left.keys.tolist() == [key for key in prints.keys.tolist() if key not in set(standing.tolist())]
    assert left.digest == prints.narrowed(left.keys).digest
    assert left.hits(SECRET).tolist() == [key for key in prints.hits(SECRET).tolist() if key in set(left.keys.tolist())]


def test_digest_of_prints_changes_with_any_text_or_name() -> None:
    """Clean files are remembered under this digest, so it must tell fingerprints apart."""
    assert fingerprints(SECRET).digest != fingerprints(SECRET[:-1] + "！").digest
    assert fingerprints(SECRET).digest != fingerprints(SECRET, facts=withheld(title="别的短标题")).digest


def test_notes_a_withheld_copy_of_a_cleared_item() -> None:
    """Of an identical copy the audit can prove nothing, and says so."""
    copy = make_facts(make_item("jyglj/policy/b", confidentiality_cleared=False), length=30)
    (said,) = identical_copies(screen([make_facts(length=30), copy], Evidence(), make_cluster(), now=NOW))
    assert (said.code, said.severity, dict(said.params)["other"]) == (
        "copy-unprovable",
        "warning",
        "jyglj/notice/gongshi",
    )


def test_copies_of_no_more_than_a_few_words_are_none() -> None:
    """见附件。 is the body of many, and too short to be looked for."""
    copies = [make_facts(length=4), make_facts(make_item("jyglj/policy/b", confidentiality_cleared=False), length=4)]
    assert identical_copies(screen(copies, Evidence(), make_cluster(), now=NOW)) == ()


def test_in_a_preview_no_item_is_a_copy_of_itself() -> None:
    """There the withheld are shown too; of copies of what is public it is told as elsewhere."""
    copies = [make_facts(make_item(f"jyglj/policy/{slug}", confidentiality_cleared=False), length=30) for slug in "bc"]
    assert identical_copies(exposed(screen(copies, Evidence(), make_cluster(), now=NOW))) == ()
    with_public = screen([make_facts(length=30), *copies], Evidence(), make_cluster(), now=NOW)
    assert identical_copies(exposed(with_public)) == identical_copies(with_public) != ()


def test_item_texts_give_absolute_addresses_of_the_item() -> None:
    """A withheld text that links to a cleared page raises no alarm on pages that link there too."""
    voice = Voice(Publisher(base_url="https://x.example/jyglj/"))
    values = next(item_texts(item_values(make_facts(), voice), body_of("<p>x</p>")))
    address = "https://x.example/jyglj/notice/gongshi.html"
    prints = fingerprints(f"见[公示]({address})。")
    assert found(prints, "a.html", f'<a href="{address}">见</a>')
    assert not found(prints.without(prints.hits(values)), "a.html", f'<a href="{address}">见</a>')


@pytest.mark.parametrize(
    "shown",
    [
        "某局：《公示通知的标题有二十个字那么长的一个》，2026-11-01",
        '<a href="../notice/gongshi.html">见</a>',
        '<a href="../../jyglj/notice/gongshi.html">见</a>',
    ],
)
def test_item_values_are_those_of_its_citation_and_of_links_from_elsewhere(shown: str) -> None:
    """A withheld text that cites a cleared item, or links to it, raises no alarm where pages do the same."""
    addresses = "[一](../notice/gongshi.html) [二](../../jyglj/notice/gongshi.html)"
    prints = fingerprints(f"见某局：《公示通知的标题有二十个字那么长的一个》。\n{addresses}")
    facts = make_facts(make_item(title="公示通知的标题有二十个字那么长的一个", issuer="某局"))
    assert found(prints, "a.html", f"<p>{shown}</p>")
    assert not found(prints.without(prints.hits(item_values(facts))), "a.html", f"<p>{shown}</p>")


def test_faults_of_front_matter_do_not_hide_names(tmp_path: Path) -> None:
    """A withheld item whose front matter is faulty is known by the title as written."""
    facts = ItemFacts(id="jyglj/notice/kaput", path="jyglj/notice/kaput.md", item=None)
    prints = Fingerprints([withheld_prints(facts, body_of("", "title: 内部会议\ncleared: yes\n正文"))])
    assert found(prints, "a.html", "<li>内部会议</li>")


@pytest.mark.parametrize("key", ["title", "标题", "document_number", "文号", "发文字号", "index_number", "索引号"])
def test_name_in_a_faulty_header_is_looked_for_under_each_of_its_keys(key: str) -> None:
    """Titles and numbers are too short to be told as texts."""
    facts = ItemFacts(id="jyglj/notice/kaput", path="jyglj/notice/kaput.md", item=None)
    body = ItemBody(html="", headings=(), blocks=(), front_text=f"dat: 2026\n{key}: 示监〔2026〕37号\n")
    prints = Fingerprints([withheld_prints(facts, body)])
    assert [one.reason for one in found(prints, "a.html", "<li>示监〔2026〕37号</li>")] == ["name"]


def test_a_contents_list_of_a_cleared_item_is_no_leak_of_a_withheld_law() -> None:
    """The contents of a page read like the 目录 of a law that a withheld item quotes: they are cleared headings."""
    headings = [
        (f"第{number}章", f"关于{name}的一般规定")
        for number, name in zip("一二三", ["申请", "受理", "决定"], strict=True)
    ]
    titles = [f"{number} {name}" for number, name in headings]
    law = ItemBody(html="", headings=(), blocks=(), source_text="目录\n" + "\n".join(titles) + "\n" + titles[0])
    blocks = tuple(
        TextBlock(anchor="", text=text) for title in titles for text in (title, f"本章{title[-4:]}见另行通知。")
    )
    own = ItemBody(
        html="".join(f"<h2>{title}</h2>" for title in titles),
        headings=tuple(Heading(level=2, id=f"h{n}", text=title) for n, title in enumerate(titles)),
        blocks=blocks,
    )
    cleared = ItemFacts(id="sfj/policy/shown", path="sfj/policy/shown.md", item=None)
    withheld = ItemFacts(id="sfj/policy/held", path="sfj/policy/held.md", item=None)
    prints = Fingerprints([withheld_prints(withheld, law)])
    items = "".join(f"<li><a href='#h'>{title}</a></li>" for title in titles)
    page = f"<!doctype html><nav><ol>{items}</ol></nav><article>{own.html}</article>".encode()
    scan = Scanner(prints).scan("sfj/policy/shown.html", page, own=(item_values(cleared), own))
    assert scan.touched
    assert not scan.keys.size


def test_quotation_marks_around_an_attribute_are_no_part_of_its_text() -> None:
    """A quoted passage in a withheld text is not the same passage between the quotes of an attribute."""
    passage = "纳税人采取欺骗、隐瞒手段进行虚假纳税申报或者不申报"
    prints = fingerprints(f"修改为：“{passage}”的。")
    page = f'<meta name="description" content="{passage}">'
    assert not found(prints, "a.html", page, explaining=(f"{passage}的，处罚。",))


def test_texts_of_the_owner_are_left_out_of_data_and_nothing_else_is() -> None:
    """A passage of the owner needs no search; the text beside it does."""
    blocks = (TextBlock(anchor="", text=LAW), TextBlock(anchor="", text="第二段。"))
    own = (item_values(make_facts()), ItemBody(html="", headings=(), blocks=blocks))
    prints = fingerprints(LAW, SECRET)
    for strings, expected in (([f"{LAW}\n第二段。"], 0), ([LAW, SECRET], 1), ([LAW + SECRET], 1)):
        scan = Scanner(prints).scan("search/text/x.json", json.dumps([["a", one] for one in strings]).encode(), own=own)
        assert len(leaks(prints, [scan], np.empty(0, np.uint64))) == expected
