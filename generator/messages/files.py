"""Messages of reading files, YAML and typed values, of items as of definitions."""

from generator.messages import Message

BYTES: dict[str, Message] = {
    "file-too-large": Message(
        "文件超过 {limit} MB",
        "the file is larger than {limit} MB",
        "把长内容拆成几个条目，图片和表格作为附件放",
        "split it into several items; put pictures and sheets beside it as files",
    ),
    "encoding-bom": Message(
        "文件开头有字节顺序标记（BOM）",
        "the file begins with a byte order mark",
        "另存为“UTF-8（无 BOM）”",
        "save it as UTF-8 without BOM",
    ),
    "encoding-gbk": Message(
        "文件是 GBK 编码，不是 UTF-8",
        "the file is encoded in GBK, not UTF-8",
        "用编辑器另存为 UTF-8（无 BOM）",
        "save it as UTF-8 without BOM",
    ),
    "encoding-utf16": Message(
        "文件是 UTF-16 编码（记事本所称“Unicode”），不是 UTF-8",
        "the file is encoded in UTF-16, not UTF-8",
        "用编辑器另存为 UTF-8（无 BOM）",
        "save it as UTF-8 without BOM",
    ),
    "encoding-surrogate": Message(
        "文件里有不成对的代理码，不是正确的 UTF-8",
        "the file holds a lone surrogate, which is no valid UTF-8",
        "删去或重新输入这个字符（多为损坏的表情符号）",
        "delete the character or type it again; it is often a broken emoji",
    ),
    "encoding-binary": Message(
        "这不是文本文件（可能是改了扩展名的 Word、PDF 或图片）",
        "this is no text file; perhaps a renamed document or picture",
        "新建 .md 文件，把文字粘贴进去；原文件放进条目的文件夹作为附件",
        "make a new .md file of its text, and put the original beside it as an attachment",
    ),
    "encoding-unknown": Message(
        "文件不是 UTF-8 编码",
        "the file is not UTF-8",
        "用编辑器另存为 UTF-8（无 BOM）；如果文件已损坏，从版本库恢复",
        "save it as UTF-8 without BOM; if it is damaged, restore it from version control",
    ),
    "line-ends-crlf": Message(
        "换行符是 CRLF（Windows 格式）",
        "lines end in CRLF",
        "可以照常发布；建议把编辑器的换行符设为 LF",
        "it is published all the same; set the editor to LF line ends",
    ),
    "line-ends-cr": Message(
        "有单独的回车符（CR）",
        "there is a carriage return alone",
        "用编辑器把换行符统一为 LF",
        "convert the line ends to LF",
    ),
    "merge-conflict": Message(
        "文件里有没有解决的合并冲突：两个版本的内容都在里面",
        "the file holds a merge conflict: both versions stand in it",
        "比较 <<<<<<<、=======、>>>>>>> 之间的两个版本，留下应有的内容，删去这三行",
        "keep what is right of the two versions, and delete the lines of <<<<<<<, ======= and >>>>>>>",
    ),
    "character-control": Message(
        "有控制字符 {character}（共 {count} 个）",
        "there is a control character {character} ({count} of the kind)",
        "删去这些看不见的字符；它们多是从别处粘贴进来的",
        "delete these invisible characters; they often come with pasted text",
    ),
    "character-direction": Message(
        "有改变文字方向的字符 {character}（共 {count} 个）",
        "there is a text direction character {character} ({count} of the kind)",
        "删去；它们使屏幕上看到的与实际发布的不同",
        "delete it: what is seen with it is not what is published",
    ),
    "character-invisible": Message(
        "有不可见字符 {character}（共 {count} 个）",
        "there is an invisible character {character} ({count} of the kind)",
        "建议删去；它会使检索不到这些词",
        "better delete it: words with it cannot be searched",
    ),
    "character-replaced": Message(
        "有替换字符 {character}（共 {count} 个），说明原来的文字已经损坏",
        "there is a replacement character {character} ({count} of the kind): the text was damaged before",
        "对照原文补上缺的字",
        "restore the missing characters from the original",
    ),
    "line-too-long": Message(
        "这一行超过 {limit} 个字符",
        "the line has more than {limit} characters",
        "分段；图片不要嵌入正文，放在条目的文件夹里引用",
        "break it into paragraphs; do not embed pictures, put them beside the item",
    ),
}

