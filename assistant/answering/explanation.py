"""Why an answer is what it is: how its question was read, where its passages stood, what spoke for its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.messages import message

if TYPE_CHECKING:
    from assistant.answering.answer import Answer
    from assistant.understanding.words import Taken
    from index.search import Hit

STRONGEST = 6  # features that are told
FAINT = 0.05  # log odds below which a feature is not worth telling


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of the first candidate sentence (features.ALL) that spoke for it."""

    feature: str
    value: float
    odds: float  # by how much its log odds would fall with the median of the other sentences

    @property
    def words(self) -> str:
        """What the feature means, for a user."""
        name = self.feature
        if name.endswith("_rank"):
            return message("feature-rank", feature=message("feature-" + name.removesuffix("_rank")))
        if name.endswith("_gap"):
            return message("feature-gap", feature=message("feature-" + name.removesuffix("_gap")))
        return message("feature-" + name)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was read and why its first candidate came first."""

    kind: str
    subjects: tuple[str, ...]  # what the question is about
    words: tuple[Taken, ...]
    reasons: tuple[Reason, ...]  # strongest first

    @classmethod
    def of(
        cls, kind: str, subjects: Sequence[str], words: Sequence[Taken], falls: Sequence[tuple[str, float, float]]
    ) -> Explanation:
        """Take what was read, and Ranker.strongest."""
        strong = tuple(Reason(*fall) for fall in falls[:STRONGEST] if fall[2] >= FAINT)
        return cls(kind, tuple(subjects), tuple(words), strong)


def lines(answer: Answer) -> Iterator[str]:
    """Give the explanation for people, a line each; nothing where the answer has none."""
    explanation = answer.explanation
    if explanation is None:
        return
    yield message("explain-kind", kind=message("kind-" + explanation.kind))
    if explanation.subjects:
        yield message("explain-subjects", names="、".join(explanation.subjects))
    for correction in answer.corrections:
        why = message("correction-" + correction.reason)
        yield message("explain-correction", written=correction.written, meant=correction.meant, reason=why)
    for word in explanation.words:
        yield "- " + _word(word)
    for number, hit in enumerate(answer.hits, start=1):
        yield message("explain-passage", number=number, place=_place(hit), **_ranks(hit))
    if explanation.reasons:
        yield message("explain-reasons")
        for reason in explanation.reasons:
            yield f"- {reason.words}：{reason.value:.2f}（+{reason.odds:.2f}）"


def as_facts(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation for JSON."""
    return {
        "kind": explanation.kind,
        "subjects": explanation.subjects,
        "words": [
            {
                "text": word.text,
                "taken": word.origin,
                "aliases": [name.name for name in word.aliases],
                "synonyms": [name.name for name in word.synonyms],
                "passages": word.least,
            }
            for word in explanation.words
        ],
        "reasons": [
            {"feature": reason.feature, "value": round(reason.value, 4), "odds": round(reason.odds, 4)}
            for reason in explanation.reasons
        ],
    }


def _word(word: Taken) -> str:
    others = [name.name for name in (*word.aliases, *word.synonyms)]
    also = "　" + message("explain-others", names="、".join(others)) if others else ""
    held = message("words-held", count=word.least) if word.most else message("words-absent")
    return f"{word.text}　{message('words-' + word.origin)}　{held}{also}"


def _place(hit: Hit) -> str:
    return " › ".join((hit.passage.title, *hit.passage.section[-1:]))


def _ranks(hit: Hit) -> dict[str, str]:
    names = ("lexical_rank", "dense_rank")
    return {name: str(getattr(hit.reasons, name) or "—") for name in names}
