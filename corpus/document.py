"""The values that flow through the house: a document, its sections, and the passages cut from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading; half-open span in the document's text, without the heading line."""

    path: tuple[str, ...]  # headings from the outermost to this one; () before the first heading
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One source text as the reader extracted it; offsets everywhere are Unicode code points into `text`."""

    id: str  # the path below the folder that was indexed, with forward slashes
    title: str
    text: str
    sections: tuple[Section, ...]
    aliases: tuple[str, ...] = ()
    source: str = ""
    date: str = ""

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8: whoever holds the text can check the quote's ground."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section: `document.text[start:end] == text`."""

    document: str  # Document.id
    title: str
    source: str
    date: str
    section: tuple[str, ...]
    text: str
    start: int
    end: int
