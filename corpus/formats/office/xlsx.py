"""Excel files (.xlsx): the tables of their sheets, as the sheets show them.

openpyxl reads number formats and dates here. Its reader does not know strict files and merged cells, fails on styles
that other programs write, and takes four times as long: 14 s for a sheet of a million empty rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.escape import unescape

from corpus.document import Reason
from corpus.draft import Draft
from corpus.formats.office.numbers import format_of, shown
from corpus.formats.office.ooxml import Element, Package, local, reported
from corpus.formats.tables import Row, write_table

_YES = frozenset({"1", "true"})
_TRUTH = {"1": "是", "0": "否"}
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_CHUNK = 1 << 20
_LAST_COLUMN = 16_384  # that a sheet can have
_LONGEST_MERGE = 1000  # rows; a taller one is a frame, not a value that counts for each row


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of all sheets refer to."""

    strings: list[str]
    formats: list[str]  # by the number of a cell's style
    mac: bool  # dates count from 1904


@dataclass(slots=True)
class _Merge:
    """Rows of a column that are one cell."""

    column: int
    first: int
    last: int
    value: str = ""


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the rows as sentences that name their columns, or as questions with their answers; several sheets stand
    under their names. `raw` also keeps hidden sheets, rows and columns.
    """
    draft = Draft()
    with reported():
        package = Package(data)
        main = package.main
        root = package.tree(main)
        book = _Book(
            strings=_strings(package, main),
            formats=_formats(package, main),
            mac=any(one.get("date1904") in _YES for one in root.iter("{*}workbookPr")),
        )
        sheets = _filled(package, book, _sheets(package, main, root), raw=raw)
        several = sum(raw or not sheet.hidden for sheet, *_ in sheets) > 1
        for sheet, rows, hidden in sheets:
            if sheet.hidden and not raw:
                lines = (" | ".join(row.values()) for row in rows if row)
                draft.drop("\n".join([sheet.name, *lines]), Reason.HIDDEN)
                continue
            if several:
                draft.heading(sheet.name, 1)
            write_table(draft, rows, level=1 + several)
            if hidden:
                draft.drop("\n".join(hidden), Reason.HIDDEN)
    return draft


_Filled = tuple[_Sheet, Iterator[Row], list[str]]
"""A sheet, its rows, and what is hidden of them: that is known once they have been read."""


def _filled(package: Package, book: _Book, sheets: Iterable[_Sheet], *, raw: bool) -> list[_Filled]:
    """Return the sheets that hold something with their rows, of which only the first has been read."""
    found: list[_Filled] = []
    for sheet in sheets:
        hidden: list[str] = []
        rows = _rows(package, book, sheet.part, None if raw or sheet.hidden else hidden)
        if first := next(rows, None):
            found.append((sheet, chain([first], rows), hidden))
    return found


def _sheets(package: Package, main: str, root: Element) -> Iterator[_Sheet]:
    """Yield the sheets in their order; charts and macros are none."""
    parts = {one.id: one.target for one in package.relations(main) if one.kind == "worksheet"}
    for sheet in root.iter("{*}sheet"):
        id = next((text for name, text in sheet.attrib.items() if str(name).endswith("}id")), "")
        if (part := parts.get(str(id), "")) and package.holds(part):
            yield _Sheet(sheet.get("name", "").strip(), part, sheet.get("state", "visible") != "visible")


def _strings(package: Package, main: str) -> list[str]:
    """Return the texts that cells refer to by their numbers."""
    parts = package.related(main, "sharedStrings")
    return [_text(one) for part in parts for one in package.pieces(part, "si")]


def _text(element: Element) -> str:
    """Return the runs of a text; the reading above Japanese characters is not part of it."""
    pieces = []
    for child in element:
        match local(child):
            case "t":
                pieces.append(child.text or "")
            case "r":
                pieces.extend(one.text or "" for one in child if local(one) == "t")
    return str(unescape("".join(pieces)))


def _formats(package: Package, main: str) -> list[str]:
    for part in package.related(main, "styles"):
        root = package.tree(part)
        own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter("{*}numFmt")}
        styles = root.iterfind("{*}cellXfs/{*}xf")
        return [format_of(int(style.get("numFmtId", "0")), own) for style in styles]
    return []


def _rows(package: Package, book: _Book, part: str, hidden: list[str] | None) -> Iterator[Row]:
    """Yield the rows that hold something, and one empty row for all between two of them.

    What the author hid, rows and columns, goes to `hidden` if that is given; a row that a filter hides for the moment
    is a row.
    """
    merges, filtered = _merges(package, part)
    merges.reverse()
    columns = _hidden_columns(package, part) if hidden is not None else frozenset()
    open_: list[_Merge] = []
    number = last = 0
    for element in package.pieces(part, "row"):
        told = element.get("r", "")
        number = int(told) if told.isdecimal() else number + 1
        while merges and merges[-1].first <= number:
            open_.append(merges.pop())
        open_ = [merge for merge in open_ if merge.last >= number]
        row = _cells(element, book)
        for merge in open_:
            if merge.first == number:
                merge.value = row.get(merge.column, "")
            elif merge.value and row:
                row = dict(sorted({merge.column: merge.value, **row}.items()))
        if hidden is not None and row:
            whole = element.get("hidden") in _YES and not filtered
            away = {column for column in row if whole or column in columns}
            if away:
                hidden.append(" | ".join(text for column, text in row.items() if column in away))
                row = {column: text for column, text in row.items() if column not in away}
        if row:
            if last and number > last + 1:
                yield {}
            last = number
            yield row


def _hidden_columns(package: Package, part: str) -> frozenset[int]:
    columns: set[int] = set()
    for one in package.pieces(part, "col", "row"):
        if local(one) == "row":
            break
        first, last = one.get("min", ""), one.get("max", "")
        if one.get("hidden") in _YES and first.isdecimal() and last.isdecimal():
            columns.update(range(int(first), min(int(last), _LAST_COLUMN) + 1))
    return frozenset(columns)


def _merges(package: Package, part: str) -> tuple[list[_Merge], bool]:
    """Return the merged cells of more than one row, by their first rows, and whether a filter is set: that stands
    behind the rows in the file.
    """
    found: list[_Merge] = []
    filtered = False
    rest = b""
    with package.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            filtered = filtered or b"autoFilter" in text
            place = 0
            for mark in _MERGED.finditer(text):
                column, first, _, last = range_boundaries(mark[1].decode())
                if 0 < last - first < _LONGEST_MERGE:
                    found.append(_Merge(column, first, last))
                place = mark.end()
            rest = text[max(place, len(text) - 200) :]
    return sorted(found, key=lambda merge: merge.first), filtered


def _cells(row: Element, book: _Book) -> dict[int, str]:
    """Return the cells of a row that hold something, by column. Empty ones are passed over without a look."""
    cells: dict[int, str] = {}
    column = 0
    for mark in row.iter("{*}v", "{*}is"):
        cell = mark.getparent()
        if cell is None or local(cell) != "c":
            continue
        name = cell.get("r")
        column = _column(name.rstrip("0123456789")) if name else column + 1
        if text := _shown(cell, mark, book).strip():
            cells[column] = text
    return cells


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    return int(column_index_from_string(letters))


def _shown(cell: Element, mark: Element, book: _Book) -> str:
    """Return what a cell shows; nothing for an error."""
    if local(mark) == "is":
        return _text(mark)
    text = mark.text or ""
    match cell.get("t", "n"):
        case "s":
            return book.strings[int(text)] if text.isdecimal() and int(text) < len(book.strings) else ""
        case "b":
            return _TRUTH.get(text, "")
        case "str":
            return str(unescape(text))
        case "d":
            return text.replace("T00:00:00", "").replace("T", " ")
        case "e":
            return ""
    style = cell.get("s", "")
    known = style.isdecimal() and int(style) < len(book.formats)
    return shown(text, book.formats[int(style)] if known else "General", mac=book.mac)
