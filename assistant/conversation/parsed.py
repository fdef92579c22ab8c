"""A question with the role of each of its words, as far as words and forms tell it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.conversation.attribute import asked, stands_alone
from assistant.conversation.verb import VERBS
from assistant.ranking.forms import dates
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import Span, within
from corpus.words import Word

UNUSUAL = 16.0  # rarity above which hardly a dictionary has a word

_OWNED = frozenset(("原因", "名字", "名称", "含义", "意思"))  # stop words of the pack, and attributes here
_PEOPLE_LISTED = (
    "孕妇 老人 老年人 孩子 小孩 儿童 婴儿 宝宝 学生 大学生 新手 初学者 小白 外国人 个人 企业 普通人 未成年人 "
    "成年人 女性 男性 女生 男生 病人 患者 糖尿病人 高血压患者 退休人员 农民 外地人 本地人 公司 单位 员工 家长 "
    "老师 零基础 新人 大家 人 实习生 研究生 本科生 应届生 毕业生 留学生 新生 残疾人 军人 教师 游客 中小企业 大企业 "
    "大公司 小公司 创业公司 外企 专业人士"
)
_PEOPLE = frozenset(_PEOPLE_LISTED.split())

ADVERB = (
    r"(?:还|也|又|再|都|就|才|现在|目前|如今|后来|当时|最早|最初|最后|最终|起初|一开始|到底|究竟|一般|通常|平时|主要|具体|大概|真的|那么?"
    r"|最先|率先|首先"
    r"|那会儿|那时候?|一[起同]|[异外本当]地|网上|线[上下]|在线|[国境海][内外]|提前|直接|随时|马上|立[刻即]|重新|自动|同时|单独|长期|临时|亲自"
    r"|中途|途中|[饭睡术产婚事孕死会赛课病餐][前后]|最[高低长短大小多少早晚远近快慢](?!的)|周末|节假日|白天|晚上|早上|夜里|总共|一共|分别|曾经?|已经?|正在|将|一年|每[年月天次]|一[次天]|每|我们?|你们?|您|应该|应当)"
)
_FUNCTION = re.compile(
    rf"{ADVERB}|[不没别太很挺真更比跟]|[这那]么|这样|如此|如果|为了|按照?|[有没]人|[不没][能会行可要是有让用给]|[一二两三四五六七八九十百\d]+[次遍回倍天]|几[\u4e00-\u9fff]|好不好"
    r"|多[长久少]时间|有?[多最][长高大久远深宽重快厚难贵好低小早晚新多少]"
)
_MAY = re.compile("[要能会可想不没最][\u4e00-\u9fff]{1,2}")  # 要炖, which no dictionary has
_CALENDAR = re.compile("[\\d年月日号点周今去明昨前后]")  # 唐朝 and 春节 can be what is spoken of
_AT = re.compile("[\u4e00-\u9fff]{1,2}[于自]")  # 产自, 位于
_EASY = re.compile("[好难易][用学吃看玩做找懂记听走喝养治买卖写读教]")
_DONE = re.compile("(?![行作因演支付收])[\u4e00-\u9fff](?:到|成|出|给|为|入|掉|完|住)")  # 用到, 遇到
_CHANGED = re.compile(r"\s*[a-z][^\u4e00-\u9fff]*的[\s?!。]*$")  # 啥时候改用 TensorFlow 的
_ASKS_FOR = re.compile(
    r"[了过到]?\s*(?:哪一?(?:[些个种家位款类项门]|[几两三四][\u4e00-\u9fff])|(?:什么|啥)[了呢吗]*[\s?!。]*$|几[个种家位款类项门])"
)
_ADVERBS = re.compile(rf"(?:{ADVERB}|\s)*")
_END = re.compile(r"[\s?!。,;、:…~.]*+(?:[呢啊呀吧哦哈嘛][\s?!。,;…~.]*+)*+$")
_TITLED = re.compile("[《“「][^》”」]{1,30}[》”」]")
LATIN = re.compile("[a-z]")


class Role(StrEnum):
    """What a word of a question does."""

    NAME = "name"
    NOUN = "noun"  # that can be what is spoken of
    ATTRIBUTE = "attribute"  # that belongs to something
    VERB = "verb"
    PEOPLE = "people"  # whom a thing is asked for: 孕妇能吃吗
    DATE = "date"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question with the roles of its words."""

    question: Question
    text: str  # folded, as long as question.understood
    roles: tuple[tuple[Word, Role], ...]

    @classmethod
    def of(cls, question: Question, names: Callable[[str], bool]) -> Parsed:
        """Take `names` for what the documents and the language pack know by name, folded."""
        text = fold(question.understood)
        times = [date.span for date in dates(text)]
        titles = [found.span() for found in _TITLED.finditer(text)]
        words, functions = _cut(question)

        def role(word: Word) -> Role:
            if within((word.start, word.end), titles):
                return Role.NAME
            if within((word.start, word.end), times) and _CALENDAR.search(word.folded) and not names(word.folded):
                return Role.DATE
            if word.folded in _OWNED:
                return Role.ATTRIBUTE
            if (word.start, word.end) in functions or _FUNCTION.fullmatch(word.folded):
                return Role.FUNCTION
            if _is_verb(word, text, question):
                return Role.VERB
            if asked(word.folded):
                return Role.NAME if stands_alone(word.folded) and names(word.folded) else Role.ATTRIBUTE
            if LATIN.search(word.folded) or names(word.folded):
                return Role.NAME
            return Role.PEOPLE if word.folded in _PEOPLE else Role.NOUN

        return cls(question, text, tuple((word, role(word)) for word in words))

    @property
    def end(self) -> int:
        """Where the marks and particles at the end begin."""
        found = _END.search(self.text)
        return found.start() if found else len(self.text)

    def written(self, start: int, end: int) -> str:
        """Return a stretch as it was written."""
        return self.question.understood[start:end].strip()

    @property
    def content(self) -> list[tuple[Word, Role]]:
        """The words that say what is asked about, without dates."""
        return [pair for pair in self.roles if pair[1] not in {Role.FUNCTION, Role.DATE}]

    @property
    def names(self) -> list[tuple[int, int]]:
        """Where names stand: Latin ones with their versions, known ones, titles in their marks."""
        spans = [found.span() for found in _TITLED.finditer(self.text)]
        known = {word for word, role in self.roles if role is Role.NAME}
        for subject in self.question.subjects:
            span = (subject.start, subject.end)
            if not within(span, spans) and known.intersection(subject.words):
                spans.append(span)
        for word in known:
            if not within((word.start, word.end), spans):
                spans.append((word.start, word.end))
        return sorted(spans)


