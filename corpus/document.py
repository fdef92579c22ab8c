"""The values that flow through the house: a document, its sections, and the passages cut from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading; half-open span in the document's text, without the heading line."""

    path: tuple[str, ...]  # headings from the outermost to this one; () before the first heading
    start: int
    end: int
    page: int = 0  # counted from 1, of the page that it stands on; 0 where there are no pages


class Reason(StrEnum):
    """Why something that stands in a source is not in the document's text."""

    CLUTTER = "clutter"  # what a web page carries around its article
    MARGIN = "margin"  # a header, a footer, a page number
    PICTURE = "picture"  # what stands for a picture: its file's name
    HIDDEN = "hidden"  # a sheet, a row or a column that its author hid
    BARE = "bare"  # names of columns in which nothing stands
    SCAN = "scan"  # a page that is a picture of a text: `text` is its number


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a reader left out of the text."""

    at: int  # where in the text it stood
    text: str
    reason: Reason


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
    dropped: tuple[Dropped, ...] = ()  # in order of their places

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
    page: int = 0  # Section.page
