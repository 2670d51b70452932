"""Messages of the content stage: the source tree and front matter."""

from generator.messages import Message

SOURCE: dict[str, Message] = {
    "folder-unreadable": Message(
        "文件夹不存在，或者没有权限读取",
        "the folder does not exist or may not be read",
        "检查文件夹是否存在、权限是否正确",
        "check that the folder exists and its permissions",
    ),
    "file-unreadable": Message(
        "文件不能读取",
        "the file cannot be read",
        "检查文件的权限（chmod a+r）和所在文件夹的权限（chmod a+rx）；读取期间不要移动文件",
        "check its permissions (chmod a+r) and those of its folder (chmod a+rx), and do not move it while it is read",
    ),
    "unit-folder-unknown": Message(
        "没有定义这个单位",
        "no such unit is defined",
        "文件夹名应是 sites/cluster.yml 里列出的单位编号：{known}",
        "the folder must be named after a unit listed in sites/cluster.yml: {known}",
    ),
    "unit-folder-unknown-near": Message(
        "没有定义这个单位",
        "no such unit is defined",
        "是否想写 {near}？",
        "did you mean {near}?",
    ),
    "category-folder-unknown": Message(
        "没有定义这个类别",
        "no such category is defined",
        "文件夹名应是 sites/categories.yml 里的类别编号：{known}",
        "the folder must be named after a category in sites/categories.yml: {known}",
    ),
    "category-folder-unknown-near": Message(
        "没有定义这个类别",
        "no such category is defined",
        "是否想写 {near}？",
        "did you mean {near}?",
    ),
    "file-stray": Message(
        "这里不能放文件",
        "no file belongs here",
        "条目放在 单位/类别/ 之下，写成 名称.md；条目的附件放在与条目同名的文件夹里",
        "items stand in unit/category/ as name.md; an item's files lie in the folder that bears its name",
    ),
    "item-extension": Message(
        "条目的扩展名应是小写的 .md",
        "an item's extension must be .md in lower case",
        "把文件改名为 名称.md",
        "rename the file to name.md",
    ),
    "item-doubled": Message(
        "同一个条目写了两次：既有 名称.md，又有 名称/index.md",
        "the item is there twice: as name.md and as name/index.md",
        "只保留其中一个；在此之前两个都不发布",
        "keep one of them; until then neither is published",
    ),
    "folder-without-item": Message(
        "这个文件夹不属于任何条目",
        "the folder belongs to no item",
        "条目的文件夹里应有 index.md，或者旁边有同名的 .md 文件；条目不能再按年份等分文件夹",
        "an item's folder holds an index.md or stands beside an .md file of its name; there are no subfolders",
    ),
    "item-inside-item": Message(
        "条目的文件夹里不能再有别的 .md 文件",
        "an item's folder may hold no other .md file",
        "如果是另一个条目，移到类别文件夹下；如果是附件，换成 .txt、.docx 或 .pdf",
        "if it is another item, move it up into the category; if it is an attachment, make it .txt, .docx or .pdf",
    ),
    "folder-too-deep": Message(
        "文件夹嵌套超过 {limit} 层",
        "folders are nested more than {limit} deep",
        "把附件放到浅一些的文件夹里",
        "move the attachments up",
    ),
    "symbolic-link": Message(
        "这是符号链接，不会读取",
        "this is a symbolic link and is not followed",
        "把真正的文件放到这里",
        "put the file itself here",
    ),
    "not-regular": Message(
        "这不是普通文件",
        "this is no regular file",
        "删去管道、套接字和设备文件",
        "remove pipes, sockets and devices",
    ),
    "name-encoding": Message(
        "文件名不是 UTF-8 编码，这个文件不能使用",
        "the file name is not encoded in UTF-8; the file cannot be used",
        "多半是解压时没有按 GBK 转换文件名：重新命名",
        "it may come from an archive with names in another encoding: rename it",
    ),
    "slug-form": Message(
        "文件名不能用作网址",
        "the file name cannot be an address",
        "只用小写字母、数字、汉字、连字符和下划线，以字母、数字或汉字开头",
        "use lower-case letters, digits, Han, hyphens and underscores, and begin with a letter, digit or Han",
    ),
    "slug-reserved": Message(
        "这个文件名由网站自己使用",
        "the site itself uses this name",
        "换一个文件名，例如在后面加上年份",
        "choose another name, for example with the year behind it",
    ),
    "slug-too-long": Message(
        "文件名太长，超过 {limit} 个字节（一个汉字占三个字节）",
        "the file name is longer than {limit} bytes",
        "起一个短一些的文件名，标题不受影响",
        "choose a shorter file name; the title may stay long",
    ),
    "slug-collides": Message(
        "文件名与 {other} 只有大小写或全半角之差",
        "the name differs from {other} only in case or width",
        "改用明显不同的文件名；在有的电脑上这是同一个文件",
        "choose clearly different names: on some machines these are one file",
    ),
}

