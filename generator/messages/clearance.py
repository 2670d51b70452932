"""Messages of the clearance stage: the negative list, its findings, attachments, masking.

``place`` says where in an attachment: ``p3`` page or slide 3, ``s2r14`` sheet 2 row 14,
``¶12`` paragraph 12, ``L5`` line 5, ``>2`` the second member of an archive (docs/attachments.md).
"""

from generator.messages import Message

_FINDINGS: dict[str, Message] = {
    "body-heavy": Message(
        "正文里的号码、数字或者标志太多，没有检查，本条不发布",
        "the body holds too many numbers, figures or marks; it was not looked through and the item is withheld",
        "把大表格、长名册做成 XLSX 或 CSV 附件，或者拆成几条",
        "publish large tables and lists as XLSX or CSV attachments, or split the item into several",
    ),
    "negative-list-block": Message(
        "触犯负面清单“{rule}”：{masked}",
        "Negative list, rule {rule}: {masked}",
        "请删去或遮盖（mask）；确需公开的，在 exemptions 写 rule、match（即{masked}）、digest: {digest}、reason、by。",
        "Remove it or cover it with the mask command; if it must stay, give rule, match ({masked}), digest: {digest}, "
        "reason and by in exemptions.",
    ),
    "negative-list-warn": Message(
        "可能触犯负面清单“{rule}”：{masked}",
        "Negative list, rule {rule}, perhaps: {masked}",
        "请核对；属于个人信息或不宜公开的，删去或遮盖；核对无误的，可在 exemptions 中说明（digest: {digest}）。",
        "Check it; remove or cover it if it is personal; if it is fine, say so in exemptions (digest: {digest}).",
    ),
    "negative-list-attachment": Message(
        "附件 {attachment}：触犯负面清单“{rule}”：{masked}（位置 {place}）",
        "Attachment {attachment}, negative list, rule {rule}: {masked} (at {place})",
        "在原文件中删去或遮盖后重新导出；确需公开的，在 exemptions 中说明（digest: {digest}）。",
        "Remove or cover it in the original and export again, or say in exemptions why it stays (digest: {digest}).",
    ),
    "negative-list-secrecy-block": Message(
        "有涉密标志（负面清单“{rule}”）：{masked}",
        "A mark of secrecy (negative list, rule {rule}): {masked}",
        "请立即停止处理并报告保密部门，不要删去标志了事，也不要提交。确认不是标志的，在 exemptions 写 rule、"
        "match（即{masked}）、digest: {digest}、reason、by。",
        "Stop, report it, and commit nothing; to remove the mark is no remedy. If it is certainly none, give rule, "
        "match ({masked}), digest: {digest}, reason and by in exemptions.",
    ),
    "negative-list-secrecy-warn": Message(
        "可能有涉密标志（负面清单“{rule}”）：{masked}",
        "Perhaps a mark of secrecy (negative list, rule {rule}): {masked}",
        "请核对；确是标志的，立即停止处理并报告保密部门；只是引用的，可在 exemptions 中说明（digest: {digest}）。",
        "Check it; if it is a mark, stop and report it; if it is only quoted, say so in exemptions (digest: {digest}).",
    ),
    "negative-list-secrecy-attachment": Message(
        "附件 {attachment}：涉密标志（负面清单“{rule}”）：{masked}（位置 {place}）",
        "Attachment {attachment}: a mark of secrecy (negative list, rule {rule}): {masked} (at {place})",
        "请立即停止处理并报告保密部门，不要删去标志了事，也不要提交。确认不是标志的，在 exemptions 中说明"
        "（digest: {digest}）。",
        "Stop, report it, and commit nothing; to remove the mark is no remedy. If it is certainly none, say so in "
        "exemptions (digest: {digest}).",
    ),
    "exemption-unused": Message(
        "第 {number} 条豁免没有对应的内容",
        "Exemption {number} covers nothing",
        "内容已改动或豁免填写有误：rule、match、digest 必须与检查结果一致，reason 和 by 不能为空；不再需要的请删去。",
        "The content has changed or the exemption is wrong: rule, match and digest must be those of the finding, "
        "reason and by must be given; remove it if it is no longer needed.",
    ),
}

