"""The span of a sentence that answers a question for who, when, where or how many; none rather than a poor guess."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter

from assistant import forms
from assistant.question import Kind, Question
from corpus.lexicon import fold
from corpus.splitting import Span

# The probability from which on a span is shown; benchmarks/README.md, "Short answers".
LIKELY: Mapping[Kind, float] = {Kind.WHEN: 0.3, Kind.HOW_MANY: 0.25, Kind.WHO: 0.25, Kind.WHERE: 0.25}
NEARNESS = 8.0  # characters over which a question's word loses all but 1/e of its pull
CLOSENESS = 3.0  # the same for the words that stand just before and after those that ask
LONGEST = 30  # characters of a name
MOST_WORDS = 5  # of a name that no form tells; a foreign one may be cut into as many
DOTS = "·•・"  # between the parts of a foreign name
MARKS = ",。;:!?()"  # between clauses

# How much each signal, 0..1, adds to the log odds that a span answers: benchmarks/spans.py --fit
WEIGHTS: Mapping[Kind, Mapping[str, float]] = {
    Kind.WHEN: {
        "bias": -4.1,
        "fits": 2.6,  # has the level that is asked for: a year for 哪一年
        "vague": -2.1,  # 当时, 同年
        "heads": 3.0,  # share of the question's words, by their rarity, between this date and the next
        "near": 1.6,  # the same share of all of the sentence, the less the farther they stand
        "clause": 0.6,  # the same share of the clause
        "followed": 1.1,  # goes on as the question does behind the words that ask
        "role": 1.0,  # how close before it the word stands that the question has before those that ask
        "act": 1.5,  # how close behind it the one behind them
        "early": 0.5,  # place in the sentence
    },
    Kind.HOW_MANY: {
        "bias": -1.7,
        "unit": 1.0,  # has the unit that is asked for
        "measure": 1.6,  # measures what is asked for: a length for 多高
        "other": -0.9,  # measures something else
        "bare": 0.4,  # has no unit
        "thing": 0.3,  # counts what is asked for
        "article": -1.2,  # 一个, which hardly counts
        "rank": -1.4,  # 第三, where no rank is asked for
        "near": 1.6,
        "clause": 2.4,
        "led": 0.7,  # follows what the question has before the words that ask
        "followed": 0.4,
        "role": 0.9,
        "act": 0.6,
        "early": -0.9,
    },
    Kind.WHO: {
        "bias": -6.3,
        "full": 2.9,  # foreign name of several parts
        "sounded": 1.7,  # characters that foreign names are written with
        "surname": 2.0,  # begins with a surname and has a name's length
        "chinese": 0.6,  # and stands where names stand
        "ruler": -0.7,
        "group": -0.9,
        "people": 1.2,  # 人, 军, 族 at its end
        "latin": -0.6,
        "headed": 0.9,  # ends in the noun that is asked for
        "title": 1.0,  # stands behind a title or profession
        "word": 1.1,  # one word
        "two": -1.7,  # two characters: most such words are no names
        "length": -0.5,
        "near": 1.6,
        "clause": 1.3,
        "led": 1.9,
        "followed": 1.4,
        "role": 0.9,
        "act": 1.2,
        "opens": 1.0,  # stands at the beginning of a clause
        "early": 1.2,
    },
    Kind.WHERE: {
        "bias": -6.6,
        "like": 2.6,  # looks like what is asked for: 某某大学 for 哪所学校
        "located": 2.0,  # behind 位于, 毕业于
        "at": 0.9,  # behind 在, 到, as far as a verb
        "within": 0.5,  # just behind 在, 于
        "place": 1.1,  # a known name, or one that ends as names of places do
        "quoted": 2.4,
        "sounded": 0.2,
        "word": 1.1,
        "near": 1.8,
        "clause": 1.4,
        "led": 1.9,
        "act": 1.6,
        "opens": 0.8,
    },
}


def typed(kind: Kind, folded: str) -> list[Span]:
    """Return the spans of a folded text that look like what the kind asks for, in order; none for other kinds."""
    if kind is Kind.WHEN:
        return [date.span for date in forms.dates(folded)]
    if kind is Kind.HOW_MANY:
        return [quantity.span for quantity in forms.quantities(folded)]
    if kind is Kind.WHO:
        return sorted({name.span for name in forms.persons(folded)})
    if kind is Kind.WHERE:
        return sorted({name.span for name in forms.places(folded)})
    return []


def short_answer(question: Question, sentence: str, edges: Sequence[int] = ()) -> Span | None:
    """Return the span of a sentence that answers the question, None where the kind asks for none or none is likely.

    `edges` are where words begin and end in the sentence (Hit.edges); without them a name is found by its form alone.
    """
    return Seeker.of(question).span(sentence, edges)


def likelihood(question: Question, sentence: str, edges: Sequence[int] = ()) -> float:
    """Return how likely the best span of a sentence answers the question, 0..1; 0 where there is none."""
    return Seeker.of(question).likelihood(sentence, edges)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, what it was taken for, and the signals for and against it."""

    span: Span
    kind: Kind
    signals: Mapping[str, float]

    @property
    def odds(self) -> float:
        """The log odds that it answers."""
        weights = WEIGHTS[self.kind]
        return weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in self.signals.items())


