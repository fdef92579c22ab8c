"""What is said beside the quotes, or in their place: what the documents lack."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.question import Question
from corpus.messages import message
from corpus.words import Word, is_han
from index.search import Hit


def lacking(question: Question, hits: Sequence[Hit]) -> str:
    """Return a warning where no passage found has a name or number of the question; "" otherwise."""
    names = {word for subject in question.subjects for word in subject.words}
    missing = [word for word in _missing(question, hits) if word in names or not is_han(word.folded)]
    return message("answer-missing", missing=_quoted(question, missing)) if missing else ""


def decline(question: Question, hits: Sequence[Hit]) -> str:
    """Say which part of the question the documents lack, as far as its words tell."""
    if not question.content:
        return message("decline-vague" if question.query.words else "decline-empty")
    missing = _missing(question, hits)
    topic = question.subjects[0]
    if any(word in missing for word in topic.words):
        return message("decline-absent", missing=_quoted(question, missing))
    if not missing:
        return message("decline")
    name = question.understood[topic.start : topic.end]
    return message("decline-part", name=f"“{name}”", missing=_quoted(question, missing))


def _missing(question: Question, hits: Sequence[Hit]) -> list[Word]:
    """Return the content words that no hit holds under any name."""
    held = {word for hit in hits for word in hit.reasons.matched}
    return [
        word
        for word in question.content
        if word.folded not in held and not held.intersection(question.aliases.get(word.folded, ())) and not _tiny(word)
    ]


def _tiny(word: Word) -> bool:
    """Tell whether a word is too short to be worth naming: 搞, 词."""
    return len(word.folded) == 1 and is_han(word.folded)


def _quoted(question: Question, words: Sequence[Word]) -> str:
    """Return the words as they were written, those that stand side by side together."""
    spans: list[tuple[int, int]] = []
    for word in words:
        if spans and spans[-1][1] == word.start:
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return "、".join(dict.fromkeys(f"“{question.understood[start:end]}”" for start, end in spans))
