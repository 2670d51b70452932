"""Words that say who the persons of a list are, and what is told of them. Pure."""

from __future__ import annotations

from generator.clearance.recognise.lazily import Lazily

PERSONS = "学员|学生|患者|病人|戒毒人员|吸毒人员|残疾人|未成年人|受援人|被?救助人|救助对象|服刑人员|罪犯|申请人"
ILLNESSES = (
    "高血压|糖尿病|精神分裂|精神障碍|精神病|抑郁|癫痫|乙肝|丙肝|结核|梅毒|艾滋|HIV|癌|肿瘤"
    "|重(?<!严重)病|大(?<!重大)病(?!保险|医保|医疗|救助|统筹|互助)|绝症|慢性?病|白血病|尿毒症|心脏病|冠心病|肝炎|肝硬化|肝腹水"
    "|脑梗|脑瘫|脑出血|瘫(?<!系统瘫|网络瘫|交通瘫|陷入瘫)痪|偏瘫|截瘫|失(?<![损过丢]失)明(?![显细确])|失聪|聋哑|失(?<!损失)能|智力障碍"
    "|智障|痴呆|自闭症|孤独症|渐冻|尘肺|哮喘|血友病|红斑狼疮|怀孕"
    "|海洛因|冰毒|鸦片|吗啡|大麻|摇头丸|K粉|甲基苯丙胺|氯胺酮"
)
"""With drugs: what is told of a person by them needs no other word. Each begins with a literal, so that the search for
them stays a scan for a set of characters: what may not stand before one is asked behind its first.

That somebody lives on 低保 is no health data, and the law has those lists put up in public (最低生活保障)."""
SENSITIVE = Lazily(
    r"健康|疾病|患病|患者|患有|病情|病史|病名|诊断|残疾|精神|感染|传染|住院|吸毒|戒毒|吸食|毒品|尿检|复吸|成瘾|未成年|监护人|就读|学校|年级|班级"
    rf"|{ILLNESSES}"
)
TELLING = Lazily(
    r"健康状况|患[病者有]|病[情史名]|诊断|残疾(?:等级|类别)|吸毒|吸食|尿检|复吸|成瘾|艾滋|感染|阳性|阴性|监护人|就读|学员|戒毒人员"
)
"""What is said of those in a list, and of nobody for whom it is an office to deal with."""
IN_OFFICE = Lazily(
    r"职[务称]|单位|部门|分[工管]|执业|律师|公证员|鉴定人|调解员|评委|专家|领导|班子|录[用取]|聘|招录|表彰|先进|干部|[民干]警|工作人员|值班|委员"
    r"|代表|监督员|志愿者|科员|局长|所长"
)
"""Whose names are published by their office (条例 20): a list of them is a warning."""
TITLES = Lazily(r"[组局所处科队院校]长|主任|成员|书记|委员|政委|[民干]警|教授|律师|医[生师]|教师|干部|代表|记者|编辑")
"""What stands behind the name of somebody who acts by his office."""
