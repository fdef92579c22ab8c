"""What dates, quantities, names and places look like in Chinese: spans found in a sentence by their form alone.

Every pattern reads folded text: simplified script, half width, lower case. The lists are of Chinese at large: no
subject has words here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.splitting import Span

_HAN = r"[\u4e00-\u9fff]"
_SMALL = "[〇零一二三四五六七八九十廿卅]"

# -- dates, read part by part from the longest stretch of time to the shortest

_REIGN = (  # two of the characters that reigns are named with
    "[元永康嘉太光天建正大景开贞干隆熙道咸丰同治宣统洪武成化弘万历崇祯顺雍庆绍兴淳佑熹靖至和平初始宁安定德宝应泰延中广义"
    "神龙禄承保]{2}"
)
_ORDINAL = r"(?:\d{1,3}|[一二三四五六七八九十廿卅百]{1,4}|元)"
_DYNASTY = (
    "(?:西周|东周|春秋|战国|西汉|东汉|三国|西晋|东晋|南北朝|[南北]朝|五代|[南北]宋|后[梁唐晋汉周]|[东西北]魏|北[齐周]"
    rf"|[夏商周秦汉晋隋唐宋辽金元明清](?=[朝代末初]|{_REIGN}(?:年间|{_ORDINAL}年)))"
)
_RULE = rf"(?:{_DYNASTY}[朝代]?|{_HAN}{{1,2}}[帝宗祖])?"
_PLAIN = "[^\\W\\da-z的是在于至到自从以由为与和及被把该这那其年月间]"
_TO = r"\s?(?:[-~—–至到]|以?及)\s?"
_YEAR = (
    rf"(?:公元|西元)前?\s?(?:\d{{1,4}}|{_SMALL}{{1,4}})\s?年|(?<!{_HAN})前\s?\d{{1,4}}\s?年"
    rf"|\d{{3,4}}{_TO}\d{{3,4}}\s?年|(?<!\d)\d{{3,4}}\s?年|[〇零一二三四五六七八九]{{4}}年"
    rf"|民国\s?{_ORDINAL}\s?年|{_RULE}{_REIGN}{_ORDINAL}年|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
_AGE = (
    rf"(?:公元|西元)?前?\s?(?:\d{{1,2}}|{_SMALL}{{1,3}})\s?世纪(?:\s?(?:\d0|[一二三四五六七八九]十)\s?年代)?"
    rf"|(?:\d{{2,4}}{_TO})?(?:\d{{2,4}}s?|[一二三四五六七八九]十)\s?年代"
    rf"|{_RULE}{_REIGN}年间|{_DYNASTY}(?:[朝代]|时期)?|(?<!{_PLAIN})(?:{_PLAIN}){{2,5}}(?:时期|时代|年间)"
)
_LEVELS = {
    "age": _AGE,
    "year": f"(?:{_YEAR})(?!代|间)",
    "relative": (
        "[今去前明后]年|[今昨前明后]天|[上本下]个?(?:月|周|星期|世纪)|[同当次翌]年|同[月日]|[次翌]日|当[天日]|[近目]前|现[在今]|如今"
        "|当时|史前|古代|近代|现代"
    ),
    "stage": (
        "年[初末底]|[上下]半年|[前后上下]半[期叶]?|[初中晚早前后末]期|中叶|[初末底](?!代)|前后|(?<=年)[春夏秋冬][季天]?"
    ),
    "month": (
        r"(?:\d{1,2}\s?[-~—–至到]\s?)?(?:\d{1,2}|十[一二]?|[一二三四五六七八九正腊])\s?月(?![球亮台])"
        "(?:份|初|底|末|[上中下]旬)?"
    ),
    "day": rf"(?:\d{{1,2}}\s?[-~—–至到]\s?)?(?:(?<!\d)\d{{1,2}}|初?{_SMALL}{{1,3}})\s?[日号](?![元圆本])",
    "feast": "春节|元旦|清明节|端午节?|中秋节?|重阳节?|国庆节?|圣诞节?|复活节|除夕|[春夏秋冬][季天]|[夏冬]至|[春秋]分",
    "weekday": "每?(?:星期|礼拜|周)[一二三四五六日天](?![年期])",
    "hour": (
        r"(?:凌晨|清晨|早上|早晨|上午|中午|正午|下午|傍晚|晚上|晚间|深夜|午夜)(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[时点]"
        r"(?:\d{1,2}分|半)?|\d{1,2}:\d\d)?|(?<!\d)\d{1,2}(?:[时点](?:\d{1,2}分|半)?(?![间代期钟])|:\d\d(?!\d))"
    ),
}
LEVELS = tuple(_LEVELS)
_DATE_PART = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LEVELS.items() if name != "stage"))
_STAGE = re.compile(_LEVELS["stage"])
_JOINS_DATES = re.compile(_TO)


@dataclass(frozen=True, slots=True)
class Date:
    """A point or stretch of time, by its parts: (level, start, end), where a level is one of LEVELS."""

    parts: tuple[tuple[str, int, int], ...]

    @property
    def span(self) -> Span:
        return self.parts[0][1], self.parts[-1][2]


def dates(text: str) -> list[Date]:
    """Return the dates of a folded text in order; the two ends of a stretch count as one where a sign joins them."""
    found: list[list[tuple[str, int, int]]] = []
    for match in _DATE_PART.finditer(text):
        part = (match.lastgroup or "", *match.span())
        if found and _continues(text, found[-1], part):
            found[-1].append(part)
        else:
            found.append([part])
        if part[0] in {"age", "year"} and (stage := _STAGE.match(text, part[2])):
            found[-1].append(("stage", *stage.span()))
    return [Date(tuple(parts)) for parts in found]


def _continues(text: str, parts: list[tuple[str, int, int]], part: tuple[str, int, int]) -> bool:
    """Tell whether a part goes on with a date: a shorter stretch of time, or the other end of a longer one."""
    last, (level, start, _) = parts[-1], part
    between = text[last[2] : start]
    if _JOINS_DATES.fullmatch(between):
        return any(level == known for known, _, _ in parts)
    joined = between in {"", " "} or (between == "的" and last[0] == "year")
    return joined and LEVELS.index(level) > LEVELS.index(last[0])


# -- quantities

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_NUMERAL = "[一二两三四五六七八九十百千万亿零〇几数]"
_SPOKEN = _NUMERAL + "{1,12}"
_MEASURES = {  # by what is measured; the longest units first
    "speed": "(?:公里|千米|英里|米)(?:/|每)(?:小?时|秒|h)|km/h|m/s|节|马赫",
    "area": "平方(?:公里|千米|米|公尺|厘米|英里|英尺|呎)|公顷|[亩坪]|k?m[2²]",
    "volume": "立方(?:米|公尺|公里|厘米)|毫升|公升|升|加仑|桶",
    "length": "公里|千米|厘米|毫米|微米|纳米|公尺|公分|海里|英里|英尺|英寸|光年|[里米尺丈寸哩呎吋]|[kcm]?m(?![a-z0-9])",
    "mass": "公吨|公斤|千克|毫克|[吨克斤磅]|k?g(?![a-z0-9])",
    "money": (
        "(?:人民币|[美日欧港台加澳韩新]|越南|泰)?(?:元|圆|盾|铢)|英镑|法郎|卢布|卢比|日币|美[金刀]|金?马克|[金银]币|块钱?|两"
    ),
    "data": (
        "(?:[kmgtp]i?)?(?:bit|byte|b)(?:/s|ps)?(?![a-z0-9])|字节|比特|[kmg]?hz(?![a-z])|赫兹?|兆赫|千?瓦|伏特?|度|[tg]?flops|tops"
        "|像素|fps|帧"
    ),
    "share": "%|‰|个?百分点|成",
    "time": "个?(?:世纪|小时|月|星期|礼拜|季度?|学期|学年)|分钟|秒钟?|[毫微]秒|周岁|[年天日周岁秒]",
    "count": (
        "人次|个|只|条|张|位|名|人|家|座|栋|幢|间|所|台|辆|架|艘|列|部|本|册|卷|篇|章|首|曲|种|类|项|款|件|份|套|组|对|双|批|群|队"
        "|支|把|根|颗|粒|块|片|棵|株|头|匹|口|户|层|楼|级|届|次|回|场|轮|局|遍|倍|处|站|线|国|省|市|县|旗|区|镇|乡|村|校|院|系|门|科|课"
        "|集|季|期|话|幕|字|行|票|枚|发|尊|道|点|页|版|步|桌|床|代|股|则|句|段|排|号|顶|幅|宗|桩|笔|环|维|核|阶|分"
    ),
}
_UNIT = (  # not where a word begins that is no unit: 支持, 部分, 发布
    "(?!支[持援撑]|部[分门署]|点击|分[别为布析]|发[现展布行表生明]|处[理于]|行[业为动]|家[族庭]|种[子植]|位[于置]|期间|口号|国家|年代)"
    f"(?:{'|'.join(_MEASURES.values())})"
)
_QUANTITY = re.compile(
    rf"(?P<share>百分之(?:{_NUMBER}|{_SPOKEN})|{_SPOKEN}分之{_SPOKEN}|\d+/\d+(?![\d/])|(?<![之第])一半|半数"
    rf"|{_NUMBER}\s?[比:]\s?{_NUMBER}(?![:\d]))"
    rf"|(?P<rank>第\s?(?:{_NUMBER}|{_SPOKEN})\s?(?P<of>{_UNIT})?)"
    rf"|(?P<digits>(?<![a-z0-9.])(?<![a-z]-)(?!(?<=[a-z] )\d+\.\d)[±$¥]?{_NUMBER}"
    rf"(?:(?:\s?(?:{_UNIT}))?\s?[-~—–至到]\s?{_NUMBER})?(?![a-z]*-?\d)"
    rf"\s?[余多几]?[十百千万亿兆]*[余多]?\s?(?P<unit>{_UNIT})?)"
    rf"|(?P<spoken>(?!几个|一度|数(?![十百千万亿年月日天周小分个次])|[万亿〇零])(?:上(?=[百千万亿]))?"
    rf"{_SPOKEN}[余多]?(?P<spoken_unit>{_UNIT})"
    rf"|[一二两三四五六七八九十数上](?:{_SPOKEN})?[百千万亿](?:{_SPOKEN})?)"
)
_CALENDAR = re.compile(  # numbers that count no thing: dates and decades
    rf"(?:{_LEVELS['year']}|{_LEVELS['month']})(?:\s?{_LEVELS['month']})?(?:\s?{_LEVELS['day']})?|\d{{2,4}}s?\s?年代"
)
_MEASURE = {name: re.compile(pattern) for name, pattern in _MEASURES.items()}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as it stands in the text."""

    span: Span
    unit: str  # empty where there is none
    measure: str  # a key of _MEASURES, "rank", or "" without a unit


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of a folded text in order, without the parts of dates."""
    taken = [match.span() for match in _CALENDAR.finditer(text)]
    found = []
    for match in _QUANTITY.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        unit = match["unit"] or match["spoken_unit"] or match["of"] or ""
        measure = "share" if match["share"] else "rank" if match["rank"] else measure_of(unit)
        start = match.start()
        found.append(Quantity((start, start + len(match[0].rstrip())), unit, measure))
    return found


def measure_of(unit: str) -> str:
    """Return what a unit measures; empty for none that is known."""
    return next((name for name, pattern in _MEASURE.items() if pattern.fullmatch(unit)), "") if unit else ""


# -- persons, places and the rest that has a name

_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳"
    "翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤"
    "阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏瞿桂佟臧闵苟邬边卞姬栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查苑迟"
    "邝谈匡惠荆冀郁胥班储栗燕楚鄢奚粟冼蔺楼盘满闻厉仝郜阚屠朴廉井祖漆巴支卿狄宣晋云容扈晁芮阙浦戈鹿薄邸雍辜裘亓赫况逯隆诺危嵇]"
)
_COMPOUND = (
    "(?:欧阳|司马|上官|诸葛|夏侯|慕容|宇文|长孙|司徒|公孙|令狐|皇甫|尉迟|端木|南宫|独孤|拓跋|完颜|耶律|呼延|赫连|澹台|太史|轩辕"
    "|鲜于)"
)
_SOUND = (  # characters that foreign names are written with
    "[尔克斯德利罗马里尼布特姆拉维威乔治伯奥阿纳麦塞洛玛伦赫巴亚多科约坦翰贝卡吉哈比戴廉米恩森文博埃兰蒂安鲁劳霍雷托勒普邦卫费保西诺"
    "帕居因娜迪古夫皮库禄瑞加奇艾达塔莱略肯丽杜琳亨路韦考士雅萨默波格汉伊戈伽莉柏夏耶义丹杰迈盖茨索顿佛瓦佐菲弗谢宾休泽舒赛曼奈欧"
    "瑟蒙桑若佩娅本卢沙隆逊查琼莎丁庞素鲍嘉登英堪披凯泰敦潘切图贾那热莫梭儒济纽齐朗赖邓狄辛摩施温柯甘梅妮扎朱玻厄毕莲涅什赞珀芙蕾"
    "露姬敏撒佳钦苏肖密]"
)
_ORDER = "[一二三四五六七八九十]{1,2}世"
_TITLE = (
    "(?:先生|女士|小姐|夫人|教授|博士|院士|校长|院长|总统|总理|首相|主席|部长|省长|市长|县长|将军|[上中]将|元帅|大帝|皇帝|皇后|太后"
    "|[国女]王|王子|公主|法师|教[宗皇]|主教|神父|牧师|导演|作家|诗人|画家|作者|队长|司令|老师|[公侯伯子男]爵|大臣|总督|巡抚|知府|县令)"
)
# before and after a name stands the text's end, no letter or digit, or one of these
_BEFORE_NAME = re.compile(
    rf"(?:^|[^\u4e00-\u9fffa-z0-9·]|[是为于由被与和及以在对向派请把将跟给让令使因从人者长官员师士家军席理帅手帝皇王后妃相臣]|{_TITLE})$"
)
_AFTER_NAME = (
    r"(?=$|[^\u4e00-\u9fffa-z0-9·]|[的是为于在与和及等则即也曾将把被从自向对以因所之后又还都就且而并著任说称率领派死生执作担出当主提"
    rf"发宣认指表创建设开编写撰译演导饰获去逝接继攻击统占命支]|{_TITLE})"
)
_NAME_PART = (
    r"(?:(?![的了着著是为在于与和及由被把将向从自至到对以因而且则也都所之其此该这那有无不他她它])[\u4e00-\u9fff])"
)
_SOUNDED = re.compile(
    rf"(?P<full>{_SOUND}{{1,8}}(?:\s?[·•・-]\s?(?:{_SOUND}{{1,8}}|[a-z]\.?(?![a-z])))+(?:{_ORDER})?)|{_SOUND}{{2,7}}{_ORDER}|{_SOUND}{{3,8}}"
)
_NAMED = {
    "chinese": re.compile(rf"(?=(?P<name>{_COMPOUND}{_HAN}{{1,2}}?|{_SURNAME}{_HAN}{{1,2}}?){_AFTER_NAME})"),
    "ruler": re.compile(rf"(?=(?P<name>{_HAN}{{1,3}}(?:[帝宗祖汗]|太后|皇后|大帝|法师|太子)){_AFTER_NAME})"),
    "group": re.compile(
        rf"(?=(?P<name>{_NAME_PART}{{1,10}}?(?:公司|集团|大学|学院|研究[所院]|实验室|团队|政府|[委员协学]会|基金会|联盟|银行|出版社"
        "|工作室|乐队|阵营|[局党军族厅署])))"
    ),
}
_LATIN = re.compile(r"(?<![a-z])[a-z][a-z'-]*\.?(?: [a-z][a-z'-]*\.?)*(?![a-z])")
_COUNTRY = (
    "(?:中国|日本|[南北]韩|韩国|[南北]?朝鲜|蒙古|越南|泰国|缅甸|老挝|柬埔寨|马来西亚|新加坡|印尼|印度(?:尼西亚)?|菲律宾|巴基斯坦|孟加拉国?"
    "|尼泊尔|不丹|斯里兰卡|阿富汗|伊朗|伊拉克|叙利亚|土耳其|以色列|约旦|黎巴嫩|沙特(?:阿拉伯)?|阿联酋|科威特|[也叶]门|俄罗斯|俄国|苏联"
    "|乌克兰|白俄罗斯|哈萨克斯坦|乌兹别克斯坦|英国|法国|[东西]德|德国|[意义]大利|西班牙|葡萄牙|荷兰|比利时|卢森堡"
    "|瑞士|奥地利|瑞典|挪威|丹麦|芬兰|冰岛|爱尔兰|苏格兰|英格兰|波兰|捷克(?:斯洛伐克)?|斯洛伐克|匈牙利|罗马尼亚|保加利亚|希腊|塞尔维亚"
    "|克罗地亚|南斯拉夫|埃及|利比亚|突尼斯|阿尔及利亚|摩洛哥|苏丹|埃塞俄比亚|肯尼亚|尼日利亚|南非|加纳|美国|加拿大|墨西哥|古巴|巴西"
    "|阿根廷|智利|秘鲁|哥伦比亚|委内瑞拉|乌拉圭|澳大利亚|澳洲|新西兰|梵蒂冈)"
)
_REGION = (
    "(?:北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    "|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|欧洲|亚洲|非洲|[南北]美洲?|大洋洲|美洲|南极洲?|北极|中东|东南亚|东亚|巴黎|伦敦|纽约"
    "|东京|柏林|罗马|莫斯科|华盛顿|旧金山|洛杉矶|芝加哥|波士顿|维也纳|雅典|首尔|台北|南京|广州|深圳|杭州|武汉|西安|成都|苏州)"
)
_PLACE_END = (
    "(?:共和国|[王帝公汗]国|自治[区州]|特别行政区|开发区|盆地|平原|高原|山脉|[半群]岛|大陆|地区|大学|学院|学校|中学|小学|书院|研究所|机场"
    "|车站|广场|公园|博物馆|体育[馆场]|大厦|医院|教堂|[省市县区州国镇乡村岛郡府城港湾海洋江河湖山邦道街路里宫寺庙])"
)
_SIDE = "(?:[东南西北中]{1,2}[部方边侧]|境内|沿岸|附近|以[东南西北])"
_PLACE = re.compile(
    rf"(?:(?<!{_HAN})|(?<=[在于至到从自往向由是为和与及的赴抵]))(?:{_COUNTRY}|{_REGION}|{_NAME_PART}{{1,7}}?{_PLACE_END})+{_SIDE}?"
    rf"|(?:{_COUNTRY}|{_REGION})(?:{_NAME_PART}{{1,5}}?{_PLACE_END})*{_SIDE}?"
)
_LOCATED = re.compile(
    "(?:(?P<at>位[于在]|地处|座落[于在]?|坐落[于在]|出?生[于在]|毕业于|就读于|任教于|来自|[源出]自|源于|产于|葬[于在]|死于|定居[于在]?"
    "|总部(?:设[于在]|位于|在)?|首[都府](?:位于|[是为])?|祖籍|籍贯|迁[至往到]|前往|到达|抵达|效力于?)|(?<!处)[在于至到往])"
    r"(?P<place>[^,。;:!?()、\s的]{2,20}?)"
    "(?=$|[,。;:!?()、\\s的]|[举发成建召出任担进开设签爆去逝毕获上下与和及])"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the form that it was recognised by."""

    span: Span
    form: str


