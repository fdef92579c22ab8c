"""Composing an answer: which sentences a question of each kind is answered with, in which order, or declining."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answer import THRESHOLD, Answer, Quote, Row, Table
from assistant.answering.choice import ASTRAY, CLOSE, CLOSER, ROW, Choice, is_row, place, reading_order
from assistant.answering.comparison import Comparison, Find, compare, listed
from assistant.answering.listing import members, whole
from assistant.answering.mention import Mention, any_of, other_names
from assistant.answering.remark import decline, lacking
from assistant.answering.verdict import Claim, denies
from assistant.ranking.ranking import Sentence
from assistant.ranking.span import LIKELY, Seeker
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.messages import message
from index.search import Hit

MOST_MEMBERS = 8  # quotes of a list whose members stand in several documents
MOST_LISTED = 600  # characters of the quotes of a list
MOST_CONTRASTS = 2  # sentences above a table
CLOSEST = 0.7  # the share from which on a sentence stands beside a fact although it has none
COVERED = 0.1  # by so much less a sentence may hold of the question and still say as much of it
UNLED = 0.7  # where a fact is asked for, a sentence weighs so much that names something else first
SURER = 0.5  # the share of the likeliest span's probability that another sentence's must reach
APART = 0.5  # a sentence weighs so much that has two things only in one enumeration, or one of them above it
UNLISTED = 0.25  # where a list is asked for, a sentence weighs so much that enumerates nothing
PAIRED = 0.6  # and one so much that names another number of things than is asked for


@dataclass(frozen=True, slots=True)
class Layout:
    """What is quoted, in the order in which it is numbered, and what is said about it."""

    sentences: tuple[Sentence, ...]
    note: str = ""
    verdict: bool | None = None
    table: Table | None = None


def compose(
    question: Question,
    hits: Sequence[Hit],
    sentences: Sequence[Sentence],
    confidence: float,
    *,
    top: int,
    threshold: float = THRESHOLD,
    find: Find = lambda _: (),
) -> Answer:
    """Make the answer from the ranked sentences, or decline below the threshold.

    `find` ranks the sentences of the documents for another question; it is called at most three times, and only where
    things are compared or related.
    """
    answered = bool(sentences) and confidence >= threshold
    choice = Choice.of(question) if answered else None
    layout = lay_out(choice, sentences, find) if choice else Layout(())
    seeker = Seeker.of(question)
    shown = {id(sentence): sentence for sentence in (*layout.sentences, *sentences[:top])}
    quoted = {key: Quote.of_sentence(sentence, seeker) for key, sentence in shown.items()}
    return Answer(
        question=question.text,
        understood=question.understood,
        kind=question.kind,
        answered=answered,
        confidence=confidence,
        quotes=tuple(quoted[id(sentence)] for sentence in layout.sentences),
        message=_remark(choice, hits, layout) if choice else decline(question, hits),
        candidates=tuple(quoted[id(sentence)] for sentence in sentences[:top]),
        hits=tuple(hits[:top]),
        verdict=layout.verdict,
        table=layout.table,
    )


def lay_out(choice: Choice, sentences: Sequence[Sentence], find: Find) -> Layout:
    """Choose and order the sentences that answer, as the question's kind wants it; there is at least one."""
    match choice.question.kind:
        case Kind.COMPARISON:
            return _comparison(choice, sentences, find)
        case Kind.RELATION:
            return _relation(choice, sentences, find)
        case Kind.LIST:
            return _list(choice, sentences)
        case Kind.YES_NO:
            return _yes_no(choice, sentences)
        case Kind.DEFINITION:
            return _definition(choice, sentences)
        case Kind.WHEN | Kind.WHO | Kind.HOW_MANY | Kind.WHERE:
            return _fact(choice, sentences)
    return Layout(tuple(choice.in_reading_order(sentences)))


# -- comparison and relation


