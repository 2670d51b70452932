"""The quick look: text in → ``Passage`` with the signs of what may be in it. Pure."""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from generator.clearance.recognise.edits import Edited
from generator.clearance.recognise.match import Cue, Passage, Read, Run, Sign

if TYPE_CHECKING:
    from generator.clearance.recognise.glance import Glance, Looked, Place

FORCES = "军海空"
"""With which plates of the forces begin, as others begin with a province."""
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
BLANKS = (
    "\u3000\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
)
"""What parts signs and is not seen, but for the plain blank."""
_DASHES = "‐‑‒–—―−"
_FOLD = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in _WIDE}
_FOLD |= dict.fromkeys(map(ord, BLANKS), " ") | dict.fromkeys(map(ord, _DASHES), "-")
_DOTS = "·•．・･‧∙⋅●"
"""What stands between the parts of a plate, a name or a number, as fonts and typists have it."""
_FOLD |= dict.fromkeys(map(ord, _DOTS), ".")

# Separators that hide a number from a naive search: blanks of every width, dashes, Markdown's emphasis.
_NUMERALS = "0123456789０１２３４５６７８９"
_LETTERS = string.ascii_letters + string.ascii_letters.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
_STARTS = f"{_NUMERALS}{_LETTERS}@＠(（+＋"
_BETWEEN = rf".{_DOTS}_*\~- {BLANKS}{_DASHES}－＊＿)）"
_INNER = f"{_STARTS}{_BETWEEN}"
_IS_START, _IS_INNER = frozenset(_STARTS), frozenset(_INNER)
_RUN = re.compile(rf"[{re.escape(_STARTS)}][{re.escape(_INNER)}]{{4,}}")
_chain = re.compile(rf"[0-9０-９](?:[{re.escape(_LETTERS + '@＠(（+＋' + _BETWEEN)}]{{0,3}}[0-9０-９]){{6}}").match
"""Seven digits, without which neither a number nor a document is recognised."""

_BORDER = "あ"
"""Stands between texts that are looked at together: a letter of no pattern, so that no figures go on behind it."""
_BLANK = " \u3000"
"""What may part a province from the rest of a plate."""
_DIGITS_NEXT, _PLATE, _AT, _TERM, _CUES_HERE = 1, 2, 4, 8, 0b111111 << 4
"""Bits of a glance: what makes a run worth looking at, literal words, and cues."""
_OF_RUNS = _DIGITS_NEXT | _PLATE | _AT
_DAY = re.compile(r"\(?(?:19|20)[0-9]{2}[-./][01]?[0-9][-./][0-3]?[0-9](?: +[0-9]{0,2})?\)?[ .\-]*")
_NUMBERED_DAY = re.compile(r"(?:19|20)[0-9]{6}-[0-9]{1,7}").fullmatch
"""How files are often named. At the beginning of a text, before which no word stands, no number looks so."""
_DIGITS = re.compile(r"(?:[0-9][^0-9]{0,3}){7}")

_B = f"[ {BLANKS}]{{0,3}}"
_CUES = {
    Sign.TRAVEL: "护照|通行证|台胞证|旅行证|回乡证|军官证|士兵证|Passport|PASSPORT|passport",
    Sign.ADDRESS: "单元|号楼|住址|住所地|居住地|现住|住[^房宅院所建户宿]|户籍|户口所在|户口地|家庭地址|栋|幢"
    f"|弄[ {_NUMERALS}]|里[{_NUMERALS}]|苑[{_NUMERALS}]|园[{_NUMERALS}]",
    Sign.BIRTH: "出生|生于|生日|日生",
    Sign.NAMES: f"姓{_B}名|名单|名册|人员如下|学员|未成年|吸毒|患者|患病|尿检|戒毒人员|复吸|残疾等级|残疾类别"
    "|吸食|戒毒|就读|感染|诊断|高血压|糖尿病|精神[分障病]|抑郁|癫痫|乙肝|结核|梅毒|艾滋|癌|海洛因|冰毒|鸦片|甲基苯"
    "|重病|大病|绝症|白血病|尿毒症|心脏病|肝炎|肝硬化|脑梗|脑瘫|脑出血|瘫痪|偏瘫|截瘫|失明|失能|智力障|智障|自闭症|尘肺|哮喘|怀孕",
    Sign.SECRECY: f"★|☆|密{_B}[级电件]|密[发传字函]?[〔\\[［（(]|绝{_B}密|机{_B}密|秘{_B}密"
    f"|絕{_B}密|機{_B}密|祕{_B}密"
    f"|内{_B}部{_B}[资文材使参传掌刊阅]"
    "|（内部|【内部|\\(内部|\\[内部|不公开|不予公开|不得公开|不宜公开|不对外公开|依申请公开|外传|保密期限|阅后|涉密|定密",
}
# Every alternative begins with a literal, and no two signs share a first character: so the search stays a
# scan for a set of characters, and the first one tells the sign.
_CUE = re.compile("|".join(_CUES.values()))
_SIGN_OF = {piece.lstrip("\\")[0]: sign for sign, pieces in _CUES.items() for piece in pieces.split("|")}


