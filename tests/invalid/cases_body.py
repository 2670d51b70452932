"""What a body says that cannot be shown, or that is read otherwise than it is meant."""

import base64

from tests.invalid.invalid_cases import Case, beside, item, odd, whole

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)


def body(*lines: str) -> Case:
    return whole(item(body="\n".join((*lines, ""))))


def read_otherwise(*lines: str) -> Case:
    return odd(body(*lines))


CASES: dict[str, Case] = {
    "too long": body(*["字" * 99_999] * 11),
    "figures without end": body(*["7 " * 100] * 500),
    "quotations too deep": body("甲", "", ">" * 40 + " 乙"),
    "footnote named too often": body(*["甲[^1]。", ""] * 1_100, "[^1]: 乙"),
    "entity that turns the text": body("甲", "", "正&#x202E;文。"),
    "link without an address": read_otherwise("见[办法]()。"),
    "link without a text": read_otherwise("见[](https://www.shili.example/)。"),
    "link with a script": body("见[办法](javascript:alert(1))。"),
    "link to a file of the disk": body("见[办法](C:\\Users\\a\\banfa.docx)。"),
    "link from the root": body("见[办法](/sfj/policy/banfa)。"),
    "link without its scheme": body("见[网站](www.shili.example)。"),
    "link with full-width signs": body("见[网站](http：//www.shili.example/)。"),
    "link to an item that is none": body("见[办法](item:banfa)。"),
    "link to a page": body("见[办法](../policy/banfa.html)。"),
    "link to a file elsewhere": body("见[附件](../../fujian.pdf)。"),
    "link to no heading": read_otherwise("见[第三条](#第三条)。"),
    "picture of another site": body("![流程](https://www.shili.example/a.png)"),
    "picture of the disk": body("![流程](C:\\Users\\a\\liucheng.png)"),
    "picture without words": beside(read_otherwise("![](tu.png)"), {"content/sfj/notice/a/tu.png": PICTURE}),
    "HTML that is dropped": read_otherwise("甲", "", "<script>a()</script>", "", '<p style="color:red">乙</p>'),
    "paragraphs without a blank line": read_otherwise("一、申请", "二、受理"),
    "paragraph with four blanks": read_otherwise("甲", "", "    请遵照执行。"),
    "table without its second line": read_otherwise("| 项目 | 标准 |", "| 遗嘱 | 200 |"),
    "table with tabs": read_otherwise("序号\t公证处", "1\t明信", "2\t中正"),
    "stars that mask": read_otherwise("电话138****1234、139****5678。"),
    "lines of a letter": read_otherwise("各单位：", "　　现将有关事项通知如下：", "　　一、提高认识"),
    "lines of an office": read_otherwise("联系人：王科长", "电话：12348"),
    "full-width marks of a heading": read_otherwise("＃ 标题", "", "正文。"),
    "full-width marks of a link": read_otherwise("见［网站］（https://www.shili.example/）。"),
    "footnote with a full-width colon": read_otherwise("依据[^1]。", "", "[^1]：《法律援助法》"),
    "footnote that is not there": read_otherwise("依据[^1]。"),
    "signs for less and greater": read_otherwise("若A<B，且C>D。"),
}