def candidates(question: Question, sentence: str, edges: Sequence[int] = ()) -> list[Candidate]:
    """Return all candidates of a sentence; what the question says itself is none."""
    return Seeker.of(question).candidates(sentence, edges)


@dataclass(frozen=True, slots=True)
class Seeker:
    """A question prepared once for seeking its answer in many sentences."""

    _asked: _Asked | None  # None where the kind asks for no span

    @classmethod
    def of(cls, question: Question) -> Seeker:
        """Prepare a question of any kind."""
        return cls(_Asked.of(question) if question.kind in _ASKING else None)

    def span(self, sentence: str, edges: Sequence[int] = ()) -> Span | None:
        """Return the span that answers, None where none is likely (short_answer)."""
        best = self._best(sentence, edges)
        return best[1].span if best and best[0] >= LIKELY[best[1].kind] else None

    def likelihood(self, sentence: str, edges: Sequence[int] = ()) -> float:
        """Return the probability of the best candidate, 0 where there is none."""
        best = self._best(sentence, edges)
        return best[0] if best else 0.0

    def candidates(self, sentence: str, edges: Sequence[int] = ()) -> list[Candidate]:
        """Return all candidates of a sentence; what the question says itself is none."""
        if self._asked is None:
            return []
        asked, text = self._asked, _Sentence.of(sentence, edges, self._asked)
        before, behind = cache(partial(_before, asked, text)), cache(partial(_behind, asked, text))
        return [
            Candidate(span, asked.kind, {**signals, **before(span[0]), **behind(span[1]), **_nearness(text, span)})
            for span, signals in _GIVE[asked.kind](asked, text)
            if text.folded[slice(*span)].strip() and text.folded[slice(*span)] not in asked.text
        ]

    def _best(self, sentence: str, edges: Sequence[int]) -> tuple[float, Candidate] | None:
        found = [(one.odds, one) for one in self.candidates(sentence, edges)]
        odds, best = max(found, key=itemgetter(0), default=(0.0, None))
        return (1 / (1 + math.exp(-odds)), best) if best else None


# -- the question

