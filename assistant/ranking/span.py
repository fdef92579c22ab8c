"""The span of a sentence that answers a question for who, when, where, how many or which; none rather than a guess."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.ranking.candidates import Sentence, Signals, before, behind, shape, spans
from assistant.ranking.wanted import Sort, Wanted
from assistant.understanding.question import Question
from corpus.splitting import Span

# The probability from which on a span is shown; benchmarks/README.md, "Short answers".
LIKELY: Mapping[Sort, float] = {
    Sort.TIME: 0.1,
    Sort.QUANTITY: 0.1,
    Sort.PERSON: 0.15,
    Sort.PLACE: 0.2,
    Sort.THING: 0.25,
}

# How much each signal, 0..1, adds to the log odds that a span answers: benchmarks/spans.py --fit
WEIGHTS: Mapping[Sort, Mapping[str, float]] = {
    Sort.TIME: {
        "bias": -5.3,
        "fits": 2.4,  # has the level that is asked for: a year for 哪一年
        "vague": -2.1,  # 当时, 同年
        "heads": 4.8,  # share of the question's words, by their rarity, between this date and the next
        "left": 3.1,  # the same share of all of the sentence that stands before it, the less the farther
        "clause": 1.3,  # the same share of the clause
        "followed": 1.0,  # goes on as the question does behind the words that ask
        "role": 1.1,  # how close before it the word stands that the question has before those that ask
        "act": 1.1,  # how close behind it the one behind them
        "early": -0.5,  # place in the sentence
    },
    Sort.QUANTITY: {
        "bias": -3.1,
        "unit": 1.3,  # has the unit that is asked for
        "measure": 1.1,  # measures what is asked for: a length for 多高
        "other": -1.2,  # measures something else
        "bare": 0.1,  # has no unit
        "thing": 0.5,  # counts what is asked for
        "article": -1.3,  # 一个, which hardly counts
        "rank": -1.7,  # 第三, where no rank is asked for
        "left": 2.5,
        "right": 0.3,  # the same behind it
        "clause": 2.8,
        "led": 0.6,  # follows what the question has before the words that ask
        "followed": 0.6,
        "role": 0.6,
        "act": 0.5,
        "early": -1.0,
    },
    Sort.PERSON: {
        "bias": -6.7,
        "full": 1.5,  # foreign name of several parts
        "dotted": 2.3,  # of such parts, in characters that foreign names are written with
        "sounded": 1.8,  # characters that foreign names are written with
        "surname": 1.7,  # begins with a surname and has a name's length
        "chinese": 0.6,  # and stands where names stand
        "group": -0.8,
        "people": 0.7,  # 人, 军, 族 at its end
        "latin": 0.6,
        "headed": 0.1,  # ends in the noun that is asked for
        "title": 1.1,  # stands behind a title or profession
        "word": 0.7,  # one word
        "two": -1.6,  # two characters: most such words are no names
        "length": 0.0,
        "left": 1.6,
        "right": 2.8,
        "clause": 1.4,
        "led": 1.7,
        "repeated": 1.0,
        "followed": 1.5,
        "role": 0.9,
        "act": 1.2,
        "opens": 1.0,  # stands at the beginning of a clause
        "early": 0.6,
        "kin": 0.6,  # its last character is that of the noun
        "like": 0.7,  # looks like what is asked for: 某某大学 for 哪所学校
        "closes": 0.3,  # stands at the end of a clause
        "quoted": -0.2,
        "timely": -0.4,  # ends as dates do
        "alone": -0.8,  # no word of the question stands in its clause
    },
    Sort.PLACE: {
        "bias": -8.3,
        "like": 2.3,
        "located": 1.8,  # behind 位于, 毕业于
        "at": 0.6,  # behind 在, 到, as far as a verb
        "within": 0.4,  # just behind 在, 于
        "place": 1.2,  # a known name, or one that ends as names of places do
        "quoted": 0.6,
        "sounded": 0.6,
        "word": 1.2,
        "left": 1.9,
        "right": 2.5,
        "clause": 1.7,
        "led": 1.7,
        "act": 1.4,
        "opens": 0.9,
        "role": 0.6,
        "followed": 0.8,
        "copula": 0.2,  # stands behind 是, 称, 叫
        "closes": 0.6,
        "length": 1.7,
        "timely": -0.9,
        "headed": 0.5,
        "alone": -0.4,
    },
    Sort.THING: {
        "bias": -6.7,
        "kin": 1.0,
        "quoted": 1.6,
        "like": 1.6,
        "latin": 0.5,
        "timely": -1.0,
        "word": 0.5,
        "two": -1.1,
        "length": 0.3,
        "left": 1.2,
        "right": 3.2,
        "clause": 1.7,
        "led": 1.4,
        "repeated": 1.1,
        "followed": 0.7,
        "role": 1.1,
        "act": 1.7,
        "copula": 0.5,
        "opens": 0.6,
        "closes": 0.7,
        "early": 0.3,
        "alone": -0.6,
    },
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, and the signals for and against it."""

    span: Span
    signals: Signals