def fold(text: str) -> str:
    """Full-width letters, digits, blanks and dashes as ASCII, character for character."""
    return text.translate(_FOLD)


def province_before(text: str, start: int) -> int:
    """Where the character of a province or force stands before a run, a blank between or none; -1 where none stands."""
    at = start - 2 if start and text[start - 1] in _BLANK else start - 1
    return at if at >= 0 and (text[at] in PROVINCES or text[at] in FORCES) else -1


@lru_cache(maxsize=16)
def _glance(terms: Sequence[str]) -> Glance:
    """What looks for cues, runs and these words: few plans differ in theirs."""
    # Arrays are not loaded before there is a text: a build that finds nothing changed needs none.
    from generator.clearance.recognise.figures import numeric_characters
    from generator.clearance.recognise.glance import NUMERIC, ODD, Glance
    from generator.clearance.recognise.reading import odd_characters

    if terms:
        glance = Glance(_glance(()))
        for term in terms:
            glance.enter(_TERM, tuple(term[:3]))
        return glance
    glance = Glance()
    glance.enter_rows(_DIGITS_NEXT, _NUMERALS, _INNER)
    glance.enter(_PLATE, (PROVINCES + FORCES, _STARTS + _BLANK, _INNER))
    glance.enter(_AT, ("@＠",))
    glance.enter_cues((cue for pieces in _CUES.values() for cue in pieces.split("|")), _CUES_HERE)
    glance.enter_kind(ODD, odd_characters())
    glance.enter_kind(NUMERIC, numeric_characters())
    return glance


def passage(text: str, allowed: frozenset[str] = frozenset(), *, name: bool = False) -> Passage:
    """Look once through ``text``; ``allowed`` are the units' own contacts."""
    return passages((text,), allowed, names=int(name))[0]


def weigh(text: str) -> int:
    """About how many microseconds it takes to look through a text, and a sixth of the kilobytes.

    Whoever reads what strangers wrote can refuse it beforehand: numbers and dates in rows, figures that are written
    otherwise and names in a row take up to ten times as much as prose.
    """
    from generator.clearance.recognise.figures import HAN_FIGURES

    looked = _glance(()).look(f"{_BORDER}{text}{3 * _BORDER}")
    begun = sum(1 for _ in looked.places)
    figures = sum(map(text.count, HAN_FIGURES))
    rows = 4 * begun + 2 * len(looked.numeric) + 3 * text.count("、")
    return weigh_length(text) + rows + figures + 9 * len(looked.odd) // 2


def weigh_length(text: str) -> int:
    """The least that a text of that length weighs, which is known without a look."""
    return len(text) // 5


def passages(
    texts: Sequence[str], allowed: frozenset[str], terms: Sequence[str] = (), *, names: int = 0
) -> list[Passage]:
    """The passage of each text, of which the last are names of files, for one look at them all."""
    ends = list(accumulate(len(text) + 1 for text in texts))  # each with what parts it from the next
    first_name, literals = len(texts) - names, tuple(terms)
    joined = _BORDER.join(("", *texts, "", "", ""))
    looked = _glance(terms).look(joined)
    found: list[list[Place]] = [[] for _ in texts]
    number, start = 0, 1
    for at, bits in looked.places:
        while at >= ends[number]:  # what stands between two texts is the place before the second
            number, start = number + 1, ends[number] + 1
        found[number].append((at - start, bits))
    made = [_passage(text, found[number], literals, allowed, number >= first_name) for number, text in enumerate(texts)]
    for number, (odd, numeric) in _otherwise(joined, looked, ends).items():
        made[number] = _with_reading(made[number], odd, numeric, literals)
    return made


