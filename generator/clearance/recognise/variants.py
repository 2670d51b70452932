"""Han that are written in several ways → the one that patterns have: for recognisers. Pure."""

from __future__ import annotations

_TRADITIONAL = (
    "侷局係系個个傢家傳传僅仅僑侨價价億亿儲储內内冊册別别剋克劉刘務务匯汇區区卽即參参叢丛吳吴呂吕員员啓启啟启喬乔單单噸吨噹当嚮向嚴严囌苏國国園园圖图執执報报場场塗涂夾夹婁娄孫孙學学宮宫實实寧宁審审專专對对"
    "導导屬属嶽岳師师帳帐幹干廈厦廳厅張张彆别彔录彙汇彫雕復复態态慼戚應应懞蒙戲戏戶户捨舍掛挂敎教斷断時时晉晋暫暂曏向書书會会朮术東东査查條条棟栋楊杨業业榦干榮荣樂乐樑梁樓楼標标樹树檢检檯台權权欒栾歐欧殘残"
    "毀毁決决況况淩凌湯汤溫温滙汇滬沪漢汉濛蒙瀋沈灣湾為为熱热燬毁爲为狀状獄狱獨独現现琱雕瓊琼產产産产畢毕當当癮瘾發发監监盧卢眞真矇蒙硃朱確确碼码稅税種种稱称穀谷竇窦箇个節节範范簡简粵粤紀纪級级細细組组絶绝"
    "經经綫线線线編编縣县績绩繆缪繫系續续羅罗聞闻聯联聶聂職职肅肃臺台舘馆莊庄華华萬万葉叶蓆席蔔卜蔘参蔣蒋薑姜藍蓝蘆芦蘇苏蘭兰處处號号術术衕同衚胡衛卫裏里裝装裡里製制複复見见觀观許许診诊註注証证評评詢询話话"
    "該该誌志調调請请諸诸謝谢證证譚谭譭毁護护譽誉讀读貴贵費费賀贺資资賈贾賬账贛赣趙赵跡迹蹟迹車车軍军軒轩輛辆轄辖轅辕轉转辦办農农迴回連连週周進进遊游遲迟選选遼辽邊边鄉乡鄒邹鄔邬鄧邓鄭郑鄺邝釋释鈡钟銀银銷销"
    "錄录錢钱録录錶表鍾钟鎭镇鎮镇鐘钟鑑鉴鑒鉴長长門门閆闫開开間间閔闵閩闽閭闾閱阅閲阅關关陝陕陳陈陸陆陽阳隻只離离雲云電电鞏巩韆千韋韦韓韩項项領领頭头額额顏颜顓颛顔颜願愿類类顧顾顯显風风颱台餘余館馆饒饶馬马"
    "馮冯駟驷駱骆驗验體体髮发鬍胡魚鱼魯鲁鮑鲍鮮鲜鵰雕麥麦麪面麫面麯曲麵面黃黄黨党齊齐齣出龍龙龐庞龔龚後后絕绝祕秘戸户冋回徃往"
)
"""Of characters that stand in patterns, the traditional forms and variants that simplified texts do not use: GB 2312
has none of them, but for 後."""
_RADICALS = (
    "⺀々⺅亻⺠民⺩王⺼月⻁虎⻄西⻅见⻆角⻇角⻉贝⻋车⻑长⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⺊卜⺒巳⺔彐⺕彐⺜日⺝月⺟母⺪疋⺶羊⺷羊⺸羊"
    "⺻聿⺽臼⻃西⻊足⻐钅⻕阜⻗雨"
)
"""Of *CJK Radicals Supplement*, which the text layers of PDF files have in the place of characters, those of which NFKC
makes nothing."""
_STARS = "⍟✡✦✧⭑⭒⛤⛥⚝⁎🌟🌠🟉🟊"
"""What may be put for the star of a mark of secrecy."""
_DOTS = "•・･‧∙⋅᛫"
"""What may be put for the dot within a name."""
RADICALS = {ord(radical): han for radical, han in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
"""Code point → the character of which it is the radical, or looks like it."""
VARIANTS = {ord(variant): usual for variant, usual in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
VARIANTS |= RADICALS | dict.fromkeys(map(ord, _STARS), "★") | dict.fromkeys(map(ord, _DOTS), "·")
"""Code point → the usual character."""
