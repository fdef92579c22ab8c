"""A table -> records: which of its rows are its title, its header and its data."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, groupby, islice

from corpus.document import Reason
from corpus.draft import Draft
from corpus.formats.rows import bare_name, lines_of, names_of, one_line, roles_of, sentences_of, write_record

Row = Mapping[int, str]  # what its cells hold, by column, in order; without the empty ones

_SAMPLE = 50  # rows of a table that are looked at
_LONGEST_NAME = 40  # characters of a column's name, or of a title
_LONGEST_KEY = 20
_MOST_LABELS = 3  # columns that name what another one tells of
_MOST = 0.8  # share of a column's cells that makes it one of numbers
_WORDY = 12  # characters from which a cell explains the one before it
_END = re.compile(r"[。！？!?；;]$")
_DATUM = re.compile(  # a number, with what it counts; a date, a time; yes or no; an address
    r"[-+－(（]?[¥￥$€£]?\s*\d[\d,.， ]*\s*(?:[%％‰]|[^\W\d]{1,3})?[)）]?"
    r"|\d{2,4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}日?|月)?(?:[ T]?\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?"
    r"|[-+]?\d+(?:\.\d+)?[eE][-+]?\d+|是|否|√|×|true|false|yes|no|n/a|https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:(?:19|20)\d\d)?年?(?:度|(?:\d{1,2}|[一二三四五六七八九十]+)(?:月份?|季度)|[qQhH][1-4])?")
_KEYED = names_of(  # how the second of two columns is called where the first names a thing
    "说明 解释 释义 定义 含义 意思 描述 简介 介绍 内容 备注 值 取值 数值 全称 译名 英文 中文 缩写"
    " value description meaning definition explanation translation"
)


@dataclass(frozen=True, slots=True)
class _Header:
    names: Mapping[int, str]
    rows: int  # that it takes
    sure: bool  # what is below is of another kind


def write_table(draft: Draft, rows: Iterable[Row], *, level: int = 1) -> None:
    """Add a table, or several one below the other with blank rows between; headings begin at `level`."""
    table = _Table(draft, level)
    for filled, block in groupby(rows, key=bool):
        if filled:
            table.add(block)


class _Table:
    """A table while it is written."""

    def __init__(self, draft: Draft, level: int) -> None:
        self._draft = draft
        self._level = level
        self._title = False
        self._header: _Header | None = None

    def add(self, block: Iterator[Row]) -> None:
        """Write rows without a blank one between them."""
        head = list(islice(block, _SAMPLE))
        width = max(map(len, head))
        while head and len(head[0]) == 1 and (width > 1 or len(head) == 1):
            self._write_title(one_line(next(iter(head.pop(0).values()))))
        if not head:
            return
        found = _header_of(head)
        known = self._header
        if known and not (found and found.sure) and all(row.keys() <= known.names.keys() for row in head):
            found = _Header(known.names, 0, False)  # a blank row in the midst of a table
        rows = chain(head[found.rows :] if found else head, block)
        if found:
            self._header = found
            told = _prose_column(found.names, head[found.rows :])
            if told is None:
                self._write_records(found.names, rows)
            else:
                self._write_told(found.names, rows, told)
        elif width == 2 and _is_keyed(head):
            self._write_lines(rows, keyed=True)
        else:
            self._write_lines(rows, keyed=False)

    def _write_title(self, words: str) -> None:
        """Write the only cell of a row above a table: the table's title, or what is said of it."""
        if self._title or self._header or len(words) > _LONGEST_NAME or _END.search(words) or "：" in words:
            self._draft.line(words)
            return
        self._draft.heading(words, self._level)
        if self._level == 1:
            self._draft.title = self._draft.title or words
        self._title = True

    def _write_records(self, names: Mapping[int, str], rows: Iterable[Row]) -> None:
        used: set[int] = set()
        columns = tuple(sorted(names))
        titles = tuple(names[column] for column in columns)
        for row in rows:
            if _is_header(row, names):
                continue  # again, as at the top of each printed page
            if not row.keys() <= names.keys():
                columns = tuple(sorted(names.keys() | row.keys()))
                titles = tuple(names.get(column, "") for column in columns)
            used |= row.keys()
            values = [row.get(column, "") for column in columns]
            write_record(self._draft, titles, values, level=self._level + self._title)
        self._end(names, used)

    def _write_told(self, names: Mapping[int, str], rows: Iterable[Row], told: int) -> None:
        """Write rows of which one column tells, in whole sentences, of what the others name: under these as a heading.

        Rows that name the same follow each other as the paragraphs of a text do.
        """
        used: set[int] = set()
        before: list[tuple[str, str]] | None = None
        for row in rows:
            if _is_header(row, names):
                continue
            used |= row.keys()
            labels = [(names.get(column, ""), cell) for column, cell in sorted(row.items()) if column != told]
            if labels != before:
                words = " ".join(dict.fromkeys(one_line(cell) for _, cell in labels))
                if words:
                    self._draft.heading(words, self._level + self._title)
                else:
                    self._draft.part(self._level + self._title)
                for line in sentences_of(labels) if len(labels) > 1 else ():
                    self._draft.line(line)
                before = labels
            for line in lines_of(row.get(told, "")):
                self._draft.line(line)
        self._end(names, used)

    def _end(self, names: Mapping[int, str], used: AbstractSet[int]) -> None:
        """Note what stands in the header alone, and keep what follows apart."""
        if bare := [name for column, name in names.items() if column not in used]:
            self._draft.drop(" | ".join(bare), Reason.BARE)
        self._draft.part(self._level + self._title)

    def _write_lines(self, rows: Iterable[Row], *, keyed: bool) -> None:
        """Write rows without names: 键：值。 for the facts of one thing, bars between the cells of all others.

        They may share a passage, for such a row alone does not tell what it is about.
        """
        for row in rows:
            cells = [one_line(cell) for cell in row.values()]
            if keyed and len(cells) == 2:
                self._draft.line("".join(sentences_of([(cells[0], cells[1])])))
            else:
                self._draft.line(" | ".join(cells))


