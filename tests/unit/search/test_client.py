"""The client in Node against Python and lunr: the same tokens, scores and order; filters, faults and bad input."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.search.folding import folding
from generator.search.postings import FIELDS
from generator.search.ranking import answer
from generator.search.reader import IndexReader
from generator.search.tokens import tokens
from generator.search.verification import agree, reference_index, sample_queries
from tests.node_client import ask_client, needs_lunr, needs_node
from tests.search_support import Built, Paper, build, paper

pytestmark = [pytest.mark.node, needs_node]

TEXTS = {
    "sfj/policy/meeting": (
        "罪犯会见管理办法",
        ["第一条 罪犯在监狱服刑期间，按照规定可以会见亲属、监护人。", "第五十四条 会见每月一次，每次不超过一小时。"],
    ),
    "a/notice/aid": (
        "关于法律援助的通知",
        ["经济困难的公民可以申请法律援助。", "申请表见附件。ABC中心电话010-55500000。"],
    ),
    "b/policy/correction": ("社区矫正实施细则", ["社区矫正对象外出应当请假。", "暂予监外执行的罪犯依法实行社区矫正。"]),
    "a/policy/notary": ("公证机构收费标准", ["遗嘱公证、继承公证按件收费。", "監獄的繁体写法，第54条。"]),
    "sfj/notice/odd": ("<b>标题</b>&amp;", ["正文里有<script>alert(1)</script>和“引号”。😀表情"]),
}


def sample() -> list[Paper]:
    made = []
    for number, (item, (title, paragraphs)) in enumerate(TEXTS.items()):
        made.append(
            paper(
                item,
                title,
                *paragraphs,
                day=f"20{20 + number}-03-0{number + 1}",
                document_number=f"示司发〔2026〕{number + 13}号",
                keywords=("便民",) if number % 2 else (),
                validity="effective" if number < 2 else "",
                attachments=[("biao.txt", "申请人姓名栏\n附表独有词鹮鹭")] if number == 1 else (),
            )
        )
    return made


@pytest.fixture(scope="module")
def built() -> Built:
    return build(sample())


@pytest.fixture(scope="module")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built.write_to(tmp_path_factory.mktemp("site"))


def ask(site: Path, text: str, **options: Any) -> dict[str, Any]:
    return dict(ask_client(site, ["query", text, options])[0][0])


def items(found: dict[str, Any]) -> list[str]:
    return [one["item"] for one in found["results"]]


# --- the same as Python ----------------------------------------------------------


def tokens_in_node(site: Path, texts: list[str]) -> list[list[str]]:
    return ask_client(site, *(["tokens", text] for text in texts))[0]


def test_tokens_agree_where_unicode_versions_do_not(site: Path) -> None:
    """Every character that folds, and every edge of a class, gives the same tokens in both languages."""
    table = folding()
    odd = sorted({*table.several, *(code for code in range(0x110000) if table.single[code] != code)})
    edges = [code + step for first, last in table.word_ranges for code in (first, last) for step in (-1, 0, 1)]
    unknown = [code for code in range(0x30000) if unicodedata.category(chr(code)) == "Cn"][::97]
    codes = [code for code in (*odd, *edges, *unknown) if code >= 0]
    texts = [
        "".join(f"法{chr(code)}a{chr(code)}1 " for code in codes[at : at + 200]) for at in range(0, len(codes), 200)
    ]
    assert tokens_in_node(site, texts) == [tokens(text, table) for text in texts]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(
            st.one_of(
                st.characters(),
                st.characters(categories=["Cs"]),
                st.sampled_from("〔〕[]（）()【】第号条年 　20１６一二十百千零〇法律aＡé̀"),
            ),
            max_size=60,
        ),
        min_size=20,
        max_size=60,
    )
)
def test_tokens_agree_on_any_text(site: Path, texts: list[str]) -> None:
    """Whatever somebody types or publishes, lone surrogates too, both tokenisers say the same."""
    table = folding()
    assert tokens_in_node(site, texts) == [tokens(text, table) for text in texts]


def test_rule_for_everyday_texts_agrees_with_the_table(site: Path) -> None:
    """Texts for which the client fetches no table fold as the table would fold them."""
    gb2312 = "".join(
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)
    )
    texts = [gb2312[at : at + 1] + "法" + gb2312[at : at + 1] + "Ａ１（２０１６）１３号" for at in range(len(gb2312))]
    by_rule = ask_client(site, *(["byRule", text] for text in texts))[0]
    judged = [(text, found) for text, found in zip(texts, by_rule, strict=True) if found is not None]
    assert len(judged) > 6700
    assert [found for _, found in judged] == [tokens(text, folding()) for text, _ in judged]


@needs_lunr
def test_scores_are_those_of_the_full_lunr_index(tmp_path: Path) -> None:
    """``scoreTerms`` gives the full lunr.py index's results, loaded and asked in real lunr.js, within 1e-9."""
    chosen = random.Random(3)
    pool = [
        "法律援助",
        "社区矫正",
        "会见",
        "监狱",
        "罪犯",
        "申请",
        "公证",
        "第五十四条",
        "〔2016〕13号",
        "abc",
        "的",
        "，",
    ]
    papers = [
        paper(
            f"{chosen.choice(['sfj', 'a', 'b'])}/{chosen.choice(['policy', 'notice'])}/n{number:03}",
            "".join(chosen.choices(pool, k=5)),
            *("".join(chosen.choices(pool, k=chosen.randrange(3, 90))) for _ in range(chosen.randrange(6))),
            keywords=tuple(chosen.choices(pool[:6], k=2)),
            day=f"20{chosen.randrange(10, 26)}-05-06",
        )
        for number in range(90)
    ]
    built = build(papers)
    table = folding()
    texts = {one.facts.id: field_texts(one) for one in papers}
    oracle = tmp_path / "lunr.json"
    oracle.write_text(json.dumps(reference_index(texts, table).serialize()), encoding="utf-8")
    queries = sample_queries(texts, table, 320)
    root = built.write_to(tmp_path / "site")
    (theirs, *ours), _ = ask_client(
        root, ["lunr", str(oracle), queries], *(["scoreTerms", list(terms)] for terms in queries)
    )
    assert len(queries) >= 300
    wrong = [terms for terms, mine, other in zip(queries, ours, theirs, strict=True) if not agree(mine, other)]
    assert wrong == []


