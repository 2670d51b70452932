"""The one table of front-matter keys: name, Chinese names, type, meaning. Pure.

From it come the reader (``content.item``), ``docs/front-matter.md`` and the
templates of the authoring commands. A later piece adds a key by one line here;
a key that only one type of item has goes to ``Item.extra`` (``extra=True``), as
plain data, and needs no field in the model.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from generator.content.names import folded, nearest

Kind = Literal[
    "line",
    "text",
    "lines",
    "flag",
    "day",
    "moment",
    "end",
    "choice",
    "unit",
    "category",
    "attachments",
    "image",
    "item",
    "items",
    "redirects",
    "group",
    "exemptions",
]

KIND_NAMES: dict[Kind, str] = {
    "line": "一行文字",
    "text": "文字（可以多行）",
    "lines": "列表，每项一行文字",
    "flag": "是否",
    "day": "日期",
    "moment": "日期，可带时间",
    "end": "日期，可带时间；只写日期时算到当天结束",
    "choice": "选一",
    "unit": "单位编号",
    "category": "类别编号",
    "attachments": "列表，每项是文件名，或者文件名加标题",
    "image": "图片文件名",
    "item": "条目",
    "items": "列表，每项是一个条目",
    "redirects": "列表，每项是一个旧地址",
    "group": "编号",
    "exemptions": "列表，每项有 rule、match、digest、reason、by",
}


class Key(Struct, frozen=True, kw_only=True):
    """One key of the front matter."""

    name: str
    zh: tuple[str, ...]
    """Chinese names; the first is the one that documents and templates use."""
    kind: Kind
    doc: str
    """What it says and what it does, in Chinese."""
    example: str = ""
    required: bool = False
    extra: bool = False
    """Kept in ``Item.extra`` as plain data instead of a field of its own."""
    choices: dict[str, str] = {}
    """For ``choice``: each spelling that may be written, and the value it stands for."""
    mistaken: tuple[str, ...] = ()
    """Names that people write instead, for “did you mean”."""

    @property
    def label(self) -> str:
        """How messages call it: ``标题 title``."""
        return f"{self.zh[0]} {self.name}"


VALIDITY = {
    **{one: one for one in ("effective", "expired", "repealed", "amended")},
    **{"有效": "effective", "失效": "expired", "废止": "repealed", "修改": "amended"},
}
AUDIENCE = {
    **{one: one for one in ("public", "family", "inmate")},
    **{"社会公众": "public", "近亲属": "family", "服刑（戒毒）人员": "inmate", "服刑(戒毒)人员": "inmate"},
}
DISCLOSURE = {one: one for one in ("主动公开", "依申请公开", "不予公开")}

KEYS: tuple[Key, ...] = (
    Key(
        name="title",
        zh=("标题",),
        kind="line",
        required=True,
        example="关于调整会见时间的通知",
        doc="条目的标题。",
        mistaken=("name", "heading", "题目", "名称", "標題"),
    ),
    Key(
        name="date",
        zh=("发布日期",),
        kind="moment",
        required=True,
        example="2024-05-06",
        doc="在网上发布的时间。将来的时间表示到时自动发布。",
        mistaken=("published", "publish_date", "pubdate", "日期", "发布时间", "發布日期"),
    ),
    Key(
        name="unit",
        zh=("单位",),
        kind="unit",
        required=True,
        example="jyglj",
        doc="单位编号，必须与所在文件夹一致。",
        mistaken=("department", "organ", "部门", "單位"),
    ),
    Key(
        name="category",
        zh=("类别",),
        kind="category",
        required=True,
        example="notice",
        doc="类别编号，必须与所在文件夹一致。",
        mistaken=("section", "column", "栏目", "分类", "類別"),
    ),
    Key(
        name="confidentiality_cleared",
        zh=("保密审查通过",),
        kind="flag",
        required=True,
        example="true",
        doc="保密审查是否通过。只有 true（中文键写 是）才会发布；false（否）表示尚未通过，不算错误。",
        mistaken=("cleared", "clearance", "confidential", "保密审查", "审查通过", "保密審查通過"),
    ),
    Key(
        name="issued",
        zh=("印发日期", "签发日期"),
        kind="day",
        example="2024-05-06",
        doc="文件印发（签发）的日期。",
        mistaken=("issue_date", "issued_on"),
    ),
    Key(
        name="formed_on",
        zh=("成文日期", "生成日期"),
        kind="day",
        example="2024-04-30",
        doc="信息形成的日期，计算公开期限时用。",
        mistaken=("formed", "created"),
    ),
    Key(
        name="updated",
        zh=("更新日期",),
        kind="moment",
        example="2024-06-01 09:30",
        doc="内容最近一次更正或更新的时间，显示在页面和订阅里。写将来的时间会提醒：内容不会等到那时才更新。",
        mistaken=("modified", "lastmod", "修改日期"),
    ),
    Key(
        name="change_note",
        zh=("更正说明", "更新说明"),
        kind="text",
        example="更正第三项的受理电话。",
        doc="更正或更新了什么，与更新日期一起显示。",
        mistaken=("changes", "修改说明"),
    ),
    Key(
        name="issuer",
        zh=("发布机构", "发文机关"),
        kind="line",
        example="示例市监狱管理局",
        doc="发文机关全称；不写则用单位全称。",
        mistaken=("publisher",),
    ),
    Key(
        name="source",
        zh=("来源", "信息来源"),
        kind="line",
        example="示例市司法局",
        doc="转载来源；不写则用单位全称。",
        mistaken=("origin",),
    ),
    Key(name="author", zh=("作者",), kind="line", doc="作者。", mistaken=("authors", "by")),
    Key(
        name="document_number",
        zh=("文号", "发文字号"),
        kind="line",
        example="示司发〔2024〕13号",
        doc="发文字号。",
        mistaken=("doc_number", "number"),
    ),
    Key(
        name="index_number",
        zh=("索引号",),
        kind="line",
        example="000000000/2024-00013",
        doc="政府信息索引号。",
        mistaken=("index",),
    ),
    Key(
        name="keywords",
        zh=("关键词", "主题词"),
        kind="lines",
        example="[会见, 监狱]",
        doc="关键词，供检索和页面标签使用。",
        mistaken=("tags", "keyword", "标签"),
    ),
    Key(
        name="summary",
        zh=("内容概述", "摘要"),
        kind="text",
        example="调整部分监狱的会见时间。",
        doc="内容概述，建议不超过 100 字；不写则取正文开头。",
        mistaken=("description", "abstract", "概述"),
    ),
    Key(
        name="topic",
        zh=("主题分类",),
        kind="line",
        example="司法行政/监狱管理",
        doc="主题分类。",
        mistaken=("subject",),
    ),
    Key(name="genre", zh=("体裁分类",), kind="line", example="通知", doc="体裁分类。", mistaken=("type",)),
    Key(
        name="disclosure",
        zh=("公开属性", "公开方式"),
        kind="choice",
        choices=DISCLOSURE,
        example="主动公开",
        doc="公开属性。写 依申请公开 或 不予公开 的条目不能同时写保密审查通过。",
    ),
    Key(
        name="validity",
        zh=("有效性",),
        kind="choice",
        choices=VALIDITY,
        example="effective",
        doc="文件的有效性。失效、废止的文件仍在网上，并注明状态。",
        mistaken=("status", "时效性"),
    ),
    Key(
        name="effective_on",
        zh=("施行日期", "生效日期"),
        kind="day",
        example="2024-06-01",
        doc="文件施行的日期。",
        mistaken=("effective", "in_force"),
    ),
    Key(
        name="expires_on",
        zh=("下线日期", "到期日期"),
        kind="end",
        example="2024-12-31",
        doc="到期自动从网上撤下。只写日期时，当天仍在，次日零点撤下。",
        mistaken=("expires", "expiry", "expiry_date", "截止日期"),
    ),
    Key(name="pinned", zh=("置顶",), kind="flag", example="true", doc="在列表里排在最前。", mistaken=("top", "sticky")),
    Key(
        name="redirect_from",
        zh=("旧地址",),
        kind="redirects",
        example="[zwgk/2019/123.html]",
        doc="以前的网址，从单位网站的根算起；访问时转到本条目。",
        mistaken=("aliases", "redirects"),
    ),
    Key(
        name="attachments",
        zh=("附件",),
        kind="attachments",
        example="[{file: 申请表.docx, title: 会见申请表}]",
        doc="随条目发布的文件，放在与条目同名的文件夹里。没有在这里或正文里写到的文件不会发布。",
        mistaken=("files", "attachment", "downloads"),
    ),
    Key(
        name="image",
        zh=("图片", "题图"),
        kind="image",
        example="huijianshi.jpg",
        doc="代表条目的图片，放在与条目同名的文件夹里。",
        mistaken=("picture", "cover", "thumbnail"),
    ),
    Key(
        name="interprets",
        zh=("解读对象", "所解读文件"),
        kind="items",
        example="[../policy/huijian.md]",
        doc="本条目解读的文件；两边页面互相链接。",
        mistaken=("interpretation_of",),
    ),
    Key(
        name="related",
        zh=("相关条目", "相关信息"),
        kind="items",
        example="[jyglj/service/huijian]",
        doc="有关的其他条目。",
        mistaken=("see_also",),
    ),
    Key(
        name="draft",
        zh=("草稿",),
        kind="flag",
        example="true",
        doc="草稿不发布，不论审查是否通过。",
    ),
    Key(
        name="audience",
        zh=("公开对象",),
        kind="choice",
        choices=AUDIENCE,
        example="public",
        doc="公开对象。只有 public（社会公众）可以上网；对近亲属、服刑（戒毒）人员公开的条目不会发布。",
    ),
    Key(
        name="release_group",
        zh=("同步发布组",),
        kind="group",
        example="huijian-2024",
        doc="同组条目全部通过审查后才一起发布，例如政策与解读。",
        mistaken=("group",),
    ),
    Key(
        name="exemptions",
        zh=("豁免",),
        kind="exemptions",
        doc="对负面清单某一处命中的放行，须写明规则、掩码后的内容、摘要值、理由和批准人。",
        mistaken=("exempt", "exceptions"),
    ),
    # --- keys of one type of item ---
    Key(
        name="consultation_opens",
        zh=("征集开始",),
        kind="day",
        extra=True,
        example="2024-05-06",
        doc="意见征集的第一天；不写则从发布日期算起。",
    ),
    Key(
        name="consultation_closes",
        zh=("征集截止",),
        kind="day",
        extra=True,
        example="2024-06-06",
        doc="意见征集的最后一天。",
    ),
    Key(
        name="consultation_contact",
        zh=("征集联系方式",),
        kind="line",
        extra=True,
        example="电话 010-55500100",
        doc="意见寄到哪里。",
    ),
    Key(
        name="feedback",
        zh=("征集反馈", "意见反馈"),
        kind="item",
        extra=True,
        example="sfj/response/yijian-caina",
        doc="意见采纳情况所在的条目。",
    ),
)

BY_NAME: dict[str, tuple[Key, bool]] = {
    **{key.name: (key, False) for key in KEYS},
    **{name: (key, True) for key in KEYS for name in key.zh},
}
"""Every name that may be written → the key, and whether the name is a Chinese one."""

REQUIRED: tuple[Key, ...] = tuple(key for key in KEYS if key.required)


def suggest(written: str) -> Key | None:
    """The key that somebody meant who wrote a name that is none."""
    wanted = folded(written)
    for key in KEYS:
        if wanted in key.mistaken or any(folded(name) == wanted for name in (key.name, *key.zh)):
            return key
    near = nearest(written, BY_NAME)
    return BY_NAME[near][0] if near else None