HEADER: dict[str, Message] = {
    "front-matter-missing": Message(
        "文件开头没有条目信息",
        "the file does not begin with front matter",
        "第一行写 ---，然后每行一个“键: 值”，最后再写一行 ---",
        "begin with a line ---, then one “key: value” a line, then another line ---",
    ),
    "fence-not-first": Message(
        "--- 必须在文件的第一行、行首",
        "the fence --- must be the very first line",
        "删去它前面的空行和空格",
        "delete the blank lines and spaces before it",
    ),
    "fence-shape": Message(
        "条目信息的起止线应是三个半角减号",
        "the fence must be three ASCII hyphens",
        "把这一行改成 ---，不多不少，前后没有别的字符",
        "make the line exactly ---, with nothing else on it",
    ),
    "fence-unclosed": Message(
        "条目信息没有结束线",
        "the front matter is not closed",
        "在最后一个键的下一行写 ---",
        "write --- on the line after the last key",
    ),
    "front-matter-dots": Message(
        "条目信息不能用 ... 结束",
        "front matter does not end with ...",
        "把这一行改成 ---",
        "make the line ---",
    ),
    "front-matter-tab": Message(
        "条目信息里有制表符（Tab）",
        "there is a tab in the front matter",
        "换成空格",
        "use spaces",
    ),
    "front-matter-empty": Message(
        "条目信息是空的",
        "the front matter is empty",
        "至少写明标题、发布日期、单位、类别和保密审查通过",
        "write at least title, date, unit, category and confidentiality_cleared",
    ),
    "front-matter-no-keys": Message(
        "条目信息不是“键: 值”的形式",
        "the front matter is not made of “key: value” lines",
        "每行写一个键，键后是半角冒号和一个空格",
        "write one key a line, followed by a colon and a space",
    ),
    "front-matter-braces": Message(
        "条目信息不能写在花括号里",
        "the front matter may not stand in braces",
        "每行写一个“键: 值”",
        "write one “key: value” a line",
    ),
    "colon-full-width": Message(
        "键后面是全角冒号“：”",
        "the colon behind the key is full-width",
        "换成半角冒号，后面空一格",
        "use an ASCII colon and a space behind it",
    ),
    "colon-no-space": Message(
        "冒号后面没有空格",
        "there is no space behind the colon",
        "在冒号后面空一格",
        "put a space behind the colon",
    ),
    "key-form": Message(
        "键要从行首写起，不加引号",
        "a key begins its line and bears no quotes",
        "删去键前面的空格、问号或引号",
        "remove spaces, question mark or quotes around the key",
    ),
}