def field_texts(one: Paper) -> tuple[str, ...]:
    from generator.search.passages import cut_passages
    from generator.search.postings import short_texts

    assert one.facts.item is not None
    cut = cut_passages(one.blocks, one.attachments)
    parts = [passage.text for passage in cut.passages]
    texts = (*short_texts(one.facts.item), "\n".join(parts[: cut.of_body]), "\n".join(parts[cut.of_body :]))
    assert len(texts) == len(FIELDS)
    return texts


def test_ranking_is_that_of_the_terminal(built: Built, site: Path) -> None:
    """What an editor measures in the terminal is what readers see."""
    reader = IndexReader(built.files.__getitem__)
    questions = [
        "怎么申请法律援助",
        "坐牢",
        "罪犯会见管理",
        "示司发〔2026〕14号",
        "监狱",
        "公",
        "第54条",
        "打官司没钱怎么办",
        "qwzx fghjk vbnmp ujhgt zzxy 的",
    ]
    found = ask_client(site, *(["query", question, {"limit": 50}] for question in questions))[0]
    for question, ours in zip(questions, found, strict=True):
        theirs = answer(reader, question)
        assert items(ours) == [reader.result(document).item for document, _ in theirs.documents], question
        assert [one["score"] for one in ours["results"]] == pytest.approx([score for _, score in theirs.documents])
        assert ours["alsoSearched"] == theirs.also_searched


def test_what_says_the_same_comes_newest_first(tmp_path: Path) -> None:
    """The notice of this year stands before the same one of last year, on the page and in the terminal."""
    days = {"b": "2024-02-01", "c": "2026-02-01", "a": "2025-02-01", "d": "2025-02-02"}
    papers = [paper(f"a/notice/{name}", "春节会见安排", "春节期间照常会见。", day=day) for name, day in days.items()]
    built = build([*papers, paper("a/notice/best", "春节会见", "春节会见，春节会见。", day="2023-01-01")])
    site, reader = built.write_to(tmp_path), IndexReader(built.files.__getitem__)
    wanted = [f"a/notice/{name}" for name in ("best", "c", "d", "a", "b")]
    for question in ("春节会见", "春节"):
        assert items(ask(site, question)) == wanted
        assert [reader.result(document).item for document, _ in answer(reader, question).documents] == wanted


