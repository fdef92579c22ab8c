"""The documents and passages of an index, in SQLite."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Document, Passage, Section
from corpus.lexicon import fold
from corpus.words import Word

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    date TEXT NOT NULL, aliases TEXT NOT NULL, sections TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents,
    section TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, cuts BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE TABLE names (name TEXT, document INTEGER, PRIMARY KEY (name, document)) WITHOUT ROWID;
"""
SHARED = 3  # documents that may have a name in common; one of more than these is a phrase, and names none
_BATCH = 900  # values bound in one statement
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which SQLite does not take
_PASSAGE = (
    'SELECT p.number, d.id, d.title, d.source, d.date, p.section, p.text, p.start, p."end", p.cuts'
    " FROM passages p JOIN documents d ON d.number = p.document"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of documents."""

    id: str
    title: str
    source: str
    date: str
    sha256: str
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Named:
    """The names that a document's front matter gives it: its title and aliases, folded."""

    document: str  # Document.id
    names: frozenset[str]


class DamagedError(ValueError):
    """The file is no catalogue, or not whole; a page that went bad may show only when it is read."""


class CatalogWriter:
    """Writes a new catalogue file; documents and passages are numbered from 0 as they are added."""

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self._connection = sqlite3.connect(path)
        # no journal: the file is synced and renamed as a whole once it is finished (index/store.py)
        self._connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self.documents = 0
        self.passages = 0

    def add(self, document: Document, passages: Sequence[Passage], words: Sequence[Sequence[Word]]) -> None:
        """Add the next document with its passages and the words of each."""
        row = _row(self.documents, document)
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (number, self.documents, _dump(p.section), p.start, p.end, p.text, _pack(len(p.text), cut))
                for number, (p, cut) in enumerate(zip(passages, words, strict=True), start=self.passages)
            ),
        )
        names = {fold(name) for name in (document.title, *document.aliases)}
        if len(names) > 1:
            rows = ((name, self.documents) for name in sorted(names))
            self._connection.executemany("INSERT INTO names VALUES (?, ?)", rows)
        self.documents += 1
        self.passages += len(passages)

    def finish(self) -> None:
        """Commit and close."""
        common = "SELECT name FROM names GROUP BY name HAVING count(*) > ?"
        self._connection.execute(f"DELETE FROM names WHERE name IN ({common})", [SHARED])
        self._connection.commit()
        self._connection.close()

    def abandon(self) -> None:
        """Close without a promise about the file's content."""
        self._connection.close()


