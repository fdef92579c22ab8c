"""Tables in text files: values parted by commas, tabs, semicolons or bars (.csv, .tsv)."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from corpus.draft import Draft
from corpus.encoding import text_of
from corpus.formats.tables import Row, write_table

_DELIMITERS = "\t,;|，"  # the full-width comma: where a Chinese keyboard wrote the file
_NONE = "\x1f"  # a delimiter that no text has
_SAMPLE = 200  # lines that are looked at
_SURE = 0.6  # share of rows with one and the same number of values
_AS_HEADER = 0.4  # the same where it is that of the first row
_PROSE = 0.05  # share of lines that end as sentences do, from which 、a full-width comma is one of a sentence
_LONGEST_RECORD = 1000  # lines; a value that spans more begins with a quotation mark that nobody closed
_NAMED = re.compile(r"sep=(.)\s*")  # Excel's own first line
_SENTENCE = re.compile(r"[。！？]\s*$")


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the rows as sentences that name their columns, or as questions with their answers."""
    text = text_of(data)
    draft = Draft()
    first = text[: text.find("\n") + 1]
    if named := _NAMED.fullmatch(first):
        text = text[len(first) :]
    with _any_length():
        write_table(draft, _rows(text, named[1] if named else _delimiter(text)))
    return draft


@contextmanager
def _any_length() -> Iterator[None]:
    """Lift the library's limit for one value, which the whole process shares."""
    longest = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(longest)


def _delimiter(text: str) -> str:
    """Return the mark that parts the first lines into equally many values; the last resort is one value a line.

    The library's own Sniffer takes letters for delimiters, and minutes for long lines.
    """
    lines = [line for line in islice(_lines(text), _SAMPLE) if line.strip()]
    prose = sum(bool(_SENTENCE.search(line)) for line in lines) > _PROSE * len(lines)
    best, most = _NONE, (0.0, 0)
    for mark in _DELIMITERS:
        found = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        width, count = max(Counter(found).items(), key=lambda one: (one[0] > 1, one[1]), default=(1, 0))
        score = (count / max(len(found), 1), width)
        needed = _AS_HEADER if found and width == found[0] else _SURE
        if width > 1 and score > most and score[0] >= needed and not (mark == "，" and prose):
            best, most = mark, score
    return best


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows; what an unclosed quotation mark has swallowed is taken line by line."""
    swallowed: list[str] = []

    def fed() -> Iterator[str]:
        for line in _lines(text):
            swallowed.append(line)
            yield line

    for row in csv.reader(fed(), delimiter=delimiter):
        if len(swallowed) > _LONGEST_RECORD:
            yield from map(_filled, csv.reader(swallowed, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        else:
            yield _filled(row)
        swallowed.clear()


def _filled(row: list[str]) -> Row:
    return {column: cell for column, cell in enumerate(row) if cell and not cell.isspace()}


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends; splitlines also cuts at characters that may stand inside a value."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
