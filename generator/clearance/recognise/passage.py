"""The quick look: text in → ``Passage`` with the signs of what may be in it. Pure."""

from __future__ import annotations

import re

from generator.clearance.recognise.match import Cue, Passage, Run, Sign

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_BLANKS = "\u3000\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff\u00ad"
_DASHES = "‐‑‒–—―−"
_FOLD = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in _WIDE}
_FOLD |= dict.fromkeys(map(ord, _BLANKS), " ") | dict.fromkeys(map(ord, _DASHES), "-")
_FOLD |= dict.fromkeys(map(ord, "·•．"), ".")

# Separators that hide a number from a naive search: blanks of every width, dashes, Markdown's emphasis.
_INNER = rf"0-9A-Za-z０-９Ａ-Ｚａ-ｚ@＠.．·•_*+\\~\- {_BLANKS}{_DASHES}－＊＋＿()（）"
_RUN = re.compile(rf"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ@＠(（+＋][{_INNER}]{{4,}}")
_DAY = re.compile(r"\(?(?:19|20)[0-9]{2}[-./][01]?[0-9][-./][0-3]?[0-9](?: +[0-9]{0,2})?\)?[ .\-]*")
_DIGITS = re.compile(r"(?:[0-9][^0-9]{0,3}){7}")

_B = "[ \u3000\u00a0\u200b-\u200d\u2060\ufeff\u00ad]{0,3}"
_CUES = {
    Sign.TRAVEL: "护照|通行证|台胞证|旅行证",
    Sign.ADDRESS: "单元|号楼|住址|住所地|居住地|现住|住[^房宅院所建户宿]|户籍|户口所在|家庭地址|栋|幢",
    Sign.BIRTH: "出生|生于|生日|日生",
    Sign.NAMES: f"姓{_B}名|名单|名册|人员如下|学员|未成年|吸毒|患者|患病|尿检",
    Sign.SECRECY: f"★|☆|密{_B}[级电]|密[发传字函]?[〔\\[［（(]|绝{_B}密|机{_B}密|秘{_B}密"
    f"|内{_B}部{_B}[资文材使参传掌刊阅]"
    "|（内部|【内部|\\(内部|\\[内部|不公开|不予公开|不得公开|依申请公开|外传|保密期限|阅后|涉密|定密",
}
# Every alternative begins with a literal, and no two signs share a first character: so the search stays a
# scan for a set of characters, and the first one tells the sign.
_CUE = re.compile("|".join(_CUES.values()))
_SIGN_OF = {piece.lstrip("\\")[0]: sign for sign, pieces in _CUES.items() for piece in pieces.split("|")}


def fold(text: str) -> str:
    """Full-width letters, digits, blanks and dashes as ASCII, character for character."""
    return text.translate(_FOLD)


def passage(text: str, allowed: frozenset[str] = frozenset(), *, name: bool = False) -> Passage:
    """Look once through ``text``; ``allowed`` are the units' own contacts."""
    signs: int = Sign.ALWAYS
    runs: list[Run] = []
    for found in _RUN.finditer(text):
        run = found.group()
        if not run.isascii():
            run = fold(run)
        before = text[found.start() - 1] if found.start() else ""
        if "@" in run:
            signs |= Sign.AT
        if before in PROVINCES and before:
            signs |= Sign.PLATE
        if _DIGITS.search(run) and not _DAY.fullmatch(run):
            signs |= Sign.DIGITS
        elif not (before in PROVINCES and before) and "@" not in run and not run[0].isalpha():
            continue
        runs.append(Run(found.start(), run))
    cues = tuple(Cue(_SIGN_OF[found[0][0]], found.start()) for found in _CUE.finditer(text))
    for cue in cues:
        signs |= cue.sign
    if name:
        signs |= Sign.SECRECY
    return Passage(text, signs, tuple(runs), cues, allowed, name)
