"""Answers made of quotes: choosing and ordering the sentences, showing contradictions, or declining."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.question import Kind, Question
from assistant.ranking import Sentence
from assistant.span import Seeker
from corpus.lexicon import fold
from corpus.messages import message
from corpus.splitting import Span
from index.search import Hit

MOST_QUOTES = 4
MOST_CHARACTERS = 300  # of all quotes together, where the first alone does not exceed it
CLOSE = 0.3  # a further sentence is quoted if its score reaches this share of the best one's
ALIKE = 0.8  # two sentences that share this much of their characters say the same: one is enough
SAME = 0.6  # two sentences that share this much, of the longer one's, speak of one event and may contradict
THRESHOLD = 0.09  # the confidence from which on a question is answered; benchmarks/README.md, "Declining"


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim slice of a document, `document.text[start:end] == text`, and where it stands."""

    text: str
    document: str
    title: str
    source: str
    date: str
    section: tuple[str, ...]
    start: int
    end: int
    score: float  # 0..1
    answer_span: Span | None = None  # what answers inside it, in the document as start and end are

    @classmethod
    def of_sentence(cls, sentence: Sentence, seeker: Seeker) -> Quote:
        """Quote a candidate sentence, and mark in it what answers the question."""
        p = sentence.hit.passage
        place = (sentence.start, sentence.end)
        edges = sentence.hit.edges_within(sentence.start - p.start, sentence.end - p.start)
        found = seeker.span(sentence.text, edges)
        span = (sentence.start + found[0], sentence.start + found[1]) if found else None
        return cls(sentence.text, p.document, p.title, p.source, p.date, p.section, *place, sentence.score, span)

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The text before what answers, that, and the text behind it; all of the text is before where nothing does."""
        if self.answer_span is None:
            return self.text, "", ""
        start, end = (place - self.start for place in self.answer_span)
        return self.text[:start], self.text[start:end], self.text[end:]

    @classmethod
    def of_hit(cls, hit: Hit) -> Quote:
        """Quote a whole passage."""
        p = hit.passage
        return cls(p.text, p.document, p.title, p.source, p.date, p.section, p.start, p.end, hit.score)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: quotes in reading order, or none and a message that says what is missing."""

    question: str
    understood: str
    kind: Kind
    answered: bool
    confidence: float  # probability that the first candidate answers, 0..1
    quotes: tuple[Quote, ...]
    message: str  # what is not a quote
    candidates: tuple[Quote, ...]  # the best sentences, best first, also where the question is declined
    hits: tuple[Hit, ...]  # the passages, best first
    suggestions: tuple[str, ...] = ()
    milliseconds: float = 0.0

    @property
    def text(self) -> str:
        """The quotes' texts joined by line ends; empty where the question is declined."""
        return "\n".join(quote.text for quote in self.quotes)


def compose(
    question: Question,
    hits: Sequence[Hit],
    sentences: Sequence[Sentence],
    confidence: float,
    *,
    top: int,
    threshold: float = THRESHOLD,
) -> Answer:
    """Make the answer from the ranked sentences, or decline below the threshold."""
    answered = bool(sentences) and confidence >= threshold
    chosen = _choose(question, sentences) if answered else []
    text = _remark(question, hits, chosen) if answered else _decline(question, hits)
    shown = {id(sentence): sentence for sentence in (*sentences[:top], *chosen)}
    seeker = Seeker.of(question)
    quoted = {key: Quote.of_sentence(sentence, seeker) for key, sentence in shown.items()}
    return Answer(
        question=question.text,
        understood=question.understood,
        kind=question.kind,
        answered=answered,
        confidence=confidence,
        quotes=tuple(quoted[id(sentence)] for sentence in _in_reading_order(chosen)),
        message=text,
        candidates=tuple(quoted[id(sentence)] for sentence in sentences[:top]),
        hits=tuple(hits[:top]),
    )


def _choose(question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Take the best sentence and further ones that come close, say something else, and fit."""
    chosen = [sentences[0]]
    room = MOST_CHARACTERS - len(chosen[0].text)
    for sentence in sentences[1:]:
        if len(chosen) == MOST_QUOTES or sentence.score < CLOSE * chosen[0].score:
            break
        if len(sentence.text) <= room and not any(_repeats(question.kind, sentence, other) for other in chosen):
            chosen.append(sentence)
            room -= len(sentence.text)
    return chosen


def _repeats(kind: Kind, one: Sentence, other: Sentence) -> bool:
    """Tell whether two sentences say the same, so that one of them is enough."""
    return _common(one, other, min) >= ALIKE and not _contradict(kind, one, other)


def _common(one: Sentence, other: Sentence, of: Callable[[int, int], int]) -> float:
    """Return how many characters, digits aside, two sentences have in common, as a share of the fewer or the more."""
    a, b = (frozenset(c for c in fold(sentence.text) if not c.isdigit()) for sentence in (one, other))
    return len(a & b) / max(of(len(a), len(b)), 1)


_VALUES = {
    Kind.WHEN: re.compile(r"\d{4}\s*年"),
    Kind.HOW_MANY: re.compile(r"\d+(?:\.\d+)?\s*[%亿万千百]?"),
}


def _contradict(kind: Kind, one: Sentence, other: Sentence) -> bool:
    """Tell whether two documents say the same but for the date or the number that is asked for."""
    if kind not in _VALUES or one.hit.passage.document == other.hit.passage.document:
        return False
    a, b = (frozenset("".join(value.split()) for value in _VALUES[kind].findall(s.text)) for s in (one, other))
    return bool(a and b and not a & b) and _common(one, other, max) >= SAME


def _in_reading_order(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Keep the documents in order of their best sentence, and the sentences of one document as they stand in it."""
    order = {sentence.hit.passage.document: place for place, sentence in reversed(list(enumerate(sentences)))}
    return sorted(sentences, key=lambda sentence: (order[sentence.hit.passage.document], sentence.start))


def _remark(question: Question, hits: Sequence[Hit], chosen: Sequence[Sentence]) -> str:
    """Say what a reader of the quotes should know: that they disagree, or what none of the passages speaks of."""
    lines = []
    if any(_contradict(question.kind, *pair) for pair in itertools.combinations(chosen, 2)):
        lines.append(message("answer-contradiction"))
    if missing := _missing(question, hits):
        lines.append(message("answer-missing", missing=missing))
    return "\n".join(lines)


def _decline(question: Question, hits: Sequence[Hit]) -> str:
    """Say which of the question's words the documents found do not hold."""
    if not question.content:
        return message("decline-vague" if question.query.words else "decline-empty")
    missing = _missing(question, hits)
    return message("decline-missing", missing=missing) if missing else message("decline")


def _missing(question: Question, hits: Sequence[Hit]) -> str:
    """Return the content words, as they were written, that no hit holds under any name; empty if there is none."""
    held = {word for hit in hits for word in hit.reasons.matched}
    names = {word.folded: question.understood[word.start : word.end] for word in question.content}
    missing = [
        name
        for folded, name in names.items()
        if folded not in held and not held.intersection(question.aliases.get(folded, ()))
    ]
    return "、".join(f"“{name}”" for name in missing)
