"""A document's text as HTML: its headings, the sentence marked in it, and the parts that a long one is shown by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.web.html import escaped
from assistant.web.reader.permalink import Place
from corpus.document import Document, Section
from corpus.messages import language, message
from corpus.splitting import Span, overlaps

PART = 40_000  # characters; a longer document is shown by parts
SHOWN = 3  # parts on a page

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def lang_of(text: str) -> str:
    """Return the attribute for a Chinese text on a page that is not Chinese."""
    return ' lang="zh-CN"' if language() != "zh" and _HAN.search(text) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document, what is marked in it, and the parts of it that a page shows."""

    document: Document
    place: Place
    parts: tuple[Span, ...]  # one behind the other, they are the whole text
    first: int  # of those that are shown

    @classmethod
    def of(cls, document: Document, place: Place, *, part: int | None = None) -> Sheet:
        """Show a document from a part on, counted from 1; without one, around the sentence."""
        parts = parts_of(document)
        if part is not None and len(parts) > SHOWN:
            return cls(document, place, parts, max(0, min(part, len(parts)) - 1))
        middle = place.span[0] if place.span else place.near or 0
        held = next((number for number, (_, end) in enumerate(parts) if middle < end), 0)
        return cls(document, place, parts, max(0, min(held - SHOWN // 2, len(parts) - SHOWN)))

    @property
    def last(self) -> int:
        """Where the parts that are shown end."""
        return min(self.first + SHOWN, len(self.parts))

    @property
    def window(self) -> Span:
        """The span of the text that is shown."""
        return self.parts[self.first][0], self.parts[self.last - 1][1]

    @property
    def shows_the_sentence(self) -> bool:
        """Whether some of it is shown."""
        return self.place.span is not None and overlaps(self.place.span, [self.window])

    def blocks(self) -> Iterator[str]:
        """Give what is shown as elements; no heading is more than one level below the one before it."""
        page, level = 0, 1
        for piece in _pieces(self.document):
            if not overlaps((piece.start, piece.end), [self.window]):
                continue
            if piece.page not in {0, page}:
                page = piece.page
                yield f'<div class="page">{escaped(message("web-page", page=page))}</div>'
            text, marked = self._marked(max(self.window[0], piece.start), min(self.window[1], piece.end))
            if piece.level == 1 and not marked:
                yield f'<div class="title">{text}</div>'  # stands above the text already
            elif piece.level:
                level = min(max(piece.level, 2), level + 1, 6)
                yield f"<h{level}>{text}</h{level}>"
            else:
                yield f'<div class="body">{text}</div>'

    def _marked(self, first: int, last: int) -> tuple[str, bool]:
        """Return a stretch of the text with its part of the sentence marked, and whether there is one."""
        text, span, near = self.document.text, self.place.span, self.place.near
        if span is None and near is not None and first <= near < last:
            return f'{escaped(text[first:near])}<span id="mark"></span>{escaped(text[near:last])}', False
        if span is None or not overlaps(span, [(first, last)]):
            return escaped(text[first:last]), False
        start, end = max(first, span[0]), min(last, span[1])
        before, inside, after = (escaped(piece) for piece in (text[first:start], text[start:end], text[end:last]))
        name = ' id="mark"' if start == max(span[0], self.window[0]) else ""
        return f"{before}<mark{name}>{inside}</mark>{after}", True


def parts_of(document: Document) -> tuple[Span, ...]:
    """Cut a text into spans of at most PART characters: before headings, or else behind lines, or anywhere."""
    cuts, place = [0], 0
    for section in document.sections:
        place = max(place, section.end)
        cuts.append(place)  # the next heading begins here
    spans: list[Span] = []
    start = 0
    for cut, following in pairwise([*cuts, len(document.text)]):
        if following - start > PART and cut > start:
            spans.append((start, cut))
            start = cut
        while following - start > PART:
            end = document.text.rfind("\n", start + PART // 2, start + PART) + 1 or start + PART
            spans.append((start, end))
            start = end
    return (*spans, (start, len(document.text)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text: a line that is a heading of some level, or what stands below one."""

    start: int
    end: int
    level: int  # 1 for the document's title; 0 for what is no heading
    page: int


def _pieces(document: Document) -> Iterator[_Piece]:
    """Give the text piece by piece; together they are the whole of it. Headings stand between two sections."""
    place = 0
    for section in (*document.sections, Section((), len(document.text), len(document.text))):
        for found in _LINE.finditer(document.text, place, max(place, section.start)):
            yield _Piece(*found.span(), _level(document, section, found[0].strip()), section.page)
        place = max(place, section.start)
        if place < section.end:
            yield _Piece(place, section.end, 0, section.page)
            place = section.end


def _level(document: Document, section: Section, line: str) -> int:
    if line not in section.path:
        return 0
    return section.path.index(line) + (1 if section.path[0] == document.title else 2)
