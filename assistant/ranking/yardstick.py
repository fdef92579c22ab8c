"""A question prepared for measuring sentences against it."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.ranking.likeness import character_bits
from assistant.ranking.span import Seeker
from assistant.ranking.wanted import Wanted, said
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import Span
from corpus.words import is_han
from index.search import Searcher

WANTED = {
    Kind.WHEN: re.compile(r"\d+\s*[年月日号]|[一二三四五六七八九十〇]+[年月日]|世纪|年代|时期|\d{4}"),
    Kind.HOW_MANY: re.compile(r"\d|[一二两三四五六七八九十百千万亿]+[个种台次行人家倍位条座项名年]"),
    Kind.WHO: re.compile(
        r"[·•]|[a-z]{2,} [a-z]{2,}|作者|创始|发起|由.{1,20}(?:创|发|开|提|设|写)|教授|博士|负责人|公司|团队"
    ),
    Kind.WHERE: re.compile(r"[省市县区州国镇村岛港]|大学|学院|位于|地处"),
    Kind.WHY: re.compile(r"因为|由于|因此|所以|原因|为了|使得|导致|因|以便|从而"),
    Kind.HOW: re.compile(r"通过|利用|采用|方式|方法|先.*再"),
    Kind.LIST: re.compile(r"、.*[、和及与]|包括|分别|有.*、"),
    Kind.DEFINITION: re.compile(r"(?<!不)(?:是|指|即|称为|叫做)|全称|简称"),  # after the subject: see _wanted
    Kind.COMPARISON: re.compile(r"而|比|相比|不同|则|更|区别"),
    Kind.RELATION: re.compile(r"基于|取代|合并|整合|继承|属于|前身|源自|=|是"),
}
_KINDS = {kind: place for place, kind in enumerate(Kind)}

_REACH = 6.0  # characters from the words that ask over which a question's word loses all but 1/e of its weight
_UNKNOWN = 5.0  # the rarity of a word of the sentence that the question lacks, in "known"
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-_/][a-z0-9]+)*(?:\+\+|#|%)?")
_ASKING = re.compile(
    r"哪|什么|甚么|啥|谁|何(?=时|年|处|地|人|种|者|月|日|国|故|物|事|以)|多少|怎|如何|多(?=大|高|长|久|远|深|快|重|宽|厚)"
    r"|几(?=个|年|种|月|日|次|人|岁|号|点|位|座|条|项|届|世纪|所|支|名|家|场|倍|分|万|亿|千|百)"
)
_YEAR = re.compile(r"[\d〇零一二三四五六七八九]{2,4}年|[元一二三四五六七八九十]+年|世纪|\d+年代")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百千万亿]+")
_QUOTE = re.compile("[《「“『]")


class _Shares(dict[int, float]):
    """Set of words, one bit each -> their share of all weights; sets recur, so each is added up once."""

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        total = sum(weights) or 1.0
        self._weights = [weight / total for weight in weights]

    def __missing__(self, chosen: int) -> float:
        self[chosen] = sum(weight for bit, weight in enumerate(self._weights) if chosen >> bit & 1)
        return self[chosen]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A question prepared for measuring sentences against it."""

    question: Question
    text: str
    known: dict[int, None]  # deletes the question's characters
    wanted: re.Pattern[str] | None
    forms: tuple[tuple[str, ...], ...]  # each content word with its other names
    words: _Shares
    near: _Shares
    names: _Shares
    single: tuple[tuple[str, float], ...]  # characters and Latin words with their weights, adding up to 1
    double: tuple[tuple[str, float], ...]  # pairs of characters with their weights, adding up to 1
    rarity: Mapping[str, float]  # of the content words, in the index
    right: str  # what follows the words that ask
    left: str  # what leads to them, backwards
    bits: Mapping[str, int]  # of each character: where it stands in the question, one bit each
    seeker: Seeker
    beside: tuple[int, ...]  # the content words before and behind the words that ask, one bit each; 0 for none
    topics: tuple[int, ...]  # the words of each thing that the question names, one bit each
    said: tuple[tuple[int, float], ...]  # the other words, one bit each, with their share of these words' rarity
    topic_seen: float  # the feature of this name
    itself: tuple[float, ...]  # what is measured of the question alone

    @classmethod
    def of(cls, question: Question, searcher: Searcher) -> Yardstick:
        text = fold(question.understood)
        words = tuple(dict.fromkeys(word.folded for word in question.content))
        pieces = tuple(dict.fromkeys(piece for word in words for piece in (word if is_han(word) else (word,))))
        doubles = tuple(pair for pair in dict.fromkeys(map("".join, itertools.pairwise(text))) if is_han(pair))
        rarity = searcher.rarity({*words, *pieces, *doubles})
        asking = _last(_ASKING, text)
        start, end = asking or (len(text), len(text))
        nearness = _nearness(question, asking)
        seeker = Seeker.of(question)
        beside = _beside(question, words, (start, end), seeker.wanted)
        forms = tuple((word, *question.aliases.get(word, ())) for word in words)
        seen = [_seen(names, searcher) for names in forms]
        told = said(question, seeker.wanted)
        topic = question.subjects[0].words if question.subjects else ()
        topic_seen = min((seen[words.index(word.folded)] for word in topic), default=-1.0)
        return cls(
            question=question,
            text=text,
            known=dict.fromkeys(map(ord, text)),
            wanted=_wanted(question),
            forms=forms,
            words=_Shares([rarity[word] for word in words]),
            near=_Shares([rarity[word] * nearness[word] for word in words]),
            names=_Shares([question.rarity[word] ** 2 for word in words]),
            single=_weighted(pieces, rarity),
            double=_weighted(doubles, rarity),
            rarity={word: rarity[word] for word in words},
            right=text[end:],
            left=text[:start][::-1] if asking else "",
            bits=character_bits(text),
            seeker=seeker,
            beside=tuple(1 << place if place is not None else 0 for place in beside),
            said=tuple(zip((1 << words.index(word) for word in told), _shared(told, rarity), strict=True)),
            topics=tuple(sum({1 << words.index(word.folded) for word in one.words}) for one in question.subjects),
            topic_seen=topic_seen,
            itself=(
                float(_KINDS[question.kind]),
                float(len(text)),
                float(len(words)),
                start / len(text) if asking else -1.0,
                sum(not count for count in seen) / max(len(words), 1),
                min(seen, default=0.0),
                *(-1.0 if place is None else seen[place] for place in beside),
                topic_seen,
            ),
        )

    def held(self, text: str) -> int:
        """Return which words stand in the folded text, one bit each; Latin ones must stand alone: caffe, not caffe2."""
        latin = frozenset(_LATIN.findall(text))
        found = 0
        for bit, forms in enumerate(self.forms):
            for form in forms:
                if form in latin or (form in text and (not form.isascii() or " " in form)):
                    found |= 1 << bit
                    break
        return found

    def about(self, here: int, before: int, after: int, whole: int) -> tuple[float, float]:
        """Return how close what the question is about stands, and all that it names on average; 1 for nothing."""
        close = [closeness(bits, here, before, after, whole) for bits in self.topics]
        return (close[0], sum(close) / len(close)) if close else (1.0, 1.0)

    def saying(self, here: int, before: int, after: int, whole: int) -> float:
        """Return how close what the question says of the things that it names stands."""
        if not self.said:
            return 1.0
        return sum(share * closeness(bit, here, before, after, whole) for bit, share in self.said)

    def characters(self, text: str) -> float:
        return sum(weight for piece, weight in self.single if piece in text)

    def pairs(self, text: str) -> float:
        return sum(weight for pair, weight in self.double if pair in text)

    def shape(self, text: str) -> tuple[float, ...]:
        new = len(text.translate(self.known)) / len(text)
        holds = bool(self.wanted and self.wanted.search(text))
        return (
            new,
            float(text.rstrip("”」』）)").endswith("?")),
            *(float(kind is self.question.kind and holds) for kind in WANTED),
        )

    def content(self, sentence: str, spans: Sequence[Span]) -> tuple[float, ...]:
        """Measure the words of a sentence: fresh, matched, spread, known."""
        words = [sentence[start:end] for start, end in spans]
        matched = [start for (start, _), word in zip(spans, words, strict=True) if word in self.rarity]
        heavy = [word for word in words if word not in self.question.stopwords]
        weights = [self.rarity.get(word, _UNKNOWN) for word in heavy]
        inside = sum(weight for word, weight in zip(heavy, weights, strict=True) if word in self.rarity)
        return (
            float(sum(word not in self.rarity for word in heavy)),
            float(len(matched)),
            (matched[-1] - matched[0]) / len(sentence) if matched else 0.0,
            inside / (sum(weights) or 1.0),
        )

    def figures(self, sentence: str) -> tuple[float, ...]:
        """Count in a sentence: years, numbers, quotation marks, dots."""
        return (
            float(sum(found[0] not in self.text for found in _YEAR.finditer(sentence))),
            float(sum(found[0] not in self.text for found in _NUMBER.finditer(sentence))),
            float(len(_QUOTE.findall(sentence))),
            float(sentence.count("·")),
        )


