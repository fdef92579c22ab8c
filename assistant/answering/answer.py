"""What an answer is made of: quotes, and the table that some of them are laid out in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ranking.ranking import Elsewhere, Sentence
from assistant.ranking.span import Seeker
from assistant.understanding.kind import Kind
from corpus.splitting import Span
from index.search import Hit

if TYPE_CHECKING:
    from assistant.answering.explanation import Explanation
    from assistant.understanding.spelling import Correction

THRESHOLD = 0.11  # the confidence from which on a question is answered; benchmarks/README.md, "Declining"


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
    page: int = 0  # counted from 1, of the page that it begins on; 0 where there are no pages
    also: tuple[Elsewhere, ...] = ()  # where else the same words stand

    @classmethod
    def of_sentence(cls, sentence: Sentence, seeker: Seeker) -> Quote:
        """Quote a candidate sentence, and mark in it what answers the question."""
        p = sentence.hit.passage
        place = (sentence.start, sentence.end)
        edges = sentence.hit.edges_within(sentence.start - p.start, sentence.end - p.start)
        found = seeker.span(sentence.text, edges)
        span = (sentence.start + found[0], sentence.start + found[1]) if found else None
        facts = p.document, p.title, p.source, p.date, p.section
        return cls(sentence.text, *facts, *place, sentence.score, span, p.page, sentence.also)

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The text before what answers, that, and the text behind it; all of the text is before where nothing does."""
        if self.answer_span is None:
            return self.text, "", ""
        start, end = (place - self.start for place in self.answer_span)
        return self.text[:start], self.text[start:end], self.text[end:]

    def overlaps(self, sentence: Sentence) -> bool:
        """Tell whether it quotes some of a candidate sentence."""
        same = sentence.hit.passage.document == self.document
        return same and self.start < sentence.end and sentence.start < self.end

    @classmethod
    def of_hit(cls, hit: Hit) -> Quote:
        """Quote a whole passage."""
        p = hit.passage
        facts = p.document, p.title, p.source, p.date, p.section
        also = tuple(Elsewhere(one.document, one.title, one.start, one.end) for one in hit.also if one.text == p.text)
        return cls(p.text, *facts, p.start, p.end, hit.score, None, p.page, also)


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect of a comparison; for each column the places in `Answer.quotes` of what its cell quotes."""

    aspect: str
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """How the quotes of a comparison are laid out; quotes that no cell holds stand above it."""

    columns: tuple[str, ...]  # what is compared
    rows: tuple[Row, ...]

    @property
    def quoted(self) -> frozenset[int]:
        """The places in `Answer.quotes` of all that its cells quote."""
        return frozenset(place for row in self.rows for cell in row.cells for place in cell)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: quotes as they are numbered, or none and a message that says what is missing."""

    question: str
    understood: str
    kind: Kind
    answered: bool
    confidence: float  # probability that the first candidate answers, 0..1
    quotes: tuple[Quote, ...]
    message: str  # what is not a quote
    candidates: tuple[Quote, ...]  # the best sentences, best first, also where the question is declined
    hits: tuple[Hit, ...]  # the passages, best first
    corrections: tuple[Correction, ...] = ()  # what was taken for a slip of the pen
    completed: bool = False  # the question was made whole from the conversation
    verdict: bool | None = None  # on a question for yes or no, where a quote decides it
    table: Table | None = None  # of a comparison
    explanation: Explanation | None = None
    suggestions: tuple[str, ...] = ()  # further questions that the index answers
    milliseconds: float = 0.0

    @property
    def text(self) -> str:
        """The quotes' texts joined by line ends; empty where the question is declined."""
        return "\n".join(quote.text for quote in self.quotes)
