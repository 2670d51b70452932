"""What one item says of another, or would have in common with it; and what the negative list finds in it."""

from tests.invalid.invalid_cases import ITEM, REQUIRED, SITES, Case, Files, beside, front, item, odd, whole

HERE = "content/sfj/notice/"
OTHER = f"{HERE}b.md"
GOOD = front(*REQUIRED)
HIDDEN = GOOD.replace("confidentiality_cleared: true", "confidentiality_cleared: false")
TEXT = "各单位：现将会见时间调整的有关事项通知如下，请遵照执行，有问题及时反馈。"
LIST = SITES["sites/negative-list.yml"]
WORD = "kind: term, terms: [绝无此词]"


def reading(text: str, *more: str, instead: str = WORD, severity: str = "block", files: Files | None = None) -> Case:
    """An item with that text, under a list with one rule."""
    changed = LIST.replace(WORD, instead).replace("block", severity)
    return beside(item(*more, body=f"{text}\n"), {"sites/negative-list.yml": changed} | dict(files or {}))


_CASES: dict[str, Case] = {
    "link to no item": item(body="见[办法](item:sfj/policy/none)。\n"),
    "link to an item that is not public": beside(item(body="见[办法](b.md)。\n"), {OTHER: HIDDEN}),
    "link to no place in an item": beside(odd(item(body="见[办法](b.md#第三条)。\n")), {OTHER: GOOD}),
    "link to no file": item(body="见[申请表](申请表.docx)。\n"),
    "related to no item": item("related: [sfj/policy/none]"),
    "related to an item that is not public": beside(item("related: [b.md]"), {OTHER: HIDDEN}),
    "former address of another item": beside(item("redirect_from: [notice/b.html]"), {OTHER: GOOD}),
    "update to come": odd(item("updated: 2024-07-01")),
    "group of one": odd(item("release_group: huijian")),
    "group that waits": beside(
        odd(item("release_group: huijian")), {OTHER: HIDDEN.replace("---\n\n", "release_group: huijian\n---\n\n")}
    ),
    "copy of a public item": beside(odd(item(body=f"{TEXT}\n")), {OTHER: HIDDEN.replace("正文。", TEXT)}),
    "need that is not public": odd(
        Case(
            {
                ITEM: HIDDEN,
                "sites/cluster.yml": SITES["sites/cluster.yml"]
                + "theme_options:\n  needs:\n    - {label: 会见, to: 'item:sfj/notice/a'}\n",
            }
        )
    ),
    "word of the list": reading("绝无此词在此。"),
    "word of the list, to be looked at": odd(reading("绝无此词在此。", severity="warn")),
    "word of the list in a file": reading(
        "正文。", "attachments: [a.csv]", files={f"{HERE}a/a.csv": "序号,说明\n1,绝无此词\n"}
    ),
    "number of a person": reading("身份证号11010519491231002X。", instead="kind: recogniser, recogniser: resident-id"),
    "mark of secrecy": reading("秘密★10年", instead="kind: recogniser, recogniser: secrecy-mark"),
    "mark of secrecy, to be looked at": odd(
        reading("秘密★10年", instead="kind: recogniser, recogniser: secrecy-mark", severity="warn")
    ),
    "mark of secrecy in a file": reading(
        "正文。",
        "attachments: [a.csv]",
        instead="kind: recogniser, recogniser: secrecy-mark",
        files={f"{HERE}a/a.csv": "秘密★10年,说明\n1,甲\n"},
    ),
    "exemption of nothing": odd(
        reading(
            "正文。", "exemptions:", f"  - {{rule: word, match: 绝***, digest: '{'0' * 64}', reason: 无, by: 张三}}"
        )
    ),
    "rule that is due for review": odd(
        Case({ITEM: GOOD, "sites/negative-list.yml": LIST.replace("2099-12-31", "2024-05-31")})
    ),
}
CASES = {name: whole(case) for name, case in _CASES.items()}
