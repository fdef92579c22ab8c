"""A document while a reader makes it: line by line, in reading order, with its headings and pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from corpus.document import Document, Dropped, Reason, Section

_SURROGATE = re.compile("[\ud800-\udfff]")


def joined(lines: Iterable[str]) -> str:
    """Return the lines of one paragraph as one: with a space between them, unless both are Chinese where they meet."""
    together = "\v".join(lines)
    return re.sub(r"(?<=[\u2e80-\uffef])\v(?=[\u2e80-\uffef])", "", together).replace("\v", " ").strip()


def _whole(text: str) -> str:
    """Return a text without halves of characters (surrogates), which no encoding has; every offset stays true."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class _Stop(NamedTuple):
    """A place where a section ends; the next one is below the headings above `level` and the one that stands here."""

    start: int
    end: int
    level: int = 0  # 0: below those of the section before
    words: str = ""
    page: int = 0


class Draft:
    """What a reader has found so far. Every line is on a line of its own; what is written stays as it is."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.title = ""  # without one, the file's name is the title
        self.aliases: tuple[str, ...] = ()
        self.source = ""  # where the text comes from: an address, an author
        self.date = ""
        self._pieces: list[str] = []
        self._length = 0
        self._stops: list[_Stop] = []
        self._dropped: list[Dropped] = []
        self._page = 0

    def line(self, words: str) -> None:
        """Add a paragraph, an item of a list or a row of a table; nothing where there are no words."""
        if words:
            self.write(words + "\n")

    def write(self, text: str) -> None:
        """Add a text as it stands, blank lines and all; it ends with a line end."""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._pieces.append(text)
        self._length += len(text)

    def heading(self, words: str, level: int, *, written: str = "") -> None:
        """Add a heading of a level from 1 (outermost); `written`, if given, is its line as it stands."""
        if not words:
            return
        start = self._length
        self.write(written or words + "\n")
        self._stops.append(_Stop(start, self._length, level, words, self._page))

    def part(self, level: int = 0) -> None:
        """Begin a section of its own: no passage holds what comes before and after.

        It stands under the same headings, or with a `level` under those above it alone.
        """
        self._stops.append(_Stop(self._length, self._length, level, page=self._page))

    def page(self, number: int) -> None:
        """Begin a page: what follows stands on it. Begin it at a sentence's start, for no passage crosses it."""
        self._page = number
        self.part()

    def drop(self, text: str, reason: Reason) -> None:
        """Note what stands here in the source and is left out."""
        self._dropped.append(Dropped(self._length, text, reason))

    def document(self, id: str, *, named: str) -> Document:
        """Return the document, with this title where it has told none; half a character becomes a lost one."""
        return Document(
            id=id,
            title=_whole(self.title or named),
            text=_whole("".join(self._pieces)),
            sections=self._sections(),
            aliases=tuple(map(_whole, self.aliases)),
            source=_whole(self.source),
            date=_whole(self.date),
            dropped=tuple(replace(one, text=_whole(one.text)) for one in self._dropped),
        )

    def _sections(self) -> tuple[Section, ...]:
        """Return the spans below the headings, heading lines left out, each with the path of headings to it."""
        found: list[Section] = []
        path: list[tuple[int, str]] = []
        stops = [_Stop(0, 0), *self._stops, _Stop(self._length, 0)]
        for here, following in itertools.pairwise(stops):
            if here.level:
                path = [step for step in path if step[0] < here.level]
            if here.words:
                path.append((here.level, _whole(here.words)))
            if following.start > here.end:
                found.append(Section(tuple(step for _, step in path), here.end, following.start, here.page))
        return tuple(found)
