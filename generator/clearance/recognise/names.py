"""What a Chinese name looks like: words in → whether they could be one. Pure."""

from __future__ import annotations

from generator.clearance.recognise.lazily import Lazily
from generator.clearance.recognise.masks import COMPOUND_SURNAMES

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙"
    "鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师"
    "和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
    "洪赖阎丘匡鞠荆鄢谌冼蔺厉伊仝郜阚芮郗邸雍亓邰赫逯嵇湛戎昝檀晁扈逄胥竺荀禹漆屠奚燕习"
)
FIRST = frozenset(SURNAMES) | {surname[0] for surname in COMPOUND_SURNAMES}
GIVEN = "一-龥"
COMPOUND = "|".join(sorted(COMPOUND_SURNAMES))
NAME = rf"(?:[{GIVEN}]{{2,6}}·[{GIVEN}·]{{2,9}}|(?:{COMPOUND})[{GIVEN}]{{1,2}}|[{SURNAMES}][ 　]?[{GIVEN}]{{1,2}})"
BULLETS = "●○■□◆◇★☆▪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
FIGURES = "0123456789０１２３４５６７８９"
NUMERALS = "一二三四五六七八九十"
LINE_MARK = (
    rf"(?:[{FIGURES}]{{1,4}}(?:[.．、)）:：]|(?=[ \t　{GIVEN}]))|[（(][{FIGURES}{NUMERALS}]{{1,3}}[)）]|[{BULLETS}]"
    rf"|[{NUMERALS}]{{1,3}}[、.．]|(?:[Nn][Oo][.．]?|№) ?[{FIGURES}]{{1,4}}[.．、:：]?"
    rf"|第[{FIGURES}{NUMERALS}]{{1,3}}名[、:：]?)"
)
"""How the lines of a list are numbered, or marked, before the name; ① is read as 1."""
_NAME_ONLY = Lazily(NAME)
_MASKED = Lazily(r"[某×＊*ＸX○]")

# Second and third characters that make a word of what begins like a surname: 方法, 任务, 金额, 安全 …
_NO_NAME = Lazily(
    r"方[式法案向面]|任[务何命免职]|安[全排置装徽监]|金[额融属]|石[油化材]|江[苏西]|高[等级校度中新]|温[度泉州]|文[件化物书本号字明教体]"
    r"|车[辆船间站牌]|成[员果本立都绩效人年]|华[侨南北东]|管[理辖道线委]|应[当急用]|时[间限期]|关[于系税]|单[位独元项]|全[国部体市区年省]|明[确细显]|解[释决除答]"
    r"|明[年月日]|简[易化称]|项[目]|连[续云]|农[业村民牧]|司[法机]|房[屋产地]|路[线段]|游[客戏]|甘[肃]|宁[夏波]|尚[未]|向[社]|常[务委州住]|康[复]|施[工行]"
    r"|黄[金色河樟]|马[上]|周[期边年一二三四五六日]|何[时种]|白[色天]|江[河]|程[序度]|段[落]|史[料]|龙[头]|武[器警汉装]|万[元人]|钱[款]|严[重格禁肃]|章[程]|成[交]"
    r"|左[右]|包[括含装]|童[年]|季[度节]|盛[大]|曲[线]|冷[藏]|卫[生星]|党[员组委政]|景[区观]|桂[林]|宗[教旨地]|边[界境防]|师[资]|和[解平]|商[业品务标]"
    r"|荣[誉]|巫[术]|池[塘]|查[询封处阅验明]|麻[醉]|苑[区]|迟[到]|公[示告]|东[方部]|西[部方]|林[业地木区场权]|田[地间]|水[利]|海[关洋]|于[本]|曾[经]|陆[地域]"
    r"|夏[季]|雷[电]|毛[重利]|牛[奶羊]|易[燃地]|乔[木]|齐[全]|古[迹树]|米[价]|沙[漠]|欧[盟洲元]|蒙[古]|吉[林]|辛[苦]|蓝[图天]|鲁[迅]|岳[阳]|柳[州]|梅[州毒]|麻[风黄醉]"
    r"|洪[水涝灾峰]|丘[陵]|厉[行害]|赫[然]|荆[州门]|漆[器]|习[惯题]|屠[宰]|伊[始]|燕[窝麦]|黄[芪芩连柏精]|白[术芍芷及果]|金银花|党[参]"
    r"|第五[条章节款项十百届次号期批]|高[血]|成[效]|党[建]|路[径]|于[是此]|费[用率]|马[场术]|石[门]|毛[细]|冷[冻却]|温[馨]|严[防管控肃密格]|包[容]|左[侧]|齐[抓]|路[面口]|查[获缉处]|和[谐睦]|符[合号]"
)
_NOT_LAST = Lazily(
    r".*[局处科部室会院所厅站委市县区镇乡村街路省费率类型期法例书证表单位品物件业级病馆碑店鱼醛酮酸胺酯醇烷烯苯碱酚]$"
)


_UNPARTED = dict.fromkeys(map(ord, " \u3000\n"))
"""Names of two characters are set wide, and a line may end in any."""
_PLACES = (
    "石家庄 唐山 秦皇岛 邢台 张家口 包头 乌海 沈阳 鞍山 丹东 锦州 齐齐哈尔 双鸭山 徐州 常州 苏州 连云港 温州 "
    "金华 安庆 黄山 龙岩 宁德 莆田 郑州 安阳 许昌 平顶山 南阳 商丘 周口 黄石 黄冈 宜昌 常德 岳阳 "
    "张家界 郴州 柳州 桂林 梧州 贺州 钦州 石嘴山 武威 金昌 张掖 武清 宁河 石景山 房山 平谷 金山 松江 "
    "武进 金坛 江阴 江津 万州 江北 卢湾 闵行 龙岗 罗湖 江门 章丘 历城 陆丰 韶关 汤阴 康定 安康 "
    "邯郸 廊坊 常熟 易县 蓟州 静海 武汉 成都 杭州 济南 武昌 江岸 洪山 江夏 黄陂 汪清 安图 和龙 "
    "龙井 阜阳 谷城 鲁山 汝州 项城 陈仓 金台 韩城 华阴 华州 潘集 谢家集 田家庵 马鞍山 "
)
PLACES = frozenset(_PLACES.split())
"""Towns and districts that begin like a surname, and stand in rows more often than any person of that name."""


def is_name(words: str) -> bool:
    """Whether ``words`` could be a full personal name, unmasked."""
    if words[:1] not in FIRST and "·" not in words:
        return False
    plain = words if words.isalpha() else words.translate(_UNPARTED)
    if not _NAME_ONLY.fullmatch(plain) or _MASKED.search(plain) or plain in PLACES:
        return False
    return "·" in plain or (_NO_NAME.match(plain) is None and _NOT_LAST.match(plain) is None)