_RULES: dict[str, Message] = {
    "rules-shape": Message(
        "负面清单的结构不对",
        "The negative list is not of the right form",
        "文件应有 version 和 rules，rules 下至少一条规则，见 docs/negative-list.md。",
        "The file has version and rules, with one rule at least: docs/negative-list.md.",
    ),
    "rule-id": Message(
        "规则编号的写法不对",
        "The rule's id is malformed",
        "用小写字母、数字和连字符，字母开头。",
        "Use lower-case letters, digits and hyphens; begin with a letter.",
    ),
    "rule-scope": Message(
        "category 类规则没有限定单位或类别",
        "A category rule names no units or categories",
        "请在 scope 里写 units 或 categories；不限定就会拦下一切。",
        "Name units or categories in its scope: without, it would hold back everything.",
    ),
    "rule-key-unfit": Message(
        "“{kind}”类规则不用“{key}”",
        "A rule of kind {kind} has no {key}",
        "请删去这个键，或改用相应的 kind。",
        "Remove the key or choose the kind that has it.",
    ),
    "rule-choice-near": Message(
        "“{key}”里的这一项没有定义",
        "This member of {key} is not defined",
        "是否想写 {near}？",
        "Did you mean {near}?",
    ),
    "rule-pattern": Message(
        "pattern 不是可用的正则表达式",
        "pattern is no usable regular expression",
        "请核对语法；能匹配空文本的表达式也不可用。",
        "Check its syntax; one that matches the empty text cannot be used either.",
    ),
    "rule-id-twice": Message(
        "规则编号“{rule}”重复",
        "Two rules have the id {rule}",
        "每条规则的 id 必须唯一，豁免才不会认错。",
        "Each rule needs an id of its own, so that exemptions are not mistaken.",
    ),
    "rule-review-due": Message(
        "规则“{rule}”应在 {day} 前复核",
        "Rule {rule} was due for review on {day}",
        "核对依据和范围后，更新 review 日期和清单的 version。",
        "Check basis and scope, then set a new review date and the version of the list.",
    ),
}


def _hidden(zh: str, en: str, hint_zh: str, hint_en: str) -> Message:
    """A message of something in an attachment; every one names the file and the place."""
    return Message(
        f"附件 {{attachment}}：{zh}（位置 {{place}}）",
        f"Attachment {{attachment}} {en} (at {{place}})",
        hint_zh,
        hint_en,
    )


_EXPORT = ("在原文件中清除后重新导出。", "Remove it in the original and export again.")

