"""What repeats at the edges of printed pages: headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.formats.pdf.page import Page, Run
from corpus.formats.pdf.tables import grids, rows_of

_EDGE = 0.15  # share of the page's height where they stand
_ROWS = 3  # how many rows they take at one edge
_REPEATED = 0.8  # share of the rows at one height that stand there more than once; running heads change by chapter
_FOLIO = re.compile(
    r"\W*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百〇]{1,5})(?:\s*[页頁])?"
    r"(?:\s*[,，]?\s*(?:/|of|共)\s*\d{1,4}(?:\s*[页頁])?)?\W*",
    re.IGNORECASE,
)


class Margin(NamedTuple):
    """A row at a page's edge."""

    page: int
    runs: tuple[Run, ...]
    text: str
    place: tuple[bool, int]  # whether at the top, and how many points from the edge
    outermost: bool


def margins(pages: Sequence[Page]) -> list[Margin]:
    """Return the rows that repeat at the same height on most pages, but for their numbers, and lone page numbers."""
    rows = [row for page in pages for row in _edges(page)]
    at: dict[tuple[bool, int], list[Margin]] = defaultdict(list)
    for row in rows:
        for shift in (-1, 0, 1):
            at[row.place[0], row.place[1] + shift].append(row)
    most = max(2, sum(1 for page in pages if page.runs) // 2)
    repeating = {place for place, found in at.items() if len(found) >= most and _repeat(found)}
    found: list[Margin] = []
    inner: set[tuple[int, bool]] = set()  # edges where something else has come
    for row in rows:  # of each edge from the outside
        edge = (row.page, row.place[0])
        if edge not in inner and (row.place in repeating or (row.outermost and _FOLIO.fullmatch(row.text))):
            found.append(row)
        else:
            inner.add(edge)
    return found


def _repeat(rows: Sequence[Margin]) -> bool:
    count = Counter(re.sub(r"\d+", "#", row.text) for row in rows)
    return sum(times for times in count.values() if times > 1) >= _REPEATED * len(rows)


def _edges(page: Page) -> Iterator[Margin]:
    """Yield the first and the last rows of a page, apart from tables."""
    reach = _EDGE * (page.top - page.bottom)
    tables = grids(page.rules)
    for top in (True, False):
        near = [run for run in page.runs if (page.top - run.base if top else run.base - page.bottom) < reach]
        near = [run for run in near if not run.tag.kind and not any(table.holds(run) for table in tables)]
        rows = rows_of(near)
        for number, row in enumerate((rows if top else rows[::-1])[:_ROWS]):
            height = page.top - row[0].base if top else row[0].base - page.bottom
            text = " ".join(run.text for run in row)
            yield Margin(page.number, tuple(row), text, (top, round(height)), number == 0)
