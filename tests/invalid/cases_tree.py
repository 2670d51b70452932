"""Where files stand, and what they are called."""

from tests.invalid.invalid_cases import (
    CATEGORY,
    CLEARED,
    DATE,
    ITEM,
    REQUIRED,
    TITLE,
    UNIT,
    Case,
    front,
    link,
    pipe,
    unreadable,
)

GOOD = front(*REQUIRED)
HERE = "content/sfj/notice/"


def at(*names: str) -> Case:
    """A good item under each of these names in the category's folder."""
    return Case({HERE + name: GOOD for name in names})


CASES: dict[str, Case] = {
    "no content folder": Case({}, content=False),
    "unknown unit": Case({"content/caizheng/notice/a.md": GOOD}),
    "misspelt unit": Case({"content/jygl/notice/a.md": GOOD}),
    "unknown category": Case({"content/sfj/wenjian/a.md": GOOD}),
    "misspelt category": Case({"content/sfj/notices/a.md": GOOD}),
    "file beside the units": Case({"content/a.md": GOOD, "content/说明.txt": ""}),
    "file beside the categories": Case({"content/sfj/a.md": GOOD}),
    "file that is no item": Case({f"{HERE}a.docx": b"PK"}),
    "item in a year's folder": Case({f"{HERE}2024/a.md": GOOD}),
    "item in capitals": at("A.md"),
    "item in capitals beside its twin": at("A.md", "a.md"),
    "item with a blank": at("会见 通知.md"),
    "item with full-width letters": at("ａ.md"),
    "item with a dot": at("a.b.md"),
    "item that begins with a hyphen": at("-a.md"),
    "item with punctuation": at("通知（一）.md"),
    "item with a line break": at("a\nb.md"),
    "item with an escape character": at("a\x1b[2J.md"),
    "item named index": at("index.md"),
    "item named like a list page": at("page-2.md"),
    "item named like a device": at("con.md"),
    "item with a long name": at(f"{'长' * 70}.md"),
    "item with a capital extension": at("a.MD"),
    "item with a long extension": at("a.markdown"),
    "item as file and as folder": Case({ITEM: GOOD, f"{HERE}a/index.md": GOOD}),
    "item inside an item": Case({f"{HERE}a/index.md": GOOD, f"{HERE}a/b.md": GOOD}),
    "folder without an item": Case({f"{HERE}a/附件.pdf": b"%PDF"}),
    "attachment named in another encoding": Case({f"{HERE}a/index.md": GOOD, f"{HERE}a/\udcb8\udcbd.pdf": b"%PDF"}),
    "folders nested too deeply": Case({ITEM: GOOD, f"{HERE}a/1/2/3/4/5/a.pdf": b"%PDF"}),
    "item by symbolic link": Case({ITEM: link("/etc/passwd")}),
    "category by symbolic link": Case({"content/sfj/policy": link("/etc")}),
    "unit by symbolic link": Case({"content/jyglj": link("..")}),
    "item that is a pipe": Case({ITEM: pipe}),
    "item that nobody may read": Case({ITEM: unreadable}),
    "many faults in many items": Case(
        {
            f"{HERE}a.md": front(TITLE, "date: 2024-02-30", UNIT, CATEGORY, CLEARED),
            f"{HERE}b.md": front(TITLE, DATE, UNIT, CATEGORY, "confidentiality_cleared: yes"),
            "content/jyglj/notice/c.md": front(TITLE, DATE, UNIT, CATEGORY, CLEARED),
            "content/jyglj/notice/D.md": front(TITLE, DATE, "unit: jyglj", CATEGORY, CLEARED),
        }
    ),
}