_BEFORE = "有要能会可想是不没"
_BEHIND = "有要能会可是在用放吃做怎"


_ACTED = re.compile("(?:谁(?:[来去要会能可该]|可以|应该?)?|怎么|如何|怎样|[什啥]么?时候|何时|哪里|哪儿)$")
_WHO = re.compile("(?:最早|最先|首先|当时|现在)?是?谁")  # what follows is what somebody does
_ENDS = re.compile(r"[的了呢吗啊]*[\s?!。]*$")


def is_at(word: str) -> bool:
    """Tell whether a folded word is a verb that needs a place or time behind it: 位于, 产自."""
    return _AT.fullmatch(word) is not None


def _is_verb(word: Word, text: str, question: Question) -> bool:
    """Tell whether a word that carries content is a verb or adjective, by the list, its form or what follows it."""
    if word.folded in VERBS or _EASY.fullmatch(word.folded):
        return True
    if _MAY.fullmatch(word.folded) and question.rarity.get(word.folded, 0.0) > UNUSUAL:
        return True
    plain = LATIN.search(word.folded) is None and not asked(word.folded)
    if plain and _DONE.fullmatch(word.folded):
        return True
    if (
        plain
        and 2 <= len(word.folded) <= 3
        and _ASKS_FOR.match(text, word.end)
        and _ADVERBS.fullmatch(text, 0, word.start)
    ):
        return True  # 遵循哪个许可证
    if plain and _WHO.fullmatch(text, 0, word.start):
        return True
    if _ACTED.search(text, 0, word.start) and (_ENDS.match(text, word.end) or _CHANGED.match(text, word.end)):
        return plain
    if _ACTED.search(text, 0, word.start) and _ENDS.sub("", text[word.end :], count=1) in VERBS:
        return True  # 谁宣布开源的
    aspect = text.startswith(("了", "过", "着"), word.end) and question.rarity.get(word.folded, 0.0) < UNUSUAL
    return (aspect or is_at(word.folded)) and not asked(word.folded)


def _cut(question: Question) -> tuple[list[Word], frozenset[Span]]:
    """Return the words of a question, attributes whole (免赔 额), and where function words stand."""
    functions = {(word.start, word.end) for word, _ in question.query.words}
    functions -= {(word.start, word.end) for word in question.content}
    words: list[Word] = []
    for word, _ in question.query.words:
        for part in _parts(word, question) if (word.start, word.end) not in functions else [word]:
            if len(part.folded) == 1 and part != word and part.folded in _BEFORE + _BEHIND:
                functions.add((part.start, part.end))
            last = words[-1] if words else None
            whole = last.folded + part.folded if last and last.end == part.start else ""
            if last and asked(whole) and (last.start, last.end) not in functions:
                words[-1] = Word(whole, last.start, part.end)
            else:
                words.append(part)
    return words, frozenset(functions)


def _parts(word: Word, question: Question) -> Iterator[Word]:
    """Cut off the function word that was glued to a word which no dictionary has: 病会, 有免, 鸡丁用."""
    unknown = question.rarity.get(word.folded, 0.0) > UNUSUAL and not _EASY.fullmatch(word.folded)
    middle = word.start
    if unknown and len(word.folded) == 2 and word.folded[0] in _BEFORE:
        middle = word.start + 1
    elif unknown and len(word.folded) == 2 and word.folded[1] in _BEHIND:
        middle = word.end - 1
    for start, end in ((word.start, middle), (middle, word.end)):
        if start < end:
            yield Word(word.folded[start - word.start : end - word.start], start, end)
