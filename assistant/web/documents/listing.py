"""The rows of the table of documents, and what a reader chose to see of them: filter, order and page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.finding import Skipped
from index.catalog import Entry, named

PAGE = 200  # rows shown at once


class State(StrEnum):
    """What has become of a file."""

    HELD = "held"  # in the index, whole
    SHORTENED = "shortened"  # in the index without some of what stood in it
    COPY = "copy"  # its text is that of another document, which is searched in its place
    BARE = "bare"  # in the index, but nothing of it can be quoted
    OUT = "out"  # not in the index: it was taken out, and can come back
    SKIPPED = "skipped"  # not in the index

    @property
    def is_indexed(self) -> bool:
        """Whether it is a document of the index."""
        return self not in {State.OUT, State.SKIPPED}


@dataclass(frozen=True, slots=True)
class Row:
    """A document, or a file that was passed over."""

    id: str
    title: str
    state: State
    characters: int = 0
    passages: int = 0
    date: str = ""
    other: str = ""  # the document with the same text, or why the file was passed over


class Order(StrEnum):
    """What the rows are sorted by."""

    ID = "id"
    TITLE = "title"
    CHARACTERS = "characters"
    PASSAGES = "passages"
    DATE = "date"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen of the rows."""

    wanted: str = ""  # in the title or the id
    order: Order = Order.ID
    falling: bool = False
    page: int = 0

    def turned(self, order: str) -> View:
        """Return the view that order and page name, as `str` of one gives them; this one where they name none."""
        found = re.fullmatch(r"([a-z]{1,12})(-)? ([0-9]{1,6})", order)
        if found is None or found[1] not in {*Order}:
            return self
        return replace(self, order=Order(found[1]), falling=found[2] is not None, page=int(found[3]))

    def __str__(self) -> str:
        return f"{self.order}{'-' * self.falling} {self.page}"

    def by(self, order: Order) -> View:
        """Return the view sorted by another column, or the other way round by the same; the first page."""
        falling = not self.falling if order is self.order else order in {Order.CHARACTERS, Order.PASSAGES, Order.DATE}
        return replace(self, order=order, falling=falling, page=0)

    def of(self, rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
        """Return the rows of the page, and how many there are on all pages."""
        found = named(rows, self.wanted)
        ordered = sorted(found, key=_KEYS[self.order], reverse=self.falling)
        start = PAGE * self.last(len(found)).page
        return ordered[start : start + PAGE], len(found)

    def last(self, count: int) -> View:
        """Return this view, or the one of the last page where there are not so many rows."""
        return replace(self, page=min(self.page, max(0, count - 1) // PAGE))


def rows_of(
    entries: Sequence[Entry], shortened: AbstractSet[str], out: Sequence[str], skipped: Sequence[Skipped]
) -> list[Row]:
    """Return a row for each document, for each that was taken `out`, and for each other file that was passed over."""
    told = {*(entry.id for entry in entries), *out}
    rows = [_row(entry, shortened) for entry in entries]
    rows += [Row(id, "", State.OUT) for id in out]
    return rows + [Row(one.path, "", State.SKIPPED, other=one.reason) for one in skipped if one.path not in told]


def _row(entry: Entry, shortened: AbstractSet[str]) -> Row:
    state = State.SHORTENED if entry.id in shortened else State.HELD if entry.passages else State.BARE
    if entry.original is not None:
        state = State.COPY
    return Row(entry.id, entry.title, state, entry.characters, entry.passages, entry.date, entry.original or "")


def _sound(text: str) -> bytes:
    """Return what sorts a text: in GB 2312, and so in GB 18030, the common characters stand in order of their sound."""
    return text.casefold().encode("gb18030", "replace")


_KEYS: dict[Order, Callable[[Row], tuple[object, ...]]] = {
    Order.ID: lambda row: (row.id,),
    Order.TITLE: lambda row: (_sound(row.title or row.id), row.id),
    Order.CHARACTERS: lambda row: (row.characters, row.id),
    Order.PASSAGES: lambda row: (row.passages, row.id),
    Order.DATE: lambda row: (row.date, row.id),
    Order.STATE: lambda row: ([*State].index(row.state), row.id),
}
