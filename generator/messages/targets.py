"""Messages of what says where releases go: ``sites/deploy.yml`` and the table of old addresses."""

from generator.messages import Message

MESSAGES: dict[str, Message] = {
    "deploy-targets": Message(
        "targets 下要写发布到哪里，至少一处。",
        "There must be at least one target under targets.",
        "每处写“名称:”，下面写 kind 等，见 docs/deploy.md。",
        "Write the name of each, and below it its kind and so on; see docs/deploy.md.",
    ),
    "deploy-target-name": Message(
        "发布去处的名称写法不对。",
        "The name of the target is malformed.",
        "小写字母开头，只用小写字母、数字和连字符，不超过 32 个。",
        "Begin with a lower-case letter; use lower-case letters, digits and hyphens, at most 32.",
    ),
    "deploy-sites": Message(
        "sites 应是 all，或者网站的列表。",
        "sites must be all, or a list of sites.",
        "写成 [甲, 乙]，可用的：{known}；全部写 all，或者不写这个键。",
        "Write [one, another] of these: {known}; for all write all, or leave the key out.",
    ),
    "deploy-host": Message(
        "{key} 不是主机名或 IP 地址。",
        "{key} is no host name or address.",
        "写成 www.shili.example 的样子，没有协议和路径。",
        "Write it like www.shili.example, without scheme and path.",
    ),
    "deploy-user": Message(
        "{key} 不是用户名。",
        "{key} is no user name.",
        "写服务器上的用户名，字母开头。",
        "Write the name of the user on the server, which begins with a letter.",
    ),
    "deploy-folder": Message(
        "{key} 不是绝对路径。",
        "{key} is no absolute path.",
        "以 / 开头，写到文件夹名，如 /srv/mingtang；不能是根目录。",
        "Begin with / and name a folder, such as /srv/mingtang; not the root.",
    ),
    "deploy-endpoint": Message(
        "{key} 不是对象存储的地址。",
        "{key} is no address of an object store.",
        "写成 https://主机名，没有路径。",
        "Write https://HOST, without a path.",
    ),
    "deploy-bucket": Message(
        "{key} 不是存储桶的名称。",
        "{key} is no name of a bucket.",
        "三到六十三个小写字母、数字、点和连字符。",
        "Write three to sixty-three lower-case letters, digits, dots and hyphens.",
    ),
    "deploy-prefix": Message(
        "{key} 里有不能用的字符。",
        "{key} holds characters that cannot be used.",
        "只用字母、数字、点、下划线、连字符和斜线。",
        "Use letters, digits, dots, underscores, hyphens and slashes.",
    ),
    "deploy-secret": Message(
        "“{key}”看来是密钥或口令，不能写在仓库里。",
        "{key} looks like a secret, which must not stand in the repository.",
        "删去这一行，改用环境变量或 ssh-agent；如果已经提交，请立即更换该口令。",
        "Use the environment or the ssh agent; if it was committed, change the secret now.",
    ),
    "deploy-old-address": Message(
        "旧地址的写法不对：{expected}。",
        "An old address that cannot be used; expected {expected}.",
        "见 docs/deploy.md“旧网站的地址”。",
        "See docs/deploy.md.",
    ),
    "deploy-old-address-doubled": Message(
        "同一个旧地址写了两次（第 {first} 行）。",
        "The same old address stands twice (line {first}).",
        "只留一处；大小写不同也算相同。",
        "Keep one; letter case does not count.",
    ),
}