KEYS: dict[str, Message] = {
    "clearance-flag-missing": Message(
        "没有写保密审查是否通过，按未通过处理",
        "there is no confidentiality_cleared, which counts as not cleared",
        "审查通过后写 confidentiality_cleared: true（或 保密审查通过: 是），尚未通过写 false（否）",
        "write confidentiality_cleared: true once it is cleared, and false until then",
    ),
    "clearance-flag-type": Message(
        "保密审查通过 confidentiality_cleared 的值不是规定的写法，按未通过处理",
        "the value of confidentiality_cleared is no plain boolean, which counts as not cleared",
        "同一行写小写的 true 或 false，不加引号；用中文键时可写 是 或 否",
        "write true or false in lower case on the same line, without quotes",
    ),
    "flag-type": Message(
        "{key} 的值不是规定的写法",
        "the value of {key} is no plain boolean",
        "同一行写小写的 true 或 false，不加引号；用中文键时可写 是 或 否",
        "write true or false in lower case on the same line, without quotes",
    ),
    "unit-mismatch": Message(
        "单位与所在文件夹不一致",
        "the unit is not that of the folder",
        "写成 {folder}，或者把文件移到该单位的文件夹",
        "make it {folder}, or move the file to that unit's folder",
    ),
    "category-mismatch": Message(
        "类别与所在文件夹不一致",
        "the category is not that of the folder",
        "写成 {folder}，或者把文件移到该类别的文件夹",
        "make it {folder}, or move the file to that category's folder",
    ),
    "disclosure-contradiction": Message(
        "公开属性不是主动公开，却写了保密审查通过",
        "the item is not for active disclosure, and yet it is cleared",
        "核对公开属性；确实不应上网的，把保密审查通过改为 false（否）",
        "check disclosure; if it must not be online, set confidentiality_cleared to false",
    ),
    "item-reference": Message(
        "{key} 的写法不能识别为条目",
        "the value of {key} names no item",
        "写成 单位/类别/名称，或者相对路径，如 ../policy/名称.md",
        "write unit/category/name, or a relative path such as ../policy/name.md",
    ),
    "item-reference-unit": Message(
        "{key} 所指条目的单位没有定义",
        "the item in {key} is of a unit that is not defined",
        "单位编号见 sites/cluster.yml",
        "the units are listed in sites/cluster.yml",
    ),
    "item-reference-category": Message(
        "{key} 所指条目的类别没有定义",
        "the item in {key} is of a category that is not defined",
        "类别编号见 sites/categories.yml",
        "the categories are listed in sites/categories.yml",
    ),
    "item-reference-self": Message(
        "{key} 指向了本条目自己",
        "{key} names the item itself",
        "改为另一个条目，或者删去",
        "name another item, or delete it",
    ),
    "redirect-form": Message(
        "旧地址的写法不对",
        "the old address is malformed",
        "写单位网站根以下的路径，不以 / 开头，以 .html、.htm 或 / 结尾，如 zwgk/2019/123.html",
        "write a path below the unit's root without a leading /, ending in .html, .htm or /",
    ),
    "redirect-self": Message(
        "旧地址就是本条目现在的地址",
        "the old address is the item's present one",
        "删去这一项",
        "delete it",
    ),
    "group-form": Message(
        "同步发布组的编号写法不对",
        "the release group is malformed",
        "只用小写字母、数字、汉字、连字符和下划线，不超过 80 个字",
        "use lower-case letters, digits, Han, hyphens and underscores, at most 80",
    ),
    "exemption-entry": Message(
        "豁免的一项写得不完整",
        "the exemption is incomplete",
        "每项写明 rule（规则）、match（内容）、digest（摘要值）、reason（理由）、by（批准人）",
        "give rule, match, digest, reason and by",
    ),
    "exemption-digest": Message(
        "豁免的摘要值写法不对",
        "the exemption's digest is malformed",
        "照抄检查报告里的 64 位摘要值",
        "copy the 64 digits from the report",
    ),
    "consultation-order": Message(
        "征集截止不在征集开始之后",
        "the consultation closes before it opens",
        "核对两个日期",
        "check both dates",
    ),
    "expires-before-date": Message(
        "下线日期不在发布日期之后，条目不会上网",
        "expires_on is not after date: the item will never be online",
        "核对两个日期",
        "check both dates",
    ),
    "updated-before-date": Message(
        "更新日期早于发布日期",
        "updated is before date",
        "核对两个日期",
        "check both dates",
    ),
    "change-without-updated": Message(
        "写了更正说明，没有写更新日期",
        "there is a change_note but no updated",
        "补上更新日期，读者才看得到何时更正",
        "add updated, so that readers see when it changed",
    ),
    "body-empty": Message(
        "没有正文，也没有附件",
        "there is neither text nor an attachment",
        "写上正文，或者在附件里列出文件",
        "write the text, or list files in attachments",
    ),
}

ATTACHMENTS: dict[str, Message] = {
    "attachment-entry": Message(
        "附件的一项写法不对",
        "the attachment is malformed",
        "写文件名，或者写 file（文件）和 title（标题）两个键",
        "write a file name, or a mapping of file and title",
    ),
    "attachment-missing": Message(
        "条目的文件夹里没有这个文件",
        "there is no such file in the item's folder",
        "把文件放进与条目同名的文件夹，核对文件名；以点或下划线开头的文件不算",
        "put the file into the folder that bears the item's name, and check its name; hidden files do not count",
    ),
    "attachment-letters": Message(
        "文件名的大小写或全半角与实际文件不同",
        "the file's name differs in case or width",
        "照实际的文件名写",
        "write the name as the file has it",
    ),
    "attachment-ambiguous": Message(
        "有两个文件叫这个名字，只是编码不同",
        "two files have this name, in different encodings",
        "给其中一个改名",
        "rename one of them",
    ),
    "attachment-outside": Message(
        "文件名指到了条目文件夹以外",
        "the name leads out of the item's folder",
        "只写条目文件夹里的文件名，不用 .. 、盘符、网址和反斜线",
        "name a file in the item's folder, without .., drive, URL or backslash",
    ),
    "attachment-active": Message(
        "网页、SVG、脚本和程序不能作为附件",
        "HTML, SVG, scripts and programs may not be attachments",
        "换成 PDF、图片或办公文档",
        "make it a PDF, a picture or an office document",
    ),
    "attachment-type": Message(
        "这种文件不能作为附件",
        "files of this kind may not be attachments",
        "换成 PDF、OFD、办公文档、表格、图片、文本或 ZIP，并写明扩展名；可用的扩展名见 docs/front-matter.md",
        "make it a PDF, OFD, office document, sheet, picture, text or ZIP: docs/front-matter.md lists the extensions",
    ),
    "image-type": Message(
        "这不是可以显示的图片",
        "this is no picture that can be shown",
        "换成 JPEG、PNG、GIF 或 WebP",
        "make it JPEG, PNG, GIF or WebP",
    ),
    "attachment-collides": Message(
        "发布后的文件名与本条目的另一个文件相同",
        "the published name is that of another file of the item",
        "给其中一个改名；空格和标点在发布时都会变成连字符",
        "rename one of them: blanks and punctuation become hyphens when published",
    ),
}

MESSAGES: dict[str, Message] = {**SOURCE, **HEADER, **KEYS, **ATTACHMENTS}
