"""Tables of a printed page without drawn lines: cells that stand below each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.draft import joined
from corpus.formats.pdf.page import Run
from corpus.formats.pdf.tables import LEADER, text_of

_Gap = tuple[float, float]  # from the left to the right end of a white space
_MOST_ROWS = 400  # of a column: what has more is a drawing
_ALIKE = 2.5  # points, between edges that are aligned
_WORD_SPACE = 0.35  # of a character: wider than what stands between two words
_NARROWEST = 2.0  # points, of the space between two columns of cells


@dataclass(frozen=True, slots=True)
class Aligned:
    """Rows without drawn lines whose cells stand below each other."""

    start: int  # the first row
    end: int  # behind the last
    gaps: Sequence[_Gap]  # the white between the columns, from the left


def aligned(rows: Sequence[Sequence[Run]]) -> Iterator[Aligned]:
    """Yield the tables among the rows of a column of text."""
    done = start = 0
    while start < len(rows) <= _MOST_ROWS:
        gaps = [gap for gap in _gaps(rows[start]) if gap[1] - gap[0] > rows[start][0].size]
        end, first = start + 1, start
        while gaps and end < len(rows) and (kept := _narrowed(gaps, rows[first:end], rows[end], rows[end - 1])):
            gaps, end = kept, end + 1
        while gaps and first > done and (kept := _narrowed(gaps, rows[first:end], rows[first - 1], rows[first])):
            if not any(_between(gap, rows[first - 1]) for gap in kept):
                break
            gaps, first = kept, first - 1
        while end > first + 1 and gaps and _is_below(rows[first:end], gaps[0][1]):
            end -= 1
        if gaps and end > first + 1 and _is_table(gaps, rows[first:end]):
            yield Aligned(first, end, _with_others(gaps, rows[first:end]))
            done = start = end
        else:
            start += 1


def _is_below(rows: Sequence[Sequence[Run]], right: float) -> bool:
    """Tell whether the last row, below the first column alone, is the text that follows and not the rest of a cell."""
    drops = [above[0].base - below[0].base for above, below in itertools.pairwise(rows)]
    return rows[-1][-1].right <= right and (len(rows) < 3 or drops[-1] > 0.8 * max(drops[:-1]))


def _with_others(gaps: Sequence[_Gap], rows: Sequence[Sequence[Run]]) -> list[_Gap]:
    """Return a table's gaps and the narrower whites that go through all its rows, with aligned cells behind them."""
    parts = [part for row in rows for run in row for part in run.cut((a + b) / 2 for _, a, b in run.breaks)]
    whites: list[_Gap] = []
    edge = min(part.right for part in parts)
    for part in sorted(parts, key=lambda part: part.left):
        if part.left - edge > _WORD_SPACE * part.size:
            whites.append((edge, part.left))
        edge = max(edge, part.right)
    others = [white for white in whites if all(white[1] <= gap[0] or gap[1] <= white[0] for gap in gaps)]
    for white in others:
        with_it = sorted([*gaps, white])
        cells = [cells for cells in (_cells(with_it, row) for row in rows) if sum(map(bool, cells)) > 1]
        filled = sum(bool(row[with_it.index(white) + 1]) for row in cells)
        if filled > 0.6 * len(cells) and _is_table(with_it, rows):
            gaps = with_it
    return list(gaps)


def _gaps(row: Sequence[Run]) -> Iterator[_Gap]:
    if LEADER.search(text_of(row)):
        return
    for run in row:
        yield from ((left, right) for _, left, right in run.breaks)
    yield from ((a.right, b.left) for a, b in itertools.pairwise(row) if b.left > a.right)


def _narrowed(
    gaps: Sequence[_Gap], table: Sequence[Sequence[Run]], row: Sequence[Run], beside: Sequence[Run]
) -> list[_Gap]:
    """Return what one more row leaves of the white between a table's columns; nothing where it is not of the table."""
    size = row[0].size
    if abs(row[0].base - beside[0].base) > 3.5 * size:
        return []
    kept = []
    for left, right in gaps:
        whites = [(max(left, a), min(right, b), b - a) for a, b in _gaps(row)]
        low, high, width = max(whites, key=lambda white: white[1] - white[0], default=(0.0, 0.0, 0.0))
        found = low, high
        if width <= size or high - low < _NARROWEST:
            if row[-1].right < right:
                found = max(left, row[-1].right), right
            elif row[0].left > left:
                found = left, min(right, row[0].left)
            elif not any(_near(_beyond(high, one), _beyond(high, row)) for one in table):
                return []
        if found[1] - found[0] < _NARROWEST:
            return []
        kept.append(found)
    if not any(_between(gap, row) for gap in kept):  # a cell goes on below
        tight = abs(row[0].base - beside[0].base) < 1.8 * size
        return kept if tight and any(_near([row[0]], one) for one in _columns(kept, table)) else []
    return kept


