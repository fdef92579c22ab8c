"""What a question asks for, prepared once for finding it in many sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.understanding.kind import MEASURE, ORGANISATION, Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold


class Sort(StrEnum):
    """What an answer looks like."""

    TIME = "when"
    QUANTITY = "howmany"
    PERSON = "who"
    PLACE = "where"
    THING = "which"  # whatever else has a name: 哪场战役, 什么制度, 被称为什么


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, and the words that should stand around it."""

    sort: Sort
    text: str  # the question, folded
    start: int  # of the words that ask
    end: int
    lead: str  # the four characters before the words that ask, from behind
    rest: str  # what follows the words that ask
    noun: str  # for what is asked for: 战役 in 哪场战役, 首都 in 首都是什么; "" where none tells
    words: tuple[tuple[tuple[str, ...], float], ...]  # content words that do not ask, in all forms; shares of rarity
    role: str  # the content word before those that ask
    act: str  # the content word after them
    lasts: bool  # how long something lasts is asked for, not when it is
    levels: tuple[str, ...]  # of a date (forms.LEVELS)
    measures: frozenset[str]  # of a quantity (forms.Quantity.measure)

    @classmethod
    def of(cls, question: Question) -> Wanted | None:
        """Read a question; None where no span of a sentence could answer it."""
        text = fold(question.understood)
        kind = _sought(question.kind, text)
        found = _ASKING[kind].search(text) if kind in _ASKING else _which(kind, text)
        if found is None and kind not in _ASKING:
            return None
        start, end = found.span() if found else (len(text.rstrip("?。 ")),) * 2
        noun, end = _noun(question, text, start, end)
        sort = _sort(kind, text, start, noun)
        before = [word.folded for word in question.content if word.end <= start]
        behind = [word.folded for word in question.content if end <= word.start]
        rarity = {word: question.rarity[word] for word in (*before, *behind) if word not in _ROLES}
        total = sum(rarity.values()) or 1.0
        words = tuple(((word, *question.aliases.get(word, ())), value / total) for word, value in rarity.items())
        around = text[max(0, start - 8) : end + 8]
        return cls(
            sort,
            text,
            start,
            end,
            text[max(0, start - 4) : start][::-1],
            text[end:],
            noun,
            words,
            before[-1] if before else "",
            behind[0] if behind else "",
            lasts=_DURATION.search(text) is not None,
            levels=tuple(level for level, pattern in _LEVELS.items() if pattern.search(text)),
            measures=frozenset(name for name, pattern in _MEASURES.items() if pattern.search(around)),
        )


_COMPANY = re.compile(
    rf"(?:哪一?[个所]?|什么|啥)[\u4e00-\u9fff]{{0,4}}{ORGANISATION}|哪一?[个所]?.{{0,4}}(?:[学院]校|大学)|哪一?家"
)


def _sought(kind: Kind, text: str) -> Kind:
    """Return the kind by which a span is sought: a company is a thing with a name, it does not look like a person."""
    return Kind.OTHER if kind is Kind.WHO and _COMPANY.search(text) else kind


def said(question: Question, wanted: Wanted | None) -> tuple[str, ...]:
    """Return the question's content words that say something of what it is about: neither what names that, nor the noun
    for what is asked for, since a document that answers 哪个国家 need not say 国家. Folded, each once.
    """
    start, end = (wanted.start, wanted.end) if wanted else (0, 0)
    named = {word.folded for one in question.subjects for word in one.words}
    named |= {word.folded for word in question.content if start <= word.start < end}
    return tuple(dict.fromkeys(word.folded for word in question.content if word.folded not in named))


_ROLES = frozenset(("作者", "创始人", "创造者", "创建者", "创办人", "发明者", "发明人", "开发者", "主角", "主演"))
_ASKING = {  # the words that ask
    Kind.WHEN: re.compile(
        r"(?:什么|啥)(?:时候|时间|时期|年代|时代|朝代)|何[时年月日]|几时|哪一?个?(?:年份?|天|月|日|时期|时间|世纪|年代|时候|时代|朝代)"
        r"|几月几[日号]|几[年月号天]|几世纪|多久以?前?|多少(?:时间|年|天)|多长时间|时间|日期"
    ),
    Kind.HOW_MANY: re.compile(r"百分之(?:多少|几十?)|第?(?:多少|几)|多[大高长快重远深宽]|比例"),
    Kind.WHO: re.compile(r"谁|何人|哪一?[个位名]|什么人"),
    Kind.WHERE: re.compile(rf"哪里|哪儿|哪一?边|何[处地]|什么地方|什么|哪(?:一?{MEASURE}?|[国省市城地州县区])"),
}
_WHICH = re.compile(
    rf"哪一?{MEASURE}?|[什甚]么样?|啥|[为因]何|何[种名物者]?|(?:是|为|叫|称|有|及|之|指|作)(?=[?。\s]*$)"
)
_NAMING = re.compile(
    r"(?<=叫)[做作]?[什甚]么|(?<=名)(?:是|为|叫)?什么|(?<=[全简]称|缩写)(?:是|为)?什么|(?:是|为|叫)(?=[?。\s]*$)"
)


def _which(kind: Kind, text: str) -> re.Match[str] | None:
    """Return the words that ask for a thing."""
    if kind is Kind.OTHER:
        return _WHICH.search(text)
    return _NAMING.search(text) if kind is Kind.DEFINITION else None