def persons(text: str) -> list[Name]:
    """Return what may be persons, organisations and groups in a folded text."""
    found = [Name(match.span(), "full" if match["full"] else "sounded") for match in _SOUNDED.finditer(text)]
    for form, pattern in _NAMED.items():
        for match in pattern.finditer(text):
            start, end = match.span("name")
            if _BEFORE_NAME.search(text, max(0, start - 4), start):
                found.append(Name((start, end), form))
    found += [Name(span, "latin") for span in latin(text)]
    return found


def latin(text: str) -> list[Span]:
    """Return the runs of Latin words in a folded text."""
    return [match.span() for match in _LATIN.finditer(text) if len(match[0]) > 1]


def places(text: str) -> list[Name]:
    """Return what may be places in a folded text."""
    found = [Name(match.span(), "place") for match in _PLACE.finditer(text)]
    found += [Name(match.span("place"), "located" if match["at"] else "at") for match in _LOCATED.finditer(text)]
    found += [Name(match.span(), "sounded") for match in _SOUNDED.finditer(text) if not match["full"]]
    return found


def is_surnamed(text: str) -> bool:
    """Tell whether a folded text could be a Chinese person's whole name."""
    return _WHOLE_NAME.fullmatch(text) is not None


def ends_with_title(text: str) -> bool:
    """Tell whether a text ends with what stands before a name: 校长, 教授, 作家."""
    return _TITLE_END.search(text) is not None