@dataclass(frozen=True, slots=True)
class Seeker:
    """A question prepared once for seeking its answer in many sentences."""

    wanted: Wanted | None  # None where no span could answer

    @classmethod
    def of(cls, question: Question) -> Seeker:
        """Prepare a question of any kind."""
        return cls(Wanted.of(question))

    def span(self, sentence: str, edges: Sequence[int] = ()) -> Span | None:
        """Return the span of a sentence that answers, None where the question asks for none or none is likely.

        `edges` are where words begin and end in the sentence (Hit.edges_within); without them a name is found by its
        form alone.
        """
        best = self.best(sentence, edges)
        return best[1] if best and self.wanted and best[0] >= LIKELY[self.wanted.sort] else None

    def likelihood(self, sentence: str, edges: Sequence[int] = ()) -> float:
        """Return the probability of the best span, 0 where there is none."""
        best = self.best(sentence, edges)
        return best[0] if best else 0.0

    def best(self, sentence: str, edges: Sequence[int] = ()) -> tuple[float, Span] | None:
        """Return the likeliest span with its probability."""
        if (wanted := self.wanted) is None or not sentence:
            return None
        weights, text = WEIGHTS[wanted.sort], Sentence.of(sentence, edges, wanted)
        most = _most(wanted, text, weights)
        starts: dict[int, float] = {}
        ends: dict[int, float] = {}
        placed = []
        for span, signals in spans(wanted, text):
            start, end = span
            if start not in starts:
                starts[start] = _weigh(before(wanted, text, start), weights)
            if end not in ends:
                ends[end] = _weigh(behind(wanted, text, end), weights)
            placed.append((starts[start] + ends[end] + (_weigh(signals, weights) if signals else 0.0), span))
        best: tuple[float, Span] | None = None
        for odds, span in sorted(placed, reverse=True):
            if best and odds + most <= best[0]:
                break  # no other can be better
            odds += _weigh(shape(wanted, text, span), weights)
            if best is None or odds > best[0]:
                best = odds, span
        return (1 / (1 + math.exp(-weights["bias"] - best[0])), best[1]) if best else None

    def candidates(self, sentence: str, edges: Sequence[int] = ()) -> Iterator[Candidate]:
        """Give all spans that may answer, with all of their signals."""
        if (wanted := self.wanted) is None or not sentence:
            return
        text = Sentence.of(sentence, edges, wanted)
        for span, signals in spans(wanted, text):
            start, end = span
            around = {**before(wanted, text, start), **behind(wanted, text, end)}
            yield Candidate(span, {**signals, **shape(wanted, text, span), **around})


def _most(wanted: Wanted, text: Sentence, weights: Mapping[str, float]) -> float:
    """Return the most that `shape` can add to the log odds."""
    names = ["word", "two", "length", "surname", *["like"] * bool(wanted.noun), *["full"] * text.foreign]
    return sum([max(0.0, weights.get(name, 0.0)) for name in names])


def _weigh(signals: Signals, weights: Mapping[str, float]) -> float:
    total = 0.0
    for name, value in signals.items():
        if name in weights:
            total += weights[name] * value
    return total
