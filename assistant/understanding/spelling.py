"""Sloppy spelling repaired by what the documents hold: typos of Latin names, names cut or glued, homophones."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.lexicon import fold
from corpus.words import Segmenter, Word, is_han
from index.search import Searcher
from index.vocabulary import LONGEST_KEY, LONGEST_WORD, Term, Vocabulary, is_latin, rough, squeeze

# All constants were chosen by benchmarks/spelling.py: the names and questions of other texts, which are right as they
# stand, against random slips in what the documents hold.
SHORTEST = 4  # letters of a misspelled Latin word: of three, every other one is a name
LETTERS_FOR_KEY = 5  # letters where a vowel or a key took its neighbour's place or the last is missing (Hong, Hing)
LETTERS_FOR_ANY = 7  # letters where any letter is one too many or another one (React, Reach; Andy, and)
LETTERS_FOR_TWO = 8  # letters where two slips are repaired
SHORTEST_JOINED = 3  # letters and digits of a name joined from pieces
# A stretch of two characters sounds as some word by chance (之始 as 之事): the documents must hold more of the
# pairs that the word makes with its neighbours than of those of the stretch, or as many, and the rest be stricter.
KEPT_WITH_CONTEXT = 6.0  # rarity (Segmenter.rarity) at least of the character that stays
KEPT_ALONE = 7.0  # the same where no neighbour tells
CHANGED_ALONE = 9.0  # rarity at least of the character that is replaced, where no neighbour tells
PASSAGES_ALONE = 3  # that hold the word at least, where no neighbour tells and it is no name
_MOST_PIECES = 12  # of a name joined: more are no name

_LETTERS = re.compile(r"[^\W\d_]+")
_VERSIONED = re.compile(r"([^\W\d_]{3,}?)[\-_/]?(\d[\d.]*)")
_BETWEEN = re.compile(r"[\s\-_./·'&]{1,2}")  # what may part the pieces of one name
# What is counted: a number before it is no part of a name.
_COUNTED = re.compile(r"\s?[年月日号个次种倍位岁天点时分秒万亿千百元条款项章页台人]")
_DOUBLE = re.compile(r"(.)\1")
_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    (one, other)
    for row, keys in enumerate(_ROWS)
    for place, one in enumerate(keys)
    for other_row, others in enumerate(_ROWS)
    for other_place, other in enumerate(others)
    if one != other and abs(row - other_row) <= 1 and abs(place + row / 2 - other_place - other_row / 2) <= 1
}


class Reason(StrEnum):
    """Why something was taken for another word."""

    TYPO = "typo"
    SPACING = "spacing"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the text as it was written, and what it was taken for."""

    written: str
    meant: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of the text to replace."""

    start: int
    end: int
    meant: str
    reason: Reason


def correct(text: str, segmenter: Segmenter, searcher: Searcher) -> tuple[str, tuple[Correction, ...]]:
    """Return the text with what is misspelled replaced by words of the documents, and what was replaced, in order.

    A word that the documents or the language pack hold is never changed; whatever is not replaced stays as it is,
    character for character.
    """
    folded = fold(text)
    words = segmenter.words(text)
    known = _Known(segmenter, searcher)
    edits = [*_latin_edits(folded, words, known), *_sound_edits(words, known)]
    edits.sort(key=lambda edit: edit.start)
    pieces, corrections, place = [], [], 0
    for edit in edits:
        written = text[edit.start : edit.end]
        meant = _as_written(written, edit.meant) if edit.reason is Reason.SOUND else edit.meant
        pieces += [text[place : edit.start], meant]
        corrections.append(Correction(written, meant, edit.reason))
        place = edit.end
    return "".join((*pieces, text[place:])), tuple(corrections)


def _as_written(written: str, meant: str) -> str:
    """Return `meant` with the characters that are the same as they were written, in their script."""
    return "".join(one if fold(one) == fold(other) else other for one, other in zip(written, meant, strict=True))


class _Known:
    """Tells what the documents and the language pack hold."""

    def __init__(self, segmenter: Segmenter, searcher: Searcher) -> None:
        self.vocabulary: Vocabulary = searcher.vocabulary
        self.lexicon = segmenter.lexicon
        self._frequency = searcher.frequency
        self.rarity = segmenter.rarity
        self._rarest = segmenter.rarity("")  # of what jieba's dictionary does not hold

    def holds(self, term: str) -> bool:
        """Tell whether the documents or the language pack hold a folded word."""
        return self._frequency(term) > 0 or term in self.lexicon.words

    def in_dictionary(self, word: str) -> bool:
        """Tell whether a Chinese word is a word of the language, whatever the documents hold."""
        return self.rarity(word) < self._rarest


# -- Latin names


def _latin_edits(folded: str, words: Sequence[Word], known: _Known) -> Iterator[_Edit]:
    for run in _runs(folded, words):
        place = 0
        for start, end, meant in _joined(folded, run, known):
            yield from _unknown(run[place:start], known)
            yield _Edit(run[start].start, run[end - 1].end, meant, Reason.SPACING)
            place = end
        yield from _unknown(run[place:], known)


def _runs(folded: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the Latin words that at most two spaces or marks part, run by run."""
    run: list[Word] = []
    for word in words:
        latin = is_latin(word.folded)
        if run and not (latin and _BETWEEN.fullmatch(folded, run[-1].end, word.start)):
            yield run
            run = []
        if latin:
            run.append(word)
    if run:
        yield run


