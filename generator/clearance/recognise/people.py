"""Birthdays and lists of persons: passage in → matches out. Pure.

Chinese names cannot be told from other words by themselves. They are believed
only where a form speaks for them: a column headed 姓名, lines that hold a name
and nothing else, or several in a row after a word such as 名单.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.masks import COMPOUND_SURNAMES, mask_name
from generator.clearance.recognise.match import Match, Passage, Sign
from generator.clearance.recognise.passage import fold
from generator.clearance.recognise.tables import tables

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙"
    "鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师"
    "和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_FIRST = frozenset(SURNAMES) | {surname[0] for surname in COMPOUND_SURNAMES}
_BEGINNINGS = _FIRST | frozenset(" \t　>|*-+(（0123456789")
_GIVEN = "一-龥"
_COMPOUND = "|".join(sorted(COMPOUND_SURNAMES))
_NAME = (
    rf"(?:[{_GIVEN}]{{2,6}}·[{_GIVEN}·]{{2,9}}|(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[{SURNAMES}][ 　]?[{_GIVEN}]{{1,2}})"
)
_NAME_ONLY = Lazily(_NAME)
_MASKED = Lazily(r"[某×＊*ＸX○]")

# Second and third characters that make a word of what begins like a surname: 方法, 任务, 金额, 安全 …
_NO_NAME = Lazily(
    r"方[式法案向面]|任[务何命免职]|安[全排置装徽监]|金[额融属]|石[油化材]|江[苏西]|高[等级校度中新]|温[度泉州]|文[件化物书本号字明教体]"
    r"|车[辆船间站牌]|成[员果本立都绩效人年]|华[侨南北东]|管[理辖道线委]|应[当急用]|时[间限期]|关[于系税]|单[位独元项]|全[国部体市区年省]|明[确细显]|解[释决除答]"
    r"|明[年月日]|简[易化称]|项[目]|连[续云]|农[业村民牧]|司[法机]|房[屋产地]|路[线段]|游[客戏]|甘[肃]|宁[夏波]|尚[未]|向[社]|常[务委州住]|康[复]|施[工行]"
    r"|黄[金色河]|马[上]|周[期边年一二三四五六日]|何[时种]|白[色天]|江[河]|程[序度]|段[落]|史[料]|龙[头]|武[器警汉装]|万[元人]|钱[款]|严[重格禁肃]|章[程]|成[交]"
    r"|左[右]|包[括含装]|童[年]|季[度节]|盛[大]|曲[线]|冷[藏]|卫[生星]|党[员组委政]|景[区观]|桂[林]|宗[教旨地]|边[界境防]|师[资]|和[解平]|商[业品务标]"
    r"|荣[誉]|巫[术]|池[塘]|查[询封处阅验明]|麻[醉]|苑[区]|迟[到]|公[示告]|东[方部]|西[部方]|林[业地木区场权]|田[地间]|水[利]|海[关洋]|于[本]|曾[经]|陆[地域]"
    r"|夏[季]|雷[电]|毛[重利]|牛[奶羊]|易[燃地]|乔[木]|齐[全]|古[迹树]|米[价]|沙[漠]|欧[盟洲元]|蒙[古]|吉[林]|辛[苦]|蓝[图天]|鲁[迅]|岳[阳]|柳[州]|梅[州毒]|麻[风]"
)
_NOT_LAST = Lazily(r".*[局处科部室会院所厅站委市县区镇乡村街路省费率类型期法例书证表单位品物件业级病馆碑店鱼]$")

_HEAD = Lazily(r"姓\s*名|人员名单|当事人")
_PERSONS = "学员|学生|患者|病人|戒毒人员|吸毒人员|残疾人|未成年人|受援人|被?救助人|救助对象|服刑人员|罪犯|申请人"
_CALLED = Lazily(rf"(?:{_PERSONS}|感染者)$")
_HEAD_OF_PERSONS = Lazily(rf"(?:{_PERSONS})(?:名单)?")
_HEADED = tuple(_PERSONS.replace("被?", "").split("|"))
_BEHIND_NAME = re.compile(r"[（(][^（()）]{1,8}[)）]$")
_BEFORE_SEX = frozenset("，,、（( ")
_WITH_SEX = Lazily(
    rf"[ \t　>*\-+]*(?:[0-9]{{1,3}}[.、)）]|[（(][0-9一二三四五六七八九十]{{1,3}}[)）])?[ \t　]*"
    rf"(?:(?:{_PERSONS}|被?告人|当事人|姓名)[：: ]?)?({_NAME})[，,、（( ]{{1,2}}[男女](?=[，,、；;）) 。\n]|$)"
)
"""A person to a line: 王小明，男，吸毒."""
_ROW_OF_NAMES = Lazily(rf"{_NAME}(?:[、，, 　]{{1,2}}{_NAME})+")
_PARTING = frozenset("、，, 　")
_LABELLED_NAME = Lazily(rf"姓[ 　]*名[ 　]*[：:][ 　]*({_NAME})")
_BETWEEN_NAMES = re.compile(r"(?:[、，,;；\s]|[0-9]{1,3}[.、．)）])+")
_ANNOUNCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,40}$")
_INTRODUCED = Lazily(r"(?:名单|姓名|名册|人员|如下|学员|以下)[^\n。；]{0,20}[：:][ 　]?$")
_LINE_MARK = re.compile(r"(?:[-*+>]|[0-9]{1,3}[.、)）]|[（(][0-9一二三四五六七八九十]{1,3}[)）])[ \t]*")
_SENSITIVE = Lazily(
    r"健康|疾病|患病|患者|患有|病情|病史|病名|诊断|残疾|精神|艾滋|感染|传染|住院|吸毒|戒毒|吸食|毒品|尿检|复吸|成瘾|未成年|监护人|就读|学校|年级|班级"
)
_TELLING = Lazily(
    r"健康状况|患[病者有]|病[情史名]|诊断|残疾(?:等级|类别)|吸毒|吸食|尿检|复吸|成瘾|艾滋|感染|阳性|监护人|就读|学员|戒毒人员"
)
"""What is said of those in a list, and of nobody for whom it is an office to deal with."""
_IN_OFFICE = Lazily(
    r"职[务称]|单位|部门|分[工管]|执业|律师|公证员|鉴定人|调解员|评委|专家|领导|班子|录[用取]|聘|招录|表彰|先进|干部|[民干]警|工作人员|值班|委员"
    r"|代表|监督员|志愿者|科员|局长|所长"
)
"""Whose names are published by their office (条例 20): a list of them is a warning."""
_DATE = (
    r"(?:[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日|"
    r"(?:19|20)[0-9]{2}\s?(?:年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日"
    r"|[-./][0-9]{1,2}[-./][0-9]{1,2}|[01][0-9][0-3][0-9](?![0-9])))"
)
_BORN = Lazily(
    rf"(?:出生(?:于|日期|年月日|年月|时间)?|(?<![发产])生于|生日)[^0-9\n。；;]{{0,6}}({_DATE})|({_DATE})\s?(?:出生|生(?![产效活育前后态意成]))"
)
_BIRTH_FIELD = Lazily(r"出生(?:日期|年月日|时间)[：:\s|]*$")
_PERSON = Lazily(rf"姓名|[男女](?![性人子方生士])|{_NAME}(?:[，,、（(]|出?生于)")
_LAW_TALK = Lazily(r"以[前后]出生|以后|以前|之前|之后")

_NAMES = 3
"""Of so many a list is made; where it tells of health and the like, of two, and one in a column beside such a one."""
_LONGEST_NAME = 16
_LONGEST_NAME_LINE = 20
_LONGEST_PERSON = 48
"""Characters from the beginning of a line to the sex of the person that it is about."""


def is_name(words: str) -> bool:
    """Whether ``words`` could be a full personal name, unmasked."""
    if words[:1] not in _FIRST and "·" not in words:
        return False
    plain = words.replace(" ", "").replace("　", "")
    if not _NAME_ONLY.fullmatch(plain) or _MASKED.search(plain):
        return False
    return "·" in plain or (_NO_NAME.match(plain) is None and _NOT_LAST.match(plain) is None)


def birth_date(found: Passage) -> Iterator[Match]:
    """A day of birth (year, month and day) with a name or sex beside it, or in a column of a list."""
    for offset, line in found.lines(Sign.BIRTH):
        line = fold(line)
        for match in _BORN.finditer(line):
            group = 1 if match[1] else 2
            start, end = match.span(group)
            beside = _PERSON.search(line, max(0, start - 40), start) or _PERSON.search(line, end, end + 24)
            if (beside or _BIRTH_FIELD.search(line, 0, start)) and not _LAW_TALK.match(line, match.end()):
                yield _day(offset + start, match[group])
    yield from _birth_column(found)


def _day(start: int, day: str) -> Match:
    """A day of birth, of which the year may be shown; one in Chinese figures stands for itself."""
    figures = fold(day)
    masked = figures[:4] + re.sub(r"[0-9一二三四五六七八九十]", "*", figures[4:])
    return Match(start, start + len(day), re.sub(r"[^0-9]", "", figures) or day, masked)


def _birth_column(found: Passage) -> Iterator[Match]:
    for rows in tables(found.text):
        head = rows[0][1]
        columns = [n for n, cell in enumerate(head) if re.search(r"出生|生日", cell)]
        if not columns or not any(_HEAD.search(cell) for cell in head):
            continue
        for start, cells in rows[1:]:
            for column in columns:
                day = re.search(_DATE, fold(cells[column])) if column < len(cells) else None
                if day:
                    written = cells[column][day.start() : day.end()]
                    yield _day(found.text.find(written, start), written)


def name_list(found: Passage) -> Iterator[Match]:
    """Three names or more in a list of any form."""
    for start, end, names in _distinct(_lists(found)):
        yield _listed(found.text, start, end, names)


def sensitive_name_list(found: Passage) -> Iterator[Match]:
    """Two names or more in a list that also tells of health, drugs, schools or guardians.

    Doubtful where it seems to be of those who have to do with such things by their office.
    """
    if not _SENSITIVE.search(found.text):
        return
    for start, end, names in _distinct(_lists(found, least=2)):
        around = _around(found.text, start, end)
        if _SENSITIVE.search(around):
            listed = _listed(found.text, start, end, names)
            in_office = _IN_OFFICE.search(around) is not None and _TELLING.search(around) is None
            alone = len(names) == 1  # in a column beside what is told of them
            yield listed._replace(certain=(listed.certain or alone) and not in_office)


_Listed = tuple[int, int, Sequence[str]]


def _distinct(lists: Iterator[_Listed]) -> Iterator[_Listed]:
    """Each list once, though it may be one in several forms."""
    seen: set[tuple[str, ...]] = set()
    for start, end, names in lists:
        if tuple(names) not in seen:
            seen.add(tuple(names))
            yield start, end, names


def _around(text: str, start: int, end: int) -> str:
    """The paragraph of a list, and the one before it where that announces the list."""
    begin = text.rfind("\n\n", 0, start)
    earlier = text.rfind("\n\n", 0, begin) if begin > 0 else -1
    announcing = text[max(earlier, begin - 60, 0) : begin].rstrip() if begin > 0 else ""
    if announcing.endswith(("：", ":")) or _ANNOUNCED.search(announcing):
        begin = earlier
    stop = text.find("\n\n", end)
    return text[max(begin, start - 200, 0) : min(stop if stop >= 0 else len(text), end + 200)]


def _listed(text: str, start: int, end: int, names: Sequence[str]) -> Match:
    """Certain where a word announces the list or says what they are, or where it is most of its line."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    length = (line_end if line_end >= 0 else len(text)) - line_start
    mostly = (end - start) * 5 >= length * 3 or "\n" in text[start:end]
    certain = (
        mostly
        or _INTRODUCED.search(text, max(0, start - 60), start) is not None
        or _CALLED.search(text, max(0, start - 8), start) is not None
    )
    return Match(start, end, "、".join(names), f"{mask_name(names[0])}等{len(names)}人", certain)