def _last(pattern: re.Pattern[str], text: str) -> Span | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found.span() if found else None


def _nearness(question: Question, asking: Span | None) -> dict[str, float]:
    """Return how near each content word stands to the words that ask: 1 beside them, or everywhere without any."""
    near: dict[str, float] = {}
    for word in question.content:
        distance = 0 if asking is None else max(word.start - asking[1], asking[0] - word.end, 0)
        near[word.folded] = max(near.get(word.folded, 0.0), math.exp(-distance / _REACH))
    return near


def _beside(
    question: Question, words: Sequence[str], asking: Span, wanted: Wanted | None
) -> tuple[int | None, int | None]:
    """Return which of the words stands before those that ask, and which behind them.

    The noun for what is asked for is none: a document that answers 哪座城市 need not say 城市.
    """
    start, end = (wanted.start, wanted.end) if wanted else asking
    before = [word.folded for word in question.content if word.end <= start]
    behind = [word.folded for word in question.content if word.start >= end]
    return (words.index(before[-1]) if before else None), (words.index(behind[0]) if behind else None)


def _seen(forms: Sequence[str], searcher: Searcher) -> float:
    """Return the log of 1 + the passages that hold a word under one of its names, also where it is cut otherwise."""
    return math.log1p(max(searcher.frequency(form) or searcher.held(form)[1] for form in forms))


def closeness(bits: int, here: int, before: int, after: int, whole: int) -> float:
    """Return how close to a sentence all of some words stand: 1 in it, less beside it or in its passage, else 0."""
    held = 0
    for near, value in ((here, 1.0), (before, 0.7), (after, 0.4), (whole, 0.2)):
        held |= near
        if bits and bits & held == bits:
            return value
    return 0.0


def _wanted(question: Question) -> re.Pattern[str] | None:
    """Return what a sentence must hold to be of use; a definition opens with what it defines."""
    pattern = WANTED.get(question.kind)
    if pattern is None or question.kind is not Kind.DEFINITION:
        return pattern
    words = (word.folded for word in question.content)
    forms = "|".join(re.escape(form) for word in words for form in (word, *question.aliases.get(word, ())))
    return re.compile(rf"^.{{0,4}}(?:{forms}).{{0,40}}?(?:{pattern.pattern})")


def _weighted(terms: Sequence[str], rarity: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(zip(terms, _shared(terms, rarity), strict=True))


def _shared(terms: Sequence[str], rarity: Mapping[str, float]) -> list[float]:
    """Return each term's share of their rarity."""
    total = sum(rarity[term] for term in terms) or 1.0
    return [rarity[term] / total for term in terms]
