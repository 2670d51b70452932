"""Marks of secrecy: passage in → matches out. Pure.

A mark is known by where and how it stands, not by its words: 保密法实施条例 21
asks for level and period at a conspicuous place (``机密★1年``), so the words in
running text (《中华人民共和国保守国家秘密法》) say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.masks import mask_words
from generator.clearance.recognise.match import Match, Passage, Sign
from generator.clearance.recognise.passage import BLANKS
from generator.clearance.recognise.tables import tables

_BLANKS = Lazily(rf"[\s{BLANKS}]")
_B = rf"[ \t{BLANKS}]{{0,4}}"
_LEVEL = rf"(?:[绝絕]{_B}密|[机機]{_B}密|[秘祕]{_B}密)"
_STARS = "★☆⭐✩✪✫✬✭✮✯✰"
_ASTERISKS = "*＊∗✱※◆◎●▲■"
"""Signs that stand for the star where a period follows."""
_PERIOD = r"(?:[0-9０-９一二三四五六七八九十]{1,3}[ 　]{0,2}(?:年|个月|月|日|天)|长期|启用前|解密前)"
_LEAD = r"^[ \t　>#*_|\-【\[（(《<!［〖〔]{0,12}"
_TAIL = r"[ \t　*_|\-】\]）)>。！!］〗〕]{0,12}$"
_URGENT = "特提|特急|加急|平急|急件"

_APART = rf"[^\w\s，。；：、（）()]?{_B}"
"""A sign that somebody put between the characters of a level."""
_STARRED = Lazily(
    rf"(?:{_LEVEL}|工{_B}作{_B}秘{_B}密)级?{_B}[（(\[【]?\|?{_B}"
    rf"(?:\\?[{_STARS}]{_B}[）)\]】]?{_B}(?:{_PERIOD})?|\\?[{_ASTERISKS}]{_B}[）)\]】]?{_B}{_PERIOD})"
    rf"|(?:[绝絕]{_APART}密|[机機]{_APART}密|[秘祕]{_APART}密){_B}[{_STARS}]{_B}{_PERIOD}"
    rf"|^{_B}[{_STARS}]{_B}{_LEVEL}(?![\u4e00-\u9fff])"
)
_FIELD = Lazily(
    rf"(?:{_LEAD}|[|\t,，；;]{_B})"
    rf"(?:(?:文件|资料|本件)?(?:密{_B}级|[秘涉保]密等级|保密级别|定密级别){_B}[：:|\t, 　]{_B}"
    rf"(?:(?:[□☐○〇]?{_B}{_LEVEL}{_B}[□☐○〇]?{_B}){{0,2}}[☑☒■√✓✔●]{_B}{_LEVEL}|{_LEVEL}|内部|工作秘密)"
    rf"|保密期限{_B}[：:|\t,]{_B}(?:{_PERIOD})"
    rf"|(?:本?文?件)?密{_B}级[为是]{_B}{_LEVEL}{_TAIL}"
    rf"|(?:(?:政府)?信息)?公开(?:属性|方式|类别|选项|形式){_B}[：:|\t,]{_B}"
    rf"(?:(?:[□☐○〇]?{_B}(?:主动|依申请|不予?)公开{_B}){{0,2}}[☑☒■√✓✔●]{_B})?(?:(?:此件|本件)?(?:不予?公开|依申请公开)|内部))"
)
_LEVELS = Lazily(r"[、，,/或和及与者 　]{1,3}".join(rf"(?P<{name}>{_LEVEL})" for name in ("first", "second", "third")))
"""A text that explains what levels there are."""
_NUMBER = Lazily(
    r"(?:[\u4e00-\u9fff]{1,8}(?<![国保])|(?<![\u4e00-\u9fff]))(?:密电|密发|密传|密字|密函|密)"
    r"[〔\[［（(【] ?(?:19|20)[0-9]{2} ?[〕\]］）)】] ?第? ?[0-9]+ ?号"
)
_ALONE = Lazily(
    rf"{_LEAD}(?:(?:(?i:no\.?)|№|份号[：:]?)?{_B}[0-9]{{3,6}}{_B})?"
    rf"(?:(?:{_URGENT})?{_B}[·•、]?{_B}{_LEVEL}(?:级|件|文件|资料)?|(?:警务|检察|审判)?工{_B}作{_B}秘{_B}密|密{_B}[电件])"
    rf"(?:{_B}[(（]?{_PERIOD}[)）]?)?(?:[，, 　]{{0,2}}(?:阅后|请勿|严禁|不得)[退收销即外复传]\w{{1,3}})?"
    rf"(?:{_B}[·•、]?{_B}(?:{_URGENT}|第?[0-9]+号|[0-9]{{6}}))?{_TAIL}"
)
_INTERNAL = Lazily(
    rf"{_LEAD}(?:注意[：:])?内{_B}部{_B}(?:资{_B}料|文{_B}件|材{_B}料|使{_B}用|参{_B}考|传{_B}阅|阅{_B}[读知]|掌{_B}握|刊{_B}物)"
    r"(?:[，,、：:·• 　]{0,2}(?:注意保[存管]|妥善保管|注意保密|[请切]勿外传|[不严][得禁]外传|禁止外传"
    r"|不得公开|仅供参考|翻印必究)){0,2}"
    rf"{_TAIL}"
)
_THIS_PAPER = r"(?:此件|本文|本通知|本件|该件|此文|本文件|此文件)"
_FORBIDDEN = Lazily(
    rf"[（(【\[]{_B}{_THIS_PAPER}{_B}(?:不予?公开|不[得宜]公开|暂不公开|不对外公开|依申请公开|内部掌握|不登报)"
    rf"{_B}(?:[，,；;。][^（()）【】\[\]\n]{{0,30}})?[）)】\]]"
    rf"|{_THIS_PAPER}{_B}(?:属于?|为|系|是){_B}{_LEVEL}级?(?:国家秘密|文件|资料|材料)"
    rf"|{_LEAD}{_THIS_PAPER}{_B}(?:不予?公开|不[得宜]公开|暂不公开|不对外公开|依申请公开){_TAIL}"
    rf"|{_LEAD}(?:(?:仅限|仅供)内部(?:使用|阅读|传阅|参考)|(?:请勿|严禁|不得|禁止)外传|阅后(?:即焚|销毁|退回|收回)"
    rf"|涉密(?:文件|资料|材料))(?:[，,]?(?:请勿|严禁|不得|禁止)(?:外传|复制|转发|传播)){{0,2}}{_TAIL}"
)
_LEVEL_HEADS = ("密级", "秘密等级", "涉密等级", "定密级别", "密级和保密期限")
_IS_LEVEL = Lazily(rf"{_LEVEL}级?")
_WHOLE_LINE = (_ALONE, _INTERNAL)
_LONGEST_MARK = 60
_LONGEST_LEVEL = 8
_TITLE = Lazily(
    rf"[【\[（(〔]{_B}(?:{_LEVEL}|内部|密|涉密|工作秘密|内部资料|不予?公开|不宜公开|暂不公开){_B}[】\]）)〕]"
)
_FILE_NAME = Lazily(
    rf"(?:^|[_\-. /（(【\[])(?:{_LEVEL}|内部资料|内部文件|内部|密件|密电|涉密|工作秘密)(?:[】\])）_\-. ]|[★☆]|级|件|$)"
)
_MARKING = frozenset(_STARS + _ASTERISKS)
_QUOTES = "“”‘’「」『』《》"
_STRAIGHT = "\"'"
"""Quotation marks of a text only behind its words; else they are of YAML, of a table, of a link's title."""
_HEAD_LINES = 12
_FOOT_LINES = 6


