"""What a reader reads and a pattern would not: every way of hiding gives what stood there before, at its place."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.clearance.recognise import RECOGNISERS, Match, passage
from generator.clearance.recognise import figures as figures_module
from generator.clearance.recognise.edits import Change, edited
from generator.clearance.recognise.figures import promising, written_out
from generator.clearance.recognise.match import Passage
from generator.clearance.recognise.variants import VARIANTS
from tests.benchmarks.recogniser_quality import ALLOWED, labelled, recognised

ID = "11010519491231002X"
MOBILE = "13812345678"
UNSEEN = {
    **{"tag": "\U000e0041", "selector": "\ufe0f", "ideographic selector": "\U000e0100", "zero width": "\u200b"},
    **{"joiner": "\u200d", "soft hyphen": "\u00ad", "Hangul filler": "\u3164", "choseong filler": "\u115f"},
    **{"halfwidth filler": "\uffa0", "grapheme joiner": "\u034f", "underlined": "\u0332", "circled": "\u20dd"},
    **{
        "word joiner": "\u2060",
        "separator": "\u2063",
        "reserved": "\u2065",
        "annotation": "\ufff9",
        "isolate": "\u2066",
    },
    **{"override": "\u202d", "braille": "\u2800", "vowel": "\u17b4", "head": "\U0001d159", "object": "\ufffc"},
}
SCRIPTS = {
    **{"wide": "０１２３４５６７８９", "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "monospaced": "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "circled": "⓪①②③④⑤⑥⑦⑧⑨"},
    **{"negative": "⓿❶❷❸❹❺❻❼❽❾", "sans": "🄋➀➁➂➃➄➅➆➇➈", "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹", "lowered": "₀₁₂₃₄₅₆₇₈₉"},
    **{"full stop": "🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐", "Arabic": "٠١٢٣٤٥٦٧٨٩", "Devanagari": "०१२३४५६७८९", "segmented": "🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹"},
    **{"Han": "〇一二三四五六七八九", "zero": "零一二三四五六七八九", "financial": "零壹贰叁肆伍陆柒捌玖"},
    **{"traditional": "零壹貳參肆伍陸柒捌玖", "bracketed": "〇㈠㈡㈢㈣㈤㈥㈦㈧㈨", "Suzhou": "〇〡〢〣〤〥〦〧〨〩"},
}
PARTS = ("、", "/", "，", ",", "：", "|", " | ", "\n", "\n\n", "、\n", "→", "”“", "）（", " /\u3000", "=")


def find(name: str, looked: Passage) -> list[Match]:
    """What is found in a text as it is read."""
    if looked.read is None:
        return []
    recogniser = RECOGNISERS[name]
    found = recogniser.find(looked.read.passage) if recogniser.sign & looked.read.passage.signs else ()
    return [looked.read.placed(match) for match in found]


@pytest.mark.parametrize("between", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_hides_nothing(between: str) -> None:
    """Between all characters of every line of the labelled set: whatever is found without it is found with it."""
    for line in labelled():
        looked = passage(between.join(line.text), ALLOWED)
        assert len(line.text) < 2 or looked.read is not None
        for name, certain in recognised(line.text).items():
            found = [match.certain for match in find(name, looked)]
            assert found, (line, name)
            assert any(found) or not certain, (line, name)


@pytest.mark.parametrize("digits", SCRIPTS.values(), ids=SCRIPTS)
def test_figures_of_every_kind_are_figures(digits: str) -> None:
    """A number is found where it stands, whatever its figures look like, and has the same value."""
    for name, number in (("mobile", MOBILE), ("resident-id", ID)):
        written = "".join(digits[int(one)] if one.isdigit() else one for one in number)
        looked = passage(f"请找{written}。")
        found = find(name, looked) or list(RECOGNISERS[name].find(looked))
        assert [(match.value, match.certain) for match in found] == [(number, True)]
        assert looked.text[found[0].start : found[0].end] == written


def test_figures_of_several_kinds_make_a_number() -> None:
    """One Chinese figure is enough to keep a pattern from a number."""
    (match,) = find("mobile", passage("手机：1三8一②34五678"))
    assert (match.value, match.certain) == (MOBILE, True)


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("resident-id", "11O1O519491231OO2X", ID),
        ("resident-id", "ll0l05l949l23l002X", ID),
        ("mobile", "l38l2345678", MOBILE),
        ("mobile", "138 I234 5678", MOBILE),
    ],
)
def test_letters_among_figures_are_figures(name: str, written: str, value: str) -> None:
    """As somebody typed them, or a scanner read them."""
    assert [(match.value, match.certain) for match in find(name, passage(f"请找{written}。"))] == [(value, True)]


@pytest.mark.parametrize("text", ["hello13812345678", "Ill0O1lIOo", "编号：OIl0138", "https://a.cn/lol/20138l2345678"])
def test_letters_of_words_are_none(text: str) -> None:
    """A word before figures is a word."""
    assert find("mobile", passage(text)) == []


@pytest.mark.parametrize("part", PARTS)
def test_identity_number_is_one_however_it_is_parted(part: str) -> None:
    """Figure by figure, as in the boxes of a form, or by its meaning: what is right is certain without any word."""
    for pieces in ([*ID], [ID[:6], ID[6:14], ID[14:]], [ID[:6], ID[6:10], ID[10:12], ID[12:14], ID[14:]]):
        written = part.join(pieces)
        looked = passage(f"张三 {written}。")
        (match,) = find("resident-id", looked)
        assert (match.value, match.certain) == (ID, True)
        assert looked.text[match.start : match.end] == written


@pytest.mark.parametrize("part", PARTS)
def test_telephone_number_is_one_where_a_word_says_so(part: str) -> None:
    """Parted figures are many: only after 手机 and the like they are a telephone's."""
    for pieces in ([*MOBILE], [MOBILE[:3], MOBILE[3:7], MOBILE[7:]]):
        written = part.join(pieces)
        (match,) = find("mobile", passage(f"手机：{written}。"))
        assert (match.value, match.certain) == (MOBILE, True)
        if part.strip() not in {"、", "/"} or len(pieces) > 3:
            assert find("mobile", passage(f"统计：{written}。")) == []