def _otherwise(joined: str, looked: Looked, ends: Sequence[int]) -> dict[int, tuple[list[int], list[int]]]:
    """Numbers of texts that may be read otherwise, and where: odd characters, and numbers."""
    from generator.clearance.recognise.figures import promising
    from generator.clearance.recognise.glance import BLOCK

    found: dict[int, tuple[list[int], list[int]]] = {}
    for kind, places in enumerate((looked.odd, promising(joined, looked.numeric))):
        for at in places:
            # A block lies in the text in which it ends, or begins in the one before.
            for number in {bisect_right(ends, at - 1), bisect_right(ends, at + BLOCK)}:
                if number < len(ends):
                    begin = ends[number - 1] if number else 0
                    found.setdefault(number, ([], []))[kind].append(max(at - begin, 0))
    return found


def _with_reading(looked: Passage, odd: list[int], numeric: list[int], terms: tuple[str, ...]) -> Passage:
    """The passage with what a reader makes of it."""
    from generator.clearance.recognise.figures import promising, written_out
    from generator.clearance.recognise.reading import read

    edits = list[Edited]()
    text, places = looked.text, numeric
    if odd and (seen := read(text, odd)) is not None:
        edits.append(seen)
        text = seen.text
        places = [*promising(text, _glance(terms).look(f"\n{text}\n\n\n").numeric)]
    if (plain := written_out(text, places)) is not None:
        edits.append(plain)
    if not edits:
        return looked
    text = edits[-1].text
    again = _glance(terms).look(f"\n{text}\n\n\n")
    found = _passage(text, [(at - 1, bits) for at, bits in again.places], terms, looked.allowed, looked.name)
    return looked._replace(read=Read(found, tuple(edits)))


def _passage(
    text: str, places: Iterable[Place], literals: tuple[str, ...], allowed: frozenset[str], name: bool
) -> Passage:
    signs: int = Sign.ALWAYS if not name or text.isascii() else Sign.ALWAYS | Sign.SECRECY
    runs: list[Run] = []
    cues: list[Cue] = []
    end_of_run = end_of_cue = 0
    for at, bits in places:
        if bits == _DIGITS_NEXT and _chain(text, at + 1) is None:
            continue
        if bits & _OF_RUNS and (at >= end_of_run or at < 0):
            found = _run_at(text, at if bits & _AT else at + 1, end_of_run)
            if found is not None:
                end_of_run = found.end()
                signs |= _look_at_run(text, found.start(), found.group(), runs)
        if bits & _CUES_HERE and at >= end_of_cue and (cue := _CUE.match(text, at)) is not None:
            cues.append(Cue(_SIGN_OF[text[at]], at))
            end_of_cue = cue.end()
        if bits & _TERM and text.startswith(literals, at):
            signs |= Sign.TERMS
    for sign, _ in cues:
        signs |= sign
    return Passage(text, signs, tuple(runs), tuple(cues), allowed, name)


def _run_at(text: str, at: int, least: int) -> re.Match[str] | None:
    """The run about that place: it begins with the first character of those in a row with which a run may begin."""
    start = at
    while start > least and text[start - 1] in _IS_INNER:
        start -= 1
    while start < len(text) and text[start] in _IS_INNER and text[start] not in _IS_START:
        start += 1
    return _RUN.match(text, start)


def _look_at_run(text: str, start: int, run: str, runs: list[Run]) -> int:
    """The signs of a run, which is kept if it has any: there is nothing to recognise in the others."""
    if not run.isascii():
        run = fold(run)
    signs = Sign.AT if "@" in run else 0
    if province_before(text, start) >= 0:
        signs |= Sign.PLATE
    if _DIGITS.search(run) and not _DAY.fullmatch(run) and (start or _NUMBERED_DAY(run) is None):
        signs |= Sign.DIGITS
    if signs:
        runs.append(Run(start, run))
    return signs