def _comparison(choice: Choice, sentences: Sequence[Sentence], find: Find) -> Layout:
    """Show what sets the things apart, then a table of what is said of each."""
    found = compare(choice, sentences, find)
    if found is None:
        return Layout(tuple(choice.in_reading_order(sentences)))
    contrasts = [one for one in found.contrasts if one.score >= CLOSE * sentences[0].score]
    above = choice.distinct(contrasts)[:MOST_CONTRASTS]
    if found.attribute:
        told = [one for one in above if any(any_of([word]).search(fold(one.text)) for word in found.attribute)]
        if told:
            return Layout(tuple(told))
    if found.aspects:
        return _table(found, [] if found.attribute else above)
    if above and not found.attribute:
        return Layout(tuple(above))
    shown = above[:1] or (choice.in_reading_order(sentences) if found.attribute else [])
    for side, best in zip(found.sides, found.best, strict=True):
        if not any(side.held(one) for one in shown):
            shown.append(best)
    return Layout(tuple(shown), message("answer-unpaired"))


def _table(found: Comparison, above: Sequence[Sentence]) -> Layout:
    shown = list(above)
    rows = []
    for aspect in found.aspects:
        cells: list[tuple[int, ...]] = []
        for cell in aspect.cells:
            cells.append((len(shown),) if cell else ())
            shown += [cell] if cell else []
        rows.append(Row(aspect.label, tuple(cells)))
    return Layout(tuple(shown), table=Table(tuple(side.name for side in found.sides), tuple(rows)))


def _relation(choice: Choice, sentences: Sequence[Sentence], find: Find) -> Layout:
    """Show the sentences that hold both things; where there is none, one of each."""
    things = choice.things[:2]
    if len(things) < 2:
        return Layout(tuple(choice.in_reading_order(sentences)))
    weights = {place(one): one.score * _linked(one, things) for one in sentences}
    both = sorted((one for one in sentences if weights[place(one)]), key=lambda one: -weights[place(one)])
    if both:
        return Layout(tuple(choice.close(both, weigh=lambda one: weights[place(one)])))
    each = [next((one for one in find(thing.name) if thing.held(one)), None) for thing in things]
    if apart := [one for one in each if one]:
        return Layout(tuple(apart), message("answer-apart", one=things[0].name, other=things[1].name))
    return Layout(tuple(choice.in_reading_order(sentences)))


def _linked(sentence: Sentence, things: Sequence[Mention]) -> float:
    """Return how surely a sentence says something of both things, 0..1: less where it only lists them or names one
    above it, 0 where it does not hold both.
    """
    folded = fold(sentence.text)
    spans = [thing.place(folded) for thing in things]
    if not any(spans) or not all(span or thing.heads(sentence) for span, thing in zip(spans, things, strict=True)):
        return 0.0
    if is_row(sentence):
        return APART * APART
    return APART if None in spans or listed(folded, [span for span in spans if span]) else 1.0


# -- list

_POINTS = re.compile(  # what takes a sentence each
    "特点|特色|特征|特性|优点|优势|好处|长处|缺点|不足|劣势|弊端|短板|问题|原因|理由|影响|作用|意义|建议|看法|观点|变化|区别"
    "|风险|注意|挑战|困难|贡献|进展"
)
_NUMBERS = "两三四五六七八九十"
_NUMBER = re.compile(f"哪([{_NUMBERS}])")


def _list(choice: Choice, sentences: Sequence[Sentence]) -> Layout:
    """Show the sentence or the list that enumerates; without one, what each document says."""
    if point := _POINTS.search(fold(choice.question.understood)):
        return Layout(tuple(_points(choice, sentences, point[0])))
    near = [one for one in sentences if one.score >= CLOSE * sentences[0].score]
    blocks = {place(one): whole(one) for one in near}
    worth = {
        place(one): _fits(choice, one) * _enumerates(choice, blocks[place(one)]) * math.sqrt(one.score) for one in near
    }
    lead, *others = sorted(near, key=lambda one: -worth[place(one)])
    if _enumerates(choice, blocks[place(lead)]) == UNLISTED:
        return Layout(tuple(_each(choice, sentences)))
    chosen = [blocks[place(lead)]]
    for one in others:
        block, known = blocks[place(one)], fold("\n".join(other.text for other in chosen))
        fresh = [name for name in members(block.text)[1:] if name not in known]
        enough = one.score >= CLOSER * lead.score and _covers(one) + COVERED >= _covers(lead)
        if len(fresh) > 1 and enough and not is_row(block):
            chosen.append(block)
    return Layout(tuple(choice.fitting(chosen, room=MOST_LISTED)))


