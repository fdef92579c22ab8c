"""Which of the ranked sentences are worth showing together: those to the point, close to the best, saying more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.mention import Mention
from assistant.answering.verdict import denies
from assistant.ranking.ranking import Sentence
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from assistant.understanding.subject import Subject
from corpus.lexicon import fold

MOST_QUOTES = 4
MOST_CHARACTERS = 300  # of all quotes together, where the first alone does not exceed it
CLOSE = 0.3  # a further sentence is quoted if its score reaches this share of the best one's
CLOSER = 0.5  # the share that one must reach that adds to a list, or stands beside a verdict or a definition
ALIKE = 0.8  # two sentences that share this much of their characters say the same: one is enough
SAME = 0.6  # two sentences that share this much, of the longer one's, speak of one event and may contradict
ASTRAY = 0.4  # a sentence that neither names what the question is about nor stands under it weighs this much
ROW = 0.5  # so much does the row of a table
NAMELIKE = 12.0  # the rarity from which on a Chinese word is taken for a name (Segmenter.rarity)

_VALUES = {
    Kind.WHEN: re.compile(r"\d{4}\s*年"),
    Kind.HOW_MANY: re.compile(r"\d+(?:\.\d+)?\s*[%亿万千百]?"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A question prepared for choosing among its sentences."""

    question: Question
    things: tuple[Mention, ...]  # what it names
    names: tuple[Mention, ...]  # those of them that are names: what bears none of them is about something else

    @classmethod
    def of(cls, question: Question) -> Choice:
        """Read what the question names."""
        subjects = {subject.text: subject for subject in question.subjects}.values()
        things = tuple(Mention.of(subject, question) for subject in subjects)
        names = (thing for thing, subject in zip(things, subjects, strict=True) if _is_name(subject, question))
        return cls(question, things, tuple(names))

    def is_named_in(self, sentence: Sentence) -> bool:
        """Tell whether a sentence, its title or a heading bears a name of the question; also where it has none."""
        return not self.names or any(name.held(sentence) for name in self.names)

    def weigh(self, sentence: Sentence) -> float:
        """Return a sentence's score, less where it is astray or torn from its table."""
        return sentence.score * (1.0 if self.is_named_in(sentence) else ASTRAY) * (ROW if is_row(sentence) else 1.0)

    def near(self, sentences: Sequence[Sentence], *, share: float = CLOSE) -> list[Sentence]:
        """Return the sentences to the point, the weightiest first, those that reach a share of its weight."""
        least = share * ASTRAY * ROW * sentences[0].score  # what is below can weigh too little in any case
        weights = [(self.weigh(one), one) for one in sentences if one.score >= least]
        if is_row(sentences[0]):  # the best of all, it stands for itself
            weights[0] = (weights[0][0] / ROW, sentences[0])
        most = max(weight for weight, _ in weights)
        return [one for weight, one in sorted(weights, key=lambda pair: -pair[0]) if weight >= share * most]

    def close(
        self,
        ordered: Sequence[Sentence],
        *,
        share: float = CLOSE,
        weigh: Callable[[Sentence], float] | None = None,
    ) -> list[Sentence]:
        """Take the first sentence and further ones that come close to the weightiest, say something else, and fit."""
        weights = [(weigh or self.weigh)(one) for one in ordered]
        first, enough = ordered[0], share * max(weights)
        row, named = is_row(first), self.is_named_in(first)
        further = [
            one
            for one, weight in zip(ordered[1:], weights[1:], strict=True)
            if weight >= enough and (row or not is_row(one)) and (not named or self.is_named_in(one))
        ]
        return self.fitting([first, *further])

    def in_reading_order(self, sentences: Sequence[Sentence], *, share: float = CLOSE) -> list[Sentence]:
        """Take the best sentences as `close` does, and put them as they stand in their documents."""
        return reading_order(self.close(self.near(sentences, share=share), share=share))

    def distinct(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """Leave out sentences that say the same as one before them."""
        chosen: list[Sentence] = []
        for sentence in sentences:
            if not any(self._repeats(sentence, other) for other in chosen):
                chosen.append(sentence)
        return chosen

    def fitting(
        self,
        sentences: Iterable[Sentence],
        *,
        most: int = MOST_QUOTES,
        room: int = MOST_CHARACTERS,
        alike: float = ALIKE,
    ) -> list[Sentence]:
        """Take the first sentence and the further ones that fit, as many as may be shown, none that repeats one."""
        chosen: list[Sentence] = []
        for sentence in sentences:
            if chosen and len(sentence.text) > room:
                continue
            if len(chosen) < most and not any(self._repeats(sentence, other, alike) for other in chosen):
                chosen.append(sentence)
                room -= len(sentence.text)
        return chosen

    def contradict(self, one: Sentence, other: Sentence) -> bool:
        """Tell whether two documents say the same but for the date or the number that is asked for."""
        values = _VALUES.get(self.question.kind)
        if values is None or one.hit.passage.document == other.hit.passage.document:
            return False
        a, b = (frozenset("".join(value.split()) for value in values.findall(s.text)) for s in (one, other))
        return bool(a and b and not a & b) and _common(one, other, max) >= SAME

    def _repeats(self, one: Sentence, other: Sentence, alike: float = ALIKE) -> bool:
        if one.text == other.text:
            return True
        same = _common(one, other, min) >= alike and denies(one.text) == denies(other.text)
        return same and not self.contradict(one, other)


def is_row(sentence: Sentence) -> bool:
    """Tell whether a sentence is a row of a table, torn from its head."""
    return " | " in sentence.text and "\n" not in sentence.text


Place = tuple[str, int, int]
"""A document, and a span in it."""


def place(sentence: Sentence) -> Place:
    """Return where a sentence stands: its document, and its span there."""
    return sentence.hit.passage.document, sentence.start, sentence.end


def reading_order(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Keep the documents in order of their best sentence, and the sentences of one document as they stand in it."""
    order = {sentence.hit.passage.document: number for number, sentence in reversed(list(enumerate(sentences)))}
    return sorted(sentences, key=lambda sentence: (order[sentence.hit.passage.document], sentence.start))


def _is_name(subject: Subject, question: Question) -> bool:
    latin = any(word.folded.isascii() and not word.folded.isdigit() for word in subject.words)
    return latin or (len(subject.words) == 1 and question.rarity[subject.words[0].folded] >= NAMELIKE)


def _common(one: Sentence, other: Sentence, of: Callable[[int, int], int]) -> float:
    """Return how many characters, digits aside, two sentences have in common, as a share of the fewer or the more."""
    a, b = (frozenset(c for c in fold(sentence.text) if not c.isdigit()) for sentence in (one, other))
    return len(a & b) / max(of(len(a), len(b)), 1)