# --- queries -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怎么申请法律援助", "a/notice/aid"),
        ("法律 援助", "a/notice/aid"),
        ("探监", "sfj/policy/meeting"),
        ("示司发〔2026〕15号", "b/policy/correction"),
        ("[2026]15号", "b/policy/correction"),
        ("（２０２６）１５号", "b/policy/correction"),
        ("2026年15号", "b/policy/correction"),
        ("2026 15号", "b/policy/correction"),
        ("2026年第15号", "b/policy/correction"),
        ("監獄", "sfj/policy/meeting"),
        ("監外執行", "b/policy/correction"),
        ("abc", "a/notice/aid"),
        ("01055500000 55500000", "a/notice/aid"),
        ("鹮鹭", "a/notice/aid"),
        ("便民", "a/notice/aid"),
        ('"按件收费"', "a/policy/notary"),
        ("“社区矫正实施细则”", "b/policy/correction"),
        ("遗", "a/policy/notary"),
    ],
)
def test_query_finds(site: Path, text: str, expected: str) -> None:
    """Everyday words, two words, numbers in any spelling, phrases, traditional and single characters."""
    assert expected in items(ask(site, text))[:2]


def test_rare_character_is_found_alone(tmp_path: Path) -> None:
    """Names hold Han beyond the basic plane, whose terms lie among the words: one of them alone is a question too."""
    papers = [
        paper("a/notice/lone", "公示一", "当事人：𬍛。"),
        paper("a/notice/name", "公示二", "当事人：𬍛某，𠮷某。"),
        paper("a/notice/other", "公示三", "当事人：𬍙某，某𠮷。"),
    ]
    built = build(papers)
    site, reader = built.write_to(tmp_path), IndexReader(built.files.__getitem__)
    for text, expected in {"𬍛": {"a/notice/lone", "a/notice/name"}, "𠮷": {"a/notice/name"}, "𮯠": set()}.items():
        found = ask(site, text)
        assert set(items(found)) == expected
        assert all(one["highlights"] for one in found["results"])
        assert {reader.result(document).item for document, _ in answer(reader, text).documents} == expected


def test_article_is_found_in_either_spelling(site: Path) -> None:
    """第五十四条 and 第54条 are alike."""
    assert items(ask(site, "第54条")) == items(ask(site, "第五十四条")) != []
    assert {"a/policy/notary", "sfj/policy/meeting"} <= set(items(ask(site, "第54条")))


def test_article_that_is_asked_for_is_shown(tmp_path: Path) -> None:
    """Who asks for an article sees that article, not where the law says most about itself, and is led there."""
    digits = "一二三四五六七八九"
    filler = "罪犯的合法权益受法律保护，监狱的工作人员依照规定办理有关事项。" * 14
    articles = [f"第{digits[number]}条 {filler}" for number in range(9)]
    articles[6] = f"监狱法另有规定的除外。\n{articles[6]}"
    papers = [
        paper(
            "a/policy/prison", "监狱法", "为了监狱法的实施，根据宪法，制定监狱法。监狱法自公布之日起施行。", *articles
        ),
        *(paper(f"a/notice/n{number}", "通知", "依照第七条办理。") for number in range(20)),
        *(paper(f"b/notice/n{number}", "公告", "其他事项。") for number in range(20)),
    ]
    site = build(papers).write_to(tmp_path)
    for text in ("监狱法第七条", "监狱法 第7条"):
        best = ask(site, text)["results"][0]
        assert (best["item"], best["anchor"]) == ("a/policy/prison", "a7")
        assert best["snippet"].startswith("第七条 罪犯的合法权益")
        assert [0, 3] in best["highlights"]
    assert ask(site, "监狱法")["results"][0]["anchor"] == ""


def test_excluded_word_and_exact_phrase_narrow_the_results(site: Path) -> None:
    """``-word`` leaves out what holds it; a phrase in quotes must stand there as it is."""
    assert "b/policy/correction" not in items(ask(site, "罪犯 -社区矫正"))
    assert items(ask(site, '"罪犯在监狱服刑"')) == ["sfj/policy/meeting"]
    assert ask(site, '"服刑在监狱"')["total"] == 0
    assert items(ask(site, '罪犯 -"社区矫正" "会见管理"')) == ["sfj/policy/meeting"]