def test_telephone_number_turned_round_is_read_as_it_is_shown() -> None:
    """After an override of the direction the last figure is shown first."""
    looked = passage(f"手机\u202e{MOBILE[::-1]}\u202c。")
    (match,) = find("mobile", looked)
    assert match.value == MOBILE


def test_number_in_tags_is_read() -> None:
    """The second ASCII is seen by nobody, and read by every program."""
    (match,) = find("resident-id", passage("正文" + "".join(chr(0xE0000 + ord(one)) for one in ID)))
    assert match.value == ID


@pytest.mark.parametrize(
    "mark",
    [
        *(
            "內部資料",
            "內部文件，注意保存",
            "密級：機密",
            "（此件不公開）",
            "（此件不予公開）",
            "絶密★10年",
            "請勿外傳",
        ),
        *("閱後銷毀", "⼯作秘密", "机密✡1年", "机密🟊1年", "机密⭐\ufe0f1年", "机密★①年", "内\u20dd部\u20dd资料"),
    ],
)
def test_mark_in_other_characters_is_a_mark(mark: str) -> None:
    """Traditional forms, radicals and stars of every kind are what they look like."""
    assert any(match.certain for match in find("secrecy-mark", passage(f"{mark}\n\n# 标题\n\n正文")))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "第一百二十三条、第一百二十四条",
            "一、二、三、四、五、六、七、八、九",
            "二〇二六年十一月三十日",
            "138〇〇〇〇1234",
        ),
        *("手机：138〇〇〇〇1234", "预算：1,234,567,890.00元", "2013-12-28 10:30:00, 2014-01-02 11:00:00"),
        *("| 1 | 3 | 5 | 7 | 9 | 2 | 4 | 6 | 8 | 1 | 0 |", "1、3、5、7、9、2、4、6、8、10、12题", "㎡、℃、Ⅱ类、①②③"),
        *("电话：010-55500001、010-55500002", "11010519491231、0021", "邮编：300000、300001、300002"),
    ],
)
def test_figures_that_are_no_number_are_none(text: str) -> None:
    """What is counted, dated or masked already."""
    for name in ("resident-id", "mobile", "bank-card", "landline"):
        assert find(name, passage(text, frozenset({"01055500001", "01055500002"}))) == []