def _points(choice: Choice, sentences: Sequence[Sentence], word: str) -> list[Sentence]:
    """Return the sentences that say of themselves, or whose heading says, that they are what is asked for; without
    any, the best ones.
    """
    asked = any_of((word, *choice.question.aliases.get(word, ())))
    headed = [
        one
        for one in sentences
        if choice.is_named_in(one)
        and not is_row(one)
        and any(asked.search(fold(text)) for text in (one.text, *one.hit.passage.section[-1:]))
    ]
    return reading_order(choice.fitting(headed)) or choice.in_reading_order(sentences)


def _enumerates(choice: Choice, sentence: Sentence) -> float:
    """Return how much a sentence is worth as a list: one that names as many things as are asked for, or some, or none.

    What the question itself names is no answer: a sentence that lists that is about something else.
    """
    if "\n" in sentence.text:
        return 1.0
    found = members(sentence.text)
    words = [word.folded for word in choice.question.content if not word.folded.isascii()]
    known = any(word in name and not name.endswith(word) for word in words for name in found)
    if len(found) < 2 or known or any(thing.stands_in(name) for thing in choice.things for name in found[1:]):
        return UNLISTED
    number = _NUMBER.search(fold(choice.question.understood))
    fits = len(found) == _NUMBERS.index(number[1]) + 2 if number else len(found) > 2
    return (1.0 if fits else PAIRED) * (ROW if is_row(sentence) else 1.0)