def secrecy_mark(found: Passage) -> Iterator[Match]:
    """Marks of state or work secrets and of papers that are not to be made public.

    A mark in quotation marks is a text about marks: it leaves a warning.
    """
    text = found.text
    if found.name:
        yield from _in_line(0, text, (_FILE_NAME,))
        return
    if any(word in text for word in _LEVEL_HEADS):
        yield from _in_column(text)
    head, foot = _ends(text)
    for offset, line in found.lines(Sign.SECRECY):
        short = len(line) <= _LONGEST_MARK
        at_the_ends = offset < head or offset >= foot
        patterns = (
            *((_STARRED,) if not _MARKING.isdisjoint(line) else ()),
            _FIELD,
            *((_NUMBER,) if "密" in line else ()),
            _FORBIDDEN,
            *(_WHOLE_LINE if short else ()),
            *((_TITLE,) if at_the_ends else ()),
        )
        yield from _in_line(offset, line, patterns)


def _in_column(text: str) -> Iterator[Match]:
    """Levels in a column that is headed so: of papers with a mark, or of what the law says is secret."""
    for rows in tables(text):
        columns = [number for number, cell in enumerate(rows[0][1]) if cell in _LEVEL_HEADS]
        for start, cells in rows[1:] if columns else ():
            for words in (cells[one] for one in columns if one < len(cells) and _IS_LEVEL.fullmatch(cells[one])):
                at = text.index(words, start)
                yield Match(at, at + len(words), "".join(cells), mask_words(_BLANKS.sub("", words)), False)


def _ends(text: str) -> tuple[int, int]:
    """Where the first lines end and the last lines begin."""
    head = 0
    for _ in range(_HEAD_LINES):
        head = text.find("\n", head) + 1
        if not head:
            return len(text), len(text)
    foot = len(text)
    for _ in range(_FOOT_LINES):
        foot = text.rfind("\n", 0, foot)
        if foot < 0:
            break
    return head, max(foot, head)


def _in_line(offset: int, line: str, patterns: tuple[Lazily, ...]) -> Iterator[Match]:
    taken = -1
    for pattern in patterns:
        for match in pattern.finditer(line):
            words = match[0].strip(" \t　|>#*_-<!，,；;")
            start = line.index(words, match.start())
            if start < taken:
                continue
            taken = start + len(words)
            quoted = start > 0 and (line[start - 1] in _QUOTES or _is_word_before(line, start - 1))
            around = line[max(0, start - _LONGEST_MARK) : taken + _LONGEST_MARK]
            value = _BLANKS.sub("", around)
            masked = mask_words(_BLANKS.sub("", words))
            yield Match(offset + start, offset + taken, value, masked, not quoted and not _is_explained(line, taken))


def _is_explained(line: str, end: int) -> bool:
    """Whether the level that ends there is the first of all three, which no paper has."""
    start = max(0, end - _LONGEST_LEVEL)
    found = _LEVELS.search(line, start, end + 3 * _LONGEST_LEVEL)
    levels = {_BLANKS.sub("", one)[0] for one in found.groups()} if found is not None else set()
    return found is not None and found.end("first") == end and len(levels) == len(found.groups())


def _is_word_before(line: str, at: int) -> bool:
    """Whether a straight quotation mark stands there, behind a Chinese character or mark."""
    return line[at] in _STRAIGHT and at > 0 and line[at - 1] >= "\u2e80"