def _between(gap: _Gap, row: Sequence[Run]) -> bool:
    return row[0].left < gap[0] + 1 and row[-1].right > gap[1] - 1


def _beyond(place: float, row: Sequence[Run]) -> list[Run]:
    """Return what of a row begins to the right of a place, up to the next wide gap."""
    parts = [part for run in row for part in run.cut([place - 0.1]) if part.left >= place - 0.2]
    kept = parts[:1]
    for part in parts[1:]:
        if part.left - kept[-1].right > part.size:
            break
        kept.append(part)
    return kept


def _columns(gaps: Sequence[_Gap], table: Sequence[Sequence[Run]]) -> Iterator[list[Run]]:
    for row in table:
        yield from (cell for cell in _cells(gaps, row) if cell)


def _near(a: Sequence[Run], b: Sequence[Run]) -> bool:
    """Tell whether two cells have their left edge or middle in common, or two numbers their right edge."""
    if not a or not b:
        return False
    left, right = a[0].left - b[0].left, a[-1].right - b[-1].right
    if abs(left) < _ALIKE or abs(left + right) / 2 < _ALIKE:
        return True
    return abs(right) < _ALIKE and _is_number(a) and _is_number(b)  # the ends of justified lines are aligned too


def _is_number(cell: Sequence[Run]) -> bool:
    text = text_of(cell)
    return 2 * sum(character.isdigit() for character in text) >= len(text)


def _is_table(gaps: Sequence[_Gap], rows: Sequence[Sequence[Run]]) -> bool:
    """Tell whether the cells right of each gap are aligned: the words of justified lines are not."""
    for place in range(len(gaps)):
        cells = [cell for row in rows if (cell := _cells(gaps, row)[place + 1])]
        if len(cells) < 2 or max(sum(_near(cell, other) for other in cells) for cell in cells) < 0.6 * len(cells):
            return False
    return not _are_justified(cells)


def _are_justified(cells: Sequence[Sequence[Run]]) -> bool:
    """Tell whether the last cells of rows end alike but begin anywhere, and are no numbers."""
    rights, lefts = [cell[-1].right for cell in cells], [cell[0].left for cell in cells]
    return _share_alike(rights) > 0.8 > _share_alike(lefts) and not any(map(_is_number, cells))


def _share_alike(edges: Sequence[float]) -> float:
    return max(sum(abs(one - other) < _ALIKE for other in edges) for one in edges) / len(edges)


def _cells(gaps: Sequence[_Gap], row: Sequence[Run]) -> list[list[Run]]:
    middles = [(left + right) / 2 for left, right in gaps]
    cells: list[list[Run]] = [[] for _ in range(len(gaps) + 1)]
    for run in row:
        for part in run.cut(middles):
            cells[sum(part.left > middle for middle in middles)].append(part)
    return cells


def aligned_rows(table: Aligned, rows: Sequence[Sequence[Run]]) -> Iterator[tuple[str, Run]]:
    """Yield the rows of such a table, each with its first run; a row that stands close below goes on with the last."""
    rows = rows[table.start : table.end]
    drops = [above[0].base - below[0].base for above, below in itertools.pairwise(rows)]
    tight = (min(drops) + max(drops)) / 2 if max(drops) > 1.25 * min(drops) else 0.0
    found: list[tuple[list[list[str]], Run]] = []
    for drop, row in zip([0.0, *drops], rows, strict=True):
        cells = _cells(table.gaps, row)
        if not found or (drop > tight if tight else cells[0]):
            found.append(([[] for _ in cells], row[0]))
        for words, cell in zip(found[-1][0], cells, strict=True):
            if cell:
                words.append(text_of(cell))
    for texts, first in found:
        yield " | ".join(map(joined, texts)), first
