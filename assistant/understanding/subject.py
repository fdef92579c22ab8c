"""What a question is about: the things that it names, two where it sets them beside each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.words import Word

_JOINT = re.compile(r"\s*(?:和|跟|与|同|及|以及|还是|或者?|[对相]?比[起于较]?|相较于?|对|vs\.?|、|/|，|,)\s*")
_PAIRED = re.compile(
    r"区别|差别|差异|不同|相比|对比|比较|异同|优劣|关系|联系|关联|渊源|还是|vs|更|比|都|两者|两个|二者|一样|之间|分别|各自|哪一?[个款种家者]|谁"
)
_WORDS_APART = " ·-"  # what may stand between two words of one name
_VERSION = re.compile(r"v?\d+(?:\.\d+)*")
_LATIN = re.compile(r"[a-z]")


Phrase = tuple[Word, ...]
"""Words that stand side by side."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that a question names."""

    text: str  # its name, folded
    words: Phrase  # of its name, as they stand in the question
    named: bool  # it has a name; otherwise it is called by ordinary words

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


def subjects(text: str, words: Sequence[Word], known: Callable[[str], bool]) -> tuple[Subject, ...]:
    """Return what the question names, in its order: what a joint sets beside each other, or else Latin names and names
    that are `known`, or else the first words.

    `text` is the folded question, `words` those of it that carry content.
    """
    phrases = _phrases(text, words)
    found = _paired(text, phrases, known) or [name for phrase in phrases for name in _names(phrase, text, known)]
    return tuple(
        Subject(text[name[0].start : name[-1].end], name, bool(_names(name, text, known)))
        for name in found or phrases[:1]
    )


def _phrases(text: str, words: Sequence[Word]) -> list[Phrase]:
    """Return the runs of words that nothing parts but what may stand inside a name."""
    phrases: list[Phrase] = []
    for word in words:
        if phrases and not text[phrases[-1][-1].end : word.start].strip(_WORDS_APART):
            phrases[-1] = (*phrases[-1], word)
        else:
            phrases.append((word,))
    return phrases


def _names(phrase: Phrase, text: str, known: Callable[[str], bool]) -> list[Phrase]:
    """Return the names in a phrase: known words, and Latin words with those and the version that follow them."""
    names: list[Phrase] = []
    for word in phrase:
        latin = _LATIN.search(word.folded) is not None
        if names and names[-1][-1].end < word.start and not text[names[-1][-1].end : word.start].strip(_WORDS_APART):
            joins = names[-1][-1].folded.isascii() and (latin or _VERSION.fullmatch(word.folded) is not None)
        else:
            joins = False
        if joins:
            names[-1] = (*names[-1], word)
        elif latin or known(word.folded):
            names.append((word,))
    return names


def _paired(text: str, phrases: Sequence[Phrase], known: Callable[[str], bool]) -> list[Phrase]:
    """Return what a joint sets beside each other, where the question looks at several things at once."""
    joined = [
        _JOINT.fullmatch(text, one[-1].end, other[0].start) is not None for one, other in itertools.pairwise(phrases)
    ]
    if not any(joined) or not _PAIRED.search(text):
        return []
    first = joined.index(True)
    last = next((place for place in range(first, len(joined)) if not joined[place]), len(joined))
    sides = []
    for place, phrase in enumerate(phrases[first : last + 1]):
        names = _names(phrase, text, known)
        sides.append(names[-1 if place == 0 else 0] if names else phrase)
    return [*sides[:-1], _parallel(sides[0], sides[-1])]


def _parallel(one: Phrase, other: Phrase) -> Phrase:
    """Return as much of the second phrase as is built like the first: 医疗保险 of 医疗保险缴费比例, beside 养老保险."""
    ends = [place for place, word in enumerate(other, start=1) if word.folded == one[-1].folded]
    return other[: ends[0] if ends else len(one)]