_ASKING = {
    Kind.WHEN: re.compile(
        r"(?:什么|啥)(?:时候|时间)|何[时年月日]|几时|哪一?个?(?:年份?|天|月|日|时期|时间|世纪|年代|时候)|几月几[日号]|几[年月号天]"
        r"|多久以?前?|多少(?:时间|年|天)|多长时间|时间|日期"
    ),
    Kind.HOW_MANY: re.compile(r"百分之(?:多少|几十?)|第?(?:多少|几)|多[大高长快重远深宽]|比例"),
    Kind.WHO: re.compile(r"谁|何人|哪一?[个位名]|什么人"),
    Kind.WHERE: re.compile(
        r"哪里|哪儿|何[处地]|什么地方|哪(?:一?[个位名所座家场次届部本条国省市城地州县区张份支种项块间])?"
    ),
}
_ROLES = frozenset(("作者", "创始人", "创造者", "创建者", "创办人", "发明者", "发明人", "开发者", "主角", "主演"))
_PERIOD = re.compile("时期|年代|世纪|朝代")
_NATIONALITY = re.compile("哪一?个?国家?的?人?")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question prepared for finding its answer in a sentence."""

    kind: Kind  # what its answer looks like: `在哪个世纪` asks for a date
    text: str  # folded
    start: int  # of the words that ask
    end: int
    words: tuple[tuple[tuple[str, ...], float], ...]  # content words that do not ask, in all forms; their rarity
    role: str  # the content word before those that ask
    act: str  # the content word after them

    @classmethod
    def of(cls, question: Question) -> _Asked:
        text = fold(question.understood)
        match = _ASKING[question.kind].search(text)
        start, end = match.span() if match else (len(text.rstrip("?。 ")),) * 2
        kind = _kind(question.kind, text, end)
        if text.startswith("哪", start):  # what is asked for is no sign of it: 大学 in 哪所大学
            end = next((word.end for word in question.content if word.start == end), end)
        before = [word.folded for word in question.content if word.end <= start]
        behind = [word.folded for word in question.content if end <= word.start]
        words = {
            word: ((word, *question.aliases.get(word, ())), question.rarity[word])
            for word in (*before, *behind)
            if word not in _ROLES
        }
        return cls(
            kind, text, start, end, tuple(words.values()), before[-1] if before else "", behind[0] if behind else ""
        )

    @property
    def asking(self) -> str:
        """The words that ask."""
        return self.text[self.start : self.end]

    @property
    def rest(self) -> str:
        """What follows the words that ask."""
        return self.text[self.end :]


def _kind(kind: Kind, text: str, end: int) -> Kind:
    """Return what the answer looks like; `end` is where the words that ask end."""
    if kind is Kind.WHERE and _PERIOD.match(text, end):
        return Kind.WHEN
    if kind is Kind.WHO and _NATIONALITY.search(text):
        return Kind.WHERE
    return kind


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence prepared for measuring spans against a question."""

    text: str
    folded: str
    edges: Sequence[int]  # where words begin and end; empty if that is not known
    clauses: Sequence[int]  # the number of the clause that each character belongs to
    seen: tuple[tuple[tuple[Span, ...], float], ...]  # where the question's words stand, with their shares of rarity

    @classmethod
    def of(cls, text: str, edges: Sequence[int], asked: _Asked) -> _Sentence:
        folded = fold(text)
        if edges:
            edges = sorted({0, *edges, len(text)})  # a long sentence may be cut inside a word
        clauses = list(itertools.accumulate(int(character in MARKS) for character in folded))
        total = sum(rarity for _, rarity in asked.words) or 1.0
        seen = tuple(
            (tuple(span for name in names for span in _occurrences(name, folded)), rarity / total)
            for names, rarity in asked.words
        )
        return cls(text, folded, edges, clauses, seen)


def _occurrences(word: str, text: str) -> Iterator[Span]:
    place = text.find(word)
    while place >= 0:
        yield place, place + len(word)
        place = text.find(word, place + len(word))


# -- when and how many

_Signalled = tuple[Span, dict[str, float]]

_DURATION = re.compile("多久(?!以?前)|多长时间|多少时间|多少[年天]|每隔?几|有几年|几[年天]的(?:时间|历史)")
_ASKED_LEVEL = {
    "age": _PERIOD,
    "year": re.compile("哪一?年|何年|几年|年份"),
    "month": re.compile("几月|哪一?个?月|何月"),
    "day": re.compile("几[号日]|哪一?[天日]|何日|日期"),
    "hour": re.compile("几点"),
}