def _each(choice: Choice, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the best sentences, of each document one if they stand in several; best first."""
    ordered = choice.near(sentences, share=CLOSER)
    apart: dict[str, Sentence] = {}
    for one in ordered:
        if _covers(one) + COVERED >= _covers(ordered[0]):
            apart.setdefault(one.hit.passage.document, one)
    if len(apart) > 2:
        return choice.fitting(apart.values(), most=MOST_MEMBERS, room=MOST_LISTED, alike=1.0)
    return choice.close(ordered, share=CLOSER)


def _fits(choice: Choice, sentence: Sentence) -> float:
    """Return how well a sentence speaks of what is asked for, and in which sense: 支持 for 哪些支持, not 不支持."""
    sense = 1.0 if denies(sentence.text) == denies(choice.question.understood) else ASTRAY
    return sense * (1.0 if choice.is_named_in(sentence) else ASTRAY) * (0.5 + _covers(sentence) / 2)


def _covers(sentence: Sentence) -> float:
    """Return the share of the question's words that a sentence holds, weighted by their rarity."""
    return sentence.fact("words")


# -- yes or no


def _yes_no(choice: Choice, sentences: Sequence[Sentence]) -> Layout:
    """Show the sentence that decides; whether for yes or no is said only where it says so itself."""
    claim = Claim.of(choice.question)
    near = [one for one in sentences if one.score >= CLOSE * sentences[0].score]
    verdicts = [(one, claim.holds(one) if claim else None) for one in near]
    decided = [one for one, verdict in verdicts if verdict is not None]
    said = {verdict for _, verdict in verdicts if verdict is not None}
    if len(said) == 1:
        rest = [one for one in decided[1:] if one.score >= CLOSER * decided[0].score]
        shown = choice.fitting([decided[0], *rest], most=2)
        verdict = said.pop()
        return Layout(tuple(shown), message("answer-yes") if verdict else message("answer-no"), verdict)
    if decided:  # the documents disagree
        return Layout(tuple(choice.close(decided)), message("answer-contradiction"))
    return Layout(tuple(choice.close(choice.near(sentences, share=CLOSER), share=CLOSER)))


# -- definition

_IS = re.compile(
    r"\s*+(?:[(（][^()（）]{1,60}[)）])?[,，]?\s*+(?:就|也|其实|本质上|本身|实际上)?"
    r"(?:是(?!在|由|为了|因为)|指|即(?!将)|又称|又名|也叫|简称|意为)"
)
_TELL = re.compile(r"介绍|讲|说|聊|科普|了解")  # more is wanted than a definition
_EVENT = re.compile(r"\d{4}\s*年|宣布|之后|随着|后来|曾")
_BEFORE, _BEHIND = 4, 12  # characters before the name and behind 是 that a definition may have and where events show


def _definition(choice: Choice, sentences: Sequence[Sentence]) -> Layout:
    """Show what the thing is before what happened to it."""
    ordered = choice.near(sentences)
    thing = choice.things[0] if choice.things else None
    defining = [one for one in ordered if thing and _defines(one, thing)]
    as_good = [one for one in defining if _covers(one) + COVERED / 2 >= _covers(ordered[0])]
    if not as_good:
        return Layout(tuple(choice.close(ordered, share=CLOSER)))
    lead = as_good[0]
    further = ordered if _TELL.search(fold(choice.question.understood)) else defining
    return Layout(tuple(choice.close([lead, *(one for one in further if one is not lead)], share=CLOSER)))


def _defines(sentence: Sentence, thing: Mention) -> bool:
    folded = fold(sentence.text)
    span = thing.place(folded)
    found = _IS.match(folded, span[1]) if span and span[0] <= _BEFORE else None
    return found is not None and not _EVENT.search(folded[: found.end() + _BEHIND])


# -- facts: when, who, how many, where


def _fact(choice: Choice, sentences: Sequence[Sentence]) -> Layout:
    """Show first the sentence that has the date, number, name or place; others only where they have one too."""
    seeker = Seeker.of(choice.question)
    near = choice.near(sentences)
    likely = {place(one): _likelihood(seeker, one) for one in near}
    most = max(likely.values())
    if seeker.wanted is None or most < LIKELY[seeker.wanted.sort]:
        return Layout(tuple(reading_order(choice.close(near))))
    least = max(LIKELY[seeker.wanted.sort], SURER * most)
    worth = {place(one): choice.weigh(one) * (1 + likely[place(one)]) * _led(choice, one) for one in near}
    best, *others = near
    holding = [one for one in others if likely[place(one)] >= least or one.score >= CLOSEST * best.score]
    return Layout(tuple(choice.close(sorted([best, *holding], key=lambda one: -worth[place(one)]))))


def _led(choice: Choice, sentence: Sentence) -> float:
    """Return less than 1 for a sentence that speaks first of something with a name that the question does not have."""
    folded = fold(sentence.text)
    others = other_names(folded, choice.things)
    spans = [span for thing in choice.things if (span := thing.place(folded))]
    return 1.0 if not others or (spans and min(spans)[0] < others[0][0]) else UNLED


def _likelihood(seeker: Seeker, sentence: Sentence) -> float:
    start = sentence.start - sentence.hit.passage.start
    return seeker.likelihood(sentence.text, sentence.hit.edges_within(start, start + len(sentence.text)))


# -- what is said about the quotes


def _remark(choice: Choice, hits: Sequence[Hit], layout: Layout) -> str:
    """Say what a reader of the quotes should know: yes or no, that they disagree, what no passage speaks of."""
    lines = [layout.note] if layout.note else []
    if not layout.note and any(choice.contradict(*pair) for pair in itertools.combinations(layout.sentences, 2)):
        lines.append(message("answer-contradiction"))
    if missing := lacking(choice.question, hits):
        lines.append(missing)
    return "\n".join(lines)
