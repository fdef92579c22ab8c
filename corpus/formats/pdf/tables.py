"""Tables of a printed page: cells between drawn lines, and cells that stand in columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.draft import joined
from corpus.formats.pdf.page import CJK, Box, Run

_NEAR = 4.0  # points: lines that are so near each other are one, or touch
LEADER = re.compile(r"(?:[.．·…‥]\s*){3,}\d+$")  # what ends a line of a table of contents
_WIDE = re.compile(f"(?<={CJK.pattern}) (?={CJK.pattern})")
_TIGHT = re.compile(f"{CJK.pattern}(?={CJK.pattern})")
_MOST_RULES = 400  # joined lines of a page; what has more is a drawing


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Return runs by their baselines from the top, each row from the left; a raised figure stays with its line."""
    rows: list[list[Run]] = []
    base = size = 0.0
    for run in sorted(runs, key=lambda run: -run.base):
        if rows and base - run.base < 0.45 * max(size, run.size):
            rows[-1].append(run)
            if run.size > size:
                base, size = run.base, run.size
        else:
            rows.append([run])
            base, size = run.base, run.size
    return [sorted(row, key=lambda run: run.left) for row in rows]


def text_of(row: Sequence[Run]) -> str:
    """Return the words of runs on one line, with a space where there is a gap."""
    text = row[0].text if row else ""
    for last, run in itertools.pairwise(row):
        gap = run.left - last.right
        narrow = 0.15 if not (CJK.match(text[-1:]) and CJK.match(run.text)) else 0.6
        text += (" " if gap > narrow * run.size else "") + run.text
    if len(_WIDE.findall(text)) > len(_TIGHT.findall(text)):  # set wide: the spaces are none
        text = _WIDE.sub("", text)
    return text


def cell_of(runs: Iterable[Run]) -> str:
    """Return the words of a cell on one line."""
    return joined(map(text_of, rows_of(runs)))


@dataclass(frozen=True, slots=True)
class Grid:
    """The drawn lines of one table."""

    box: Box
    walls: Sequence[Box]
    xs: Sequence[float]  # from the left
    ys: Sequence[float]  # from the top

    def holds(self, run: Run) -> bool:
        """Tell whether a run begins in the table."""
        return self.box.left - 2 < run.left < self.box.right and self.box.bottom < run.base < self.box.top

    def rows(self, runs: Sequence[Run]) -> Iterator[tuple[str, Run]]:
        """Yield the rows with words, each with its first run."""
        for top, bottom in itertools.pairwise(self.ys):
            inside = [run for run in runs if bottom <= run.base < top]
            if not inside:
                continue
            middle = (top + bottom) / 2
            edges = [
                x
                for x in self.xs[1:-1]
                if any(abs(wall.left - x) <= _NEAR and wall.bottom < middle < wall.top for wall in self.walls)
            ]
            cells: list[list[Run]] = [[] for _ in range(len(edges) + 1)]
            for run in inside:
                cells[sum(run.left + 0.4 * run.size > edge for edge in edges)].append(run)
            yield " | ".join(map(cell_of, cells)), inside[0]


def grids(rules: Iterable[Box]) -> list[Grid]:
    """Return the tables that drawn lines make: two columns at least."""
    level = _merged([rule for rule in rules if rule.right - rule.left >= rule.top - rule.bottom], upright=False)
    walls = _merged([rule for rule in rules if rule.right - rule.left < rule.top - rule.bottom], upright=True)
    if not level or not walls or len(level) + len(walls) > _MOST_RULES:
        return []
    found = []
    for parts in _joined([*level, *walls]):
        box = Box(
            min(rule.left for rule in parts),
            min(rule.bottom for rule in parts),
            max(rule.right for rule in parts),
            max(rule.top for rule in parts),
        )
        upright = [rule for rule in parts if rule.right - rule.left < rule.top - rule.bottom]
        flat = [rule for rule in parts if rule.right - rule.left >= rule.top - rule.bottom]
        xs = _distinct([box.left, box.right, *(rule.left for rule in upright)])
        ys = _distinct([box.bottom, box.top, *(rule.bottom for rule in flat)])
        if upright and flat and len(xs) > 2 and len(ys) > 1:
            found.append(Grid(box, upright, xs, ys[::-1]))
    return found


def _merged(rules: list[Box], *, upright: bool) -> list[Box]:
    """Join lines that go on each other: every cell may have drawn its own piece."""
    if upright:
        rules = [Box(rule.bottom, rule.left, rule.top, rule.right) for rule in rules]
    merged: list[Box] = []
    for _, group in itertools.groupby(sorted(rules, key=lambda rule: round(rule.bottom)), lambda r: round(r.bottom)):
        last: Box | None = None
        for rule in sorted(group):
            if last and rule.left <= last.right + _NEAR:
                last = Box(last.left, last.bottom, max(last.right, rule.right), last.top)
            else:
                merged += [last] if last else []
                last = rule
        merged += [last] if last else []
    return [Box(rule.bottom, rule.left, rule.top, rule.right) for rule in merged] if upright else merged


def _joined(rules: list[Box]) -> list[list[Box]]:
    """Return the rules in sets that hang together."""
    sets: list[list[Box]] = []
    for rule in rules:
        touching = [one for one in sets if any(_touch(rule, other) for other in one)]
        sets = [one for one in sets if not any(one is other for other in touching)]
        sets.append([rule, *itertools.chain.from_iterable(touching)])
    return sets


def _touch(a: Box, b: Box) -> bool:
    return (
        a.left <= b.right + _NEAR
        and b.left <= a.right + _NEAR
        and a.bottom <= b.top + _NEAR
        and b.bottom <= a.top + _NEAR
    )


def _distinct(places: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _NEAR:
            kept.append(place)
    return kept
