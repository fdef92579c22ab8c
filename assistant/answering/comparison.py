"""Things beside each other: what the documents say of each of them, aspect by aspect."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.choice import Choice, Place
from assistant.answering.choice import place as place_of
from assistant.answering.mention import Mention, any_of, other_names
from assistant.ranking.forms import dates
from assistant.ranking.ranking import Sentence
from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import Span, overlaps
from corpus.words import Word

Find = Callable[[str], Sequence[Sentence]]
"""Ranks the sentences of the documents for another question, best first."""

MOST_SIDES = 3
MOST_ROWS = 5
LOOKED_AT = 24  # sentences of each side
LONGEST_LABEL = 8  # characters
LEAST = 2.0  # what a row must weigh: about one word that stands in two sentences of fifty, or two common ones
HEADED = 1.2  # weight of a heading that two sentences share
DATED = 0.8  # of a date in both
COMMONEST = 0.15  # the share of the sentences looked at that may hold a word which makes a row
LATEST_OPENING = 12  # characters before a name that opens a clause
LONG = 3  # characters of a word that makes a row by itself
FIRST = 1.3  # a row that says something of the first thing weighs more
_UNLED, _ABOVE = 0.7, 0.45  # a sentence that names its side late, or only in the title or a heading, weighs less
_CROWDED = 0.9  # and for each other name

_CONTRAST = re.compile(
    r"[,;]\s*而(?![是且])|比(?![拼如例])|不同|区别|差别|差异|相反|则|更|优于|劣于|胜过|超过|高于|低于|不如|反之|一个.*另一个|与.*不一样"
)
_REPORT = re.compile(  # who says it, and as of when: 文章作者认为, 截至
    r"截[至止]|目前|如今|当时|(?:^|(?<=[,，;；。]))[^,，;；。:：]{0,10}?(?:认为|表示|指出|建议|写道|记述|看来|觉得|承认|强调|提醒|介绍|报道)"
)
_TIMELY = re.compile(r"[早晚先后新老久]|更?[早晚]|先|年龄|历史|时间|出现|诞生|成立|发布|问世|推出")
_CLAUSES = re.compile(r"[，,；;]")
_LISTED = re.compile(
    r"(?:[(（][^()（）]*[)）])?[^、，。；,;:：]{0,3}(?:、[^、，。；,;:：]{0,24})*(?:(?:和|与|及|以及|或)[^、，。；,;:：]{0,24})?"
)
_COMPARING = re.compile(
    r"区别|差别|差异|差距|差在?|不同|之处|相比|相较|对比|比较|比起?|异同|优劣|不一样|一样|更|好|强|优|两者|二者|两个|变化|地方|方面|哪里|哪些|看|选|学|适合|值得|说|讲|做|有"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about one side."""

    sentence: Sentence
    folded: str
    words: dict[str, Span]  # its content words, side names aside, and where each stands first
    weight: float  # how surely and how well it speaks of its side, 0..1
    asked: str  # the word of the question for the respect in which it is of use, "" where all is asked for
    dated: bool

    @classmethod
    def of(cls, sentence: Sentence, weight: float, asked: str, question: Question, sides: Sequence[Mention]) -> Said:
        """Cut a sentence into the words that two sides may share."""
        folded = fold(sentence.text)
        times = [date.span for date in dates(folded)]
        aside = [span for side in sides for pattern in (side.whole, *side.words) for span in _spans(pattern, folded)]
        aside += [*times, *_spans(_REPORT, folded)]
        words: dict[str, Span] = {}
        for span in _pieces(sentence):
            word = folded[span[0] : span[1]]
            if _carries(word) and word not in question.stopwords and not overlaps(span, aside):
                words.setdefault(word, span)
        return cls(sentence, folded, words, weight, asked, bool(times))

    @property
    def key(self) -> Place:
        """Where it stands."""
        return place_of(self.sentence)

    @property
    def heading(self) -> str:
        """The heading that it stands under, "" where that is the title."""
        passage = self.sentence.hit.passage
        return passage.section[-1] if passage.section and passage.section[-1] != passage.title else ""


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is said of several sides about the same; for each side a sentence, or none."""

    label: str
    cells: tuple[Sentence | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sides of a question, what sets them against each other, and what is said of each."""

    sides: tuple[Mention, ...]
    attribute: tuple[str, ...]  # the words, folded, that say in what respect; none where all is asked for
    contrasts: tuple[Sentence, ...]  # sentences that hold all sides and tell them apart, best first
    aspects: tuple[Aspect, ...]
    best: tuple[Sentence, ...]  # the best sentence of each side