def _joined(folded: str, run: Sequence[Word], known: _Known) -> Iterator[tuple[int, int, str]]:
    """Yield the pieces of a run that are one name of the documents: `py torch`, `caffe 2`, `K e r a s`."""
    stretches = {}
    for start, length in itertools.product(range(len(run) - 1), range(2, _MOST_PIECES + 1)):
        end = start + length
        key = "".join(squeeze(word.folded) for word in run[start:end]) if end <= len(run) else ""
        if SHORTEST_JOINED <= len(key) <= LONGEST_KEY and _LETTERS.search(key):
            stretches[start, end] = key
    if not stretches:
        return
    terms = known.vocabulary.terms_with(stretches.values())
    place = 0
    for (start, end), key in sorted(stretches.items(), key=lambda item: (item[0][0], -item[0][1])):
        pieces = run[start:end]
        if start < place or key not in terms or _said_as_it_stands(pieces, terms[key], known):
            continue
        if pieces[-1].folded.isdigit() and _COUNTED.match(folded, pieces[-1].end):
            continue  # Caffe 2 个月前
        yield start, end, terms[key][0].form
        place = end


def _said_as_it_stands(pieces: Sequence[Word], terms: Sequence[Term], known: _Known) -> bool:
    """Tell whether the documents, too, write these pieces apart, or one of them is more than letters and digits."""
    apart = " ".join(word.folded for word in pieces)
    whole = any(not word.folded[-1].isalnum() or ("." in word.folded and word.folded[0].isdigit()) for word in pieces)
    return whole or apart in known.lexicon.words or any(term.folded == apart for term in terms)


def _unknown(words: Sequence[Word], known: _Known) -> Iterator[_Edit]:
    place = 0
    for word, after in itertools.zip_longest(words, words[1:]):
        if word.start < place:
            continue
        held = known.holds(word.folded)
        if after and not (held and known.holds(after.folded)) and (nearest := _nearest_of_both(word, after, known)):
            yield _Edit(word.start, after.end, nearest.form, Reason.TYPO)
            place = after.end
        elif not held and len(word.folded) >= SHORTEST and _LETTERS.search(word.folded):
            yield from _repaired(word, known)


def _nearest_of_both(one: Word, other: Word, known: _Known) -> Term | None:
    """Return the term that two words, one of them unknown, are a typo of if they are joined: `tensor folw`."""
    key = one.folded + other.folded
    terms = (known.vocabulary.term(word.folded) for word in (one, other))
    if any(term and term.name for term in terms):
        return None  # Google JAX is two names
    return _nearest(key, known) if key.isascii() and key.isalpha() and len(key) >= LETTERS_FOR_ANY else None


def _repaired(word: Word, known: _Known) -> Iterator[_Edit]:
    """Yield what a Latin word that nothing holds is taken for: as a whole, before its version, or part by part."""
    key = squeeze(word.folded)
    if len(key) > LONGEST_KEY or not key.isascii() or not word.folded[-1].isalnum():
        return
    if found := known.vocabulary.terms_with([key]).get(key):
        if all(term.folded != word.folded for term in found):
            yield _Edit(word.start, word.end, found[0].form, Reason.SPACING)
        return
    parts = [(part[0], part.start()) for part in re.finditer(r"[^\W_]+", word.folded)]
    if len(parts) > 1 and all(known.holds(part) for part, _ in parts):
        return
    versioned = _VERSIONED.fullmatch(word.folded)
    if versioned and (edits := list(_part(versioned[1], word.start, known))):
        yield from edits
    elif nearest := _nearest(key, known):
        yield _Edit(word.start, word.end, nearest.form, Reason.TYPO)
    elif len(parts) > 1:
        for part, start in parts:
            yield from _part(part, word.start + start, known)