YAML: dict[str, Message] = {
    "yaml-syntax": Message(
        "这里读不通",
        "this cannot be read",
        "核对这一行和上一行：冒号后空一格，缩进对齐；值里有冒号、井号、方括号、引号等符号时，整个值加英文双引号",
        "check this line and the one before: a space behind colons, even indents, and quotes around a value with signs",
    ),
    "yaml-colon": Message(
        "这里的冒号使这一行读不通",
        "the colon here cannot be read",
        "值里有“: ”时，整个值加英文双引号；上一行的引号要成对",
        "quote a value that holds “: ”, and check the quotes of the line before",
    ),
    "yaml-start": Message(
        "值不能以这个符号开头",
        "a value cannot begin with this sign",
        "整个值加英文双引号",
        "quote the value",
    ),
    "yaml-tab": Message(
        "这里有制表符（Tab）",
        "there is a tab here",
        "缩进用空格，不用制表符",
        "indent with spaces, not with tabs",
    ),
    "yaml-escape": Message(
        "双引号里的反斜线读不通",
        "the backslash in the double quotes cannot be read",
        "反斜线写两个，或者改用单引号",
        "double the backslash, or use single quotes",
    ),
    "yaml-character": Message(
        "有 YAML 不允许的字符",
        "there is a character that YAML forbids",
        "删去看不见的字符",
        "delete invisible characters",
    ),
    "yaml-unclosed": Message(
        "从这里开始的引号或括号没有结束",
        "the quote or bracket that begins here is not closed",
        "补上结束的英文引号或括号",
        "close it",
    ),
    "yaml-anchor": Message(
        "不能使用 YAML 的锚点和引用（&、*、<<）",
        "anchors, aliases and merge keys (&, *, <<) are not allowed",
        "把内容写全；值以 & 或 * 开头时加英文双引号",
        "write it out; quote a value that begins with & or *",
    ),
    "yaml-tag": Message(
        "不能使用 YAML 的标签（!）",
        "YAML tags (!) are not allowed",
        "删去；值以 ! 开头时加英文双引号",
        "delete it; quote a value that begins with !",
    ),
    "yaml-documents": Message(
        "这里只能有一份 YAML，不能有 ---、... 和 % 行",
        "there may be one YAML document only, without ---, ... and % lines",
        "删去这一行",
        "delete the line",
    ),
    "yaml-key-type": Message(
        "键必须是文字",
        "a key must be text",
        "每行写一个“键: 值”",
        "write one “key: value” a line",
    ),
    "yaml-too-deep": Message(
        "嵌套超过 {limit} 层",
        "nested more than {limit} deep",
        "减少嵌套",
        "nest less deeply",
    ),
    "yaml-too-long": Message(
        "这一部分超过 {limit} 个字符",
        "this part has more than {limit} characters",
        "只写键和值；正文写在第二个 --- 之后",
        "keep to keys and values; the text comes after the second ---",
    ),
    "yaml-too-many": Message(
        "超过 {limit} 个值",
        "there are more than {limit} values",
        "减少列表和键的数目",
        "use fewer values",
    ),
    "key-duplicate": Message(
        "这个键写了两次，第一次在第 {first} 行",
        "the key is written twice; the first is on line {first}",
        "只留一个；同一个键的中文名和英文名也算重复",
        "keep one; a key's Chinese and English names are the same key",
    ),
    "key-unknown": Message(
        "没有这个键",
        "there is no such key",
        "可用的键见 docs/front-matter.md",
        "docs/front-matter.md lists the keys",
    ),
    "key-unknown-here": Message(
        "这里没有这个键",
        "there is no such key here",
        "可用的键：{keys}",
        "the keys are: {keys}",
    ),
    "key-misspelt": Message(
        "没有这个键",
        "there is no such key",
        "是否想写 {near}？",
        "did you mean {near}?",
    ),
    "key-missing": Message(
        "缺少必须写的键：{key}",
        "a required key is missing: {key}",
        "补上这个键",
        "add it",
    ),
}