def test_phrase_is_found_wherever_it_stands_in_an_item(tmp_path: Path) -> None:
    """Not only in the first passage that has its words, and two phrases need not stand in the same passage."""
    long = "其他内容，" * 100
    texts = [f"名单（20日，11月）。{long}", f"请于11月20日前报名。{long}", f"逾期不予受理。{long}"]
    site = build([paper("a/notice/day", "报名", *texts)]).write_to(tmp_path)
    found = ask(site, '"11月20日"')["results"]
    assert [one["item"] for one in found] == ["a/notice/day"]
    assert "11月20日" in found[0]["snippet"]
    assert items(ask(site, '"11月20日" "不予受理"')) == ["a/notice/day"]
    assert items(ask(site, '"11月20日" "报名"')) == ["a/notice/day"]
    assert items(ask(site, '"11月20日" "受理11月"')) == []


def test_phrase_may_end_within_a_word(site: Path) -> None:
    """A single Han at the edge of a phrase is found although its neighbour in the text makes another pair of it."""
    assert items(ask(site, '"中心电话010"')) == ["a/notice/aid"]
    assert items(ask(site, '"ABC中"')) == ["a/notice/aid"]
    assert items(ask(site, '"ABC电"')) == []
    assert ask(site, '"遗"')["total"] == 1


def test_pages_of_a_phrase_follow_one_another(tmp_path: Path) -> None:
    """What has the words but not the phrase is on no page, and moves nothing from one page onto two."""
    texts = [("11月20日" if number % 2 else "20日，11月") for number in range(16)]
    papers = [paper(f"a/notice/n{number}", f"第{number}号", text) for number, text in enumerate(texts)]
    site = build(papers).write_to(tmp_path)
    pages = [items(ask(site, '"11月20日"', limit=3, offset=at)) for at in (0, 3, 6, 9)]
    assert sorted(one for page in pages for one in page) == sorted(f"a/notice/n{at}" for at in range(1, 16, 2))
    assert [len(page) for page in pages] == [3, 3, 2, 0]


@pytest.mark.parametrize("text", ['"坐牢"真实，"申请"虚假，是否可以会见？', "什么是“会见”、“减刑”？"])
def test_quotes_within_a_sentence_only_quote(site: Path, text: str) -> None:
    """A question that quotes words is a question, not a demand for the exact phrase."""
    assert items(ask(site, text))[0] == "sfj/policy/meeting"


def test_filters_sort_and_pages(site: Path) -> None:
    """Filters narrow, facets count what each value would leave, pages follow one another."""
    everything = ask(site, "示司发〔2026〕", limit=50)
    assert everything["total"] == len(everything["results"]) >= 3
    assert sum(count for _, count in everything["facets"]["unit"]) == everything["total"]
    only = ask(site, "示司发〔2026〕", unit="a", limit=50)
    assert {one["unit"] for one in only["results"]} == {"a"}
    assert only["facets"]["unit"] == everything["facets"]["unit"]
    dated = ask(site, "示司发〔2026〕", sort="date", limit=50)
    dates = [one["date"] for one in dated["results"]]
    assert dates == sorted(dates, reverse=True)
    pages = [items(ask(site, "示司发〔2026〕", sort="date", limit=1, offset=at)) for at in range(len(dates))]
    assert [one for page in pages for one in page] == items(dated)
    assert ask(site, "示司发", validity="effective", year="2021")["total"] == 1
    assert ask(site, "示司发", **{"from": "2021-01-01", "to": "2021-12-31"})["total"] == 1