_ATTACHMENTS: dict[str, Message] = {
    "attachment-absent": _hidden(
        "不存在", "does not exist", "请核对文件名（区分大小写）。", "Check the name, which is case-sensitive."
    ),
    "attachment-unreadable": _hidden(
        "读不出来，可能已损坏或编码不明",
        "cannot be read; it may be damaged or of an unknown encoding",
        "用原来的软件打开并另存，文本文件请存为 UTF-8。",
        "Open it in its program and save it again; save text as UTF-8.",
    ),
    "attachment-encrypted": _hidden(
        "加了密码或有使用限制",
        "is encrypted or restricted",
        "取消密码和限制后重新导出，否则无法检查。",
        "Lift the password and the restrictions; else it cannot be inspected.",
    ),
    "attachment-refused-kind": _hidden(
        "是不允许发布的类型",
        "is of a kind that is never published",
        "网页、脚本、程序和不认识的格式不能作附件，请改用 PDF、DOCX、XLSX、CSV、图片等。",
        "Web pages, scripts, programs and unknown formats are no attachments; use PDF, DOCX, XLSX, CSV or images.",
    ),
    "attachment-refused-mismatch": _hidden(
        "内容与扩展名不符",
        "is not what its extension says",
        "不要改扩展名冒充其他格式，请用相应的软件另存。",
        "Save it in the format that its name says.",
    ),
    "attachment-refused-large": _hidden(
        "过大，无法检查",
        "is too large to be inspected",
        "请拆分或压缩后再附。",
        "Split it or make it smaller.",
    ),
    "attachment-refused-bomb": _hidden(
        "展开后过大、过多或嵌套过深",
        "unpacks to too much, too many or too deep",
        "请直接附上其中的文件。",
        "Attach the files in it themselves.",
    ),
    "attachment-refused-pixels": _hidden(
        "图片的像素过多（上限 6000 万）",
        "has a picture of too many pixels (60 million at most)",
        "用看图软件缩小尺寸，另存后再附。",
        "Make the picture smaller and save it again.",
    ),
    "attachment-refused-empty": _hidden(
        "是空文件（0 字节）",
        "is empty",
        "多半是没有复制完：从原处重新复制。",
        "It was probably not copied to its end: copy it again.",
    ),
    "attachment-refused-member": _hidden(
        "有路径不安全、重名、是链接或系统自动添加的成员",
        "has a member with an unsafe or doubled name, a link, or a file that the system added",
        "请重新打包（不要带 __MACOSX、.DS_Store、Thumbs.db），或直接附上其中的文件。",
        "Pack it anew without __MACOSX, .DS_Store and Thumbs.db, or attach the files in it themselves.",
    ),
    "attachment-refused-xml": _hidden(
        "里的 XML 带有文档类型声明",
        "has XML with a document type",
        "正常的办公软件不会这样写，请用原来的软件另存。",
        "No office program writes this; save it again in its program.",
    ),
    "attachment-tracked-changes": _hidden(
        "留有修订记录",
        "has tracked changes",
        "接受或拒绝全部修订，关闭修订后保存。",
        "Accept or reject all changes and save.",
    ),
    "attachment-comments": _hidden("留有批注", "has comments", "删除全部批注后保存。", "Delete all comments and save."),
    "attachment-hidden-text": _hidden(
        "有看不见的文字（隐藏、与底色同色、极小、在页面之外、被条件格式或合并单元格隐去）",
        "has text that cannot be seen (hidden, in the colour of its ground, tiny, off the page, "
        "under a conditional format or a merged cell)",
        "删去这些文字；确要公开的，改为正常显示（条件格式清除规则，合并单元格先取消合并）。",
        "Delete the text, or show it (clear the conditional format, split the merged cells).",
    ),
    "attachment-hidden-rows": _hidden(
        "有隐藏的行",
        "has hidden rows",
        "取消隐藏并核对，不公开的整行删除。",
        "Show the rows and check them; delete what is not public.",
    ),
    "attachment-hidden-columns": _hidden(
        "有隐藏的列",
        "has hidden columns",
        "取消隐藏并核对，不公开的整列删除。",
        "Show the columns and check them; delete what is not public.",
    ),
    "attachment-hidden-sheet": _hidden(
        "有隐藏的工作表",
        "has a hidden sheet",
        "取消隐藏并核对，不公开的工作表整张删除。",
        "Show the sheet and check it; delete what is not public.",
    ),
    "attachment-hidden-name": _hidden(
        "有隐藏的或指向其他文件的名称",
        "has defined names that are hidden or point to other files",
        "在名称管理器中删除。",
        "Delete them in the name manager.",
    ),
    "attachment-external-link": _hidden(
        "链接到其他文件、内部网络或外部数据",
        "links to other files, an internal network or outside data",
        "断开链接，只保留数值或文字；文档模板改为 Normal；超链接只用 http、https 和 mailto。",
        "Break the links and keep the values; use the Normal template; hyperlinks may be http, https and mailto.",
    ),
    "attachment-macros": _hidden(
        "含有宏或控件", "has macros or controls", "另存为不带宏的格式。", "Save it in a format without macros."
    ),
    "attachment-pivot-cache": _hidden(
        "有数据透视表，其缓存含全部原始数据",
        "has a pivot table, whose cache holds all its source data",
        "把透视表复制后“粘贴为数值”，删除原表。",
        "Copy the table, paste its values, and delete the original.",
    ),
    "attachment-embedded-object": _hidden(
        "嵌有无法检查的对象",
        "embeds an object that cannot be inspected",
        "删去对象，需要的另作附件。",
        "Remove it; attach it separately if needed.",
    ),
    "attachment-custom-data": _hidden(
        "带有自定义 XML 数据",
        "has custom XML data",
        "用“检查文档”清除后保存；没有的，全选复制到新文件里另存。",
        "Remove it with the document inspector; if there is none, copy all into a new file.",
    ),
    "attachment-orphan-part": _hidden(
        "有不被引用、看不到的部分",
        "has a part that nothing refers to",
        "用原来的软件打开并另存。",
        "Open it in its program and save it again.",
    ),
    "attachment-hidden-slide": _hidden(
        "有隐藏的幻灯片",
        "has a hidden slide",
        "取消隐藏并核对，不公开的删除。",
        "Show the slide and check it; delete what is not public.",
    ),
    "attachment-notes": _hidden("有演讲备注", "has speaker notes", "删去备注后保存。", "Delete the notes and save."),
    "attachment-cropped-image": _hidden(
        "有裁剪过的图片，被裁掉的部分还在文件里",
        "has a cropped picture, which still holds what was cut off",
        "在软件中“压缩图片”并勾选“删除图片的剪裁区域”，或换成裁剪好的图片。",
        "Compress the pictures and delete cropped areas, or insert a picture that is already cut.",
    ),
    "attachment-annotations": _hidden("有注释", "has annotations", *_EXPORT),
    "attachment-embedded-file": _hidden("夹带其他文件", "carries other files", *_EXPORT),
    "attachment-script": _hidden("含有脚本或自动动作", "has scripts or actions", *_EXPORT),
    "attachment-hidden-layer": _hidden("有隐藏的图层", "has hidden layers", *_EXPORT),
    "attachment-covered-text": _hidden(
        "有看不见但仍能从文件里取出的文字（被遮盖、与底色同色、极小、被裁掉或在页面之外）",
        "has text that cannot be seen (covered, in the colour of its ground, tiny, cut off or off the page) "
        "but can still be taken out of the file",
        "色块遮不住文字：在原文件中删去文字，再画色块，重新导出；表格里显示不全的，调整列宽后重新导出。",
        "A bar does not remove text: delete it in the original, then export again; widen columns that cut text off.",
    ),
    "attachment-trailing-data": _hidden(
        "正文前后附有其他数据",
        "has other data before its beginning or after its end",
        "用原来的软件打开并另存。",
        "Open it in its program and save it again.",
    ),
    "attachment-signed": _hidden(
        "带有电子签名，文档信息原样保留",
        "is signed, so its metadata stay as they are",
        "改动会使签名失效。请核对文档属性中没有不宜公开的内容。",
        "A change would void the signature. Check that its properties hold nothing that is not public.",
    ),
}

MESSAGES: dict[str, Message] = _FINDINGS | _RULES | _ATTACHMENTS