_COPULA = re.compile("(?:分别|主要)?(?:是|为|叫做?|称为|指的?)?(?:什么|啥|何|哪一?.?)?[?。\\s]*$")
_TYPE = re.compile("(?:类型|种类|类别)的")
_LAND = re.compile("哪一?个?国(?:家(?!队))?(?!王)")
_SHORT = "省市县州洲区岛山河湖海城权教派星队党军"  # nouns of one character


def _noun(question: Question, text: str, start: int, end: int) -> tuple[str, int]:
    """Return the noun for what is asked for, and where the words that ask end with it.

    What is asked for is no sign of the answer: 大学 in 哪所大学.
    """
    if question.kind in _PLAIN or _ADVERB.match(text, start):
        return "", end
    if not text.startswith(("哪", "什么", "甚么", "何", "啥"), start):
        return _before(question, text, start), end
    if found := _LAND.match(text, start):
        return "国家", found.end()
    place = found.end() if (found := _TYPE.match(text, end)) else end
    words = [word for word in question.content if word.start >= place]
    if words and words[0].start == place:
        adjective = len(words) > 1 and words[1].start == words[0].end and _ADJECTIVE.fullmatch(words[0].folded)
        word = words[1 if adjective else 0]
        return word.folded, word.end
    if text[end : end + 1] in _SHORT and end < len(text):
        return text[end], end + 1
    return (text[end - 1] if text[end - 1] in _SHORT else _before(question, text, start)), end


def _before(question: Question, text: str, start: int) -> str:
    """Return the noun before a copula and words that ask which end the question: 首都 in 首都是什么."""
    last = next((word for word in reversed(question.content) if word.end <= start), None)
    return last.folded if last and _COPULA.fullmatch(text, last.end) else ""


_PLAIN = frozenset((Kind.WHEN, Kind.HOW_MANY))
_ADVERB = re.compile("哪[里儿]|哪一?边|何[处地]|什么地方")
_ADJECTIVE = re.compile(
    "[中美英法德日俄苏韩]国|英格兰|欧洲|亚洲|非洲|美洲|西班牙|意大利|希腊|罗马|西方|东方|国际|世界|著名|主要|重要|最|新|大|小|特殊|不同|其他"
)
_NOUNS = (
    (Sort.TIME, re.compile("时期|年代|世纪|[朝时]代|时间|日期|年份|时候|期间")),
    (
        Sort.QUANTITY,
        re.compile(
            ".*(?:[高长宽深厚速温密]度|面积|人口|比例|[数重产流容]量|价格|海拔|距离|年龄|总数|人数|票房|收入|[概频比]率)"
        ),
    ),
    (
        Sort.PERSON,
        re.compile(
            ".*(?:[^类]人|者|[^国大独]家|皇帝|[皇太]后|[国女]王|君主|帝王|总统|总理|首相|主席|将军|将领|大臣|官员|[议演球]员|导演|歌手|选手|教练"
            "|[校院部局会省市县]长|王子|公主|武将|领袖|老师|教授|博士|主角|妻子|丈夫|[父母]亲|儿子|女儿|诗人)"
        ),
    ),
    (
        Sort.PLACE,
        re.compile(
            "[王帝公]?国家?|[城都]市|首[都府]|省份?|县?市|县|[州洲区]|区域|地[区方点]|岛屿?|群岛|大[陆洲]|海域|海洋|河流?|湖泊?|山脉?|港口?|机场|车站"
            "|村庄?|镇|街道?|道路|公路|[^目]*地|学院|大学|学校|高校|公园|博物馆|总部|流域"
        ),
    ),
)


def _sort(kind: Kind, text: str, start: int, noun: str) -> Sort:
    """Return what the answer looks like, by the noun where one tells."""
    if kind in _PLAIN:
        return Sort(kind.value)
    if kind is Kind.WHO:
        return Sort.PLACE if _LAND.search(text) else Sort.PERSON
    told = next((sort for sort, pattern in _NOUNS if pattern.fullmatch(noun)), None) if noun else None
    if told is Sort.QUANTITY and text.startswith("哪", start):
        told = None  # 哪种产量: which one, not how much
    return told or (Sort.PLACE if kind is Kind.WHERE else Sort.THING)


_DURATION = re.compile("多久(?!以?前)|多长时间|多少时间|多少[年天]|每隔?几|有几年|几[年天]的(?:时间|历史)")
_LEVELS = {
    "age": re.compile("时期|年代|世纪|朝代|时代"),
    "year": re.compile("哪一?年|何年|几年|年份"),
    "month": re.compile("几月|哪一?个?月|何月"),
    "day": re.compile("几[号日]|哪一?[天日]|何日|日期"),
    "hour": re.compile("几点"),
}
_MEASURES = {
    "length": re.compile("多[高长远深宽厚]|海拔|身高|体长|长度|高度|距离|身长"),
    "area": re.compile("面积|占地"),
    "speed": re.compile("多快|速度"),
    "mass": re.compile("多重|重量|体重"),
    "money": re.compile("多少钱|[资金价费款额]|收入|元"),
    "share": re.compile("百分|几成|[比率]"),
    "time": re.compile("多[久大]|岁|年龄|时间|多少[年天]"),
    "rank": re.compile("第几|第多少|排名"),
}
