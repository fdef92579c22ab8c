"""How well an index answers a file of questions: passages, sentences and answers that are right, declines, time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant import render
from assistant.answering.answer import Answer, Quote
from assistant.asked import Asked, plain, read_json
from assistant.assistant import Assistant
from corpus.errors import InputError
from corpus.messages import message
from index.report import Progress

DEPTH = 10  # passages and candidate sentences looked at for each question, best first
LISTED = 20  # questions that a text shows as better, and as worse; JSON has all
_DOCUMENTS = 64  # whose texts are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question; a rank counts from 1 and is None where none of the first DEPTH is right."""

    id: str | int
    question: str
    answerable: bool
    right_passage_rank: int | None
    right_sentence_rank: int | None  # None too where the file gives no answer's words
    answered: bool
    confidence: float
    right: bool | None  # declined, or answered with an accepted answer, as due; None where no answer's words are given
    milliseconds: float
    text: str

    @classmethod
    def of(cls, asked: Asked, answer: Answer, places: _Places) -> Outcome:
        """Judge an answer."""
        passage = sentence = None
        right: bool | None = not answer.answered
        if asked.answerable:
            passage = _rank([places.right(asked, Quote.of_hit(hit)) for hit in answer.hits])
            sentence = _rank([bool(asked.answers) and places.right(asked, quote) for quote in answer.candidates])
            right = asked.answered_by(answer.text) if asked.answers else None
        return cls(
            asked.id,
            asked.turns[-1],
            asked.answerable,
            passage,
            sentence,
            answer.answered,
            answer.confidence,
            right,
            answer.milliseconds,
            answer.text,
        )


def _rank(right: Sequence[bool]) -> int | None:
    return right.index(True) + 1 if True in right else None


class _Places:
    """Tells what stands in the right place and holds the answer; keeps the documents that it has read."""

    def __init__(self, assistant: Assistant) -> None:
        self._texts = lru_cache(_DOCUMENTS)(lambda id: _with_plain(assistant.document(id).text))

    def right(self, asked: Asked, quote: Quote) -> bool:
        if asked.document and quote.document != asked.document:
            return False
        if asked.answers and not asked.answered_by(quote.text):
            return False
        return not asked.paragraph or self._of_paragraph(asked.paragraph, quote)

    def _of_paragraph(self, paragraph: str, quote: Quote) -> bool:
        """Tell whether the quote is a part of the paragraph, or overlaps it where it stands in the quote's document."""
        own = plain(quote.text)
        if own in paragraph:
            return True
        text, whole = self._texts(quote.document)
        start = len("".join(text[: quote.start].split()))
        reach = len(paragraph) - 1  # a paragraph that begins or ends that far away still overlaps by one character
        return paragraph in whole[max(0, start - reach) : start + len(own) + reach]


