"""generator.clearance.audit_views: what may be read in a file, by its format."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from generator.clearance.audit_views import views
from generator.clearance.fingerprints import Fingerprints, prints_of
from generator.clearance.scanner import File, Scanner

SECRET = "提请减刑罪犯共计三十七人名单另附于后"
PIECES = ["<b>", "</b>", "<", ">", SECRET[:5], SECRET[5:9], SECRET[9:], SECRET, '"', ",", "\n", "：", "第三条"]


def test_escapes_in_a_string_of_data_are_undone_in_that_string_alone() -> None:
    """A catalogue of thousands of titles is not read four times because one of them has a mark of markup."""
    strings = [
        "<b>甲</b>乙",
        "丙&amp;amp;丁",
        "戊%E5%B7%B1",
        "庚<辛",
        "壬>癸",
        *(f"第{number}号" for number in range(50)),
    ]
    found = views("sfj/catalogue.json", json.dumps({"title": strings}).encode())
    assert found is not None
    said = "\n".join(found.plain)
    assert all(text in said for text in ("甲乙", "丙&丁", "戊己", "庚<辛", "壬>癸"))
    assert "庚癸" not in said
    assert [said.count(f"第{number}号") for number in range(50)] == [1] * 50


@given(
    strings=st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), min_size=1, max_size=6),
    broken=st.booleans(),
)
@example(strings=[f"{SECRET[:5]}<b>{SECRET[5:9]}</b>{SECRET[9:]}"], broken=False)
@example(strings=[f'{SECRET[:5]}<b title="', f'第三条">{SECRET[5:]}'], broken=True)
def test_whatever_is_read_in_data_is_found_among_many_files(strings: list[str], broken: bool) -> None:
    """Also where it is no data, whatever its file is called."""
    text = "".join(strings) if broken else json.dumps({"items": strings}, ensure_ascii=False)
    scanner = Scanner(Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])]))
    alone = scanner.scan("sfj/data.json", text.encode())
    among = scanner.scan_all(File(f"sfj/{name}.json", text.encode(), None) for name in ["data", *range(20)])
    found = {scan.path: scan.keys.tolist() for scan in among.scans}
    assert set(alone.keys.tolist()) <= set(found.get("sfj/data.json", []))


def test_data_that_is_nested_too_deeply_is_read_as_text() -> None:
    """An attachment that no parser takes stops no build, and what stands in it is found."""
    data = f'{"[" * 5000}"<b>{SECRET[:9]}</b>{SECRET[9:]}"{"]" * 5000}'.encode()
    scanner = Scanner(Fingerprints([prints_of("jyglj/notice/neibu", [SECRET], [])]))
    found = scanner.scan_all(File(f"sfj/{name}.json", data, None) for name in range(20))
    assert [scan.path for scan in found.scans] == [f"sfj/{name}.json" for name in range(20)]
