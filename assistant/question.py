"""What is asked: the question as understood, its kind, and the words in it that carry content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpus.lexicon import fold
from corpus.words import Segmenter, Word
from index.search import Query

# In lexical search a content word weighs (its rarity / COMMON) ** RARITY_POWER, a function word FUNCTION_WEIGHT;
# benchmarks/README.md, "Defaults".
FUNCTION_WEIGHT = 0.35
RARITY_POWER = 1.0
COMMON = 10.0
LONGEST = 500  # characters of a question that are looked at; whatever stands behind them is left out


class Kind(StrEnum):
    """What sort of answer is wanted."""

    DEFINITION = "definition"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "howmany"
    LIST = "list"
    COMPARISON = "comparison"
    RELATION = "relation"
    YES_NO = "yesno"
    WHY = "why"
    HOW = "how"
    OTHER = "other"


_PERIOD = "(?:年代|时代|朝代|世纪|时期)"
_PERSON = (
    "(?:人(?![类种民])|皇帝|皇后|国王|女王|君主|帝王|总统|总理|首相|将军|诗人|作家|画家|作曲家|音乐家|科学家|哲学家|导演|演员|歌手|球员|选手"
    "|教练|王子|公主)"
)
_PLACE = "(?:国(?!王)|省|市|城|地(?!铁)|州|洲|县|区|乡|镇|村|大学|学校)"

# In order: the first pattern found in the folded question decides. Where something is asked for with 哪, a number of
# things is told, not asked for: 哪位皇帝打了几次仗.
_KINDS = (
    (Kind.COMPARISON, r"区别|不同|差别|差异|差在|相比|对比|比较|哪个更|谁更|异同"),
    (Kind.RELATION, r"什么关系|啥关系|的关系|有关系|何关系|什么联系"),
    (
        Kind.WHY,
        r"(?:^|[是都又底竟,\s])为什么|(?<![之聘编])为什么(?![?。\s]*$)|为何(?![?。\s]*$)|为啥|原因|何以|缘何|怎么会|怎么没"
        r"|干嘛要|干吗要",
    ),
    (
        Kind.WHEN,
        r"什么时候|啥时候|(?<!任)何时|几时|哪一?年|哪一?[天日]|哪一?个?月|几月|几号|^(?!.*哪).*(?<![这那近前后来头初])几年(?!间)"
        rf"|什么时间|(?:哪一?个?[\u4e00-\u9fff]{{0,2}}?|什么){_PERIOD}|几世纪|何年|多久以前"
        r"|时间[是?。\s]*$|日期(?!.*[哪谁])",
    ),
    (
        Kind.HOW_MANY,
        r"多少|^(?!.*哪).*几(?:个(?!例子)|[种台次行人家亿万倍位岁条座项款本部名天层股所类处集张首支只颗块间届期章卷篇级艘架辆枚])"
        r"|第几|几分之几|比例(?!.*[哪谁])|百分之(?:几|[?。\s]*$)|(?<![许很众更最])多[大高长快重远深宽]",
    ),
    (Kind.LIST, r"哪些|有哪(?:几|些)|哪几|列举|列出|分别是|都有谁|包括什么"),
    (
        Kind.WHO,
        rf"谁|(?<!任)何人|哪一?[位名]|(?:哪一?个?|什么){_PERSON}|(?:作者是|创始人|创造者)(?!.*[哪何])",
    ),
    (
        Kind.WHERE,
        r"哪里|哪儿|哪一?边|(?<![如任])何[处地]|在哪(?![一两些几个种次场届部本张篇份首项条款类支门方段年月日世时朝层级位名])"
        rf"|什么(?:地[方点区]|国家|城市)|哪一?[个所座片]?{_PLACE}",
    ),
    (
        Kind.DEFINITION,
        r"^[^的]{1,30}(?:是|指|叫)个?(?:什么|啥)(?:东西|意思|软件|框架|工具|玩意儿?)?(?:[?。,\s]|$)"
        r"|什么是|啥是|何谓|是指什么|的定义|全称|全名|缩写",
    ),
    (Kind.YES_NO, r"吗|是否|是不是|有没有|能不能|会不会|可不可以|能否|可否|有无"),
    (Kind.HOW, r"怎么|怎样|如何|咋"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question read: its words as they stand, and among them those that say what is asked about."""

    text: str  # as it was written
    understood: str  # as it is answered
    kind: Kind
    query: Query
    content: tuple[Word, ...]  # without function words
    aliases: Mapping[str, tuple[str, ...]]  # other names of words in `content`, all folded
    rarity: Mapping[str, float]  # of the words in `content`, in Chinese writing at large (Segmenter.rarity)
    stopwords: frozenset[str]  # function words, folded: a sentence is told from them as the question was

    @classmethod
    def read(cls, text: str, segmenter: Segmenter) -> Question:
        """Read a question; control characters count as spaces, and what exceeds LONGEST characters is left out."""
        understood = _clean(text)[:LONGEST]
        lexicon = segmenter.lexicon
        words = tuple(segmenter.words(understood))
        content = tuple(word for word in words if word.folded not in lexicon.stopwords)
        rarity = {word.folded: segmenter.rarity(word.folded) for word in content}
        names = {word: lexicon.other_names(word) for word in rarity}
        weights = {word: (value / COMMON) ** RARITY_POWER for word, value in rarity.items()}
        query = Query(
            understood,
            tuple((word, weights.get(word.folded, FUNCTION_WEIGHT)) for word in words),
            tuple((tuple(segmenter.words(name)), weights[word]) for word, others in names.items() for name in others),
        )
        aliases = {word: others for word, others in names.items() if others}
        return cls(text, understood, _kind(understood), query, content, aliases, rarity, lexicon.stopwords)


def _clean(text: str) -> str:
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join(visible.split())


def _kind(text: str) -> Kind:
    folded = fold(text)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(folded)), Kind.OTHER)