def _when(asked: _Asked, text: _Sentence) -> Iterator[_Signalled]:
    """Give the dates, cut to the level that is asked for and without what the question says itself."""
    if _DURATION.search(asked.text):
        yield from ((q.span, {"fits": 1.0}) for q in forms.quantities(text.folded) if q.measure == "time")
        return
    wanted = [level for level, pattern in _ASKED_LEVEL.items() if pattern.search(asked.text)]
    dates = forms.dates(text.folded)
    for number, date in enumerate(dates):
        parts = date.parts
        while len(parts) > 1 and text.folded[slice(*parts[0][1:])] in asked.text:
            parts = parts[1:]
        fitting = [place for place, part in enumerate(parts) if part[0] in wanted]
        if fitting:
            last = fitting[0] if wanted == ["year"] else fitting[-1]
            parts = parts[: last + 1]
        until = dates[number + 1].span[0] if number + 1 < len(dates) else len(text.folded)
        yield (
            (parts[0][1], parts[-1][2]),
            {
                "fits": float(bool(fitting) or not wanted),
                "vague": float(all(level == "relative" for level, _, _ in parts)),
                "heads": sum(share for spans, share in text.seen if any(date.span[1] <= a < until for a, _ in spans)),
            },
        )


_ASKED_MEASURE = {
    "length": re.compile("多[高长远深宽厚]|海拔|身高|体长|长度|高度|距离|身长"),
    "area": re.compile("面积|占地"),
    "speed": re.compile("多快|速度"),
    "mass": re.compile("多重|重量|体重"),
    "money": re.compile("多少钱|[资金价费款额]|收入|元"),
    "share": re.compile("百分|几成|[比率]"),
    "time": re.compile("多[久大]|岁|年龄|时间|多少[年天]"),
    "rank": re.compile("第几|第多少|排名"),
}
_ARTICLE = re.compile("一[个种位名部座次家项条所款些]")


def _how_many(asked: _Asked, text: _Sentence) -> Iterator[_Signalled]:
    """Give the quantities, with whether they have the unit, or count the thing, that is asked for."""
    around = asked.text[max(0, asked.start - 8) : asked.end + 8]
    measures = {name for name, pattern in _ASKED_MEASURE.items() if pattern.search(around)}
    for quantity in forms.quantities(text.folded):
        start, end = quantity.span
        has_unit = bool(quantity.unit) and asked.rest.startswith(quantity.unit)
        thing = asked.rest.removeprefix(quantity.unit)[:2]
        yield (
            quantity.span,
            {
                "unit": float(has_unit),
                "thing": float(len(thing) == 2 and thing in text.folded[end : end + 4]),
                "measure": float(quantity.measure in measures),
                "other": float(bool(measures) and quantity.measure not in measures | {""}),
                "bare": float(not quantity.measure),
                "article": float(bool(_ARTICLE.fullmatch(text.folded[start:end]))),
                "rank": float(quantity.measure == "rank" and "rank" not in measures),
            },
        )


# -- who and where

