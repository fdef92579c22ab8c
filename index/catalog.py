"""The documents of an index and the names that they give themselves, in SQLite; the way to their passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from corpus.document import Document, Passage
from corpus.lexicon import fold
from index.copies import Copies
from index.database import created, fetched, listed, names, opened
from index.manifest import Manifest
from index.passages import PassageReader, Stored, unpack

CATALOG = "catalog.sqlite"  # the file's name in the folder of a generation
SHARED = 3  # documents that may have a name in common; one of more than these is a phrase, and names none
_BATCH = 900  # values bound in one statement
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which SQLite does not take

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    date TEXT NOT NULL, aliases TEXT NOT NULL, sha256 BLOB NOT NULL, content BLOB NOT NULL, size INTEGER NOT NULL,
    characters INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE TABLE copies (document INTEGER PRIMARY KEY, original INTEGER NOT NULL, first INTEGER NOT NULL);
CREATE TABLE names (name TEXT, document INTEGER, PRIMARY KEY (name, document)) WITHOUT ROWID;
"""
_COPIES = (
    "SELECT c.original, c.document, d.id, c.first, d.passages FROM copies c JOIN documents d ON d.number = c.document"
    " ORDER BY c.document"
)
_FACTS = "id, title, source, date, aliases, sha256, content, size, characters, passages"


class Facts(NamedTuple):
    """What the catalogue holds of a document."""

    id: str
    title: str
    source: str
    date: str
    aliases: tuple[str, ...]
    sha256: bytes  # of the text
    content: bytes  # digest of the file
    size: int  # bytes of the file
    characters: int
    passages: int

    @classmethod
    def of(cls, document: Document, *, content: bytes, size: int, passages: int) -> Facts:
        """Take the facts from a document that has been read."""
        names = document.id, document.title, document.source, document.date, document.aliases
        return cls(*names, bytes.fromhex(document.sha256), content, size, len(document.text), passages)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of documents."""

    id: str
    title: str
    source: str
    date: str
    sha256: str
    characters: int
    passages: int  # that are searched: none of a copy
    original: str | None = None  # the id of the document that has the same text and is searched in its place


class Listed(Protocol):
    """What stands in a list of documents."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...


L = TypeVar("L", bound=Listed)


def named(listed: Sequence[L], wanted: str) -> list[L]:
    """Return those in whose title or id this stands, in whatever case; all of them where it is blank."""
    sought = wanted.strip().casefold()
    return [one for one in listed if sought in one.title.casefold() or sought in one.id.casefold()]


@dataclass(frozen=True, slots=True)
class Named:
    """The names that a document's front matter gives it: its title and aliases, folded."""

    document: str  # Document.id
    names: frozenset[str]


def write_catalog(path: Path, documents: Sequence[Facts]) -> None:
    """Write a new file; documents come in the order of their ids, and are numbered from 0."""
    connection = created(path, _SCHEMA)
    try:
        marks = ",".join("?" * 11)
        connection.executemany(f"INSERT INTO documents VALUES ({marks})", map(_row, range(len(documents)), documents))
        connection.executemany("INSERT INTO copies VALUES (?, ?, ?)", _copies(documents))
        rows = (
            (name, number)
            for number, facts in enumerate(documents)
            if facts.aliases and len(every := {fold(name) for name in (facts.title, *facts.aliases)}) > 1
            for name in sorted(every)
        )
        connection.executemany("INSERT INTO names VALUES (?, ?)", rows)
        common = "SELECT name FROM names GROUP BY name HAVING count(*) > ?"
        connection.execute(f"DELETE FROM names WHERE name IN ({common})", [SHARED])
        connection.commit()
    finally:
        connection.close()


