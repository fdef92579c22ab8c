"""The words that the documents hold, how Latin ones are written and how Chinese ones sound, in SQLite."""

from __future__ import annotations

import functools
import itertools
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.lexicon import Lexicon, fold
from corpus.words import is_han
from index.database import created, fetched, opened

if TYPE_CHECKING:
    from corpus.bulk import Cut  # a question needs no jieba in Rust

VOCABULARY = "vocabulary.sqlite"  # the file's name in the folder of a generation
LONGEST_KEY = 40  # letters and digits of a Latin term; longer ones are addresses and code
LONGEST_WORD = 6  # characters of a Chinese word
# Of one first letter and length, the most frequent terms that a typo is compared with: keeps the look-up under 2 ms
# whatever the documents hold (benchmarks/results/spelling.json).
SHELF = 2000
_PHRASES = 200_000  # pairs of Latin words that all count; beyond that, only those that occur twice do
_SOUNDED = 100_000  # Chinese words that are all found by sound; beyond that, names and those in two passages
_LAST_LATIN = "\u0530"  # Cyrillic ends before it
_BATCH = 500  # values bound in one statement

_SCHEMA = """
CREATE TABLE terms (
    term TEXT PRIMARY KEY, key TEXT NOT NULL, count INTEGER NOT NULL, pairs INTEGER NOT NULL, name TEXT,
    forms TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX terms_by_key ON terms (key);
CREATE TABLE shelves (first TEXT, length INTEGER, keys TEXT NOT NULL, PRIMARY KEY (first, length)) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL, name TEXT) WITHOUT ROWID;
CREATE TABLE sounds (sound TEXT, word TEXT, PRIMARY KEY (sound, word)) WITHOUT ROWID;
CREATE TABLE characters (character TEXT PRIMARY KEY, sound TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE state (least INTEGER NOT NULL, sounded INTEGER NOT NULL);
INSERT INTO state VALUES (1, 1);
"""
# A pair of words that is nothing else counts from `state.least` times on; a Chinese word that is no name is found by
# its sound if it stands in `state.sounded` passages.
_SHOWN = "(count > 0 OR name IS NOT NULL OR pairs >= (SELECT least FROM state))"
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


