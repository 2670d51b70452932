"""Masked text is what the norms ask for, and screening passes it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.clearance.masking import mask_source
from generator.clearance.recognise import RECOGNISERS
from generator.clearance.recognise.masks import mask_address, mask_name, mask_resident_id
from generator.clearance.rule import Rule
from generator.clearance.rules import Plan
from generator.clearance.screening import scan
from generator.model import Exemption, Finding

ALLOWED = frozenset({"02223083333"})


def plan(*names: str) -> Plan:
    return Plan(
        tuple(
            Rule(id=name, kind="recogniser", basis="试", severity="block", review=date(2030, 1, 1), recogniser=name)
            for name in names or RECOGNISERS
        )
    )


def masked(text: str, **options: object) -> str:
    return mask_source(text, plan(), ALLOWED, **options).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678。", r"电话138\*\*\*\*5678。"),
        ("电话 138 1234 5678。", r"电话 138\*\*\*\*5678。"),
        ("身份证号11010519491231002X。", r"身份证号11\*\*\*\*\*\*\*\*\*\*\*\*\*02X。"),
        ("身份证号110105194912310021。", r"身份证号11\*\*\*\*\*\*\*\*\*\*\*\*\*021。"),
        ("卡号6222020200112233445。", "卡号" + r"\*" * 15 + "3445。"),
        ("住址：示例市中心区明堂街道幸福里小区3号楼2单元501室", r"住址：示例市中心区明堂街道\*\*"),
        ("名单：王小明、李娜、欧阳静", "名单：王某某、李某、欧阳某"),
        ("车牌津A12345", r"车牌津A\*\*\*45"),
        ("王强，男，1985年3月12日出生", r"王强，男，1985年\*月\*\*日出生"),
        ("王强，男，１９８５年３月１２日出生", r"王强，男，1985年\*月\*\*日出生"),
        ("王强，男，一九八五年三月十二日出生", r"王强，男，一九八五年\*月\*\*日出生"),
        (
            "手机1\u03323\u03328\u03321\u03322\u03323\u03324\u03325\u03326\u03327\u03328\u0332。",
            r"手机138\*\*\*\*5678。",
        ),
        ("手机：1、3、8、1、2、3、4、5、6、7、8。", r"手机：138\*\*\*\*5678。"),
        ("请找一三八一二三四五六七八。", r"请找138\*\*\*\*5678。"),
        ("名单：王\u200b小明、李\ufe0f娜、歐陽静", "名单：王某某、李某、欧阳某"),
        ("名单：王小\n明、李　娜、欧阳静", "名单：王某某、李某、欧阳某"),
        ("王小明（乙肝）、李晓红（癫痫）", "王某某（乙肝）、李某某（癫痫）"),
        ("电话：022-23083333", "电话：022-23083333"),
        ("机密★1年", "机密★1年"),
    ],
)
def test_masks_are_those_of_the_norms(text: str, expected: str) -> None:
    """Each kind of personal data has its form; contacts of units and marks of secrecy stay."""
    assert masked(text) == expected


def test_masked_text_raises_no_block() -> None:
    """What the command writes is not found again."""
    text = (
        "王强，身份证号11010519491231002X，电话13812345678、13987654321，"
        "卡号6222020200112233445，住址：示例市中心区明堂街道幸福里小区3号楼2单元501室。\n"
    )
    assert list(scan(masked(text), plan(), ALLOWED)) == []


def test_masking_twice_changes_nothing_more() -> None:
    """The command can be run again."""
    once = masked("电话13812345678，名单：王小明、李娜、张伟\n")
    assert masked(once) == once


def test_names_of_a_list_are_masked_wherever_they_stand() -> None:
    """A name that a list gives away is masked in the rest of the text too."""
    assert masked("名单：王小明、李娜、张伟。\n\n王小明表现良好。\n").endswith("王某某表现良好。\n")


def test_days_in_chinese_figures_are_different_matches() -> None:
    """An exemption for one of them must not cover another."""
    days = ("一九八五年三月十二日", "一九八五年五月二十日", "１９８５年３月１２日", "1985年3月12日")
    found = [hit for day in days for hit in scan(f"王强，男，{day}出生", plan("birth-date"), ALLOWED)]
    assert len(found) == len(days)
    assert len({hit.digest for hit in found}) == 3
    assert not any("月十二" in hit.match.masked or "12" in hit.match.masked for hit in found)


def test_what_is_found_only_as_it_is_shown_is_told_as_left() -> None:
    """There is nothing in the source to write a mask over, and to say nothing would be to say that all is well."""
    text = "---\ntitle: 甲\n---\n138<b>1234</b>5678，13987654321\n"
    (shown,) = scan("13812345678", plan("mobile"), ALLOWED)
    (other,) = scan("13987654321", plan("mobile"), ALLOWED)
    findings = [
        Finding(rule="mobile", severity="block", path="", line=4, column=1, masked="", digest=hit.digest)
        for hit in (shown, other)
    ]
    made = mask_source(text, plan("mobile"), ALLOWED, findings=findings)
    assert (made.replaced, made.left) == ({"mobile": 1}, {"mobile": 1})


def test_given_names_are_masked() -> None:
    """Names that only the editor can tell are masked when given."""
    assert masked("申请人王小明。", names=["王小明"]) == "申请人王某某。"


def test_masks_in_front_matter_are_sound_yaml() -> None:
    """In YAML a plain value may not begin with a star, and needs no escapes."""
    text = "---\nauthor: 6222020200112233446\nsummary: 请致电13812345678\n---\n正文 13812345678\n"
    found = masked(text)
    assert "author: ＊＊＊＊" in found
    assert "summary: 请致电138****5678\n" in found
    assert found.endswith("正文 138\\*\\*\\*\\*5678\n")


def test_exempted_match_stays() -> None:
    """What was permitted with a reason is not masked, and the exemption itself is never touched."""
    (hit,) = scan("13812345678", plan("mobile"), ALLOWED)
    exemption = Exemption(rule="mobile", match="138****5678", digest=hit.digest, reason="公开热线", by="张三")
    assert masked("电话13812345678", exemptions=[exemption]) == "电话13812345678"


@pytest.mark.parametrize("key", ["exemptions", "豁免"])
def test_exemption_itself_is_never_touched(key: str) -> None:
    """Under either of its names: its reason may say what it is for, and whoever alters it ends it."""
    front = f"---\n标题: 甲\n{key}:\n  - {{rule: mobile, reason: 热线13812345678}}\n作者: 13912345678\n---\n"
    assert masked(front) == front.replace("13912345678", "139****5678")


def test_marks_of_secrecy_are_named_as_left() -> None:
    """A mark is never removed; the proposal says that it stands."""
    assert mask_source("机密★1年\n\n正文\n", plan(), ALLOWED).left == {"secrecy-mark": 1}


def test_landlines_are_masked_only_when_asked_for() -> None:
    """Offices have telephones: their numbers stay unless the editor says otherwise."""
    assert masked("电话：022-23084444") == "电话：022-23084444"
    assert masked("电话：022-23084444", landlines=True) == r"电话：022\*\*\*\*\*\*44"


def test_masked_forms() -> None:
    """Resident number first 2 and last 3; names keep the surname; addresses end at the subdistrict."""
    assert mask_resident_id("350426198101010071") == "35*************071"
    assert [mask_name(name) for name in ("王强", "王小明", "欧阳静", "诸葛小明")] == [
        "王某",
        "王某某",
        "欧阳某",
        "诸葛某某",
    ]
    assert mask_address("示例市某区东风镇李家村45号") == "示例市某区东风镇**"
    assert mask_address("某区和平路88号") == "某区**"
    assert mask_address("某市某区东风街道和平路阳光小区3号楼") == "某市某区东风街道**"
    assert mask_address("某区和平路阳光小区3号楼2门") == "某区**"
    assert mask_address("新乡市某区和平路8号") == "新乡市某区**"
    assert mask_address("和平路88号2门") == "**"


@given(st.text(max_size=120))
def test_text_without_personal_data_is_unchanged(text: str) -> None:
    """Only what is counted as replaced differs from the source."""
    text = text.replace("\r", "")
    found = mask_source(text, plan(), ALLOWED)
    if not found.replaced:
        assert found.text == text
