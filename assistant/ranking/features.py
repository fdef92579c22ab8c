"""What is measured of each sentence for a question: a first look at all of them, a closer one at the best."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.ranking.likeness import common_length, longest_run, shared_run
from assistant.ranking.yardstick import WANTED, Yardstick, closeness
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import Span, sentences
from index.search import Hit, Searcher

Floats = NDArray[np.float64]

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
    *map(str, WANTED),  # one for each kind: 1 if the question is of this kind and the sentence holds what it wants
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

    asked: Yardstick
    texts: tuple[_Text, ...]
    places: tuple[tuple[int, int], ...]  # of each sentence: its passage, and its place there
    features: Floats  # (sentences, FEATURES)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def on_named_topic(self) -> bool:
        """Whether the question is about something with a name that the documents hold."""
        subjects = self.asked.question.subjects
        return bool(subjects) and subjects[0].named and self.asked.topic_seen > 0

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
            *(closeness(bits, here, before, after, whole) for bits in asked.beside),
            *asked.about(here, before, after, whole | text.title),
            asked.saying(here, before, after, whole),
            float(longest_run(asked.right, sentence)),
            float(longest_run(asked.left, sentence[::-1])),
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
    asked = Yardstick.of(question, searcher)
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


def _prepare(hit: Hit, asked: Yardstick) -> _Text:
    folded, spans = fold(hit.passage.text), sentences(hit.passage.text)
    title = fold("\n".join((hit.passage.title, *hit.passage.section)))
    return _Text(hit, folded, spans, [asked.held(folded[start:end]) for start, end in spans], asked.held(title))


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