def compare(choice: Choice, sentences: Sequence[Sentence], find: Find) -> Comparison | None:
    """Set what a question names beside each other; None where it has fewer than two that the documents speak of."""
    question, named = choice.question, _spoken_of(choice.things, sentences)
    respect = _Respect.of(question, named)
    sides: list[Mention] = []
    pools: list[list[Said]] = []
    best: list[Sentence] = []
    for side in named[:MOST_SIDES]:
        others = [other for other in named if other is not side]
        about = sorted(_about(side, others, find(" ".join((side.name, *respect.words)))), key=lambda pair: -pair[1])
        if about:
            sides.append(side)
            best.append(about[0][0])
            told = [(one, weight, respect.told_by(one)) for one, weight in about]
            kept = [pair for pair in told if pair[2] or not respect.words][:LOOKED_AT]
            pools.append([Said.of(one, weight, asked, question, named) for one, weight, asked in kept])
    if len(sides) < 2:
        return None
    contrasts = _contrasts(sides, sentences)
    rows = _Rows.of(sides, pools, len(respect.phrases))
    aspects = tuple(rows.chosen({place_of(one) for one in contrasts}))
    return Comparison(tuple(sides), respect.words, contrasts, aspects, tuple(best))


def _spoken_of(named: Sequence[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """Return the things that any of the sentences names, where that leaves two."""
    texts = [fold(sentence.text) for sentence in sentences]
    held = [one for one in named if any(map(one.stands_in, texts))]
    return held if len(held) > 1 else list(named)


@dataclass(frozen=True, slots=True)
class _Respect:
    """The words that say in what respect things are compared."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]  # those of them that the question has side by side
    question: Question

    @classmethod
    def of(cls, question: Question, sides: Sequence[Mention]) -> _Respect:
        """Read what the question names beside the sides and the words that compare."""
        names = {side.name for side in sides}
        spans = [(one.start, one.end) for one in question.subjects if question.understood[one.start : one.end] in names]
        words = [
            word
            for word in question.content
            if not overlaps((word.start, word.end), spans) and not _COMPARING.fullmatch(word.folded)
        ]
        phrases: list[list[Word]] = []
        for word in words:
            if phrases and phrases[-1][-1].end == word.start:
                phrases[-1].append(word)
            else:
                phrases.append([word])
        joined = ("".join(word.folded for word in phrase) for phrase in phrases)
        return cls(tuple(dict.fromkeys(word.folded for word in words)), tuple(dict.fromkeys(joined)), question)

    def told_by(self, sentence: Sentence) -> str:
        """Return the longest phrase that a sentence holds, or the rarest word, "" without any; a date tells of 早."""
        folded = fold(sentence.text)
        if (timely := [word for word in self.words if _TIMELY.fullmatch(word)]) and dates(folded):
            return min(timely, key=len)
        if whole := [phrase for phrase in self.phrases if any_of([phrase]).search(folded)]:
            return max(whole, key=len)
        aliases = self.question.aliases
        held = [word for word in self.words if any_of((word, *aliases.get(word, ()))).search(folded)]
        return max(held, key=lambda word: self.question.rarity[word], default="")


def _about(side: Mention, others: Sequence[Mention], found: Sequence[Sentence]) -> Iterator[tuple[Sentence, float]]:
    """Give the sentences that speak of one side and not of the others, and how surely and how well, 0..1."""
    for sentence in found[: 4 * LOOKED_AT]:
        folded = fold(sentence.text)
        if " | " in folded or folded.endswith((":", "?")) or any(other.stands_in(folded) for other in others):
            continue
        place = side.place(folded)
        if place is None and (not side.heads(sentence) or any(other.heads(sentence) for other in others)):
            continue
        weight = _ABOVE if place is None else 1.0 if place[0] <= LATEST_OPENING else _UNLED
        yield sentence, weight * _CROWDED ** len(other_names(folded, [side])) * (0.5 + sentence.score / 2)


def _contrasts(sides: Sequence[Mention], sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences that name all sides and tell them apart, not those that merely list them.

    The best sentence is taken at the ranker's word where it names all sides.
    """
    found = []
    for sentence in sentences:
        folded = fold(sentence.text)
        places = [place for side in sides if (place := side.place(folded))]
        if len(places) < len(sides) or " | " in folded or listed(folded, places):
            continue
        opened = {start for place in places if (start := _clause_opened(folded, place)) is not None}
        if sentence is sentences[0] or _CONTRAST.search(folded) or len(opened) > 1:
            found.append(sentence)
    return tuple(found)


def _clause_opened(folded: str, place: Span) -> int | None:
    """Return the start of the clause that a name opens, None where it stands further inside."""
    start = max((found.end() for found in _CLAUSES.finditer(folded, 0, place[0])), default=0)
    return start if place[0] - start <= LATEST_OPENING else None


def listed(folded: str, places: Sequence[Span]) -> bool:
    """Tell whether the places stand in one enumeration: A、B 和 C."""
    ordered = sorted(places)
    around = folded[max(0, ordered[0][0] - 12) : ordered[-1][1] + 12]
    return "、" in around and all(_LISTED.fullmatch(folded, a[1], b[0]) for a, b in itertools.pairwise(ordered))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that two or more pools of sentences can make."""

    sides: Sequence[Mention]
    pools: Sequence[Sequence[Said]]
    rare: Mapping[str, float]  # of the words, among the sentences of the pools; 0 for those that tell nothing
    most: int

    @classmethod
    def of(cls, sides: Sequence[Mention], pools: Sequence[Sequence[Said]], respects: int) -> _Rows:
        """Weigh the words of the pools; `respects` is in how many respects things are compared, 0 for all."""
        held = Counter(word for pool in pools for said in pool for word in said.words)
        total = sum(map(len, pools)) + 1
        commonest = max(3.0, COMMONEST * total)
        rare = {w: math.log(total / n) * min(len(w), 2) / 2 if n <= commonest else 0.0 for w, n in held.items()}
        return cls(sides, pools, rare, min(respects, 2) or MOST_ROWS)

    def chosen(self, taken: set[Place]) -> Iterator[Aspect]:
        """Give the best rows, no sentence and no label twice."""
        labels: set[str] = set()
        for weight, cells in sorted(self._pairs(), key=lambda row: -row[0]):
            if len(labels) == self.most or weight < LEAST:
                return
            keys = {cell.key for cell in cells if cell}
            label = "" if keys & taken else self._label(cells, labels)
            if not label:
                continue
            filled = self._filled(cells, label, taken)
            taken |= {cell.key for cell in filled if cell}
            labels.add(label)
            yield Aspect(label, tuple(cell.sentence if cell else None for cell in filled))

    def _pairs(self) -> Iterator[tuple[float, list[Said | None]]]:
        for (i, one), (j, other) in itertools.combinations(enumerate(self.pools), 2):
            for a, b in itertools.product(one, other):
                if a.key != b.key and (weight := self._weigh(a, b)):
                    cells: list[Said | None] = [None] * len(self.pools)
                    cells[i], cells[j] = a, b
                    yield weight * (FIRST if i == 0 else 1.0), cells

    def _weigh(self, a: Said, b: Said) -> float:
        """Return how much two sentences speak of the same, 0 where nothing tells that they do."""
        telling = [word for word in a.words.keys() & b.words.keys() if self.rare[word]]
        total = sum(self.rare[word] for word in telling)
        if len(telling) < 2 and all(len(word) < LONG for word in telling):
            total = 0.0  # 正式 or 清晰 may stand in any two sentences
        if a.heading and fold(a.heading) == fold(b.heading):
            total += HEADED
        if a.asked and b.asked:
            total += LEAST
        if total and a.dated and b.dated:
            total += DATED
        return total * math.sqrt(a.weight * b.weight)

    def _label(self, cells: Sequence[Said | None], known: set[str]) -> str:
        """Return a short word that the cells share and no row above bears, "" without any."""
        a, b = [cell for cell in cells if cell][:2]
        if a.asked and b.asked:
            return next((one for one in (a.asked, b.asked) if one not in known), "")
        shared = sorted(a.words.keys() & b.words.keys(), key=lambda word: (-self.rare[word], word))
        strong = [word for word in shared if self.rare[word] >= LEAST / 2 and len(word) > 1]
        strong.sort(key=lambda word: len(word) < LONG)
        choices = [_phrase(a, b, word) for word in strong[:2]]
        if fold(a.heading) == fold(b.heading) and len(a.heading) <= LONGEST_LABEL:
            choices += [a.heading] * (not any(side.stands_in(fold(a.heading)) for side in self.sides))
        return next((choice for choice in choices if choice and choice not in known), "")

    def _filled(self, cells: Sequence[Said | None], label: str, taken: set[Place]) -> list[Said | None]:
        """Fill the empty cells with what the other sides' sentences say of the same."""
        word, full = fold(label), list(cells)
        for place, pool in enumerate(self.pools):
            keys = taken | {cell.key for cell in full if cell}
            if full[place] is None:
                full[place] = next((one for one in pool if word in one.folded and one.key not in keys), None)
        return full


def _phrase(a: Said, b: Said, word: str) -> str:
    """Return the longest run of words around a shared one that both sentences have, as the first writes it."""
    pieces = _pieces(a.sentence)
    at = pieces.index(a.words[word])
    runs = [
        (one[0], other[1])
        for one, other in itertools.product(pieces[max(0, at - 2) : at + 1], pieces[at : at + 3])
        if a.folded[slice(*one)] in a.words and a.folded[slice(*other)] in a.words
    ]
    fitting = [
        (start, end)
        for start, end in runs
        if end - start <= LONGEST_LABEL and a.folded[start:end].isalnum() and a.folded[start:end] in b.folded
    ]
    start, end = max(fitting, key=lambda run: run[1] - run[0], default=a.words[word])
    return a.sentence.text[start:end]


def _pieces(sentence: Sentence) -> list[Span]:
    """Return the spans of a sentence's words."""
    start = sentence.start - sentence.hit.passage.start
    edges = sentence.hit.edges_within(start, start + len(sentence.text))
    return list(itertools.pairwise(edges))


def _carries(word: str) -> bool:
    return word[:1].isalpha() and not word.isdigit()


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [found.span() for found in pattern.finditer(text)]
