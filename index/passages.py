"""The passages of one part of an index, and the texts that they are cut from, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from corpus.document import Document, Dropped, Passage, Reason, Section
from index.database import DamagedError, created, fetched, listed, names, opened
from index.manifest import Manifest

# The texts are one stream of bytes, document after document, compressed block by block: half the size, and a passage
# costs the unpacking of one block. GB 18030 holds every character of Unicode, a Chinese one in two bytes.
_ENCODING = "gb18030"
_BLOCK = 16 << 10  # bytes of a block before it is compressed; benchmarks/README.md, "Settings of an index"
_LEVEL = 6  # of zlib
_ROWS = 1000  # inserted at once

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, sections TEXT NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL,
    first INTEGER NOT NULL, passages INTEGER NOT NULL, dropped BLOB
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL, section TEXT NOT NULL, start INTEGER NOT NULL,
    page INTEGER NOT NULL, length INTEGER NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL, edges BLOB NOT NULL
);
CREATE TABLE blocks (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as it is stored: where it stands in its document, its text, and where words begin and end in it."""

    document: int  # counted within the part
    section: tuple[str, ...]
    start: int
    text: str
    edges: bytes  # one bit a character, and one for the end
    page: int = 0

    def of(self, document: str, title: str, source: str, date: str) -> Passage:
        """Return the passage as one of the document with this id."""
        end = self.start + len(self.text)
        return Passage(document, title, source, date, self.section, self.text, self.start, end, self.page)


class Whole(NamedTuple):
    """What is stored of a document; the passages in reading order."""

    text: str
    sections: tuple[Section, ...]
    dropped: tuple[Dropped, ...]
    passages: list[Stored]


def passages_file(part: str) -> str:
    """Return the path of a part's file below the folder of a generation."""
    return f"parts/{part}.sqlite"


class PassageWriter:
    """Writes a new file; documents and passages are numbered from 0 as they are added."""

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self._connection = created(path, _SCHEMA)
        self._waiting = bytearray()  # of the stream, not yet a block
        self._blocks = 0
        self._at = 0  # bytes of the stream so far
        self._rows: tuple[list[tuple[object, ...]], list[tuple[object, ...]]] = [], []  # of documents, of passages
        self.documents = 0
        self.passages = 0

    def add(self, document: Document, passages: Sequence[Passage], edges: Sequence[bytes]) -> None:
        """Add the next document with its passages and the edges of each one's words."""
        rows: list[tuple[object, ...]] = []
        place, first = 0, self._at
        for number, (passage, marks) in enumerate(zip(passages, edges, strict=True), start=self.passages):
            self._write(document.text[place : passage.start])
            at = self._at
            self._write(passage.text)
            section, length, place = listed(passage.section), len(passage.text), passage.end
            size = self._at - at
            rows.append((number, self.documents, section, passage.start, passage.page, length, at, size, marks))
        self._write(document.text[place:])
        spans = listed([(section.path, section.start, section.end, section.page) for section in document.sections])
        counts = self.passages, len(passages)
        self._rows[0].append((self.documents, spans, first, self._at - first, *counts, _packed(document.dropped)))
        self._rows[1].extend(rows)
        if len(self._rows[1]) > _ROWS:
            self._insert()
        self.documents += 1
        self.passages += len(passages)

    def _insert(self) -> None:
        documents, passages = self._rows
        self._connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", documents)
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", passages)
        self._rows = [], []

    def _write(self, text: str) -> None:
        data = text.encode(_ENCODING)
        self._waiting += data
        self._at += len(data)
        while len(self._waiting) >= _BLOCK:
            self._pack(self._waiting[:_BLOCK])
            del self._waiting[:_BLOCK]

    def _pack(self, data: bytes | bytearray) -> None:
        self._connection.execute("INSERT INTO blocks VALUES (?, ?)", (self._blocks, zlib.compress(data, _LEVEL)))
        self._blocks += 1

    def finish(self) -> None:
        """Commit and close."""
        self._insert()
        if self._waiting:
            self._pack(self._waiting)
        self._connection.commit()
        self._connection.close()

    def abandon(self) -> None:
        """Close without a promise about the file's content."""
        self._connection.close()


