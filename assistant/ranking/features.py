"""What is measured of each sentence for a question: a first look at all of them, a closer one at the best."""

from __future__ import annotations

import functools
import itertools
import math
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.ranking.span import Seeker
from assistant.ranking.wanted import Wanted, said
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import Span, sentences
from corpus.words import Word, is_han
from index.search import Hit, Searcher

Floats = NDArray[np.float64]

_WANTED = {
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

FEATURES = (
    "words",  # share of the question's content words in the sentence, weighted by their rarity in the index
    "characters",  # share of the content words' characters in the sentence, weighted likewise
    "pairs",  # share of the question's pairs of neighbouring Chinese characters, weighted likewise
    "before",  # share of the words that the sentence lacks and the one before it, the title or a heading holds
    "after",  # share of the words that these lack and the sentence after holds
    "unnamed",  # share of the words that the passage, its title and headings lack, weighted by rarity in Chinese
    "stretch",  # longest run of characters common to question and sentence, as a share of the question
    "passage",  # score of the passage as a share of the best one's
    "lexical",  # BM25 of the passage as a share of the best one's
    "similar",  # cosine of the static vectors of question and sentence
    "new",  # share of the sentence's characters that the question lacks
    "asks",  # 1 for a sentence that ends with a question mark
    *map(str, _WANTED),  # one for each kind: 1 if the question is of this kind and the sentence holds what it wants
)
_COMPARED = ("words", "characters", "pairs", "stretch", "similar", "near", "common", "named")
CLOSER = (
    "named",  # as "words", weighted by rarity in Chinese: in documents on one subject its names are not rare
    "named_before",  # the same in the sentence before, the title and the headings alone
    "near",  # as "words", the words close to those that ask weighing most
    "near_before",  # the same share in the sentence before, the title and the headings alone
    "near_after",  # the same in the sentence after alone
    "earlier",  # share of the words in the three sentences before, the title and the headings alone
    "opening",  # share of the words in the passage's first sentence, the title and the headings alone
    "elsewhere",  # share of the words elsewhere in the passage
    "common",  # longest common subsequence of characters, as a share of the question
    "role",  # how close by the content word stands that the question has before the words that ask, 0..1
    "act",  # the same of the one behind them
    "topic",  # the same of the words of what the question is about, the farthest of them
    "topics",  # the same of all things that it names, on average
    "said",  # the same of the content words that are no names of these, by their rarity; 1 without any
    "right_run",  # characters of the longest run that follows the words that ask and stands in the sentence
    "left_run",  # the same of what leads to them
    "likely",  # probability that a span of the sentence is the name, date, number or thing asked for
    "hit",  # the passage's place, from 0
    "place",  # the sentence's place in its passage, from 0
    "share",  # the same as a share of the passage's sentences
    "length",  # characters
    "fresh",  # content words that the question lacks
    "matched",  # words that the question has
    "spread",  # distance of the first and the last of these, as a share of the sentence
    "known",  # share of the sentence's words that the question has, the unknown weighing alike
    "years",  # expressions of a year that the question lacks
    "numbers",  # numbers that the question lacks
    "quoted",  # opening quotation marks
    "dotted",  # dots inside foreign names
    "kind",  # of the question, by its place in Kind
    "asked_length",  # characters of the question
    "asked_words",  # its content words
    "asked_place",  # where the words that ask stand in it, 0..1; -1 without any
    "unseen",  # share of its content words that stand nowhere in the index
    "least",  # log of 1 + the passages that hold its rarest content word
    "role_seen",  # the same of the content word before the words that ask; -1 without one
    "act_seen",  # the same of the one behind them
    "topic_seen",  # the same of the rarest word of what the question is about; -1 where it names nothing
    "first_look",  # log odds of the first look
    *(f"{name}_rank" for name in _COMPARED),  # place by that feature among the sentences looked at, from 0
    *(f"{name}_gap" for name in _COMPARED),  # distance to the best one
)
ALL = (*FEATURES, *CLOSER)
_TOPIC_SEEN = CLOSER.index("topic_seen") - CLOSER.index("kind")  # its place in what is measured of the question
_KINDS = {kind: place for place, kind in enumerate(Kind)}

_REACH = 6.0  # characters from the words that ask over which a question's word loses all but 1/e of its weight
_SLACK = 5  # characters beside the words that ask that a run may leave out
_UNKNOWN = 5.0  # the rarity of a word of the sentence that the question lacks, in "known"
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-_/][a-z0-9]+)*(?:\+\+|#|%)?")
_ASKING = re.compile(
    r"哪|什么|甚么|啥|谁|何(?=时|年|处|地|人|种|者|月|日|国|故|物|事|以)|多少|怎|如何|多(?=大|高|长|久|远|深|快|重|宽|厚)"
    r"|几(?=个|年|种|月|日|次|人|岁|号|点|位|座|条|项|届|世纪|所|支|名|家|场|倍|分|万|亿|千|百)"
)
_YEAR = re.compile(r"[\d〇零一二三四五六七八九]{2,4}年|[元一二三四五六七八九十]+年|世纪|\d+年代")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百千万亿]+")
_QUOTE = re.compile("[《「“『]")


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage prepared for measuring."""

    hit: Hit
    folded: str
    spans: Sequence[Span]  # of its sentences
    held: Sequence[int]  # which of the question's words each holds, one bit each
    title: int  # which of them the title and the headings hold

    def around(self, place: int) -> tuple[int, int]:
        """Return which words the sentence before one, the title and the headings hold, and which the one after."""
        before = self.held[place - 1] if place else 0
        return self.title | before, self.held[place + 1] if place + 1 < len(self.held) else 0


@dataclass(frozen=True, slots=True)
class Candidates:
    """The sentences of some hits with what a first look measures of them."""

    asked: _Asked
    texts: tuple[_Text, ...]
    places: tuple[tuple[int, int], ...]  # of each sentence: its passage, and its place there
    features: Floats  # (sentences, FEATURES)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def on_named_topic(self) -> bool:
        """Whether the question is about something with a name that the documents hold."""
        subjects = self.asked.question.subjects
        return bool(subjects) and subjects[0].named and self.asked.itself[_TOPIC_SEEN] > 0

    def span(self, number: int) -> tuple[Hit, int, int]:
        """Return the hit of a sentence, and its start and end in the passage's text."""
        text, place = self.places[number]
        return self.texts[text].hit, *self.texts[text].spans[place]

    def closer(self, chosen: NDArray[np.int64], first_look: Floats) -> Floats:
        """Return all features of the chosen sentences, given the first look's log odds: (chosen, ALL)."""
        rows = np.array([self._closer(number) for number in chosen])
        first = self.features[chosen]
        named = {name: first[:, place] for place, name in enumerate(FEATURES)} | {
            name: rows[:, CLOSER.index(name)] for name in ("near", "common", "named")
        }
        compared = np.array([named[name] for name in _COMPARED])  # (compared, chosen)
        ranks = np.argsort(np.argsort(-compared, axis=1, kind="stable"), axis=1, kind="stable")
        gaps = compared - compared.max(axis=1, keepdims=True)
        return np.hstack([first, rows, first_look[:, None], ranks.T, gaps.T])

    def _closer(self, number: int) -> tuple[float, ...]:
        where, place = self.places[number]
        text, asked = self.texts[where], self.asked
        (start, end), here = text.spans[place], text.held[place]
        sentence = text.folded[start:end]
        before, after = text.around(place)
        earlier = functools.reduce(operator.or_, text.held[max(place - 3, 0) : place], text.title)
        whole = functools.reduce(operator.or_, text.held)
        edges = text.hit.edges_within(start, end)
        words = [span for span in itertools.pairwise(edges) if sentence[span[0]].isalnum()]
        return (
            asked.names[here],
            asked.names[before & ~here],
            asked.near[here],
            asked.near[before & ~here],
            asked.near[after & ~here],
            asked.words[earlier & ~here],
            asked.words[(text.held[0] | text.title) & ~here],
            asked.words[whole & ~here],
            common_length(asked.bits, sentence) / max(len(asked.text), 1),
            *(_closeness(bits, here, before, after, whole) for bits in asked.beside),
            *asked.about(here, before, after, whole | text.title),
            asked.saying(here, before, after, whole),
            float(_longest(asked.right, sentence)),
            float(_longest(asked.left, sentence[::-1])),
            asked.seeker.likelihood(text.hit.passage.text[start:end], edges),
            float(where),
            float(place),
            place / len(text.spans),
            float(end - start),
            *asked.content(sentence, words),
            *asked.figures(sentence),
            *asked.itself,
        )


