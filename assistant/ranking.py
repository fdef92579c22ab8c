"""Candidate sentences of the passages found, scored by a small learned model over named features."""

from __future__ import annotations

import functools
import itertools
import json
import math
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.question import Kind, Question
from corpus.lexicon import fold
from corpus.splitting import Span, sentences
from corpus.words import is_han
from index.search import Hit, Searcher

SENTENCE_WEIGHT = 2.0  # of a passage's best sentence beside its own score; benchmarks/README.md, "Defaults"
MODEL = Path(__file__).with_name("ranking.json")

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
    *_WANTED,  # one for each kind: 1 if the question is of this kind and the sentence holds what it wants
)
EVIDENCE = (
    "score",  # log odds of the first sentence's score
    "unseen",  # share of the question's content words that stand nowhere in the index
    "covered",  # best share of the content words that a sentence and its neighbours hold, weighted by rarity
    "unnamed",  # of the first sentence, as above
    "similar",  # of the first sentence, as above
    "kind",  # 1 if the first sentence holds what this kind of question wants
)

_HELD = [FEATURES.index(name) for name in ("words", "before", "after")]
_LATIN = re.compile(r"[a-z0-9]+(?:[.\-_/][a-z0-9]+)*(?:\+\+|#|%)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate answer: one sentence of a hit's passage; offsets count in the document."""

    hit: Hit
    text: str
    start: int
    end: int
    score: float  # probability that it answers, as the ranker sees it: 0..1
    features: NDArray[np.float64]  # in the order of FEATURES


@dataclass(frozen=True, slots=True)
class Candidates:
    """The sentences of some hits with their features."""

    spans: tuple[tuple[Hit, int, int], ...]  # hit, start and end in the passage's text
    features: NDArray[np.float64]  # (sentences, FEATURES)


def collect(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Candidates:
    """Cut the hits into sentences and measure each against the question."""
    if not hits:
        return Candidates((), np.empty((0, len(FEATURES))))
    asked = _Asked.of(question, searcher)
    spans: list[tuple[Hit, int, int]] = []
    rows: list[tuple[float, ...]] = []
    best = max(hit.score for hit in hits) or 1.0
    cuts = [sentences(hit.passage.text) for hit in hits]
    texts = [fold(hit.passage.text) for hit in hits]
    cosines = _cosines(question, hits, texts, cuts, searcher)
    for hit, text, places, similar in zip(hits, texts, cuts, cosines, strict=True):
        title = asked.held(fold("\n".join((hit.passage.title, *hit.passage.section))))
        held = [asked.held(text[start:end]) for start, end in places]
        unnamed = 1 - asked.names[functools.reduce(operator.or_, held, title)]
        for number, (start, end) in enumerate(places):
            sentence, here = text[start:end], held[number]
            before = title | (held[number - 1] if number else 0)
            after = held[number + 1] if number + 1 < len(held) else 0
            spans.append((hit, start, end))
            rows.append(
                (
                    asked.words[here],
                    asked.characters(sentence),
                    asked.pairs(sentence),
                    asked.words[before & ~here],
                    asked.words[after & ~before & ~here],
                    unnamed,
                    shared_run(asked.text, sentence),
                    hit.score / best,
                    hit.reasons.lexical,
                    similar[number],
                    *asked.shape(sentence),
                )
            )
    return Candidates(tuple(spans), np.array(rows))


def rank(question: Question, hits: Sequence[Hit], searcher: Searcher) -> list[Sentence]:
    """Return all sentences of the hits, best first; ties in the order of hits and text."""
    candidates = collect(question, hits, searcher)
    scores = Ranker.shipped().sentence.probabilities(candidates.features)
    return [
        Sentence(
            hit,
            hit.passage.text[start:end],
            hit.passage.start + start,
            hit.passage.start + end,
            float(scores[place]),
            candidates.features[place],
        )
        for place in np.argsort(-scores, kind="stable")
        for hit, start, end in [candidates.spans[place]]
    ]


def rerank(hits: Sequence[Hit], sentences: Sequence[Sentence]) -> list[Hit]:
    """Order the hits by their score and that of their best sentence; hits without a sentence here come last."""
    best: dict[int, float] = {}
    for sentence in sentences:
        best.setdefault(id(sentence.hit), sentence.score)
    weighed = [
        replace(hit, score=(hit.score + SENTENCE_WEIGHT * best.get(id(hit), 0.0)) / (1 + SENTENCE_WEIGHT))
        for hit in hits
    ]
    return sorted(weighed, key=lambda hit: -hit.score)


def evidence(question: Question, sentences: Sequence[Sentence], searcher: Searcher) -> NDArray[np.float64]:
    """Return what the confidence is computed from, in the order of EVIDENCE; the first sentence is the candidate."""
    best = sentences[0]
    facts = dict(zip(FEATURES, best.features, strict=True))
    words = [(word.folded, *question.aliases.get(word.folded, ())) for word in question.content]
    unseen = sum(not any(map(searcher.frequency, names)) for names in words) / max(len(words), 1)
    covered = max(sentence.features[_HELD].sum() for sentence in sentences)
    score = math.log(best.score / (1 - best.score))
    kind = max(facts[name] for name in _WANTED)
    return np.array([score, unseen, covered, facts["unnamed"], facts["similar"], kind])


def confidence(question: Question, sentences: Sequence[Sentence], searcher: Searcher) -> float:
    """Return the probability that the first sentence answers the question."""
    if not sentences or not question.content:
        return 0.0
    return float(Ranker.shipped().confidence.probabilities(evidence(question, sentences, searcher)[None, :])[0])


def shared_run(one: str, other: str) -> float:
    """Return the length of the longest run of `one` that stands in `other`, as a share of `one`."""
    longest, start = 0, 0
    while start + longest < len(one):
        if one[start : start + longest + 1] in other:
            longest += 1
        else:
            start += 1
    return longest / max(len(one), 1)


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

    text: str
    known: dict[int, None]  # deletes the question's characters
    kind: Kind
    wanted: re.Pattern[str] | None
    forms: tuple[tuple[str, ...], ...]  # each content word with its other names
    words: _Shares
    names: _Shares
    single: tuple[tuple[str, float], ...]  # characters and Latin words with their weights, adding up to 1
    double: tuple[tuple[str, float], ...]  # pairs of characters with their weights, adding up to 1

    @classmethod
    def of(cls, question: Question, searcher: Searcher) -> _Asked:
        text = fold(question.understood)
        words = tuple(dict.fromkeys(word.folded for word in question.content))
        pieces = tuple(dict.fromkeys(piece for word in words for piece in (word if is_han(word) else (word,))))
        text_pairs = map("".join, itertools.pairwise(text))
        doubles = tuple(pair for pair in dict.fromkeys(text_pairs) if is_han(pair))
        rarity = searcher.rarity({*words, *pieces, *doubles})
        return cls(
            text,
            dict.fromkeys(map(ord, text)),
            question.kind,
            _wanted(question),
            tuple((word, *question.aliases.get(word, ())) for word in words),
            _Shares([rarity[word] for word in words]),
            _Shares([question.rarity[word] ** 2 for word in words]),
            _weighted(pieces, rarity),
            _weighted(doubles, rarity),
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
            *(float(kind is self.kind and holds) for kind in _WANTED),
        )


def _wanted(question: Question) -> re.Pattern[str] | None:
    """Return what a sentence must hold to be of use; a definition opens with what it defines."""
    pattern = _WANTED.get(question.kind)
    if pattern is None or question.kind is not Kind.DEFINITION:
        return pattern
    words = (word.folded for word in question.content)
    forms = "|".join(re.escape(form) for word in words for form in (word, *question.aliases.get(word, ())))
    return re.compile(rf"^.{{0,4}}(?:{forms}).{{0,40}}?(?:{pattern.pattern})")


def _weighted(terms: Sequence[str], rarity: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    total = sum(rarity[term] for term in terms) or 1.0
    return tuple((term, rarity[term] / total) for term in terms)


def _cosines(
    question: Question, hits: Sequence[Hit], texts: Sequence[str], cuts: Sequence[Sequence[Span]], searcher: Searcher
) -> list[NDArray[np.float32]]:
    """Return for each folded text the cosines of its sentences with the question.

    The words of all texts are looked up once; a sentence's vector is the sum over its words.
    """
    place: dict[str, int] = {}
    pieces = [
        [place.setdefault(text[start:end], len(place)) for start, end in itertools.pairwise(hit.edges)]
        for hit, text in zip(hits, texts, strict=True)
    ]
    vectors = searcher.word_model.contributions(list(place))
    asked = searcher.meaning(question.query)
    cosines = []
    for hit, words, spans in zip(hits, pieces, cuts, strict=True):
        first = np.searchsorted(hit.edges, [start for start, _ in spans], side="right") - 1
        sums = np.add.reduceat(vectors[words], first, axis=0)
        lengths = np.linalg.norm(sums, axis=1)
        cosines.append((sums @ asked / np.where(lengths > 0, lengths, 1)).astype(np.float32))
    return cosines


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named inputs."""

    mean: NDArray[np.float64]  # (inputs,)
    scale: NDArray[np.float64]  # (inputs,)
    weights: NDArray[np.float64]  # (inputs,)
    bias: float

    def probabilities(self, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one probability for each row of `inputs`, kept off 0 and 1."""
        logits = (inputs - self.mean) / self.scale @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -15, 15))), np.float64)

    @classmethod
    def from_facts(cls, facts: dict[str, Any], names: Sequence[str]) -> Logistic:
        """Read a model as training/ranking.py wrote it; ValueError if it was fitted on other inputs."""
        if tuple(facts["inputs"]) != tuple(names):
            raise ValueError(f"{MODEL.name} was fitted on other inputs: run python -m training.ranking")
        mean, scale, weights = (np.array(facts[name]) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, facts["bias"])


@dataclass(frozen=True)
class Ranker:
    """The two models that training/ranking.py fits: for a sentence among sentences, and for the first of them."""

    sentence: Logistic  # over FEATURES
    confidence: Logistic  # over EVIDENCE

    @classmethod
    @cache
    def shipped(cls) -> Ranker:
        """Read the models that come with the package."""
        facts = json.loads(MODEL.read_text(encoding="utf-8"))
        return cls(Logistic.from_facts(facts["sentence"], FEATURES), Logistic.from_facts(facts["confidence"], EVIDENCE))
