"""Runs of printed pages -> lines in reading order: column by column, tables row by row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.formats.pdf.aligned import aligned, aligned_rows
from corpus.formats.pdf.page import NO_TAG, Page, Run, Tag
from corpus.formats.pdf.tables import Grid, cell_of, grids, rows_of, text_of

LABEL = re.compile(  # the bullet or the number of a list's item
    r"(?P<bullet>[•◦▪■●○◆◇►▶‣⁃∙·\uf021-\uf0ff](?!\S*[.·]{3})\s*|[*–—-]\s+|o\s+(?=[^a-z]))"
    r"|(?:\d{1,3}(?:[)、．]|\.(?!\d))|[(（](?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-z])[)）]|[一二三四五六七八九十]{1,3}、"
    r"|[①-⑳]|[a-zA-Z][.)](?=\s))\s*"
)
_FEWEST = 4  # rows of a column
_DEEPEST = 3  # columns in columns
_WIDEST = 20_000  # points: PDF's own limit is 14,400
_NARROWEST = 6.0  # points, of the space between columns


@dataclass(slots=True)
class Line:
    """A line of a page, or a row of a table."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    fixed: bool = False  # of a typewriter's font, as programs are
    row: bool = False
    edges: tuple[float, float] = (0.0, 0.0)  # left and right, of the column
    tag: Tag = NO_TAG


@dataclass(frozen=True, slots=True)
class _Column:
    """Runs that are read from the top down, between the edges of the text around."""

    runs: Sequence[Run]
    edges: tuple[float, float]


def lines_of(page: Page, runs: Sequence[Run]) -> Iterator[Line]:
    """Yield the lines of these runs of a page."""
    if not runs:
        return
    if all(run.tag.kind for run in runs):
        yield from _tagged(page, runs)
        return
    tables: dict[int, tuple[Grid, list[Run]]] = {}
    rest = list(runs)
    for grid in grids(page.rules):
        if inside := [run for run in rest if grid.holds(run)]:
            rest = [run for run in rest if not grid.holds(run)]
            place = Run("", grid.box.left, grid.box.right, grid.box.top, 0.0)
            tables[id(place)] = (grid, inside)
            rest.append(place)
    for column in _columns(rest, _extent(rest)):
        above: list[Run] = []
        for run in sorted(column.runs, key=lambda run: -run.base):
            if run.letters:
                above.append(run)
                continue
            yield from _plain(page.number, above, column.edges)
            above = []
            grid, inside = tables[id(run)]
            for text, first in grid.rows(inside):
                yield _row(page.number, text, first, column.edges)
        yield from _plain(page.number, above, column.edges)


def _extent(runs: Sequence[Run]) -> tuple[float, float]:
    return min(run.left for run in runs), max(run.right for run in runs)


# -- columns


def _columns(runs: Sequence[Run], edges: tuple[float, float], *, depth: int = 0) -> Iterator[_Column]:
    """Yield the columns in reading order; what lies across the space between two columns parts them."""
    middle = _gutter(runs) if depth < _DEEPEST else None
    if middle is None:
        yield _Column(runs, edges)
        return
    bounds = (
        _extent([run for run in runs if run.right <= middle]),
        _extent([run for run in runs if run.left >= middle]),
    )
    order = {id(run): place for place, run in enumerate(runs)}
    for across, group in itertools.groupby(
        sorted(runs, key=lambda run: -run.base), lambda run: run.left < middle < run.right
    ):
        if across:
            yield _Column(list(group), edges)
            continue
        band = sorted(group, key=lambda run: order[id(run)])  # as they were drawn
        for side, bound in zip((True, False), bounds, strict=True):
            if part := [run for run in band if (run.right <= middle) == side]:
                yield from _columns(part, bound, depth=depth + 1)


def _gutter(runs: Sequence[Run]) -> float | None:
    """Return the middle of the space between two columns of text, if there is one."""
    words = [run for run in runs if run.letters]
    if len(words) < 2 * _FEWEST:
        return None
    left, right = _extent(words)
    width = int(right - left) + 2
    if width > _WIDEST:
        return None
    change = [0] * (width + 1)
    for run in words:
        change[int(run.left - left)] += 1
        change[int(run.right - left) + 1] -= 1
    free: list[tuple[int, int]] = []
    over = list(itertools.accumulate(change))
    for is_free, group in itertools.groupby(
        range(int(0.15 * width), int(0.85 * width)), lambda x: over[x] <= 0.1 * len(words)
    ):
        span = list(group)
        if is_free and len(span) >= _NARROWEST:
            free.append((len(span), span[0]))
    for size, start in sorted(free, reverse=True):
        middle = left + start + size / 2
        if _are_columns(words, middle):
            return middle
    return None


