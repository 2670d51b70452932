"""Travel documents, licence plates and mail addresses: passage in → matches out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.masks import mask_document, mask_email, mask_plate
from generator.clearance.recognise.match import Match, Passage, Run
from generator.clearance.recognise.passage import FORCES, province_before

# Ordinary (E, EA–EZ without I and O, G), service (S, SE) and diplomatic (D, DE) passports; permits for
# Hong Kong and Macao (C, W), of their residents (H, M), for Taiwan (L, T).
_TRAVEL = Lazily(
    r"(?<![0-9A-Za-z])((?:[EG][ \-]?[0-9]{4} ?[0-9]{4}|E[A-HJ-NP-Z][0-9]{7}|[DSP][EJ]?[0-9]{7,8}|[CW][A-Z]?[0-9]{7,8}"
    r"|[HM][0-9]{8}(?:[0-9]{2})?|[LT][0-9]{8}))(?![0-9A-Za-z])"
)
_TRAVEL_WORDS = Lazily(r"护照|通行证|旅行证|台胞证|回乡证|证件|(?i:passport)")
_LABEL = Lazily(
    r"(?:护照|通行证|旅行证|台胞证|回乡证|军官证|士兵证)(?P<number>[号码编为是：:军字第 　|*（(\n]{0,10}"
    r"(?:[参政后装海空沈北兰济南广成武]字第)?)$"
)
_LABELLED = Lazily(r"([A-Z]{0,3} ?[0-9]{7,10})(?![0-9A-Za-z])")
"""Whatever a foreign passport or an officer's card may look like, after its name."""
_LABEL_REACH = 16
_COUNTED = Lazily(r"\s?[.．万亿本份件张册人]")
_VEHICLE = Lazily(r"车|牌")
_VEHICLE_REACH = 12
"""A plate of which a blank parts the province (最新 A12345) is certain only near such a word."""
_PLATE = Lazily(r"([A-HJ-NP-Z])[ .\-]?([A-HJ-NP-Z0-9]{5,6})(?![0-9A-Za-z])")
_PLATE_SHORT = Lazily(r"([A-HJ-NP-Z])[ .\-]?([A-HJ-NP-Z0-9]{4})(?![0-9A-Za-z])")
_PLATE_ENDS = "挂学警港澳领使"
_PLATE_ARMED = Lazily(r"[ .\-]?([0-9]{4}[0-9A-Z])(?![0-9A-Za-z])")
_ARMED = Lazily(r"[WwＷｗ][JjＪｊ][ 　·\-]?$")
"""The Armed Police, before a province."""
_STANDARD = Lazily(r"[ 　]?(?:标准|图集|规[程范])")
"""Behind the number of a province's standard, which looks like a plate."""
_EMAIL = Lazily(r"(?<![0-9A-Za-z._+\-])[0-9A-Za-z._+\-]{1,64}@(?:[0-9A-Za-z\-]{1,63}\.)+[A-Za-z]{2,24}")
_OFFICE = Lazily(r"[@.](?:gov\.cn|mil\.cn|example|example\.(?:com|cn|org))$")


def travel_document(found: Passage) -> Iterator[Match]:
    """Passports and travel permits, in a text that speaks of one."""
    for run in found.runs:
        labelled = _labelled(found, run)
        if labelled is not None:
            yield labelled
        for match in _TRAVEL.finditer(run.text.upper()):
            start = run.start + match.start()
            if labelled is not None and start < labelled.end:
                continue
            number = match[1].replace(" ", "").replace("-", "")
            line = found.text[max(found.text.rfind("\n", 0, start) + 1, start - 40) : start]
            after = found.text[run.start + match.end() : run.start + match.end() + 8]
            certain = _TRAVEL_WORDS.search(line + after) is not None or "|" in line or not line
            yield Match(start, run.start + match.end(), number, mask_document(number), certain)


def _labelled(found: Passage, run: Run) -> Match | None:
    """The number at the beginning of a run, behind a document's name; a bare one, not even after 号, is doubtful."""
    label = _LABEL.search(found.text, max(0, run.start - _LABEL_REACH), run.start)
    match = _LABELLED.match(run.text.upper()) if label else None
    if label is None or match is None:
        return None
    number = match[1].replace(" ", "")
    certain = number[0].isalpha() or not {"号", "：", ":", "字"}.isdisjoint(label["number"])
    if not certain and _COUNTED.match(found.text, run.start + match.end()):
        return None
    return Match(run.start, run.start + match.end(), number, mask_document(number), certain)


def licence_plate(found: Passage) -> Iterator[Match]:
    """Licence plates of vehicles, with 5 or 6 places or the police's and trailers' last character."""
    for run in found.runs:
        first = province_before(found.text, run.start)
        if first < 0:
            continue
        plate, end = _plate(found.text, first, run)
        if not plate:
            continue
        near = found.text[max(0, first - _VEHICLE_REACH) : end + _VEHICLE_REACH]
        called = _VEHICLE.search(near) is not None
        if not called and _STANDARD.match(found.text, end):
            continue
        certain = called or (first == run.start - 1 and plate[0] not in FORCES)
        yield Match(first - len(_before(found.text, first)), end, plate, mask_plate(plate), certain)


def _before(text: str, first: int) -> str:
    """What marks a plate of the Armed Police, before the province that stands there."""
    armed = _ARMED.search(text, max(0, first - 3), first)
    return armed[0] if armed else ""


def _plate(text: str, first: int, run: Run) -> tuple[str, int]:
    """The plate of a province that stands there, and where it ends; an empty one if there is none."""
    places = run.text.upper()
    if _before(text, first) and (armed := _PLATE_ARMED.match(places)):
        return f"WJ{text[first]}{armed[1]}", run.start + armed.end()
    after = ""
    match = _PLATE.match(places)
    if match is None:
        match = _PLATE_SHORT.match(places)
        end = run.start + len(match[0]) if match else 0
        after = text[end : end + 1]
        if match is None or after not in _PLATE_ENDS or not after:
            return "", 0
    if sum(char.isdigit() for char in match[2]) < 2:
        return "", 0
    return text[first] + match[1] + match[2] + after, run.start + match.end() + len(after)


def email(found: Passage) -> Iterator[Match]:
    """Mail addresses that are neither an office's (``.gov.cn``) nor a unit's own contact."""
    for run in found.runs:
        if "@" not in run.text:
            continue
        for match in _EMAIL.finditer(run.text):
            address = match[0].lower()
            if address in found.allowed or _OFFICE.search(address):
                continue
            start = run.start + match.start()
            yield Match(start, run.start + match.end(), address, mask_email(address))