_JOINTS = frozenset(  # words that join, and the commonest verbs: no part of a name
    re.findall(
        r"\S+",
        "的 了 着 著 过 是 为 由 被 在 于 与 和 及 以及 或 而 且 并 并且 但 但是 则 也 都 就 才 又 还 将 把 对 向 从 自"
        " 至 到 以 因 因为 由于 后 前 中 时 里 上 下 内 外 之 所 其 此 该 这 那 曾 已 等 等等 人 年 月 日 一 个 一个"
        " 一位 一名 有 无 不 没有 会 可 能 可以 最 更 很 只 仅 约 每 各 第 使 让 令 给 跟 同 随 经 经过 通过 根据 按照"
        " 依 关于 作为 认为 表示 指出 提出 宣布 担任 出任 就任 当选 成为 称 称为 开始 进行 发表 发现 发明 创立 创办"
        " 建立 成立 设计 撰写 创作 主演 主持 领导 率领 统治 继位 即位 去世 逝世 死 之后 以后 之前 以前 期间 同时 当时"
        " 后来 最后 首先 其中 主要 著名 位于 来自 出生 出生于 毕业 毕业于 前往 举行 举办 包括 除 除了 如 例如 即 他 她"
        " 它 他们 我 我们 自己 们 得 地 并未 而是 曾经 已经 派 派遣 任命 任 获 获得 得到 击败 进攻 攻占 占领 入侵 受"
        " 收录 出版 上映 播出 效力 现效力 起源 源于 然而 因此 于是 另外 此外 其后 这里 当地 事后 随后 传说 唯一 之一"
        " 曾任 现任 时任 前任 历任 首任 代理 支持 文章",
    )
)
_QUOTED = re.compile(r"《[^《》]{1,30}》|「[^「」]{1,20}」|“[^“”]{1,20}”")
_CAPITALS = re.compile(r"[A-Z][\w.'-]*(?: [A-Z][\w.'-]*)+")
_DIGIT = re.compile(r"\d")
_HEAD = re.compile(
    r"(?:哪|什么)(?![里儿]|地方|人|时)一?[个位名所座家场次届部本条张份支种项块间片]?([\u4e00-\u9fff]{1,4})"
)


def _who_or_where(asked: _Asked, text: _Sentence) -> Iterator[_Signalled]:
    """Give the names by their form, and whatever stands between words that the question has or that join."""
    head = _HEAD.search(asked.asking + asked.rest)
    noun = head[1] if head else ""
    dated = [date.span for date in forms.dates(text.folded)]
    for span, found in _named(asked, text, noun).items():
        if _may_name(asked, text, span) and not any(first < span[1] and span[0] < last for first, last in dated):
            yield span, _shape(text, span, noun) | dict.fromkeys(found, 1.0)


def _named(asked: _Asked, text: _Sentence, noun: str) -> dict[Span, set[str]]:
    """Return the spans that may be names, with the forms that they were recognised by."""
    found: dict[Span, set[str]] = {}
    for name in (forms.persons if asked.kind is Kind.WHO else forms.places)(text.folded):
        exact = name.form in {"latin", "located", "at"}
        found.setdefault(name.span if exact else _snapped(name.span, text.edges), set()).add(name.form)
    for form, spans in (
        ("run", _runs(asked, text)),
        ("quoted", (match.span() for match in _QUOTED.finditer(text.folded))),
        ("headed", _ending_in(noun, text)),
    ):
        for span in spans:
            found.setdefault(span, set()).add(form)
    return found


def _may_name(asked: _Asked, text: _Sentence, span: Span) -> bool:
    """Tell whether a span is of whole words, no part of a dotted name, and of a name's length."""
    start, end = span
    piece, before, behind = text.folded[start:end], text.folded[start - 1 : start], text.folded[end : end + 1]
    if (before and before in DOTS) or (behind and behind in DOTS) or len(piece) > LONGEST:
        return False
    if asked.kind is Kind.WHO and (_DIGIT.search(piece) or (before == "(" and piece.isascii())):
        return False  # in brackets stands another spelling of the name before
    return all(text.edges[bisect_left(text.edges, place)] == place for place in span) if text.edges else True


def _shape(text: _Sentence, span: Span, noun: str) -> dict[str, float]:
    """Return the signals of a name that lie in itself and in the noun that is asked for."""
    start, end = span
    piece = text.folded[start:end]
    dots = sum(map(piece.count, DOTS))
    cuts = bisect_left(text.edges, end) - bisect_right(text.edges, start)  # ends of words inside
    return {
        "full": float(0 <= cuts <= 2 * dots > 0 or _CAPITALS.fullmatch(text.text[start:end]) is not None),
        "surname": float(forms.is_surnamed(piece)),
        "word": float(cuts == 0),
        "two": float(len(piece) == 2),
        "length": min(len(piece), 10) / 10,
        "people": float(piece[-1] in "人军族党"),
        "like": float(bool(noun) and forms.is_named_like(piece, noun)),
    }


