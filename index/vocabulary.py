"""The words that the documents hold, how Latin ones are written and how Chinese ones sound, in SQLite."""

from __future__ import annotations

import functools
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus.lexicon import Lexicon, fold
from corpus.words import Word, is_han
from index.catalog import fetched, opened

LONGEST_KEY = 40  # letters and digits of a Latin term; longer ones are addresses and code
LONGEST_WORD = 6  # characters of a Chinese word
# Of one first letter and length, the most frequent terms that a typo is compared with: keeps the look-up under 2 ms
# whatever the documents hold (benchmarks/results/spelling.json).
SHELF = 2000
_PHRASES = 200_000  # pairs of Latin words kept in full; beyond that, those that stand in one passage only are dropped
_LAST_LATIN = "\u0530"  # Cyrillic ends before it
_BATCH = 500  # values bound in one statement

_SCHEMA = """
CREATE TABLE terms (
    term TEXT PRIMARY KEY, key TEXT NOT NULL, form TEXT NOT NULL, count INTEGER NOT NULL, name INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE shelves (first TEXT, length INTEGER, keys TEXT NOT NULL, PRIMARY KEY (first, length)) WITHOUT ROWID;
CREATE TABLE words (
    word TEXT PRIMARY KEY, form TEXT NOT NULL, count INTEGER NOT NULL, name INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sounds (sound TEXT, word TEXT, PRIMARY KEY (sound, word)) WITHOUT ROWID;
CREATE TABLE characters (character TEXT PRIMARY KEY, sound TEXT NOT NULL) WITHOUT ROWID;
"""
_MARKED = {"āáǎà": "a", "ēéěèê": "e", "īíǐì": "i", "ōóǒò": "o", "ūúǔù": "u", "ǖǘǚǜü": "v", "ńňǹ": "n", "ḿ": "m"}
_TONELESS = str.maketrans({marked: plain for row, plain in _MARKED.items() for marked in row} | {"\u0304": None})
_LETTER = re.compile(r"[^\W\d_]")
_GAP = re.compile(r"[ \u3000\-_./·'&]{1,2}")  # what may stand between the parts of one Latin name
_ROUGH = re.compile(r"^(zh|ch|sh|n)|(?<=[aei]n)g$")
_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the documents: folded, as it is written most often, and in how many passages it stands."""

    folded: str
    form: str
    count: int
    name: bool  # a document's title or alias, or of the language pack and known to the documents


def is_latin(folded: str) -> bool:
    """Tell whether a folded word is a Latin, Greek or Cyrillic name or a number, by its first character."""
    return folded[:1] < _LAST_LATIN


def squeeze(folded: str) -> str:
    """Return a Latin name's letters and digits alone: `tiny-dnn`, `tiny dnn` -> `tinydnn`."""
    return "".join(character for character in folded if character.isalnum())


def rough(sound: str) -> str:
    """Return a sound without what many speakers do not tell apart: zh/z ch/c sh/s n/l, and ang/an eng/en ing/in."""
    return " ".join(_ROUGH.sub(lambda found: _INITIAL.get(found[0], ""), syllable) for syllable in sound.split(" "))


@functools.cache
def _readings() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the most usual reading of each simplified character, without tone, and those of pypinyin's phrases."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # 0.2 s; a build pays it, a question never

    characters = {
        chr(code): readings.split(",")[0].translate(_TONELESS)
        for code, readings in PINYIN_DICT.items()
        if 0x4E00 <= code <= 0x9FFF and fold(chr(code)) == chr(code)
    }
    phrases = {
        phrase: tuple(readings[0].translate(_TONELESS) for readings in row) for phrase, row in PHRASES_DICT.items()
    }
    return characters, phrases


def sounds_of(word: str) -> frozenset[str]:
    """Return how a Chinese word sounds, syllables parted by spaces: as a phrase, and character by character."""
    characters, phrases = _readings()
    plain = " ".join(characters.get(character, "?") for character in word)
    return frozenset({plain, " ".join(phrases[word])} if len(phrases.get(word, "")) == len(word) else {plain})