def _with_plain(text: str) -> tuple[str, str]:
    return text, plain(text)


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over the questions of a file; shares and ranks' reciprocals 0..1, None where nothing was to be counted."""

    asked: int
    answerable: int
    unanswerable: int
    passage_recall_at_1: float | None  # of the answerable ones
    passage_recall_at_5: float | None
    passage_recall_at_10: float | None
    passage_mrr_at_10: float | None
    sentence_at_1: float | None  # of the answerable ones whose answer's words are given
    sentence_at_3: float | None
    answered_right: float | None
    decline_auroc: float | None  # chance that an answerable question has more confidence than an unanswerable one
    answerable_declined: float | None
    unanswerable_answered: float | None
    milliseconds_median: float | None
    milliseconds_p99: float | None

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Measures:
        """Sum up what came of the questions."""
        yes, no = ([one for one in outcomes if one.answerable is kind] for kind in (True, False))
        worded = [one for one in yes if one.right is not None]
        passages = [one.right_passage_rank or np.inf for one in yes]
        sentences = [one.right_sentence_rank or np.inf for one in worded]
        times = [one.milliseconds for one in outcomes]
        return cls(
            asked=len(outcomes),
            answerable=len(yes),
            unanswerable=len(no),
            passage_recall_at_1=_mean([rank <= 1 for rank in passages]),
            passage_recall_at_5=_mean([rank <= 5 for rank in passages]),
            passage_recall_at_10=_mean([rank <= 10 for rank in passages]),
            passage_mrr_at_10=_mean([1 / rank for rank in passages]),
            sentence_at_1=_mean([rank <= 1 for rank in sentences]),
            sentence_at_3=_mean([rank <= 3 for rank in sentences]),
            answered_right=_mean([one.right is True for one in worded]),
            decline_auroc=auroc([one.confidence for one in yes], [one.confidence for one in no]),
            answerable_declined=_mean([not one.answered for one in yes]),
            unanswerable_answered=_mean([one.answered for one in no]),
            milliseconds_median=float(np.median(times)) if times else None,
            milliseconds_p99=float(np.percentile(times, 99)) if times else None,
        )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Return the share of pairs in which the one of `higher` exceeds the one of `lower`, ties as half; None without."""
    if not higher or not lower:
        return None
    below, upto = (np.searchsorted(np.sort(lower), higher, side) for side in ("left", "right"))
    return float((below + upto).mean() / (2 * len(lower)))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of an index on a question file, and what came of each question, in the file's order."""

    measures: Measures
    outcomes: tuple[Outcome, ...]
    passed_over: int = 0  # questions that were not asked: nobody knows what is right

    @classmethod
    def load(cls, path: Path) -> Evaluation:
        """Read what `as_json` wrote, None for a measure unknown to it; InputError where it is no such file."""
        facts = read_json(path)
        try:
            measures = Measures(**{field.name: _number(facts.get(field.name)) for field in fields(Measures)})
            outcomes = tuple(_outcome(row) for row in facts["questions"])
            return cls(measures, outcomes, _number(facts.get("passed_over", 0)))
        except (AttributeError, KeyError, TypeError):
            raise InputError("eval-other", path=path) from None


def _number(value: object) -> Any:  # noqa: ANN401 - int for a count
    if not isinstance(value, int | float | None):
        raise TypeError(value)
    return value


def _outcome(row: dict[str, Any]) -> Outcome:
    outcome = Outcome(**{field.name: row[field.name] for field in fields(Outcome)})
    if not isinstance(outcome.id, str | int) or not isinstance(outcome.question, str):
        raise TypeError(row)
    if outcome.right not in (None, True, False):
        raise TypeError(row)
    _number(outcome.right_passage_rank)
    _number(outcome.right_sentence_rank)
    return outcome


def score(assistant: Assistant, asked: Sequence[Asked], *, progress: Progress | None = None) -> Evaluation:
    """Ask every question once and judge its answer; `progress` is called with "ask", questions done, and all.

    Those of which nobody knows what is right are passed over.
    """
    places = _Places(assistant)
    judged = [one for one in asked if one.judged]
    outcomes = []
    for done, one in enumerate(judged, start=1):
        outcomes.append(Outcome.of(one, assistant.ask(one.turns[-1], one.turns[:-1], top=DEPTH), places))
        if progress:
            progress("ask", done, len(judged))
    return Evaluation(Measures.of(outcomes), tuple(outcomes), len(asked) - len(judged))


# -- comparing