def _snapped(span: Span, edges: Sequence[int]) -> Span:
    """Widen a span to the ends of the words that it cuts."""
    if not edges:
        return span
    return edges[bisect_right(edges, span[0]) - 1], edges[bisect_left(edges, span[1])]


def _runs(asked: _Asked, text: _Sentence) -> Iterator[Span]:
    """Give the runs of neighbouring words that neither the question has nor join, and all parts of these runs."""
    run: list[Span] = []
    for start, end in itertools.pairwise([*text.edges, len(text.folded)]):
        word = text.folded[start:end]
        if (word and word in DOTS) or (word.isalnum() and word not in _JOINTS and word not in asked.text):
            run.append((start, end))
            continue
        for first, last in itertools.combinations_with_replacement(range(len(run)), 2):
            span = run[first][0], run[last][1]
            if (
                last - first < MOST_WORDS
                and span[1] - span[0] > 1
                and not {text.folded[span[0]], text.folded[span[1] - 1]} & set(DOTS)
            ):
                yield span
        run = []


def _ending_in(noun: str, text: _Sentence) -> Iterator[Span]:
    """Give what ends with the noun, from the last word before it that joins or after a mark."""
    noun = next((noun[:length] for length in (4, 3, 2) if noun[:length] in text.folded), "") if len(noun) > 1 else ""
    for start, end in _occurrences(noun, text.folded) if noun else ():
        first = start
        for edge in reversed(text.edges[: bisect_left(text.edges, start)]):
            word = text.folded[edge:first]
            if word in _JOINTS or not word.isalnum() or end - edge > LONGEST:
                break
            first = edge
        if first < start:
            yield first, end


# -- signals of every kind

_MARK = re.compile(f"[{MARKS}]")


def _before(asked: _Asked, text: _Sentence, start: int) -> dict[str, float]:
    """Return the signals that lie in what stands before a span."""
    before = text.folded[:start].rstrip()
    return {
        "led": _alike(asked.text[max(0, asked.start - 2) : asked.start][::-1], before[-2:][::-1]),
        "role": _closeness(asked.role[::-1], text.folded[max(0, start - 12) : start][::-1]),
        "title": float(forms.ends_with_title(before[-6:])),
        "within": float(before[-1:] in ("在", "于")),
        "opens": float(start == 0 or text.folded[start - 1] in MARKS),
        "early": 1 - start / len(text.folded),
    }


def _behind(asked: _Asked, text: _Sentence, end: int) -> dict[str, float]:
    """Return the signals that lie in what stands behind a span."""
    behind = text.folded[end : end + 12]
    return {"followed": _alike(asked.rest[:2], behind.lstrip()[:2]), "act": _closeness(asked.act, behind)}


def _nearness(text: _Sentence, span: Span) -> dict[str, float]:
    """Return how near the question's words stand to a span, and what share of them stands in its clause."""
    start, end = span
    near = clause = 0.0
    for spans, share in text.seen:
        if not spans:
            continue
        gap, first = min((max(first - end, start - last), first) for first, last in spans)
        if gap >= 0:
            near += share * math.exp(-gap / NEARNESS)
            clause += share * (text.clauses[first] == text.clauses[start])
    return {"near": near, "clause": clause}


def _alike(one: str, other: str) -> float:
    """Return whether two texts of two characters begin alike: 1 if both do, a half if only the first does."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)) / 2


def _closeness(word: str, text: str) -> float:
    """Return how near to the beginning of a text a word stands in its first clause: 1 at once, 0 not at all."""
    place = text.find(word) if word else -1
    return math.exp(-place / CLOSENESS) if place >= 0 and not _MARK.search(text, 0, place) else 0.0


_GIVE: Mapping[Kind, Callable[[_Asked, _Sentence], Iterator[_Signalled]]] = {
    Kind.WHEN: _when,
    Kind.HOW_MANY: _how_many,
    Kind.WHO: _who_or_where,
    Kind.WHERE: _who_or_where,
}