def collect(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Candidates:
    """Cut the hits into sentences and measure each against the question at a first look."""
    asked = _Asked.of(question, searcher)
    if not hits:
        return Candidates(asked, (), (), np.empty((0, len(FEATURES))))
    best = max(hit.score for hit in hits) or 1.0
    texts = tuple(_prepare(hit, asked) for hit in hits)
    rows: list[tuple[float, ...]] = []
    for text, similar in zip(texts, _cosines(question, texts, searcher), strict=True):
        unnamed = 1 - asked.names[functools.reduce(operator.or_, text.held, text.title)]
        for number, (start, end) in enumerate(text.spans):
            sentence, here = text.folded[start:end], text.held[number]
            before, after = text.around(number)
            rows.append(
                (
                    asked.words[here],
                    asked.characters(sentence),
                    asked.pairs(sentence),
                    asked.words[before & ~here],
                    asked.words[after & ~before & ~here],
                    unnamed,
                    shared_run(asked.text, sentence),
                    text.hit.score / best,
                    text.hit.reasons.lexical,
                    similar[number],
                    *asked.shape(sentence),
                )
            )
    places = tuple((number, place) for number, text in enumerate(texts) for place in range(len(text.spans)))
    return Candidates(asked, texts, places, np.array(rows).reshape(len(rows), len(FEATURES)))


def _prepare(hit: Hit, asked: _Asked) -> _Text:
    folded, spans = fold(hit.passage.text), sentences(hit.passage.text)
    title = fold("\n".join((hit.passage.title, *hit.passage.section)))
    return _Text(hit, folded, spans, [asked.held(folded[start:end]) for start, end in spans], asked.held(title))


def shared_run(one: str, other: str) -> float:
    """Return the length of the longest run of `one` that stands in `other`, as a share of `one`."""
    longest, start = 0, 0
    while start + longest < len(one):
        if one[start : start + longest + 1] in other:
            longest += 1
        else:
            start += 1
    return longest / max(len(one), 1)


def character_bits(text: str) -> dict[str, int]:
    """Return for each character of a text where it stands there, one bit each."""
    bits: dict[str, int] = {}
    for place, character in enumerate(text):
        bits[character] = bits.get(character, 0) | 1 << place
    return bits


def common_length(bits: Mapping[str, int], other: str) -> int:
    """Return the length of the longest common subsequence of two texts, one given as its `character_bits`.

    Bit-parallel (Hyyrö 2004): a zero bit of `state` stands where the subsequence grew by one. Bits above the text's
    length carry nothing that is counted.
    """
    whole = functools.reduce(operator.or_, bits.values(), 0)
    state = whole
    for character in other:
        matches = state & bits.get(character, 0)
        state = (state + matches | state - matches) & whole
    return (whole & ~state).bit_count()


def alike(common: float, asked: float, length: float) -> float:
    """Return how alike question and sentence are, 0..1: twice their longest common subsequence (`common`, as a
    share of the question's `asked` characters) over both lengths, the Dice coefficient of their characters in order.
    """
    return 2 * common * asked / (asked + length)


def _longest(run: str, text: str) -> int:
    """Return how long a run of `run`, that begins among its first characters, stands in `text`."""
    longest = 0
    for start in range(min(_SLACK, len(run))):
        while start + longest < len(run) and run[start : start + longest + 1] in text:
            longest += 1
    return longest


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
class _Asked:
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
    itself: tuple[float, ...]  # what is measured of the question alone

    @classmethod
    def of(cls, question: Question, searcher: Searcher) -> _Asked:
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
            itself=(
                float(_KINDS[question.kind]),
                float(len(text)),
                float(len(words)),
                start / len(text) if asking else -1.0,
                sum(not count for count in seen) / max(len(words), 1),
                min(seen, default=0.0),
                *(-1.0 if place is None else seen[place] for place in beside),
                min((seen[words.index(word.folded)] for word in _topic(question)), default=-1.0),
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
        close = [_closeness(bits, here, before, after, whole) for bits in self.topics]
        return (close[0], sum(close) / len(close)) if close else (1.0, 1.0)

    def saying(self, here: int, before: int, after: int, whole: int) -> float:
        """Return how close what the question says of the things that it names stands."""
        if not self.said:
            return 1.0
        return sum(share * _closeness(bit, here, before, after, whole) for bit, share in self.said)

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
            *(float(kind is self.question.kind and holds) for kind in _WANTED),
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


def _topic(question: Question) -> Sequence[Word]:
    return question.subjects[0].words if question.subjects else ()


def _seen(forms: Sequence[str], searcher: Searcher) -> float:
    """Return the log of 1 + the passages that hold a word under one of its names, also where it is cut otherwise."""
    return math.log1p(max(searcher.frequency(form) or searcher.held(form)[1] for form in forms))


def _closeness(bits: int, here: int, before: int, after: int, whole: int) -> float:
    """Return how close to a sentence all of some words stand: 1 in it, less beside it or in its passage, else 0."""
    held = 0
    for near, value in ((here, 1.0), (before, 0.7), (after, 0.4), (whole, 0.2)):
        held |= near
        if bits and bits & held == bits:
            return value
    return 0.0


def _wanted(question: Question) -> re.Pattern[str] | None:
    """Return what a sentence must hold to be of use; a definition opens with what it defines."""
    pattern = _WANTED.get(question.kind)
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


def _cosines(question: Question, texts: Sequence[_Text], searcher: Searcher) -> list[NDArray[np.float32]]:
    """Return for each text the cosines of its sentences with the question.

    The words of all texts are looked up once; a sentence's vector is the sum over its words.
    """
    place: dict[str, int] = {}
    pieces = [
        [place.setdefault(text.folded[start:end], len(place)) for start, end in itertools.pairwise(text.hit.edges)]
        for text in texts
    ]
    vectors = searcher.word_model.contributions(list(place))
    asked = searcher.meaning(question.query)
    cosines = []
    for text, words in zip(texts, pieces, strict=True):
        first = np.searchsorted(text.hit.edges, [start for start, _ in text.spans], side="right") - 1
        sums = np.add.reduceat(vectors[words], first, axis=0)
        lengths = np.linalg.norm(sums, axis=1)
        cosines.append((sums @ asked / np.where(lengths > 0, lengths, 1)).astype(np.float32))
    return cosines
