"""Blocks of printed pages -> a draft, each sentence on the page where it begins."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from corpus.document import Reason
from corpus.draft import Draft
from corpus.formats.pdf.blocks import ENDED, blocks_of
from corpus.formats.pdf.headings import Entry, Headings
from corpus.formats.pdf.lines import LABEL, Line
from corpus.formats.pdf.words import Words
from corpus.splitting import sentences


def compose(
    lines: Sequence[Line],
    outline: Sequence[Entry],
    aside: Mapping[int, Sequence[str]],
    scans: Sequence[int],
    *,
    raw: bool = False,
) -> Draft:
    """Return the draft of a document; `aside` and `scans` are what is left out, by page. `raw`: nothing else is."""
    blocks, spacing = blocks_of(lines)
    headings = Headings.found(blocks, outline, spacing.body)
    words = Words.of(lines)
    writing = _Writing(aside, scans, words)
    row, page = False, 0
    for block in blocks:
        writing.begin(block[0].page)
        if level := headings.level(block):
            writing.draft.heading(words.text(block), level)
        elif block[0].row:
            writing.row(block[0], first=not raw and (not row or block[0].page > page))
        elif block[0].fixed:
            writing.draft.line(_program(block))
        else:
            writing.paragraph(block)
        row, page = block[0].row, block[-1].page
    writing.leave_out(max([0, *aside, *scans]))
    writing.draft.title = words.text(headings.title)
    return writing.draft


class _Writing:
    """A draft that is being written page by page."""

    def __init__(self, aside: Mapping[int, Sequence[str]], scans: Sequence[int], words: Words) -> None:
        self.draft = Draft()
        self._words = words
        self._aside = aside
        self._scans = frozenset(scans)
        self._page = 0
        self._head = ""  # the first row of the table
        self._headed = 0  # its page

    def begin(self, page: int) -> None:
        """Turn to a page."""
        if page > self._page:
            self.leave_out(page)
            self.draft.page(page)

    def leave_out(self, page: int) -> None:
        """Note what is left out up to this page."""
        for number in range(self._page + 1, page + 1):
            for text in self._aside.get(number, ()):
                self.draft.drop(text, Reason.MARGIN)
            if number in self._scans:
                self.draft.drop(str(number), Reason.SCAN)
        self._page = page

    def row(self, line: Line, *, first: bool) -> None:
        """Add a row; the head of a table that goes on overleaf stands there again and is left out."""
        if first and line.text == self._head and line.page == self._headed + 1:
            self.draft.drop(line.text, Reason.MARGIN)
        else:
            self.draft.line(line.text)
        if first:
            self._head = line.text
        self._headed = line.page

    def paragraph(self, block: Sequence[Line]) -> None:
        """Add a paragraph, cut where a sentence begins on the next page."""
        text, starts = self._words.joined(block)
        label = LABEL.match(text)
        done = label.end() if label and label["bullet"] else 0
        places = [place for place in range(1, len(block)) if block[place].page > block[place - 1].page]
        begins = [start for start, _ in sentences(text)] if places else []
        for place in places:
            at = bisect_left(begins, starts[place])
            cut = begins[at] if at < len(begins) else 0
            if cut > done and ENDED.search(text[max(done, cut - 20) : cut].rstrip()):
                self.draft.line(text[done:cut].rstrip())
                self.begin(block[place].page)
                done = cut
        self.draft.line(text[done:].strip())


def _program(block: Sequence[Line]) -> str:
    """Return the lines of a program as they stand, indented and with blank lines."""
    left = min(line.left for line in block)
    drops = [a.base - b.base for a, b in itertools.pairwise(block) if a.base > b.base]
    pitch = min(drops, default=1.0)
    text = ""
    for last, line in zip([None, *block], block, strict=False):
        if last:
            text += "\n" * (max(1, min(3, round((last.base - line.base) / pitch))) if last.base > line.base else 1)
        text += " " * round((line.left - left) / (0.6 * line.size)) + line.text
    return text