def is_named_like(text: str, noun: str) -> bool:
    """Tell whether a name looks like one of the things that a noun means: 某某大学 for 学校, 《…》 for 书."""
    looks = _looks(noun)
    return text.endswith(looks) if isinstance(looks, tuple) else looks.fullmatch(text) is not None


@lru_cache(maxsize=256)
def _looks(noun: str) -> re.Pattern[str] | tuple[str, ...]:
    """Return the pattern of the things that a noun means, or else how their names end; it may go on: 博物馆举."""
    tails = (noun[:4], noun[:3], noun[:2])
    return next((looks for means, looks in _LOOKS if means.match(noun)), tails)


_WHOLE_NAME = re.compile(rf"{_COMPOUND}{_HAN}{{1,2}}|{_SURNAME}{_HAN}{{1,2}}")
_TITLE_END = re.compile(rf"(?:{_TITLE}|[家者长人员官师将军])(?:[是为叫:])?$")
_LOOKS = tuple(
    (re.compile(means), re.compile(looks))
    for means, looks in (
        ("国(?!王)", rf"{_COUNTRY}|.*国"),
        ("[城都]市|首都", rf"{_REGION}|.*[市城都]"),
        ("省", ".*省"),
        ("地[区方点]?$", rf"{_COUNTRY}|{_REGION}|.*{_PLACE_END}"),
        ("河流?$|江|水系|支流", ".*[河江水川溪]"),
        ("山", ".*[山岭峰脉]"),
        ("岛", ".*[岛屿]"),
        (".?(?:大学|学校|学院|高校|学)$", ".*(?:大学|学院|学校|中学|高中|小学|书院)"),
        ("建筑物?|景点|设施", ".*(?:[宫寺庙塔楼殿堂城墙桥园馆台]|大厦|中心)"),
        (".*(?:书|著作|作品|小说|电影|剧|专辑|歌|曲|报|刊|杂志|文献|经典|节目|法案|诗集|史书)", "[《「“].*[》」”]"),
        (
            ".*(?:[名称]号?|名[称义字]|简称|别称|俗名|外号|口号|封号|谥号|笔名|头衔|罪名|语)",
            "[《「“].*[》」”]|.*[号名]|.*[语文话]",
        ),
        (
            ".*(?:法[律令规典]?|条[约例文款]|协[议定]|宪法|公约|和约)",
            "[《「“].*[》」”]|.*(?:[法约令律]|条例|协[议定]|章程)",
        ),
        ("战[争役事]?|战斗|冲突|起义|革命|运动|事[件变]", ".*(?:[战役乱变]|战争|起义|革命|运动|事件|[之大]战|会战|案)"),
        ("比?赛事?|比赛|赛事|大赛|联赛|运动会", ".*(?:赛|杯|公开赛|锦标赛|运动会|奥运会?|联赛)"),
        ("奖", ".*[奖军名牌]"),
        ("职[位务业称]|官[职位]|身[份分]|角色|头衔", ".*(?:[长员官师家手者令书记席理使臣尉]|主任|总监|代表|将军)"),
        ("公司|企业|集团|厂商?", ".*(?:公司|集团|企业|银行|厂|社)"),
        (
            "组织|机[构关]|单位|部[门会队]|团[体队]|委员会|政府|政党|党派?|球?队|乐队|社团",
            ".*(?:[会局部院署厅处党军团社队司所]|组织|政府|联盟|机构)",
        ),
        (".?(?:民族|族群?|部族|人种)", ".*[族人]"),
        ("宗?教派?|信仰", ".*教"),
        ("语言?|文字", ".*[语文话]"),
        ("学[说科问派术]|理论|主义|思想|观念|概念|领域|专业", ".*(?:学|论|说|主义|派|思想)"),
        ("制度?|政策|体制", ".*(?:[制法]|制度|政策|主义)"),
        ("产业|行业|职业", ".*[业员家师]"),
        ("[方办手]法|技术|方式|工艺", ".*(?:[法术]|方式|技术)"),
        ("颜色|色", ".*色"),
        ("星|行星|恒星", ".*[星号]"),
        ("皇帝|国王|君主|帝王", rf".*(?:[帝宗祖王汗]|{_ORDER})"),
        ("人|者", ".*"),
    )
)