def _are_columns(runs: Sequence[Run], middle: float) -> bool:
    """Tell two columns of text from two of a table: they are drawn one after the other, and their lines are full."""
    sides = [run for run in runs if run.right <= middle], [run for run in runs if run.left >= middle]
    if min(map(len, sides)) < _FEWEST:
        return False
    full = []
    for side in sides:
        left, right = _extent(side)
        letters = sum(run.letters for run in side)
        full.append(sum(run.letters for run in side if run.right - run.left > 0.6 * (right - left)) / letters)
        if letters < 0.1 * sum(run.letters for run in runs) or len(rows_of(side)) < _FEWEST:
            return False
    order = [run.left >= middle for run in runs if run.right <= middle or run.left >= middle]
    switches = sum(a != b for a, b in itertools.pairwise(order))
    return min(full) > 0.5 and (switches <= max(3, 0.3 * min(map(len, sides))) or min(full) > 0.85)


# -- lines


def _plain(page: int, runs: Sequence[Run], edges: tuple[float, float]) -> Iterator[Line]:
    """Yield the lines of runs of one column; rows whose cells stand below each other are a table."""
    rows = rows_of(runs)
    place = 0
    for table in aligned([_unlabelled(row) for row in rows]):
        if all(_is_fixed(row) for row in rows[table.start : table.end]):
            continue
        for row in rows[place : table.start]:
            yield _line(page, row, edges)
        for text, first in aligned_rows(table, rows):
            yield _row(page, text, first, edges)
        place = table.end
    for row in rows[place:]:
        yield _line(page, row, edges)


def _unlabelled(row: list[Run]) -> list[Run]:
    """Return a row without the number or bullet of an item: that is no cell."""
    return row[1:] if len(row) > 1 and LABEL.fullmatch(row[0].text) else row


def _line(page: int, row: Sequence[Run], edges: tuple[float, float]) -> Line:
    main = max(row, key=lambda run: run.letters)
    letters = sum(run.letters for run in row)
    fixed = _is_fixed(row)
    return Line(
        text=_spaced(row) if fixed else text_of(row),
        page=page,
        left=row[0].left,
        right=max(run.right for run in row),
        base=main.base,
        size=main.size,
        bold=sum(run.bold for run in row) > 0.9 * letters,
        fixed=fixed,
        edges=edges,
        tag=main.tag,
    )


def _row(page: int, text: str, first: Run, edges: tuple[float, float]) -> Line:
    return Line(text, page, first.left, first.right, first.base, first.size, row=True, edges=edges, tag=first.tag)


def _is_fixed(row: Sequence[Run]) -> bool:
    """Tell whether a line is set as programs are: most of it ASCII, and that equally wide."""
    characters = sum(run.ascii for run in row)
    return characters > 0.5 * sum(run.letters for run in row) and sum(run.fixed for run in row) > 0.8 * characters


def _spaced(row: Sequence[Run]) -> str:
    """Return the words of a program's line, its inner gaps as wide as they are."""
    text = row[0].text
    for last, run in itertools.pairwise(row):
        text += " " * max(1, round((run.left - last.right) / (0.6 * run.size))) + run.text
    return text


def _tagged(page: Page, runs: Sequence[Run]) -> Iterator[Line]:
    """Yield the lines block by block, and the rows of tables, as the tags of the file put them."""
    edges = _extent(runs)
    ordered = sorted(runs, key=lambda run: run.tag.block)
    for _, group in itertools.groupby(ordered, lambda run: (run.tag.row, 0 if run.tag.row else run.tag.block)):
        block_runs = list(group)
        if block_runs[0].tag.row:
            cells = itertools.groupby(block_runs, lambda run: run.tag.block)
            yield _row(page.number, " | ".join(cell_of(cell) for _, cell in cells), block_runs[0], edges)
            continue
        line: list[Run] = []
        for run in block_runs:  # as they were drawn: a block may go on in the next column
            if line and abs(run.base - line[0].base) > 0.45 * max(run.size, line[0].size):
                yield _line(page.number, line, edges)
                line = []
            line.append(run)
        yield _line(page.number, line, edges)