class Counts:
    """How often words stand in passages; what a change adds, less what it takes away, is a count too."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.words: Counter[str] = Counter()  # passages that hold a word, or headings above one
        self.forms: Counter[tuple[str, str]] = Counter()  # of Latin words: (folded, as written) -> occurrences
        self.pairs: Counter[tuple[str, str]] = Counter()  # of two Latin words: (folded, as written) -> occurrences

    def add(self, text: str, cut: Cut) -> None:
        """Count the words of a passage, or of the headings above one."""
        self.words.update(set(cut.long))
        latin = [word for word in cut.others if is_latin(word.folded)]
        if not latin:
            return
        self.words.update({word.folded for word in latin})
        self.forms.update((word.folded, text[word.start : word.end]) for word in latin)
        for one, other in pairwise(latin):
            if other.start - one.end <= 2 and _GAP.fullmatch(text, one.end, other.start):
                written = f"{text[one.start : one.end]} {text[other.start : other.end]}"
                self.pairs[f"{one.folded} {other.folded}", written] += 1

    def update(self, other: Counts) -> None:
        """Add another count."""
        self.words.update(other.words)
        self.forms.update(other.forms)
        self.pairs.update(other.pairs)

    def subtract(self, other: Counts) -> None:
        """Take another count away."""
        self.words.subtract(other.words)
        self.forms.subtract(other.forms)
        self.pairs.subtract(other.pairs)


def _key(folded: str) -> str:
    """Return what a Latin term is found by; "" for a number, a single letter, and addresses and code."""
    key = squeeze(folded)
    return key if 1 < len(key) <= LONGEST_KEY and key.isascii() and _LETTER.search(key) else ""


@dataclass(slots=True)
class _Latin:
    """A row of `terms`."""

    count: int = 0
    pairs: int = 0
    name: str | None = None
    forms: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, count: int, pairs: int, name: str | None, forms: str) -> _Latin:
        parted = (line.split(" ", 1) for line in forms.splitlines())
        return cls(count, pairs, name, Counter({form: int(number) for number, form in parted}))

    def row(self, term: str) -> tuple[object, ...]:
        forms = sorted(((number, form) for form, number in self.forms.items() if number > 0), reverse=True)
        lines = "\n".join(f"{number} {form}" for number, form in forms)
        return term, _key(term), self.count, self.pairs, self.name, lines


class VocabularyWriter:
    """Brings a vocabulary up to date with a change of the documents; a new file starts without words.

    The same documents give the same vocabulary, however they came together.
    """

    def __init__(self, path: Path, lexicon: Lexicon, holds: Callable[[str], bool]) -> None:
        """Open the file, or create it.

        The pack's words are names where the documents hold them, or another alias of theirs; `holds` tells of words
        that have no row here, such as very long ones, whether a passage holds them.
        """
        self._lexicon, self._holds = lexicon, holds
        self._new = not path.exists()
        self._connection = created(path, _SCHEMA if self._new else "")
        if self._new:
            self._connection.executemany("INSERT INTO characters VALUES (?, ?)", sorted(_readings()[0].items()))

    def update(self, counts: Counts, names: Mapping[str, str]) -> None:
        """Add what has changed; `names` are all titles and aliases of all documents now, folded -> as written."""
        touched = self._count_latin(counts) | self._count_han(counts)
        touched |= self._name({**self._names_of_the_pack(names), **names})
        self._drop_empty(touched)
        self._set_sounds(word for word in touched if not is_latin(word))
        shelves = {(key[0], len(key)) for term in touched if is_latin(term) and (key := _key(term))}
        self._fill_shelves(self._all_shelves() | shelves if self._set_least() else shelves)
        self._connection.commit()
        if self._new:
            self._connection.execute("VACUUM")  # a tenth of the file

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _count_latin(self, counts: Counts) -> set[str]:
        changes: dict[str, _Latin] = {}
        for word, number in counts.words.items():
            if number and is_latin(word):
                changes.setdefault(word, _Latin()).count = number
        for (word, form), number in counts.forms.items():
            if number:
                changes.setdefault(word, _Latin()).forms[form] += number
        for (pair, form), number in counts.pairs.items():
            if number:
                change = changes.setdefault(pair, _Latin())
                change.pairs += number
                change.forms[form] += number
        terms = sorted(filter(_key, changes))
        rows = self._latin(terms)
        for term in terms:
            row, change = rows.setdefault(term, _Latin()), changes[term]
            row.count += change.count
            row.pairs += change.pairs
            row.forms.update(change.forms)
        self._put_latin(rows)
        return set(terms)

    def _latin(self, terms: Iterable[str]) -> dict[str, _Latin]:
        sql = "SELECT term, count, pairs, name, forms FROM terms WHERE term"
        return {term: _Latin.of(*row) for term, *row in _rows_in(self._connection, sql, terms)}

    def _put_latin(self, rows: Mapping[str, _Latin]) -> None:
        values = (row.row(term) for term, row in sorted(rows.items()))
        self._connection.executemany("INSERT OR REPLACE INTO terms VALUES (?, ?, ?, ?, ?, ?)", values)

    def _count_han(self, counts: Counts) -> set[str]:
        changes = sorted(
            (word, number)
            for word, number in counts.words.items()
            if number and len(word) <= LONGEST_WORD and is_han(word)
        )
        self._connection.executemany(
            "INSERT INTO words VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET count = count + excluded.count", changes
        )
        return {word for word, _ in changes}

    def _set_sounds(self, touched: Iterable[str]) -> None:
        """Keep by their sounds the words that may be found so."""
        (before,) = self._connection.execute("SELECT sounded FROM state").fetchone()
        (words,) = self._connection.execute("SELECT count(*) FROM words").fetchone()
        sounded = 2 if words > _SOUNDED else 1
        if sounded != before:
            self._connection.execute("UPDATE state SET sounded = ?", [sounded])
            touched = {*touched, *(word for (word,) in self._connection.execute("SELECT word FROM words"))}
        every = set(touched)
        shown = f"SELECT word FROM words WHERE (count >= {sounded} OR name IS NOT NULL) AND word"
        heard = {word for (word,) in _rows_in(self._connection, shown, sorted(every))}
        if not self._new:
            self._connection.executemany("DELETE FROM sounds WHERE sound = ? AND word = ?", _sounds(every - heard))
        self._connection.executemany("INSERT OR IGNORE INTO sounds VALUES (?, ?)", _sounds(heard))

    def _names_of_the_pack(self, names: Mapping[str, str]) -> dict[str, str]:
        known = {word for group in self._lexicon.aliases for word in group} | self._lexicon.words
        rows = _rows_in(self._connection, "SELECT word FROM words WHERE count > 0 AND word", sorted(known))
        held = {word for (word,) in rows}
        rows = _rows_in(self._connection, "SELECT term FROM terms WHERE count > 0 AND term", sorted(known))
        held |= {term for (term,) in rows}
        held |= {word for word in known - held if not self._has_row(word) and self._holds(word)}
        found = {word: word for word in sorted(self._lexicon.words & held)}
        for group in self._lexicon.aliases:
            if any(name in held or name in names for name in group):
                found.update((name, name) for name in sorted(group))
        return found

    @staticmethod
    def _has_row(word: str) -> bool:
        return bool(_key(word)) if is_latin(word) else 1 < len(word) <= LONGEST_WORD and is_han(word)

    def _name(self, names: Mapping[str, str]) -> set[str]:
        """Set which words are names, and return those that this changes."""
        wanted = {word: name for word, name in names.items() if self._has_row(word)}
        before = dict(self._connection.execute("SELECT term, name FROM terms WHERE name IS NOT NULL").fetchall())
        before |= dict(self._connection.execute("SELECT word, name FROM words WHERE name IS NOT NULL").fetchall())
        changed = {word for word in {*wanted, *before} if wanted.get(word) != before.get(word)}
        latin = self._latin(sorted(filter(is_latin, changed)))
        for term in filter(is_latin, changed):
            latin.setdefault(term, _Latin()).name = wanted.get(term)
        self._put_latin(latin)
        han = sorted(word for word in changed if not is_latin(word))
        self._connection.executemany(
            "INSERT INTO words VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
            ((word, wanted.get(word)) for word in han),
        )
        return changed

    def _drop_empty(self, touched: Iterable[str]) -> None:
        """Remove the words that no document holds or names any more."""
        empty = "SELECT word FROM words WHERE count = 0 AND name IS NULL AND word"
        gone = sorted(_rows_in(self._connection, empty, sorted(touched)))
        self._connection.executemany("DELETE FROM words WHERE word = ?", gone)
        self._connection.execute("DELETE FROM terms WHERE count = 0 AND pairs = 0 AND name IS NULL")

    def _set_least(self) -> bool:
        """Set how often a pair must occur to count, and tell whether that is new."""
        (before,) = self._connection.execute("SELECT least FROM state").fetchone()
        (pairs,) = self._connection.execute("SELECT count(*) FROM terms WHERE pairs > 0").fetchone()
        least = 2 if pairs > _PHRASES else 1
        self._connection.execute("UPDATE state SET least = ?", [least])
        return bool(before != least)

    def _all_shelves(self) -> set[tuple[str, int]]:
        return set(self._connection.execute("SELECT DISTINCT substr(key, 1, 1), length(key) FROM terms").fetchall())

    def _fill_shelves(self, shelves: Iterable[tuple[str, int]]) -> None:
        """Sort the keys of these first letters and lengths anew, the most frequent first."""
        for first, length in sorted(shelves):
            rows = self._connection.execute(
                f"SELECT key FROM terms WHERE key >= ? AND key < ? AND length(key) = ? AND {_SHOWN}"
                " ORDER BY name IS NULL, CASE count WHEN 0 THEN pairs ELSE count END DESC, term",
                [first, chr(ord(first) + 1), length],
            )
            keys = list(itertools.islice(dict.fromkeys(key for (key,) in rows), SHELF))
            if keys:
                self._connection.execute(
                    "INSERT OR REPLACE INTO shelves VALUES (?, ?, ?)", [first, length, "\n".join(keys)]
                )
            else:
                self._connection.execute("DELETE FROM shelves WHERE first = ? AND length = ?", [first, length])


def _sounds(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rows of some words: each sound, and of a longer word what many speakers do not tell apart too."""
    sounds = {(sound, word) for word in words for sound in sounds_of(word)}
    return sorted(sounds | {("~" + rough(sound), word) for sound, word in sounds if len(word) > 2})


