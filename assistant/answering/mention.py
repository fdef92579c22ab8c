"""Which sentences speak of a thing that a question names, by any of its names, there or above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ranking.ranking import Sentence
from assistant.understanding.question import Question
from assistant.understanding.subject import Subject
from corpus.lexicon import fold
from corpus.splitting import Span, within

_LATIN = re.compile(r"[a-z][a-z0-9]*(?:[.\-_/+#][a-z0-9+#]+)*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing as it may be named in a text: all of its words, each under any of its names."""

    name: str  # as the question has it
    words: tuple[re.Pattern[str], ...]
    whole: re.Pattern[str]  # its words side by side, or another name of all of them

    @classmethod
    def of(cls, subject: Subject, question: Question) -> Mention:
        """Prepare a subject of the question."""
        written = question.understood[subject.start : subject.end]
        words = tuple(any_of((word.folded, *question.aliases.get(word.folded, ()))) for word in subject.words)
        return cls(written, words, any_of((subject.text, *question.aliases.get(subject.text, ()))))

    def stands_in(self, folded: str) -> bool:
        """Tell whether the folded text names the thing."""
        return self.whole.search(folded) is not None or all(word.search(folded) for word in self.words)

    def place(self, folded: str) -> Span | None:
        """Return where the folded text names the thing first, None where it does not."""
        if found := self.whole.search(folded):
            return found.span()
        spans = [found.span() for word in self.words if (found := word.search(folded))]
        return (spans[0][0], spans[-1][1]) if len(spans) == len(self.words) else None

    def heads(self, sentence: Sentence) -> bool:
        """Tell whether the sentence's document or section is named after the thing."""
        passage = sentence.hit.passage
        return any(self.stands_in(fold(line)) for line in (passage.title, *passage.section))

    def held(self, sentence: Sentence) -> bool:
        """Tell whether the sentence, its document's title or a heading above it names the thing."""
        return self.stands_in(fold(sentence.text)) or self.heads(sentence)


def any_of(names: Sequence[str]) -> re.Pattern[str]:
    """Return what finds any of the folded names; a Latin one must stand alone: caffe, not caffe2, but pytorch 1.0."""
    return re.compile("|".join(map(_form, sorted(names, key=len, reverse=True))))


def other_names(folded: str, known: Sequence[Mention]) -> list[Span]:
    """Return where Latin names stand in a folded text that none of the `known` things has."""
    spans = [span for one in known for span in [found.span() for found in one.whole.finditer(folded)]]
    spans += [found.span() for one in known for word in one.words for found in word.finditer(folded)]
    return [found.span() for found in _LATIN.finditer(folded) if not within(found.span(), spans)]


def _form(name: str) -> str:
    form = r"\s*".join(re.escape(part) for part in name.split())
    before = r"(?<![a-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    behind = r"(?![a-z]|\d(?!\d*\.\d))" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + form + behind