def _part(part: str, start: int, known: _Known) -> Iterator[_Edit]:
    if len(part) >= SHORTEST and not known.holds(part) and (nearest := _nearest(part, known)):
        yield _Edit(start, start + len(part), nearest.form, Reason.TYPO)


def _nearest(key: str, known: _Known) -> Term | None:
    """Return the term that `key` is a typo of: nearest, then names before other words, then the most frequent one."""
    letters = sum(map(str.isalpha, key))
    if letters < SHORTEST:
        return None
    digits = _digits(key)  # TensorFlow 2 is not TensorFlow 3
    near = {
        found: edits
        for found, edits in _near(key, 2 if letters >= LETTERS_FOR_TWO else 1, known).items()
        if letters >= _letters_needed(key, found, edits) and _digits(found) == digits
    }
    if not near:
        return None
    best = min(near.values())
    rows = known.vocabulary.terms_with(found for found, edits in near.items() if edits == best)
    terms = [term for row in rows.values() for term in row[:1]]
    if letters < LETTERS_FOR_ANY:
        terms = [term for term in terms if term.name or term.form != term.folded]  # short plain words are many
    return min(terms, key=lambda term: (-term.name, -term.count, term.folded), default=None)


def _near(key: str, most: int, known: _Known) -> dict[str, int]:
    """Return what may be keys of the vocabulary within `most` edits (a swap is one), each with their number.

    The first letter is the same or swapped with the second; in a longer word also missing, or its key's neighbour.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    shelf = known.vocabulary.shelf(key[0], range(len(key) - most, len(key) + most + 1))
    distances = process.extract_iter(key, shelf, scorer=OSA.distance, score_cutoff=most)
    near = {found: int(edits) for found, edits, _ in distances}
    others = {key[1] + key[0] + key[2:]} - {key}
    if len(key) >= LETTERS_FOR_ANY:
        others |= {letter + key for letter in "".join(_ROWS)}
        others |= {other + key[1:] for one, other in _NEAR if one == key[0]}
    return near | dict.fromkeys(known.vocabulary.terms_with(others), 1)


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _letters_needed(key: str, found: str, edits: int) -> int:
    """Return from how many letters on a difference is likelier a slip of the hand than another name."""
    if edits > 1:
        cut = key.startswith(found) or found.startswith(key)
        return LONGEST_KEY + 1 if cut else LETTERS_FOR_TWO  # TensorRT is no Tensor
    place = next((at for at, (one, other) in enumerate(zip(key, found, strict=False)) if one != other), None)
    if len(key) > len(found):
        at = len(found) if place is None else place
        return SHORTEST if key[at] == key[at - 1] else LETTERS_FOR_ANY
    if len(key) < len(found):
        return LETTERS_FOR_KEY if place is None else SHORTEST
    if place is None or key[place + 1 :] != found[place + 1 :]:
        return SHORTEST  # two letters swapped
    if _DOUBLE.sub(r"\1", key) == _DOUBLE.sub(r"\1", found):
        return SHORTEST  # the wrong letter doubled
    vowels = key[place] in _VOWELS and found[place] in _VOWELS
    return LETTERS_FOR_KEY if vowels or (key[place], found[place]) in _NEAR else LETTERS_FOR_ANY


# -- Chinese words by sound


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of Chinese characters that the documents nowhere hold, and the characters beside it (or "")."""

    start: int
    end: int
    text: str
    before: str
    after: str
    held: tuple[tuple[int, int], ...]  # where words of the documents stand in it, which stay as they are
    function: bool  # jieba sees a function word in it