def _copies(documents: Sequence[Facts]) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each document whose text others have, that of the first of them, and its first passage."""
    texts = Counter(facts.sha256 for facts in documents)
    originals: dict[bytes, int] = {}
    passage = 0
    for number, facts in enumerate(documents):
        if texts[facts.sha256] > 1:
            yield number, originals.setdefault(facts.sha256, number), passage
        passage += facts.passages


def _row(number: int, facts: Facts) -> tuple[object, ...]:
    aliases = listed(facts.aliases)
    named = number, facts.id, facts.title, facts.source, facts.date, aliases
    return *named, facts.sha256, facts.content, facts.size, facts.characters, facts.passages


class Catalog:
    """Reads one generation's documents and passages; safe to use from several threads."""

    def __init__(self, folder: Path, manifest: Manifest, *, only: frozenset[str] | None = None) -> None:
        """Open the files of a generation, of which the documents `only` are shown (None: all).

        DamagedError where they are damaged; a page that went bad may show only when it is read.
        """
        self._only = only
        self._connection = opened(folder / CATALOG, probe="SELECT count(*) FROM documents")
        self._documents = sum(part.documents for part in manifest.parts)
        copies = self._query(_COPIES, [])
        self.copies = Copies.of(copy for copy in copies if self.shows(copy[2]))
        self._readers: list[PassageReader] = []
        self._first_passages: list[int] = []
        self._first_documents: list[int] = []
        passages = documents = 0
        try:
            for part in manifest.parts:
                self._first_passages.append(passages)
                self._first_documents.append(documents)
                self._readers.append(PassageReader.of_part(folder, manifest, part.name))
                passages += part.passages
                documents += part.documents
        except (KeyError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        """Close the files; the catalogue is of no use afterwards."""
        self._connection.close()
        for reader in self._readers:
            reader.close()

    def shows(self, document: str) -> bool:
        """Tell whether the document with this id may be shown."""
        return self._only is None or document in self._only

    def passages(self, numbers: Iterable[int]) -> list[tuple[Passage, list[int]]]:
        """Return the passages with these numbers, in this order, each with the places where words begin and end."""
        wanted = [int(number) for number in numbers]
        by_part: dict[int, list[int]] = {}
        for number in wanted:
            by_part.setdefault(bisect_right(self._first_passages, number) - 1, []).append(number)
        found: dict[int, tuple[int, Stored]] = {}
        for part, inside in by_part.items():
            base, first = self._first_passages[part], self._first_documents[part]
            for local, stored in self._readers[part].passages(number - base for number in inside).items():
                found[base + local] = first + stored.document, stored
        heads = self._heads(document for document, _ in found.values())
        passages = ((heads[document], stored) for document, stored in map(found.__getitem__, wanted))
        return [(stored.of(*head), unpack(len(stored.text), stored.edges)) for head, stored in passages]

    def _heads(self, documents: Iterable[int]) -> dict[int, tuple[str, str, str, str]]:
        wanted = sorted(set(documents))
        found: dict[int, tuple[str, str, str, str]] = {}
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            marks = ",".join("?" * len(part))
            sql = f"SELECT number, id, title, source, date FROM documents WHERE number IN ({marks})"
            found |= {row[0]: row[1:] for row in self._query(sql, part)}
        return found

    def heads(self, numbers: Iterable[int]) -> list[tuple[str, str, str, str]]:
        """Return id, title, source and date of the documents with these numbers."""
        return list(self._heads(numbers).values())

    def passages_of(self, document: str) -> list[Passage]:
        """Return the passages of one document in reading order."""
        if (number := self._number(document)) is None:
            return []
        part, local = self._place(number)
        head = self._heads([number])[number]
        return [stored.of(*head) for stored in self._readers[part].passages_of(local)]

    def document(self, id: str) -> Document | None:
        """Return the document with this id, if there is one."""
        if (number := self._number(id)) is None:
            return None
        part, local = self._place(number)
        whole = self._readers[part].document(local)
        (row,) = self._query("SELECT title, aliases, source, date FROM documents WHERE number = ?", [number])
        title, aliases, source, date = row
        return Document(id, title, whole.text, whole.sections, names(aliases), source, date, whole.dropped)

    def _number(self, id: str) -> int | None:
        if not self.shows(id):
            return None
        ids = range(self._documents)  # they stand in order: an index of them would be a sixth of the file
        number = bisect_left(ids, id, key=self._id)
        return number if number < self._documents and self._id(number) == id else None

    def _id(self, number: int) -> str:
        ((id,),) = self._query("SELECT id FROM documents WHERE number = ?", [number])
        return str(id)

    def _place(self, number: int) -> tuple[int, int]:
        """Return the part that a document stands in, and its number there."""
        part = bisect_right(self._first_documents, number) - 1
        return part, number - self._first_documents[part]

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
                    every = frozenset(map(fold, (title, *names(aliases))))
                    found.setdefault(name, []).append(Named(id, every))
        return found

    def documents(self) -> list[Entry]:
        """Return one entry a document, in the order of the build."""
        rows = self._query(
            "SELECT id, title, source, date, sha256, characters, passages FROM documents ORDER BY number", []
        )
        originals = self.copies.originals
        return [
            Entry(
                id, title, source, date, sha256.hex(), characters, 0 if id in originals else passages, originals.get(id)
            )
            for id, title, source, date, sha256, characters, passages in rows
            if self.shows(id)
        ]

    def titles(self, most: int) -> list[str]:
        """Return the titles of the first documents, at most `most` of them, in the order of the build."""
        limit = most if self._only is None else -1
        rows = self._query("SELECT id, title FROM documents ORDER BY number LIMIT ?", [limit])
        return [title for id, title in rows if self.shows(id)][:most]

    def shortened(self) -> frozenset[str]:
        """Return the ids of the documents of which something was left out when they were read."""
        numbers = [
            first + number
            for first, reader in zip(self._first_documents, self._readers, strict=True)
            for number in reader.shortened()
        ]
        return frozenset(id for id, *_ in self._heads(numbers).values() if self.shows(id))

    def facts(self) -> list[Facts]:
        """Return what the file holds of each document, in the order of the build."""
        rows = self._query(f"SELECT {_FACTS} FROM documents ORDER BY number", [])
        return [
            Facts(id, title, source, date, names(aliases), sha256, content, size, characters, passages)
            for id, title, source, date, aliases, sha256, content, size, characters, passages in rows
        ]

    def _query(self, sql: str, values: Sequence[int | str]) -> list[tuple[Any, ...]]:
        return fetched(self._connection, sql, values)