def test_figures_of_tables_are_hardly_ever_a_number() -> None:
    """A sheet of random figures of any size, however parted, has no number that only a reader reads."""
    random = Random(4)
    for most, between in product((1, 6, 7), (",", "|", " ", "、")):
        cells = [str(random.randint(0, 10 ** random.randint(1, most) - 1)) for _ in range(5_000)]
        rows = "\n".join(between.join(cells[at : at + 10]) for at in range(0, len(cells), 10))
        looked = passage(rows)
        assert [match.value for name in ("resident-id", "bank-card") for match in find(name, looked)] == []


def test_plain_text_is_read_as_it_is_written() -> None:
    """And costs no second look."""
    assert passage("第一条 为了规范管理，根据《条例》，制定本办法（试行）。\n\n电话：022-23083333").read is None


def test_every_variant_is_another_character() -> None:
    """The table leads to what patterns have, and not in circles."""
    assert not VARIANTS.keys() & set(map(ord, VARIANTS.values()))


@given(st.data())
def test_place_in_an_edited_text_is_known_in_the_one_before(data: st.DataObject) -> None:
    """A stretch that is as it was is found again; one that was changed is found whole."""
    pieces = data.draw(st.lists(st.tuples(st.text("ab", max_size=3), st.text("cd", max_size=3), st.booleans())))
    text, changes, kept = "", list[Change](), list[tuple[int, str, bool]]()
    for before, after, changed in pieces:
        start = len(text)
        text += before
        if changed and before:
            changes.append(Change(start, len(text), after))
        kept.append((start, after if changed and before else before, bool(changed and before)))
    edit = edited(text, changes)
    if edit is None:
        assert not changes
        return
    assert edit.text == "".join(written for _, written, _ in kept)
    at = 0
    for (start, written, changed), (before, _, _) in zip(kept, pieces, strict=True):
        if written:
            begin, end = edit.span(at, at + len(written))
            assert begin == start
            assert end >= start + len(before)
            if not changed:
                assert text[begin:end].startswith(written)
        at += len(written)


_PIECES = (
    "138",
    "1234",
    "5678",
    "一三八",
    "110105",
    "1949",
    "1231",
    "002X",
    "002×",
    "〇",
    "壹",
    "2026",
    "1",
    "11",
    "电话",
    "账号",
    "甲",
)
_WRITTEN = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from((*PARTS, "", " "))).map("".join), max_size=14)


@pytest.mark.parametrize("row", ["{0}\t12.5\t2026-11-01\t{0}\n", "39999\n4000{0}|12|", "2026-11-0{0}、1.5万元，"])
def test_figures_of_a_table_that_are_as_many_as_those_of_a_number_cost_no_second_look(row: str) -> None:
    """Dates and amounts add up to eleven in every second row, but only some begin as telephones do."""
    text = "".join(row.format(number) for number in range(3, 9))
    assert [*promising(text, range(0, len(text) + 1, 4))] == []
    assert [*promising(f"{text}\n138\t1234\t5678", range(0, len(text) + 16, 4))] != []


@given(_WRITTEN.map("".join))
@example("电话、002×、138、002X、")
def test_no_number_is_passed_over_for_its_figures(text: str) -> None:
    """What is told of places by counting figures is what the patterns would find everywhere."""
    everywhere = range(0, len(text) + 1, 4)
    assert written_out(text, promising(text, everywhere)) == written_out(text, everywhere)


@given(_WRITTEN.map("".join), st.lists(st.integers(0, 99), max_size=40), st.sampled_from(PARTS), st.booleans())
@example(text="账号、5678、138、138、", figures=[], part="、", meant=False)
@example("电话、〇、138、1234、〇、〇、", [], "、", False)
def test_number_among_the_figures_of_a_table_is_found_as_in_a_short_row(
    text: str, figures: list[int], part: str, meant: bool
) -> None:
    """In a long row only what looks like a number is looked at closely."""
    number = part.join((ID[:6], ID[6:14], ID[14:]) if meant else ("138", "1234", "5678"))
    row = part.join((*map(str, figures), number, *map(str, figures), text))
    everywhere = range(0, len(row) + 1, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures_module, "_LONG", 1 << 30)
        expected = written_out(row, everywhere)
        patch.setattr(figures_module, "_LONG", 0)
        assert written_out(row, everywhere) == expected