def _header_of(head: Sequence[Row]) -> _Header | None:
    """Return the header of a table, as its first rows tell; None where they are data from the first on."""
    first = head[0]
    names = {column: one_line(cell) for column, cell in first.items()}
    below = [row for row in head[1:] if not _is_header(row, names)]
    if _tells(names):
        return _Header(names, 1, True)
    if not below or len(first) < 2:
        return None
    if two := _two_rows(names, head):
        return two
    width = statistics.median(map(len, below))
    if len(first) * 2 < width or not _are_names(names, below):
        return None
    columns = {column: [row[column] for row in below if column in row] for column in first}
    sure = any(_are_data(cells) and not _is_datum(names[column]) for column, cells in columns.items())
    if not sure and max(map(len, head)) == 2 and not _explains(names, columns):
        return None
    return _Header(names, 1, sure)


def _prose_column(names: Mapping[int, str], below: Sequence[Row]) -> int | None:
    """Return the one column that holds whole sentences, where the few others name what these are about."""
    columns = {column: [row[column] for row in below if column in row] for column in names}
    prose = [column for column, cells in columns.items() if cells and _share(_is_prose, cells) >= _MOST]
    labels = [cells for column, cells in columns.items() if column not in prose]
    if len(prose) != 1 or not 0 < len(labels) <= _MOST_LABELS or _tells(names):
        return None
    short = all(cells and max(map(len, cells)) <= _LONGEST_NAME and not _are_data(cells) for cells in labels)
    return prose[0] if short else None


def _is_prose(cell: str) -> bool:
    return len(cell) >= _WORDY and bool(_END.search(cell.rstrip()))


def _is_header(row: Row, names: Mapping[int, str]) -> bool:
    return all(names.get(column) == one_line(cell) for column, cell in row.items())


def _tells(names: Mapping[int, str]) -> bool:
    """Tell whether these are names that every table of questions or texts has."""
    roles = roles_of(tuple(names.values()))
    return bool(roles.texts)


def _are_names(names: Mapping[int, str], below: Sequence[Row]) -> bool:
    """Tell whether cells can be the names of columns: short, each another one, none of them a value of its column."""
    if len(set(names.values())) < len(names):
        return False
    corner = min(names)
    for column, name in names.items():
        if len(name) > _LONGEST_NAME or _END.search(name):
            return False
        if _is_datum(name) and (column == corner or not _PERIOD.fullmatch(name)):
            return False
        if any(row.get(column, "").strip() == name for row in below):
            return False
    return True


def _two_rows(names: Mapping[int, str], head: Sequence[Row]) -> _Header | None:
    """Return a header of two rows: groups in the first one, over several columns, and their members in the second."""
    if len(head) < 3:
        return None
    second = {column: one_line(cell) for column, cell in head[1].items()}
    gaps = {column for column in second if column > min(names) and column not in names}
    below = head[2:]
    if not gaps or any(map(_is_datum, second.values())) or not _are_short(second):
        return None
    if not all(_are_data([row[column] for row in below if column in row]) for column in gaps):
        return None
    group = ""
    both: dict[int, str] = {}
    for column in sorted(names.keys() | second.keys()):
        group = names.get(column, group)
        member = second.get(column, "")
        both[column] = group if member in {"", group} else group + member
    return _Header(both, 2, True)


def _explains(names: Mapping[int, str], columns: Mapping[int, Sequence[str]]) -> bool:
    """Tell whether the first of two rows of two texts is a header: what is below explains, or repeats as kinds do."""
    last = max(names)
    cells = columns[last]
    if bare_name(names[last]) in _KEYED:
        return True
    usual = statistics.median(map(len, cells)) if cells else 0
    return usual >= max(_WORDY, 3 * len(names[last])) or len(set(cells)) < len(cells)


def _is_keyed(head: Sequence[Row]) -> bool:
    """Tell whether rows of two cells are a name and what it is."""
    keys = [one_line(next(iter(row.values()))) for row in head if len(row) == 2]
    short = all(len(key) <= _LONGEST_KEY and not _is_datum(key) and not _END.search(key) for key in keys)
    return short and len(keys) > 1 and len(set(keys)) == len(keys)


def _are_short(names: Mapping[int, str]) -> bool:
    return all(len(name) <= _LONGEST_NAME and not _END.search(name) for name in names.values())


def _are_data(cells: Sequence[str]) -> bool:
    return bool(cells) and _share(_is_datum, cells) >= _MOST


def _share(tells: Callable[[str], bool], cells: Sequence[str]) -> float:
    return sum(map(tells, cells)) / len(cells)


def _is_datum(cell: str) -> bool:
    return bool(_DATUM.fullmatch(cell.strip()))
