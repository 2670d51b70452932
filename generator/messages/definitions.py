"""Messages of ``sites/``: cluster, units, categories."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    "definition-missing": Message(
        "没有这个定义文件",
        "the definition file is missing",
        "照 docs/definitions.md 写一个，或者核对 --sites",
        "write it after docs/definitions.md, or check --sites",
    ),
    "definition-unreadable": Message(
        "定义文件不能读取",
        "the definition file cannot be read",
        "检查文件的权限；是符号链接的，检查它指到哪里",
        "check its permissions; of a symbolic link, where it leads",
    ),
    "definition-no-file": Message(
        "这里应是一个文件",
        "there must be a file here",
        "移走这个文件夹或特殊文件，换成定义文件",
        "move the folder or special file away, and put the definition file there",
    ),
    "definition-not-list": Message(
        "这里应是列表",
        "there must be a list here",
        "每项以“- ”开头",
        "begin each member with “- ”",
    ),
    "id-form": Message(
        "编号的写法不对",
        "the id is malformed",
        "小写字母开头，只用小写字母、数字和连字符，不超过 40 个",
        "begin with a lower-case letter; use lower-case letters, digits and hyphens, at most 40",
    ),
    "id-reserved": Message(
        "这个编号由网站自己使用",
        "the site itself uses this id",
        "换一个编号",
        "choose another id",
    ),
    "id-duplicate": Message(
        "这个编号已经用过",
        "the id is used already",
        "换一个编号",
        "choose another id",
    ),
    "unit-id-file": Message(
        "单位编号与文件名不一致",
        "the unit's id is not the name of its file",
        "写成 {name}，或者给文件改名",
        "make it {name}, or rename the file",
    ),
    "unit-misspelt": Message(
        "这个单位没有定义文件",
        "the unit has no definition file",
        "是否想写 {near}？",
        "did you mean {near}?",
    ),
    "unit-unlisted": Message(
        "这个单位没有列在 cluster.yml 的 units 里",
        "the unit is not listed under units in cluster.yml",
        "在 units 里加上它，或者移走这个文件",
        "list it, or move the file away",
    ),
    "parent-unknown": Message(
        "上级没有定义",
        "the parent is not defined",
        "写另一个已定义的编号，没有上级写 null",
        "name another defined id, or null for none",
    ),
    "parent-unknown-near": Message(
        "上级没有定义",
        "the parent is not defined",
        "是否想写 {near}？",
        "did you mean {near}?",
    ),
    "options-form": Message(
        "theme_options 应是键和值",
        "theme_options must be keys and values",
        "每行写一个“键: 值”，没有就写 {{}}",
        "write one “key: value” a line, or {{}} for none",
    ),
    "parent-cycle": Message(
        "上级关系成了环",
        "the parents form a circle",
        "改掉其中一个的上级",
        "change the parent of one of them",
    ),
    "number-range": Message(
        "{key} 应是 {least} 到 {most} 的整数",
        "{key} must be a whole number from {least} to {most}",
        "写成数字，不带单位",
        "write digits, without a unit",
    ),
    "url-form": Message(
        "{key} 不是网站的根地址",
        "{key} is no base URL",
        "写成 https://域名/，以 / 结尾，没有问号和井号；中文域名用 punycode",
        "write https://host/, ending in /, without query or fragment; Chinese hosts in punycode",
    ),
    "host-duplicate": Message(
        "这个地址已经给了别的网站",
        "another site has this address already",
        "每个网站用自己的地址；与门户同域名的单位写 null",
        "give each site its own; write null for a unit below the portal",
    ),
    "colour-form": Message(
        "{key} 不是颜色",
        "{key} is no colour",
        '写成带引号的六位颜色，如 "#8b1e1e"',
        'write six digits in quotes, as in "#8b1e1e"',
    ),
    "emblem-form": Message(
        "徽记应是一个或两个汉字",
        "the emblem must be one or two Han",
        "写一个或两个汉字",
        "write one or two Han",
    ),
    "site-code-form": Message(
        "网站标识码的写法不对",
        "the site identification code is malformed",
        "写十位数字，或者 bm 加八位数字，加英文引号；没有就留空",
        "write ten digits, or bm and eight digits, in quotes; or leave it empty",
    ),
    "email-form": Message(
        "电子邮箱的写法不对",
        "the e-mail address is malformed",
        "写成 名称@域名",
        "write name@host",
    ),
    "theme-form": Message(
        "主题名的写法不对",
        "the theme's name is malformed",
        "写 themes/ 下的文件夹名",
        "write the name of a folder in themes/",
    ),
    "time-zone": Message(
        "只支持 Asia/Shanghai（北京时间）",
        "only Asia/Shanghai is supported",
        "写成 Asia/Shanghai，或者不写",
        "write Asia/Shanghai, or nothing",
    ),
}