def _rows_in(connection: sqlite3.Connection, sql: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query that ends where a list of values may follow."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        yield from fetched(connection, f"{sql} IN ({','.join('?' * len(part))})", part)


class Vocabulary:
    """Reads what a `VocabularyWriter` wrote; safe to use from several threads. DamagedError where a page went bad."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open connection to a finished vocabulary."""
        self._connection = connection

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Open a vocabulary that no one writes to any more; DamagedError where it is damaged."""
        tables = ("terms", "words", "sounds", "characters")
        probe = " UNION ALL ".join(f"SELECT * FROM (SELECT 1 FROM {table} LIMIT 1)" for table in tables)
        return cls(opened(path, probe=f"SELECT count(*) FROM ({probe})"))

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
        rows = fetched(self._connection, f"SELECT {_TERM} FROM terms WHERE {_SHOWN} AND term = ?", [folded])
        return _latin_term(rows[0]) if rows else None

    def terms_with(self, keys: Iterable[str]) -> dict[str, list[Term]]:
        """Return the Latin terms that are one of these keys once they are squeezed, by key, the most frequent first."""
        found: dict[str, list[Term]] = {}
        sql = f"SELECT {_TERM}, key FROM terms WHERE {_SHOWN} AND key"
        for row in _rows_in(self._connection, sql, keys):
            found.setdefault(row[-1], []).append(_latin_term(row))
        for terms in found.values():
            terms.sort(key=lambda term: (-term.name, -term.count, term.folded))
        return found

    def shelf(self, first: str, lengths: range) -> list[str]:
        """Return the keys of Latin terms with this first letter and of these lengths, at most SHELF of each."""
        sql = "SELECT keys FROM shelves WHERE first = ? AND length BETWEEN ? AND ?"
        rows = fetched(self._connection, sql, [first, lengths[0], lengths[-1]])
        return [key for (keys,) in rows for key in keys.split("\n")]

    def word(self, word: str) -> Term | None:
        """Return a Chinese word, if the documents hold it."""
        rows = fetched(self._connection, "SELECT word, count, name FROM words WHERE word = ?", [word])
        return _han_term(rows[0]) if rows else None

    def readings(self, text: str) -> dict[str, str]:
        """Return how each character of a folded text sounds, as far as it is known."""
        return dict(_rows_in(self._connection, "SELECT character, sound FROM characters WHERE character", text))

    def words_that_sound(self, sounds: Iterable[str]) -> dict[str, list[Term]]:
        """Return the Chinese words that have one of these sounds, by sound; `~` before a `rough` one."""
        found: dict[str, list[Term]] = {}
        sql = "SELECT w.word, w.count, w.name, s.sound FROM sounds s JOIN words w ON w.word = s.word WHERE s.sound"
        for row in _rows_in(self._connection, sql, sounds):
            found.setdefault(row[-1], []).append(_han_term(row))
        return found

    def all_terms(self) -> Iterator[Term]:
        """Yield the Latin terms and the Chinese words, each in their order."""
        rows = fetched(self._connection, f"SELECT {_TERM} FROM terms WHERE {_SHOWN} ORDER BY term", [])
        yield from map(_latin_term, rows)
        yield from map(_han_term, fetched(self._connection, "SELECT word, count, name FROM words ORDER BY word", []))


_TERM = "term, count, pairs, name, forms"


def _latin_term(row: tuple[Any, ...]) -> Term:
    term, count, pairs, name, forms = row[:5]
    form = forms.split("\n", 1)[0].partition(" ")[2] or name or term
    return Term(term, form, count or pairs, name is not None)


def _han_term(row: tuple[Any, ...]) -> Term:
    word, count, name = row[:3]
    return Term(word, name or word, count, name is not None)