def _sound_edits(words: Sequence[Word], known: _Known) -> Iterator[_Edit]:
    """Yield the stretches that the documents nowhere hold and that sound as a word of theirs, the longest first."""
    stretches = [stretch for run in _han_runs(words) for stretch in _stretches(run, known)]
    if not stretches:
        return
    readings = known.vocabulary.readings("".join(stretch.text for stretch in stretches))
    sounds = [" ".join(readings.get(character, "?") for character in stretch.text) for stretch in stretches]
    exact = known.vocabulary.words_that_sound(sounds)
    alike = known.vocabulary.words_that_sound("~" + rough(sound) for sound in sounds if sound.count(" ") > 1)
    found = []
    for stretch, sound in zip(stretches, sounds, strict=True):
        same = [(term, True) for term in exact.get(sound, ())]
        near = [(term, False) for term in alike.get("~" + rough(sound), ())]
        fitting = [(*one, stretch) for one in (*same, *near) if _fits(stretch, *one, known)]
        found += sorted(fitting, key=lambda one: (-one[1], -one[0].name, -one[0].count, one[0].folded))[:1]
    taken: list[_Stretch] = []
    for term, _, stretch in sorted(found, key=lambda one: (-len(one[2].text), -one[1], one[2].start)):
        if all(stretch.end <= other.start or other.end <= stretch.start for other in taken):
            taken.append(stretch)
            yield _Edit(stretch.start, stretch.end, term.form, Reason.SOUND)


def _fits(stretch: _Stretch, term: Term, exact: bool, known: _Known) -> bool:
    """Tell whether a stretch is likelier to be a slip for `term` than words of its own."""
    differing = [(one, other) for one, other in zip(stretch.text, term.folded, strict=True) if one != other]
    if not differing or any(stretch.text[at:to] != term.folded[at:to] for at, to in stretch.held):
        return False
    length = len(stretch.text)
    if stretch.function and (length == 2 or len(differing) > 1 or not exact or not (term.name or length > 3)):
        return False  # 陈天其 and 命令是编程 are slips, 建筑是 and 为甚么 are none
    if length > 2:
        return len(differing) <= (length + 1) // 2 if exact else len(differing) == 1
    if not exact or len(differing) > 1:
        return False
    at = 0 if stretch.text[0] != term.folded[0] else 1
    changed, kept = known.rarity(stretch.text[at]), known.rarity(stretch.text[1 - at])
    context = _context(term.folded, stretch, known) - _context(stretch.text, stretch, known)
    if context:
        return context > 0 and kept >= KEPT_WITH_CONTEXT
    return kept >= KEPT_ALONE and changed >= CHANGED_ALONE and (term.name or term.count >= PASSAGES_ALONE)


def _context(word: str, stretch: _Stretch, known: _Known) -> int:
    """Return how many of the pairs that a word makes with its neighbours stand in the documents."""
    pairs = (stretch.before and stretch.before + word[0], stretch.after and word[-1] + stretch.after)
    return sum(bool(pair) and known.holds(pair) for pair in pairs)


def _han_runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words that stand in one run of Chinese characters, run by run."""
    run: list[Word] = []
    for word in words:
        han = is_han(word.folded)
        if run and not (han and run[-1].end == word.start):
            yield run
            run = []
        if han:
            run.append(word)
    if run:
        yield run


def _stretches(run: Sequence[Word], known: _Known) -> Iterator[_Stretch]:
    """Yield the stretches that hold a pair of characters that no document holds, and cut no word that is one."""
    text, offset = "".join(word.folded for word in run), run[0].start
    strange = {place for place in range(len(text) - 1) if not known.holds(text[place : place + 2])}
    if not strange:
        return
    spans = [(word.start - offset, word.end - offset, word.folded) for word in run]
    held = [(start, end) for start, end, word in spans if end - start > 1 and known.holds(word)]
    real = held + [(start, end) for start, end, word in spans if end - start > 1 and known.in_dictionary(word)]
    barred = {place for start, end in real for place in range(start + 1, end)}
    for start, length in itertools.product(range(len(text) - 1), range(2, LONGEST_WORD + 1)):
        end, part = start + length, text[start : start + length]
        if end > len(text) or start in barred or end in barred:
            continue
        if strange.isdisjoint(range(start, end - 1)) or known.in_dictionary(part):
            continue
        within = {word for at, to, word in spans if start <= at and to <= end}
        function = not known.lexicon.stopwords.isdisjoint(within)
        kept = tuple((at - start, to - start) for at, to in held if start <= at and to <= end)
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        yield _Stretch(offset + start, offset + end, part, before, after, kept, function)