class PassageReader:
    """Reads what a `PassageWriter` wrote; safe to use from several threads. DamagedError where the file is damaged."""

    def __init__(self, path: Path, checksum: int) -> None:
        """Open a file that no one writes to any more, and whose CRC-32 is known; it is compared when first read."""
        self._path = path
        self._connection = opened(path)
        self._checksum: int | None = checksum
        self._lock = threading.Lock()
        self._last: tuple[int, bytes] | None = None  # the last block that was unpacked: the next document begins in it

    @classmethod
    def of_part(cls, folder: Path, manifest: Manifest, part: str) -> PassageReader:
        """Open the file of a part of a generation; KeyError where the manifest knows none."""
        name = passages_file(part)
        return cls(folder / name, manifest.files[name][1])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def passages(self, numbers: Iterable[int]) -> dict[int, Stored]:
        """Return the passages with these numbers."""
        wanted = list(numbers)
        marks = ",".join("?" * len(wanted))
        return dict(self._stored(f"number IN ({marks})", wanted))

    def passages_of(self, document: int) -> list[Stored]:
        """Return the passages of a document in reading order."""
        return self.document(document).passages

    def document(self, number: int) -> Whole:
        """Return what is stored of a document."""
        rows = self._query(
            "SELECT sections, at, bytes, first, passages, dropped FROM documents WHERE number = ?", [number]
        )
        if not rows:
            raise DamagedError(f"{self._path.name}: {number}")
        spans, at, size, first, count, dropped = rows[0]
        sections = tuple(Section(tuple(path), start, end, page) for path, start, end, page in json.loads(spans))
        text = self._read(at, size, dict([self._last] if self._last else []))
        rows = self._query(
            "SELECT section, start, page, length, edges FROM passages WHERE number BETWEEN ? AND ? ORDER BY number",
            [first, first + count - 1],
        )
        passages = [
            Stored(number, names(section), start, text[start : start + length], edges, page)
            for section, start, page, length, edges in rows
        ]
        return Whole(text, sections, _unpacked(dropped), passages)

    def shortened(self) -> list[int]:
        """Return the numbers of the documents of which something was left out."""
        return [number for (number,) in self._query("SELECT number FROM documents WHERE dropped IS NOT NULL", [])]

    def _stored(self, condition: str, values: Sequence[int]) -> Iterator[tuple[int, Stored]]:
        rows = self._query(
            f"SELECT number, document, section, start, page, length, at, bytes, edges FROM passages WHERE {condition}",
            values,
        )
        blocks: dict[int, bytes] = {}
        for number, document, section, start, page, length, at, size, edges in rows:
            text = self._read(at, size, blocks)
            if len(text) != length:
                raise DamagedError(f"{self._path.name}: {number}")
            yield number, Stored(document, names(section), start, text, edges, page)

    def _read(self, at: int, size: int, blocks: dict[int, bytes]) -> str:
        """Return a stretch of the stream; `blocks` keeps what was unpacked."""
        first, last = at // _BLOCK, max(at, at + size - 1) // _BLOCK
        missing = [number for number in range(first, last + 1) if number not in blocks]
        if missing:
            rows = self._query("SELECT number, packed FROM blocks WHERE number BETWEEN ? AND ?", [first, last])
            try:
                blocks.update((number, zlib.decompress(packed)) for number, packed in rows)
            except zlib.error as error:
                raise DamagedError(f"{self._path.name}: {error}") from error
        try:
            stream = b"".join(blocks[number] for number in range(first, last + 1))
            self._last = last, blocks[last]
            return stream[at - first * _BLOCK :][:size].decode(_ENCODING)
        except (KeyError, UnicodeDecodeError) as error:
            raise DamagedError(f"{self._path.name}: {error}") from error

    def _query(self, sql: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        with self._lock:  # the first reader compares, and the others wait
            if self._checksum is not None:
                self._compare(self._checksum)
                self._checksum = None
        return fetched(self._connection, sql, values)

    def _compare(self, checksum: int) -> None:
        """Compare the file with its checksum, also where a later build has taken its name away."""
        try:
            whole = zlib.crc32(self._connection.serialize()) == checksum
        except sqlite3.Error as error:
            raise DamagedError(f"{self._path.name}: {error}") from error
        if not whole:
            raise DamagedError(f"{self._path.name}: CRC")


def _packed(dropped: Sequence[Dropped]) -> bytes | None:
    return zlib.compress(listed([(one.at, one.text, one.reason) for one in dropped]).encode()) if dropped else None


def _unpacked(stored: bytes | None) -> tuple[Dropped, ...]:
    if stored is None:
        return ()
    return tuple(Dropped(at, text, Reason(reason)) for at, text, reason in json.loads(zlib.decompress(stored)))


def unpack(length: int, edges: bytes) -> list[int]:
    """Return the places in a text of `length` characters where words begin and end, 0 and `length` among them."""
    marks = np.unpackbits(np.frombuffer(edges, np.uint8), count=length + 1)
    marks[[0, length]] = 1
    found: list[int] = np.flatnonzero(marks).tolist()
    return found