class VocabularyWriter:
    """Collects the words of the documents, passage by passage, and writes them to a file."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the language pack: its words are names where the documents hold them, or another alias of theirs."""
        self._lexicon = lexicon
        self._counts: Counter[str] = Counter()
        self._forms: Counter[tuple[str, str]] = Counter()
        self._pairs: Counter[str] = Counter()
        self._names: dict[str, str] = {}  # folded -> as written

    def add(self, text: str, words: Sequence[Word]) -> None:
        """Count the words of a passage, or of the headings above one."""
        folded = [word.folded for word in words]
        self._counts.update(set(folded))
        if min(folded, default="~") > _LAST_LATIN:  # quickly: a build passes here with every word
            return
        latin = [word for word in words if is_latin(word.folded)]
        self._forms.update((word.folded, text[word.start : word.end]) for word in latin)
        for one, other in pairwise(latin):
            if other.start - one.end <= 2 and _GAP.fullmatch(text, one.end, other.start):
                pair = f"{one.folded} {other.folded}"
                self._pairs[pair] += 1
                self._forms[pair, f"{text[one.start : one.end]} {text[other.start : other.end]}"] += 1

    def name(self, name: str) -> None:
        """Mark a title or alias as a name."""
        self._names.setdefault(fold(name), name)

    def save(self, path: Path) -> None:
        """Write the file."""
        self._add_names_of_the_pack()
        connection = sqlite3.connect(path)
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        terms = sorted(self._latin(), key=lambda term: (-term.name, -term.count, term.folded))
        rows = ((term.folded, squeeze(term.folded), term.form, term.count, term.name) for term in terms)
        connection.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?, ?, ?)", sorted(rows))
        connection.execute("CREATE INDEX terms_by_key ON terms (key)")
        connection.executemany("INSERT INTO shelves VALUES (?, ?, ?)", _shelves(terms))
        words = sorted(self._han())
        connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", words)
        sounds = {(sound, word) for word, *_ in words for sound in sounds_of(word)}
        sounds |= {("~" + rough(sound), word) for sound, word in sounds if len(word) > 2}
        connection.executemany("INSERT INTO sounds VALUES (?, ?)", sorted(sounds))
        connection.executemany("INSERT INTO characters VALUES (?, ?)", sorted(_readings()[0].items()))
        connection.commit()
        connection.close()

    def _add_names_of_the_pack(self) -> None:
        for word in self._lexicon.words:
            if word in self._counts:
                self._names.setdefault(word, word)
        for group in self._lexicon.aliases:
            if any(name in self._counts or name in self._names for name in group):
                for name in sorted(group):
                    self._names.setdefault(name, name)

    def _latin(self) -> Iterator[Term]:
        best: dict[str, tuple[int, str]] = {}
        for (folded, form), count in self._forms.items():
            best[folded] = max(best.get(folded, (0, "")), (count, form))
        enough = 2 if len(self._pairs) > _PHRASES else 1
        pairs = {pair: count for pair, count in self._pairs.items() if count >= enough}
        for folded in {*self._counts, *pairs, *self._names}:
            key = squeeze(folded)
            if is_latin(folded) and 1 < len(key) <= LONGEST_KEY and key.isascii() and _LETTER.search(key):
                form = best.get(folded, (0, self._names.get(folded, folded)))[1]
                count = self._counts.get(folded, 0) or pairs.get(folded, 0)
                yield Term(folded, form, count, folded in self._names)

    def _han(self) -> Iterator[tuple[str, str, int, bool]]:
        for word in {*self._counts, *self._names}:
            if 1 < len(word) <= LONGEST_WORD and is_han(word):
                yield word, self._names.get(word, word), self._counts.get(word, 0), word in self._names


def _shelves(terms: Sequence[Term]) -> Iterator[tuple[str, int, str]]:
    """Sort the keys by first letter and length; `terms` come with the most frequent first."""
    shelves: dict[tuple[str, int], dict[str, None]] = {}
    for term in terms:
        key = squeeze(term.folded)
        shelf = shelves.setdefault((key[0], len(key)), {})
        if len(shelf) < SHELF:
            shelf[key] = None
    for (first, length), keys in sorted(shelves.items()):
        yield first, length, "\n".join(keys)


class Vocabulary:
    """Reads what a `VocabularyWriter` wrote; safe to use from several threads. DamagedError where a page went bad."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open connection to a finished vocabulary."""
        self._connection = connection

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Open a vocabulary that no one writes to any more; DamagedError where it is damaged."""
        tables = "SELECT count(*) FROM (SELECT 1 FROM terms, words, sounds, characters LIMIT 1)"
        return cls(opened(path, probe=tables))

    @classmethod
    def empty(cls) -> Vocabulary:
        """Return a vocabulary without words, by which nothing is corrected."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.executescript(_SCHEMA)
        return cls(connection)

    def close(self) -> None:
        """Close the file; the vocabulary is of no use afterwards."""
        self._connection.close()

    def term(self, folded: str) -> Term | None:
        """Return a Latin term, or a pair of Latin words parted by one space, if the documents hold it."""
        rows = self._rows("SELECT term, form, count, name FROM terms WHERE term = ?", [folded])
        return _term(rows[0]) if rows else None

    def terms_with(self, keys: Iterable[str]) -> dict[str, list[Term]]:
        """Return the Latin terms that are one of these keys once they are squeezed, by key, the most frequent first."""
        found: dict[str, list[Term]] = {}
        for row in self._rows_in("SELECT term, form, count, name, key FROM terms WHERE key", keys):
            found.setdefault(row[4], []).append(_term(row))
        for terms in found.values():
            terms.sort(key=lambda term: (-term.name, -term.count, term.folded))
        return found

    def shelf(self, first: str, lengths: range) -> list[str]:
        """Return the keys of Latin terms with this first letter and of these lengths, at most SHELF of each."""
        rows = self._rows(
            "SELECT keys FROM shelves WHERE first = ? AND length BETWEEN ? AND ?", [first, lengths[0], lengths[-1]]
        )
        return [key for (keys,) in rows for key in keys.split("\n")]

    def word(self, word: str) -> Term | None:
        """Return a Chinese word, if the documents hold it."""
        rows = self._rows("SELECT word, form, count, name FROM words WHERE word = ?", [word])
        return _term(rows[0]) if rows else None

    def readings(self, text: str) -> dict[str, str]:
        """Return how each character of a folded text sounds, as far as it is known."""
        return dict(self._rows_in("SELECT character, sound FROM characters WHERE character", text))

    def words_that_sound(self, sounds: Iterable[str]) -> dict[str, list[Term]]:
        """Return the Chinese words that have one of these sounds, by sound; `~` before a `rough` one."""
        found: dict[str, list[Term]] = {}
        for row in self._rows_in(
            "SELECT w.word, w.form, w.count, w.name, s.sound FROM sounds s JOIN words w ON w.word = s.word"
            " WHERE s.sound",
            sounds,
        ):
            found.setdefault(row[4], []).append(_term(row))
        return found

    def _rows_in(self, sql: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            yield from self._rows(f"{sql} IN ({','.join('?' * len(part))})", part)

    def _rows(self, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        return fetched(self._connection, sql, values)


def _term(row: tuple[Any, ...]) -> Term:
    return Term(row[0], row[1], row[2], bool(row[3]))
