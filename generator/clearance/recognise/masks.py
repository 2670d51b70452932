"""How a match may be shown: enough to find it again, too little to learn it. Pure.

Rules as published by 永安 (NORMS §10): identity number first 2 and last 3, mobile
``138****1234``, address down to the township; bank card the last 4.
"""

from __future__ import annotations

import re


def mask_resident_id(digits: str) -> str:
    """``35*************123``."""
    return f"{digits[:2]}{'*' * (len(digits) - 5)}{digits[-3:]}"


def mask_mobile(digits: str) -> str:
    """``138****1234``."""
    return f"{digits[:3]}****{digits[-4:]}"


def mask_landline(digits: str) -> str:
    """The area code where there is one, and the last two digits."""
    area = digits[:3] if digits[:2] in {"01", "02"} else digits[:4] if digits[:1] == "0" else ""
    return f"{area}{'*' * (len(digits) - len(area) - 2)}{digits[-2:]}"


def mask_bank_card(digits: str) -> str:
    """The last four digits only."""
    return f"{'*' * (len(digits) - 4)}{digits[-4:]}"


def mask_document(number: str) -> str:
    """A passport or permit: its letter and the last two digits."""
    return f"{number[:1]}{'*' * (len(number) - 3)}{number[-2:]}"


def mask_plate(plate: str) -> str:
    """``津A***45``."""
    return f"{plate[:2]}{'*' * (len(plate) - 4)}{plate[-2:]}"


def mask_email(address: str) -> str:
    """The first character and the top of the domain."""
    domain = address.rpartition("@")[2]
    return f"{address[:1]}***@***.{domain.rpartition('.')[2]}"


def mask_name(name: str) -> str:
    """``王某某``: the surname and 某 for each further character."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    return surname + "某" * min(max(len(name) - len(surname), 1), 2)


_LEVELS = tuple(re.compile(f"^.*(?:{words})") for words in ("街道|镇|乡(?!市)", "(?<![小社园景])区|县|市"))
"""What is kept by rule (地址只保留到乡镇、街道, NORMS §10), and what for want of it: a road is finer than either."""


def mask_address(address: str) -> str:
    """Down to the township or the subdistrict, or else to the district; what is finer becomes ``**``."""
    for level in _LEVELS:
        kept = level.search(address)
        if kept:
            return f"{kept.group()}**"
    return "**"


def mask_words(words: str) -> str:
    """Anything else: the first character, and at most eight marks."""
    return words[:1] + "*" * min(len(words) - 1, 8)


_COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 "
    "拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