def _lists(found: Passage, least: int = _NAMES) -> Iterator[tuple[int, int, Sequence[str]]]:
    text = found.text
    yield from _name_columns(text, least)
    yield from _lines_of_names(text, least)
    yield from _rows_of_names(text, least)
    labelled = list(_LABELLED_NAME.finditer(text)) if found.signs & Sign.NAMES else []
    for persons in (labelled, _persons_with_sex(text)):
        if len(persons) >= least:
            yield persons[0].start(1), persons[-1].end(1), [one[1] for one in persons]


def _persons_with_sex(text: str) -> list[re.Match[str]]:
    found: dict[int, re.Match[str]] = {}
    for sex in "男女":
        at = text.find(sex, 1)
        while at > 0:
            begin = text.rfind("\n", max(0, at - _LONGEST_PERSON), at) + 1 if text[at - 1] in _BEFORE_SEX else 0
            match = _WITH_SEX.match(text, begin) if begin or at < _LONGEST_PERSON else None
            if match is not None and match.end() == at + 1 and is_name(match[1]):
                found[at] = match
            at = text.find(sex, at + 1)
    return [found[at] for at in sorted(found)]


def _lines_of_names(text: str, least: int) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Lines that hold names and nothing else; blank lines may stand between them."""
    lines = text.split("\n")
    hopeful = [number for number, line in enumerate(lines) if line and _may_begin_names(line)]
    if not hopeful:
        return
    names: list[str] = []
    first = last = -1
    for number in hopeful:
        here = _only_names(lines[number])
        if names and (not here or any(line.strip() for line in lines[last + 1 : number])):
            yield from _stretch(lines, first, last, names, least)
            names = []
        if here:
            first = first if names else number
            last = number
            names += here
    yield from _stretch(lines, first, last, names, least)


def _may_begin_names(line: str) -> bool:
    if line[0] in _BEGINNINGS and (line[0] != "第" or line[1:2] == "五"):  # every article of a law begins so
        return True
    return "·" in line[:8] or "：" in line[:_LONGEST_NAME_LINE]


def _stretch(
    lines: Sequence[str], first: int, last: int, names: list[str], least: int
) -> Iterator[tuple[int, int, Sequence[str]]]:
    if len(names) >= least:
        start = sum(len(line) + 1 for line in lines[:first])
        yield start, start + sum(len(line) + 1 for line in lines[first : last + 1]) - 1, names


def _only_names(line: str) -> list[str]:
    """The names of a line that holds nothing else, an announcement before a colon aside."""
    words = line.strip(" \t　>|*-+")
    colon = words.rfind("：")
    if 0 <= colon <= _LONGEST_NAME_LINE and _ANNOUNCED.search(words[:colon]):
        words = words[colon + 1 :]
    if len(words) > _LONGEST_NAME_LINE and (len(words) > 40 * _LONGEST_NAME_LINE or not _begins_a_row(words)):
        return []
    words = _LINE_MARK.sub("", words, count=1) if words and not words[0].isalpha() else words
    if words[:1] not in _FIRST and "·" not in words[:8]:
        return []
    if is_name(words):
        return [words]
    parts = [part for part in _BETWEEN_NAMES.split(words) if part]
    if len(parts) > 2 and all(len(part) == 1 for part in parts[-2:]):
        parts = re.split(r"[ ]{2,}|　(?=[^　]　?)", words)
    return parts if all(is_name(part) for part in parts) else []


def _begins_a_row(words: str) -> bool:
    """Whether names in a row begin here: behind the first one, of at most four characters, something parts them."""
    if _PARTING.isdisjoint(words[2:5]) and "·" not in words[:8]:
        return False
    return _ROW_OF_NAMES.match(words) is not None


def _rows_of_names(text: str, least: int) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Names joined by 、: after a word that announces them, or so many that they speak for themselves."""
    offset = 0
    taken = -1
    parts = text.split("、")
    for number, part in enumerate(parts):
        hopeful = len(part) <= _LONGEST_NAME_LINE and (part[:1] in _FIRST or "·" in part)
        if hopeful and 0 < number < len(parts) - 1 and offset > taken and is_name(part):
            begin = offset - 1 - min(len(parts[number - 1]), _LONGEST_NAME)
            starts = (one for one in range(begin, offset) if text[one] in _FIRST or text.find("·", one, offset) > 0)
            row = next(
                (one for one in (_ROW_OF_NAMES.match(text, at) for at in starts) if one and one.end() > offset), None
            )
            if row is not None:
                taken = row.end()
                names = re.split(r"[、，, 　]+", row[0])
                announced = _ANNOUNCED.search(text, max(0, row.start() - 60), row.start()) is not None
                surnames = len({name[0] for name in names})
                alone = text[row.end() : row.end() + 1] != "、" and text[row.start() - 1 : row.start()] != "、"
                enough = len(names) >= least and surnames > 1 if announced else alone and surnames >= 3
                if enough and all(is_name(name) for name in names):
                    yield row.start(), row.end(), names
        offset += len(part) + 1


def _name_columns(text: str, least: int) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Names in a column that is headed so, or beside a column of 男 and 女."""
    usual = "姓" in text or "名单" in text or "男" in text or "女" in text
    if not usual and not (("|" in text or "\t" in text) and any(word in text for word in _HEADED)):
        return
    for rows in tables(text):
        column = _name_column(rows)
        if column < 0:
            continue
        cells = [(start, _BEHIND_NAME.sub("", row[column])) for start, row in rows if column < len(row)]
        named = [(start, name) for start, name in cells if is_name(name)]
        telling = least < _NAMES and _TELLING.search(" ".join(rows[0][1])) is not None
        if len(named) >= (1 if telling else least):
            first = text.find(named[0][1], named[0][0])
            last = text.find(named[-1][1], named[-1][0])
            yield first, last + len(named[-1][1]), [name for _, name in named]


def _name_column(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Which column holds names; -1 when none does."""
    head, last = rows[0][1], rows[-1][1]
    for says in (_HEAD.search, _HEAD_OF_PERSONS.fullmatch):
        for number, cell in enumerate(head):
            if says(cell):
                return number
    beside = any(cell in {"男", "女"} for cell in last)
    return next((number for number, cell in enumerate(last) if is_name(cell)), -1) if beside else -1
