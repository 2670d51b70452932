"""Words of Office files that no page shows, or that only the first one does; and such that look alike and are seen."""

from __future__ import annotations

import openpyxl
import pytest

from tests.attachments.inspecting import Inspect
from tests.attachments.office_elsewhere import Make, _book
from tests.attachments.office_files import SECRET

Sheet = openpyxl.worksheet.worksheet.Worksheet


def rules_of(inspect_bytes: Inspect, name: str, data: bytes) -> set[str]:
    return {one.rule for one in inspect_bytes(name, data).findings}


# --- above and below the cells ----------------------------------------------------------


def _margin(name: str, words: str) -> Make:
    def fill(sheet: Sheet) -> None:
        getattr(sheet, name).center.text = words

    return _book(fill)


@pytest.mark.parametrize("place", ["oddHeader", "evenFooter", "firstHeader", "firstFooter"])
@pytest.mark.parametrize("mark", ["机密★1年", '机密&"-,加粗"&14★&K000000&"宋体,常规"1年'])
def test_mark_above_or_below_the_cells_is_found(inspect_bytes: Inspect, place: str, mark: str) -> None:
    """A mark of secrecy stands on the first page, which may have a head of its own, and in any fonts."""
    assert rules_of(inspect_bytes, "a.xlsx", _margin(place, mark)()) == {"secrecy-mark"}


def test_words_above_the_cells_of_the_first_page_are_text(inspect_bytes: Inspect) -> None:
    """What the leak audit is told of."""
    assert SECRET in inspect_bytes("a.xlsx", _margin("firstHeader", SECRET)()).text


@pytest.mark.parametrize(("points", "hidden"), [(1, True), (2.5, True), (6, False)])
def test_row_too_low_to_be_read_is_hidden(inspect_bytes: Inspect, points: float, hidden: bool) -> None:
    """Of less than three points nothing of a word is seen."""

    def fill(sheet: Sheet) -> None:
        sheet["B9"] = SECRET
        sheet.row_dimensions[9].height = points

    assert rules_of(inspect_bytes, "a.xlsx", _book(fill)()) == ({"attachment-hidden-rows"} if hidden else set())