def test_category_finds_what_stands_under_it(tmp_path: Path) -> None:
    """Who chooses policies finds the rules among them, also where no paper is a policy and nothing else."""
    rules = [paper("a/rule/one", "会见规定", "会见。"), paper("b/rule/two", "会见规则", "会见。")]
    others = [paper("a/policy/own", "会见政策", "会见。"), paper("a/notice/day", "会见通知", "会见。")]
    site = build([*rules, *others]).write_to(tmp_path / "all")
    assert set(items(ask(site, "会见", category="policy"))) == {"a/rule/one", "b/rule/two", "a/policy/own"}
    only = ask(site, "会见", category="rule")
    assert set(items(only)) == {"a/rule/one", "b/rule/two"}
    assert {one["category"] for one in only["results"]} == {"rule"}
    assert only["facets"]["category"] == [["policy", 3], ["rule", 2], ["notice", 1]]
    assert only["facets"]["unit"] == [["a", 1], ["b", 1]]
    site = build(rules).write_to(tmp_path / "rules")
    assert len(items(ask(site, "会见", category="policy"))) == 2
    assert ask(site, "会见", category="notice")["total"] == 0


def test_result_holds_real_text_with_ranges_in_it(site: Path) -> None:
    """A snippet is a stretch of the item's own text, and highlights are ranges of it."""
    best = ask(site, "经济困难申请法律援助")["results"][0]
    assert best["snippet"].replace(" ", "") in "".join(TEXTS["a/notice/aid"][1]).replace(" ", "")
    marked = [best["snippet"][start:end] for start, end in best["highlights"]]
    assert "申请法律援助" in marked
    assert (best["url"], best["date"], best["documentNumber"]) == (
        "a/notice/aid.html",
        "2021-03-02",
        "示司发〔2026〕14号",
    )


def test_match_longer_than_a_snippet_is_marked_in_it(tmp_path: Path) -> None:
    """Who pastes a paragraph sees what of it stands there, as far as it is shown."""
    pasted = "".join(chr(0x4E00 + 7 * number) for number in range(150))
    site = build([paper("a/notice/long", "通知", f"{pasted[:3]}。{'其他内容，' * 20}{pasted}。")]).write_to(tmp_path)
    found = ask(site, pasted)["results"][0]
    (start, end), *rest = found["highlights"]
    assert rest == []
    assert len(found["snippet"][start:end]) > 90
    assert found["snippet"][start:end] in pasted


def test_snippet_tells_where_it_is_cut(tmp_path: Path) -> None:
    """A snippet that begins or ends within a sentence says so; one that is made of whole sentences does not."""
    long = "对符合条件的对象进行监督管理和教育帮扶并且按照规定办理有关手续" * 4
    texts = {"cut": f"{long}矫正{long}。", "whole": f"{long}。矫正。", "all": "矫正。"}
    site = build([paper(f"a/notice/{name}", name, text) for name, text in texts.items()]).write_to(tmp_path)
    cuts = {one["item"].rpartition("/")[2]: one["cuts"] for one in ask(site, "矫正")["results"]}
    assert cuts == {"cut": [True, True], "whole": [True, False], "all": [False, False]}


def test_gibberish_with_an_everyday_word_is_not_answered(site: Path) -> None:
    """What holds next to nothing of the query is no answer; beside fewer unknown words the same word is one."""
    gibberish = " ".join(f"zqx{number}" for number in range(40))
    assert ask(site, f"管理 {gibberish}")["total"] == 0
    assert ask(site, "管理 zqx")["total"] > 0
    # Nobody knows whether words whose shards cannot be read stand in no document.
    words = IndexReader(lambda path: (site / path).read_bytes())._words
    assert words.names
    found = ask_client(site, ["query", f"管理 {gibberish}", {}], faults={words.names[0].hex(): "missing"})[0][0]
    assert found["total"] > 0
    assert "shard" in found["warnings"]


def test_thesaurus_is_named_and_offers_only_what_stands_in_the_index(site: Path) -> None:
    """A lay word finds the official one and says so; official words that nothing holds are not offered."""
    assert ask(site, "坐牢")["alsoSearched"] == ["服刑"]
    assert items(ask(site, "坐牢"))[0] == "sfj/policy/meeting"


def test_suggestions_are_titles_and_numbers(site: Path) -> None:
    """While typing, titles and document numbers are offered."""
    found, _ = ask_client(
        site, ["suggest", "社区矫"], ["suggest", "〔2026〕13号"], ["suggest", "探监"], ["suggest", ""]
    )
    assert [one["item"] for one in found[0]] == ["b/policy/correction"]
    assert found[1][0]["documentNumber"] == "示司发〔2026〕13号"
    assert found[2][0]["item"] == "sfj/policy/meeting"
    assert found[3] == []


