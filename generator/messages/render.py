"""Messages of the render stage: the theme and its options; Markdown's follow."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    "theme-missing": Message(
        "没有名为 {name} 的主题（缺少 theme.yml）",
        "there is no theme named {name} (no theme.yml)",
        "检查 sites/cluster.yml 的 theme，或者用 --themes 指定文件夹",
        "check `theme` in sites/cluster.yml, or name the folder with --themes",
    ),
    "theme-definition": Message(
        "theme.yml 有误：{reason}",
        "theme.yml is faulty: {reason}",
        "对照 docs/theme.md 改正",
        "see docs/theme.md",
    ),
    "theme-encoding": Message(
        "文件不是 UTF-8 编码",
        "the file is not UTF-8",
        "用编辑器另存为 UTF-8",
        "save it as UTF-8",
    ),
    "colour-format": Message(
        "{key} 的颜色不是 #rrggbb 的形式",
        "a colour of {key} is not of the form #rrggbb",
        '写成加引号的六位十六进制数，例如 "#a61b1b"',
        'write six hexadecimal digits in quotes, such as "#a61b1b"',
    ),
    "accent-contrast": Message(
        "{key} 与底色 {surface} 的对比度只有 {ratio}:1，文字看不清",
        "the contrast of {key} on {surface} is only {ratio}:1; text would be hard to read",
        "至少要 4.5:1：浅色模式换深一些的颜色，深色模式换浅一些的颜色",
        "it must be at least 4.5:1: choose a darker colour for paper, a lighter one for dark mode",
    ),
    "option-unknown": Message(
        "theme_options 中没有“{name}”这一项",
        "theme_options knows no '{name}'",
        "检查拼写；可用的选项见 docs/theme.md",
        "check the spelling; docs/theme.md lists the options",
    ),
    "option-type": Message(
        "theme_options 的 {name} 写法不对",
        "theme_options.{name} is not of the right form",
        "写法见 docs/theme.md",
        "see docs/theme.md",
    ),
    "option-target": Message(
        "theme_options 的 {name} 所指的“{target}”不存在",
        "theme_options.{name} names '{target}', which does not exist",
        "检查单位、类别和条目的标识；写法见 docs/theme.md",
        "check the ids of unit, category and item; docs/theme.md shows the form",
    ),
    "navigation-long": Message(
        "navigation 最多列 {most} 个类别",
        "navigation has at most {most} categories",
        "只留最常用的，其余从首页进入",
        "keep those used most; the home page leads to the others",
    ),
    "need-unpublished": Message(
        "“我要办”所指的条目 {target} 不存在或者没有公开，门户首页没有列出",
        "needs names the item {target}, which is missing or not published; the portal does not list it",
        "改指已公开的条目，或者等它公开",
        "name a published item, or wait until it is",
    ),
    "string-missing": Message(
        "界面文字“{key}”没有写全各种语言",
        "the interface text '{key}' is missing in one language",
        "zh-CN.yml 和 en.yml 要有相同的键",
        "zh-CN.yml and en.yml must have the same keys",
    ),
    "template-syntax": Message(
        "模板有语法错误：{reason}",
        "the template has a syntax error: {reason}",
        "按行号改正；模板语法见 docs/theme.md",
        "mend the line; see docs/theme.md",
    ),
    "template-failed": Message(
        "模板用到的名称不存在，或者用法不对：{reason}",
        "the template uses a name that does not exist, or uses it wrongly: {reason}",
        "按行号改正；每个模板可用的名称见 docs/theme.md",
        "mend the line; docs/theme.md lists the names of each template",
    ),
    "asset-missing": Message(
        "引用的文件 {name} 不存在",
        "it refers to the file {name}, which does not exist",
        "检查文件名；文件放在主题的 assets 文件夹里",
        "check the name; files belong into the theme's assets folder",
    ),
    "asset-circle": Message(
        "文件与 {name} 互相引用，无法按内容命名",
        "the file and {name} refer to each other, so neither can be named after its content",
        "把共用的部分移到第三个文件",
        "move what they share into a third file",
    ),
    "asset-name-taken": Message(
        "另一个静态文件也叫 {name}",
        "another static file is also named {name}",
        "assets 文件夹里的文件名不能重复",
        "names in the assets folder must be unique",
    ),
}