@dataclass(frozen=True, slots=True)
class Change:
    """One question before and now."""

    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two evaluations differ in; questions are the same whose id and words are."""

    before: Measures
    difference: dict[str, float | None]  # of each measure, now - before
    better: tuple[Change, ...]  # by the answer, else by the sentence's rank, else by the passage's
    worse: tuple[Change, ...]
    same: int
    only_now: int
    only_before: int

    @classmethod
    def of(cls, now: Evaluation, before: Evaluation) -> Comparison:
        """Compare two evaluations; among the better and the worse, those whose answer changed come first."""
        ours, theirs = _by_question(now.outcomes), _by_question(before.outcomes)
        changes = [Change(theirs[key], one) for key, one in ours.items() if key in theirs]
        changes.sort(key=lambda change: change.before.right == change.now.right)
        better, worse = (tuple(change for change in changes if sign * _compare(change) > 0) for sign in (1, -1))
        return cls(
            before.measures,
            {
                field.name: _less(*(getattr(e.measures, field.name) for e in (now, before)))
                for field in fields(Measures)
            },
            better,
            worse,
            len(changes) - len(better) - len(worse),
            len(ours) - len(changes),
            len(theirs) - len(changes),
        )


def _by_question(outcomes: Sequence[Outcome]) -> dict[tuple[str | int, str, int], Outcome]:
    """Key the outcomes by id and question; those that agree in both are told apart by their order."""
    seen: Counter[tuple[str | int, str]] = Counter()
    keyed = {}
    for one in outcomes:
        seen[one.id, one.question] += 1
        keyed[one.id, one.question, seen[one.id, one.question]] = one
    return keyed


def _compare(change: Change) -> int:
    """Return 1, 0 or -1 as a question came out better, alike or worse."""
    before, now = (
        (one.right is True, -(one.right_sentence_rank or np.inf), -(one.right_passage_rank or np.inf))
        for one in (change.before, change.now)
    )
    return (now > before) - (now < before)


def _less(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


# -- showing

_PERCENT, _RATIO, _TIME = (100.0, ".1f", " %"), (1.0, ".3f", ""), (1.0, ".1f", " ms")  # factor, digits, unit
_SHOWN = {
    "passage_recall_at_1": _PERCENT,
    "passage_recall_at_5": _PERCENT,
    "passage_recall_at_10": _PERCENT,
    "passage_mrr_at_10": _RATIO,
    "sentence_at_1": _PERCENT,
    "sentence_at_3": _PERCENT,
    "answered_right": _PERCENT,
    "decline_auroc": _RATIO,
    "answerable_declined": _PERCENT,
    "unanswerable_answered": _PERCENT,
    "milliseconds_median": _TIME,
    "milliseconds_p99": _TIME,
}
_MARKS = {None: "—", True: "✓", False: "✗"}


def as_json(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """Return one line of ASCII: the measures, `questions`, `compare` where there is a comparison, `passed_over`."""
    facts = asdict(evaluation.measures) | {"questions": [asdict(one) for one in evaluation.outcomes]}
    more = {"passed_over": evaluation.passed_over} if evaluation.passed_over else {}
    return render.dump(facts | ({"compare": asdict(comparison)} if comparison else {}) | more)


def as_text(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """Return the measures, a line each, and what got better and worse."""
    now = evaluation.measures
    lines = [message("eval-counts", asked=now.asked, answerable=now.answerable, unanswerable=now.unanswerable)]
    if evaluation.passed_over:
        lines.append(message("feedback-passed-over", count=evaluation.passed_over))
    for name, form in _SHOWN.items():
        value = _shown(getattr(now, name), form)
        if comparison:
            difference = _shown(comparison.difference[name], (*form[:2], ""), sign="+")
            before = _shown(getattr(comparison.before, name), form)
            value = message("eval-compared", value=value, before=before, difference=difference)
        lines.append(message("eval-" + name, value=value))
    if comparison:
        counts = {"same": comparison.same, "now": comparison.only_now, "before": comparison.only_before}
        lines += ["", message("eval-better", count=len(comparison.better)), *_listed(comparison.better)]
        lines += ["", message("eval-worse", count=len(comparison.worse)), *_listed(comparison.worse)]
        lines += ["", message("eval-same", **counts)]
    return "\n".join(lines)


def _shown(value: float | None, form: tuple[float, str, str], *, sign: str = "") -> str:
    factor, digits, unit = form
    return "—" if value is None else f"{factor * value:{sign}{digits}}{unit}"


def _listed(changes: Sequence[Change]) -> list[str]:
    lines = [_line(change) for change in changes[:LISTED]]
    rest = len(changes) - len(lines)
    return [*lines, message("web-more", count=rest)] if rest else lines


def _line(change: Change) -> str:
    before, now = change.before, change.now
    return "  " + message(
        "eval-change",
        id=now.id,
        question=render.excerpt(now.question, 40),
        answer=f"{_MARKS[before.right]} → {_MARKS[now.right]}",
        sentence=f"{before.right_sentence_rank or '—'} → {now.right_sentence_rank or '—'}",
        passage=f"{before.right_passage_rank or '—'} → {now.right_passage_rank or '—'}",
    )