VALUES: dict[str, Message] = {
    "value-empty": Message("{key} 没有写值", "{key} has no value", "写上值", "give it a value"),
    "value-not-text": Message(
        "{key} 应是一段文字",
        "{key} must be text",
        "值以 [、{{、- 开头时，整个值加英文双引号",
        "quote a value that begins with [, {{ or -",
    ),
    "value-not-one-line": Message(
        "{key} 应写在一行里",
        "{key} must be one line",
        "去掉换行",
        "remove the line breaks",
    ),
    "value-not-list": Message(
        "{key} 应是列表",
        "{key} must be a list",
        "写成 [甲, 乙]，用半角逗号；或者每行一项，以“- ”开头",
        "write [one, two], or one a line behind “- ”",
    ),
    "value-not-mapping": Message(
        "这里应是键和值",
        "there must be keys and values here",
        "每行写一个“键: 值”，可用的键：{keys}",
        "write one “key: value” a line, of: {keys}",
    ),
    "value-too-long": Message(
        "{key} 超过 {limit} 个字",
        "{key} has more than {limit} characters",
        "缩短",
        "shorten it",
    ),
    "value-characters": Message(
        "{key} 里有控制字符或改变文字方向的字符",
        "{key} holds control or text direction characters",
        "删去引号里以反斜线写出的字符",
        "remove what is written with backslashes in the quotes",
    ),
    "value-choice": Message(
        "{key} 的值不在规定的范围内",
        "the value of {key} is none of the choices",
        "选一个：{choices}",
        "choose one of: {choices}",
    ),
    "comment-in-value": Message(
        "{key} 的值到“#”为止，后面的当作注释，不会公开",
        "the value of {key} ends before '#': what follows is a comment, and not published",
        "“#”是内容的，给整个值加上英文双引号；是注释的，另起一行写",
        "put the whole value in double quotes, or the comment on a line of its own",
    ),
    "list-too-long": Message(
        "{key} 超过 {limit} 项",
        "{key} has more than {limit} members",
        "减少项数",
        "use fewer",
    ),
    "list-parted": Message(
        "{key} 里的一项含有全角逗号或顿号，整个算作一项",
        "a member of {key} holds a full-width or enumeration comma and counts as one",
        "用半角逗号隔开：[甲, 乙]；本来就是一项的，换个写法",
        "part members with ASCII commas: [a, b]; if it is one, write it otherwise",
    ),
    "list-duplicate": Message(
        "{key} 里有重复的一项，只算一次",
        "{key} has a member twice, which counts once",
        "删去重复的一项",
        "delete one",
    ),
    "date-type": Message(
        "{key} 不是日期",
        "{key} is no date",
        "写成 2024-05-06 或 2024-05-06 09:30",
        "write 2024-05-06 or 2024-05-06 09:30",
    ),
    "date-format": Message(
        "{key} 的日期写法不对",
        "the date of {key} is written in another way",
        "年四位，月、日、时各两位，用半角减号和冒号，如 2024-05-06 或 2024-05-06 09:30",
        "four digits for the year, two for the rest, as in 2024-05-06 or 2024-05-06 09:30",
    ),
    "date-impossible": Message(
        "{key} 的日期或时间不存在",
        "there is no such date or time as in {key}",
        "核对月份、日子和时刻",
        "check month, day and time",
    ),
    "date-offset": Message(
        "{key} 用了别的时区",
        "{key} is in another time zone",
        "换算成北京时间，去掉时区，或者写 +08:00",
        "convert it to Beijing time, without an offset or with +08:00",
    ),
    "date-range": Message(
        "{key} 的年份不在 {first} 至 {last} 之间",
        "the year of {key} is not between {first} and {last}",
        "核对年份",
        "check the year",
    ),
}

MESSAGES: dict[str, Message] = {**BYTES, **YAML, **VALUES}
