"""Messages of the site stage: names, links, relations."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    "item-name-reserved": Message(
        "文件名 index、page-2、page-3 等留给列表页使用，本条目没有发布",
        "the file names index, page-2, page-3 … belong to list pages; this item is not published",
        "给文件（或文件夹）换一个名字",
        "give the file (or folder) another name",
    ),
    "item-name-taken": Message(
        "同一类别中另一条目的文件名只有大小写或字符编码不同，两个网页会互相覆盖；本条目没有发布",
        "another item of the category has the same file name but for case or composition; this item is not published",
        "给其中一个文件换一个名字",
        "give one of the two files another name",
    ),
    "attachment-name-taken": Message(
        "两个附件发布后的文件名相同（不分大小写），本条目没有发布",
        "two attachments would be published under the same name; this item is not published",
        "给其中一个附件换一个名字",
        "give one of the two attachments another name",
    ),
    "redirect-name-taken": Message(
        "redirect_from 中有一个旧址已被别的网页、附件或跳转占用，该旧址没有生成",
        "a former address in redirect_from is taken by another page, file or redirect, and was left out",
        "删去这个旧址，或者改正占用它的条目",
        "remove the address, or mend the item that has it",
    ),
    "updated-to-come": Message(
        "更新日期还没有到，而更新的内容已经公开；网页和订阅里会显示这个将来的日期",
        "updated is yet to come, but the text is public already; page and feed show that day",
        "写实际更新的时间；要到那天才公开的改动，到那天再改",
        "write when it was updated; make a change that is to appear on that day, on that day",
    ),
    "link-missing": Message(
        "链接指向的条目不存在，网页上显示为普通文字",
        "the link leads to an item that does not exist; the page shows plain text",
        "检查单位、类别和文件名；写法：[文字](../policy/x.md) 或 [文字](item:单位/类别/文件名)",
        "check unit, category and file name; write [text](../policy/x.md) or [text](item:unit/category/name)",
    ),
    "link-not-cleared": Message(
        "链接指向的条目没有公开，网页上显示为普通文字",
        "the link leads to an item that is not published; the page shows plain text",
        "等该条目公开后再链接，或者删去链接",
        "link to it once it is published, or remove the link",
    ),
    "link-anchor-missing": Message(
        "链接指向的条目中没有 # 后面的位置，链接会打开该条目的开头",
        "the item has no such place as stands after #; the link opens at its beginning",
        "检查标题或条文的标识，例如 #第三十二条",
        "check the heading's or the article's id, such as #第三十二条",
    ),
    "link-file-missing": Message(
        "链接指向的文件不在条目的文件夹里，或者不能公开；网页上显示为普通文字",
        "the link leads to a file that is not beside the item or cannot be published; the page shows plain text",
        "把文件放在条目的文件夹里，检查文件名",
        "put the file into the item's folder and check its name",
    ),
    "relation-missing": Message(
        "{key} 指向的条目不存在，网页上没有列出",
        "{key} names an item that does not exist; the page does not list it",
        "写条目的完整标识：单位/类别/文件名",
        "write the whole id: unit/category/name",
    ),
    "relation-not-cleared": Message(
        "{key} 指向的条目没有公开，网页上没有列出",
        "{key} names an item that is not published; the page does not list it",
        "该条目公开后会自动列出；不打算公开的，请删去",
        "it will be listed once it is published; remove it if it never will be",
    ),
}