# --- bad input and faults -------------------------------------------------------------

BAD = [
    "",
    "   ",
    "。，！？…",
    "会见" * 5000,
    "a" * 10_000,
    "\x00\x07\x1b会见",
    "😀🏳️‍🌈",
    "\ud800会见\udfff",
    "title:会见^10 +body~2 -x *",
    "<img src=x onerror=alert(1)>",
    '"',
    '""" -"',
    "-",
    "-会见",
    "__proto__ constructor toString",
    "的" * 300,
    "第条 〔〕号 第零条 第千百十条",
    "2016" * 500 + "号",
    " -会见" * 2000,
    ' "会见"' * 2000,
    "".join(map(chr, range(0x4E00, 0x4E00 + 10_000))),
    "〔2016〕" * 1500,
]


def test_bad_input_gives_an_answer_and_no_exception(site: Path) -> None:
    """Long, odd, empty and hostile queries are answered like any other."""
    calls = [["query", text, {}] for text in BAD] + [["suggest", text] for text in BAD]
    found, _ = ask_client(site, *calls)
    for one in found[: len(BAD)]:
        assert one["total"] >= len(one["results"]) >= 0
        assert one["warnings"] == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=200), min_size=10, max_size=30))
def test_any_query_is_answered(site: Path, texts: list[str]) -> None:
    """No text makes the client throw, and every highlight lies in its snippet."""
    for one in ask_client(site, *(["query", text, {}] for text in texts))[0]:
        for result in one["results"]:
            length = len(result["snippet"].encode("utf-16-le")) // 2
            assert all(0 <= start < end <= length for start, end in result["highlights"])


@pytest.mark.parametrize(
    "options", [{"limit": -1, "offset": "x"}, {"year": "MMXX", "from": "yesterday"}, {"unit": "nobody"}]
)
def test_bad_options_give_an_answer(site: Path, options: dict[str, Any]) -> None:
    """Options out of an address are as little trusted as the query."""
    assert ask(site, "会见", **options)["total"] >= 0


@pytest.mark.parametrize(
    ("part", "warning", "fault"),
    [
        *((part, "shard", fault) for part in ("/shards/", "/pages/") for fault in ("missing", "short", "garbled")),
        # Texts and results carry no checksum: half a file is no JSON, but JSON that still parses is shown.
        *(
            (f"/{kind}/", kind.removesuffix("s"), fault)
            for kind in ("text", "results")
            for fault in ("missing", "short")
        ),
        *(("/thesaurus-", "thesaurus", fault) for fault in ("missing", "short")),
    ],
)
def test_broken_file_costs_its_part_and_is_named(site: Path, part: str, warning: str, fault: str) -> None:
    """A missing, truncated or damaged file never blanks the answer: what could be found is there, with a warning."""
    (found, again), _ = ask_client(site, ["query", "会见", {}], ["query", "会见", {}], faults={part: fault})
    assert warning in found["warnings"]
    assert again["warnings"] == found["warnings"]
    if warning in ("text", "thesaurus"):
        assert items(found)[0] == "sfj/policy/meeting"
    if warning == "text":
        assert found["results"][0]["snippet"] in TEXTS["sfj/policy/meeting"][0]


def test_index_published_anew_is_read_once_more(built: Built, tmp_path: Path) -> None:
    """A page that is open while the index changes reads the entry again and answers from the new index."""
    old = built.write_to(tmp_path / "old")
    fresh = build([*sample(), paper("b/notice/new", "会见新规", "会见改为每月两次。", day="2026-09-09")], built)
    new = fresh.write_to(tmp_path / "new")
    (_, _, found), fetched = ask_client(old, ["query", "公证", {}], ["swap", str(new)], ["query", "会见", {}])
    assert found["warnings"] == []
    assert "b/notice/new" in items(found)
    assert fetched.count("/search/entry.json") == 3


def test_only_the_index_is_fetched(site: Path) -> None:
    """The client reads nothing but files below ``search/``, and no table for everyday text."""
    _, fetched = ask_client(site, ["query", "会见", {}])
    assert all(path.startswith("/search/") for path in fetched)
    assert not any("folding" in path for path in fetched)