class Catalog:
    """Reads what a `CatalogWriter` wrote; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection, only: frozenset[str] | None = None) -> None:
        """Take an open connection to a finished catalogue, and the ids that may be shown (None: all)."""
        self._connection = connection
        self._only = only

    def shows(self, document: str) -> bool:
        """Tell whether the document with this id may be shown."""
        return self._only is None or document in self._only

    @classmethod
    def load(cls, path: Path, *, only: frozenset[str] | None = None) -> Catalog:
        """Open a catalogue that no one writes to any more; DamagedError where it is damaged."""
        return cls(opened(path, probe="SELECT count(*) FROM documents"), only)

    def close(self) -> None:
        """Close the file; the catalogue is of no use afterwards."""
        self._connection.close()

    def passages(self, numbers: Iterable[int]) -> list[tuple[Passage, list[int]]]:
        """Return the passages with these numbers, in this order, each with the places where words begin and end."""
        wanted = [int(number) for number in numbers]
        marks = ",".join("?" * len(wanted))
        rows = self._query(f"{_PASSAGE} WHERE p.number IN ({marks})", wanted)
        found = {row[0]: (_passage(row), _unpack(len(row[6]), row[9])) for row in rows}
        return [found[number] for number in wanted]

    def passages_of(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        if not self.shows(document):
            return []
        return [_passage(row) for row in self._query(f"{_PASSAGE} WHERE d.id = ? ORDER BY p.number", [document])]

    def document(self, id: str) -> Document | None:
        """Return the document with this id, if there is one."""
        if not self.shows(id):
            return None
        rows = self._query("SELECT id, title, text, sections, aliases, source, date FROM documents WHERE id = ?", [id])
        for name, title, text, sections, aliases, source, date in rows:
            spans = tuple(Section(tuple(path), start, end) for path, start, end in json.loads(sections))
            return Document(name, title, text, spans, tuple(json.loads(aliases)), source, date)
        return None

    def named(self, candidates: Iterable[str]) -> dict[str, list[Named]]:
        """Return which of the folded `candidates` are names of documents that have aliases, and of which ones."""
        wanted = sorted(name for name in set(candidates) if not _SURROGATE.search(name))
        found: dict[str, list[Named]] = {}
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            for name, id, title, aliases in self._query(
                "SELECT n.name, d.id, d.title, d.aliases FROM names n JOIN documents d ON d.number = n.document"
                f" WHERE n.name IN ({','.join('?' * len(part))})",
                part,
            ):
                if self.shows(id):
                    names = frozenset(map(fold, (title, *json.loads(aliases))))
                    found.setdefault(name, []).append(Named(id, names))
        return found

    def documents(self) -> list[Entry]:
        """Return one entry a document, in the order of the build."""
        rows = self._query(
            "SELECT d.id, d.title, d.source, d.date, d.sha256, length(d.text), count(p.number)"
            " FROM documents d LEFT JOIN passages p ON p.document = d.number GROUP BY d.number ORDER BY d.number",
            [],
        )
        return [Entry(*row) for row in rows if self.shows(row[0])]

    def titles(self, most: int) -> list[str]:
        """Return the titles of the first documents, at most `most` of them, in the order of the build."""
        limit = most if self._only is None else -1
        rows = self._query("SELECT id, title FROM documents ORDER BY number LIMIT ?", [limit])
        return [title for id, title in rows if self.shows(id)][:most]

    def _query(self, sql: str, values: list[int] | list[str]) -> list[tuple[Any, ...]]:
        return fetched(self._connection, sql, values)


def opened(path: Path, *, probe: str) -> sqlite3.Connection:
    """Open a database that no one writes to any more; DamagedError where it is damaged, as the query `probe` tells."""
    try:
        # immutable: no lock and no journal are looked for, so a read-only disk will do
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise DamagedError(str(error)) from error
    try:
        connection.execute(probe).fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise DamagedError(str(error)) from error
    return connection


def fetched(connection: sqlite3.Connection, sql: str, values: Sequence[int | str]) -> list[tuple[Any, ...]]:
    """Return all rows of a query; DamagedError where a page of the file went bad."""
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.DatabaseError as error:
        raise DamagedError(str(error)) from error


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(number: int, document: Document) -> tuple[int | str, ...]:
    sections = [(section.path, section.start, section.end) for section in document.sections]
    return (
        number,
        document.id,
        document.title,
        document.source,
        document.date,
        _dump(document.aliases),
        _dump(sections),
        document.sha256,
        document.text,
    )


def _passage(row: tuple[Any, ...]) -> Passage:
    _, document, title, source, date, section, text, start, end, _ = row
    return Passage(document, title, source, date, tuple(json.loads(section)), text, start, end)


def _pack(length: int, words: Sequence[Word]) -> bytes:
    """Keep where words begin and end as one bit a character, so that no question has to cut them again."""
    edges = np.zeros(length + 1, np.uint8)
    edges[[word.start for word in words]] = 1
    edges[[word.end for word in words]] = 1
    return np.packbits(edges).tobytes()


def _unpack(length: int, cuts: bytes) -> list[int]:
    """Return the places in a text of `length` characters where words begin and end, 0 and `length` among them."""
    edges = np.unpackbits(np.frombuffer(cuts, np.uint8), count=length + 1)
    edges[[0, length]] = 1
    return np.flatnonzero(edges).tolist()
