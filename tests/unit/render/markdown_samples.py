"""Markdown for tests: real laws where they are at hand, bodies that are hard to read, and arbitrary mixtures."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st

SHARED = Path(__file__).resolve().parents[4] / "shared"
LAWS = SHARED / "corpus" / "laws.tar.xz"

NASTY = (
    "",
    "　",
    "     \n\n文",
    "文字  \n续行\n\n\n\n　　首行空两格\n",
    "# 一级\n## 二级\n文字\n### 三级 ###\n#无空格\n####### 七个\n#\n",
    "标题\n====\n\n小标题\n---\n正文\n---\n",
    "## 同名\n\n## 同名\n\n第三条 甲\n\n## 第三条\n\n## 第三条\n\n第三条 乙\n",
    "> ## 引文里的标题\n> 引文\n\n## 引文里的标题\n",
    "- # 列表里的标题\n  续行\n\n## 列表里的标题\n",
    "第一条\t制表符\n\n\t代码\n\n\n\t代码二\n\n正文\n",
    "    代码\n\n\n\n正文\n\n    又是代码\n",
    "- 甲\n- 乙\n\n    续段\n\n    - 丙\n\n丁\n\n1. 一\n2. 二\n\n3. 三\n",
    "3. 从三开始\n4. 四\n* 换成圆点\n+ 加号\n",
    "１. 全角数字\n\n３．全角点\n\n꘠. 别种数字\n\n（甲）括号\n",
    "2021.5.1 日期开头\n\n1.无空格\n\n1. 有空格\n1、顿号\n",
    "| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |\n| `a|b` | \\| |\n\n表后\n",
    "甲 | 乙\n---|---\n1 | 2\n## 紧跟标题\n",
    "# 甲 | 乙\n--|--\n1|2\n",
    "|只有一列|\n|---|\n|值|\n",
    "竖线 | 不是表\n下一行\n",
    "**粗** *斜* ***粗斜*** _下划_ __双__ a_b_c *未闭\n\n*跨\n\n段*\n",
    "*a **b *c** d* e*\n\n*x* *y* **z**\n\n**p *q* r*s* t** *u*\n",
    "`代码` ``双`反引号`` `未闭\n\n\\*转义\\* \\` \\\\ \\[ \\第\n",
    "[文](x.md) [文][r] [r] ![图](a.png) ![r] [空]() [嵌[套]](y.md)\n\n[r]: https://a.cn '题'\n",
    "脚注[^1]与[^注]，再次[^1]，没有[^无]。\n\n[^1]: 第一\n    续行\n\n    第二段\n[^注]: 第二\n",
    "///Footnotes Go Here///\n\n文[^1]\n\n[^1]: 注\n",
    "术语\n: 解释一\n\n: 解释二\n\n    续段\n\n正文\n\n:不是定义\n",
    '!!! note "题"\n    内容\n\n    第二段\n\n外面\n\n!!! warning ""\n    无题\n\n!!! tip\n外面\n',
    "文字\n{: .caption }\n\n## 标题 {#biaoti .x}\n\n## biaoti\n\n[链](u.md){: title='题' }\n",
    "各区司法局：\n{: .noindent }\n\n示例市司法局\n2026年1月2日\n{: .signature }\n",
    "{: .caption }\n\n花括号{不是}属性\n\n- 项{: .note }\n",
    "文字\n\n:\t制表符的定义\n",
    "1. 甲\n\n　\n\n    仍在列表里\n\n    代码\n\n　\n　\n\n    代码\n",
    "联系 <张三@例.cn> 即可\n\n## 致 <李四@例.cn>\n\n《关于<通知>的说明》\n",
    "[TOC]\n\n## 甲\n\n### 乙\n",
    "<div>块\n\n还在里面</div>\n\n外面 <b>行内</b> <br> <!-- 注\n\n释 --> 后\n\n<script>x</script>\n",
    "《关于修改<中华人民共和国刑法>的决定》 a < b > c <张三@a.cn> <https://a.cn> <a@b.cn>\n",
    "&amp; &lt; &#160; &#x4e00; & AT&T &无;\n",
    "***\n\n---\n\n___\n\n- - -\n\n文\n***\n",
    "\x02klzzwxh:0000\x03 \x02amp\x03 \x00 \x1f\n\x0b文\x0c字\x85末\n",
    "示例市司法局\n\n2026年1月2日\n\n正文\n\n示例市司法局\n\n2026年1月2日\n\n附件：1．甲\n      2．乙\n",
    "各区司法局：\n\n正文如下：\n\n一、甲\n\n（一）乙\n\n1．丙\n\n（1）丁\n\n第一百三十三条之一 在道路上\n",
    "**第三条** 加粗的条文\n\n第四条的规定\n\n第五条\n",
    "a\r\nb\rc\n",
    "[![图](a.png)](x.md) [甲](<b c.pdf> '题') [甲](x.md#第三条 \"题\")\n",
    "*a* [*b*](x.md) ![*c*](d.png) **[e](f.md)** `*g*`\n\n*h*\n\n**i**\n",
)

TOKENS = (
    *("\n", "\n", "\n\n", "\n\n", "\n\n", "\n\n\n", "    ", "  ", " ", "  \n", "\t", "　", "\xa0"),
    *("- ", "* ", "+ ", "1. ", "2. ", "> ", "# ", "## ", "### ", "#", "===", "---", "-", "|", "~"),
    *(
        "*",
        "**",
        "_",
        "__",
        "`",
        "``",
        "\\",
        "\\*",
        "[",
        "]",
        "](",
        ")",
        "(",
        "![",
        '"',
        "'",
        "{",
        "}",
        "<",
        ">",
        "&",
        "@",
    ),
    *("| a | b |\n|---|--:|\n", "| 1 | 2 |\n", "\n    ", "\n\n    ", "\n> ", "\n- ", "\n1. ", "\n## 标题\n"),
    *(
        "{: .caption }",
        "!!! note",
        '!!! note "题"',
        "&amp;",
        "&#160;",
        "a@b.c",
        "<张@例.cn>",
        "javascript:x",
        "item:a/b/c",
    ),
    *(
        "x.md#第三条",
        "图.png",
        "https://a.cn/?a=1&b",
        "词",
        "文字。",
        "第三条 ",
        "第三条",
        "（一）",
        "一、",
        "1．",
        "a",
    ),
    *(
        "\n\n文字文字\n\n",
        "\n\n文字文字\n\n",
        "\n\n## 标题\n\n",
        "\n\n示例市司法局\n\n2026年1月2日\n\n",
        "各区：\n\n",
        "b c",
    ),
)
"""Pieces of Markdown that stay within their block, or may."""

FAR_REACHING = (
    *("[^1]", "[^1]: 注", "[^2]: ", "[x]: u.md", "[x]", "{#id}", "{: #i .x }", ": ", ":", "\n: ", "[TOC]"),
    *("<div>", "</div>", "<b>", "</b>", "<br>", "<!-- ", " -->", "<p>", "</p>", "<script>", "</script>"),
    *("<table><tr><td>", "<!DOCTYPE x>", "<?php ?>", "<![CDATA[ x ]]>", "<https://a.cn>", "///Footnotes Go Here///"),
    *('<a href="x.md" onclick="y">', '<img src="a.png" style="b">', "</a>", "\x02", "\x00", "\r"),
)
"""Pieces that reach over other blocks."""

LOCAL_MARKDOWN = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)
ANY_MARKDOWN = st.lists(st.sampled_from(TOKENS + FAR_REACHING), max_size=40).map("".join)
MARKDOWN = st.one_of(LOCAL_MARKDOWN, ANY_MARKDOWN, st.text(max_size=200))


def laws(step: int) -> Iterator[str]:
    """Each ``step``-th of the laws, in the order of their names."""
    with tarfile.open(LAWS) as archive:
        # In the order of the archive: going back in a compressed one means to start again.
        found = {
            one.name: content.read()
            for one in archive
            if one.name.endswith(".md") and (content := archive.extractfile(one)) is not None
        }
    for name in sorted(found)[::step]:
        yield found[name].decode("utf-8", "replace").replace("\r\n", "\n")
