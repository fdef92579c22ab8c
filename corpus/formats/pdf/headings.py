"""Which paragraphs of printed pages are headings, and of which level."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.draft import joined
from corpus.formats.pdf.lines import LABEL, Line

_LARGER = 1.12  # than the text
_LONGEST, _LONGEST_BOLD = 80, 40  # characters
_LINES = 4
_ALIKE = 0.04  # sizes of one level differ less
_RUNNING = re.compile(r"[。！？；，、：:,;…][”’」』）)]*$")  # a heading ends with no such mark, save a question's
_SENTENCE = re.compile(r"[。；，、,;…][”’」』）)]*$")


class Entry(NamedTuple):
    """A line of a document's outline."""

    page: int
    depth: int  # from 0
    words: str


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a document: each block's level, and the block that is the title."""

    levels: Mapping[int, int]
    title: Sequence[Line]

    @classmethod
    def found(cls, blocks: Sequence[Sequence[Line]], outline: Sequence[Entry], body: float) -> Headings:
        """Find them by the outline and the tags, by size, and by weight where they stand alone."""
        entries = defaultdict(list)
        for entry in outline:
            entries[_bare(entry.words)].append(entry)
        bold = sum(len(line.text) for block in blocks for line in block if line.bold)
        strong = bold < 0.3 * sum(len(line.text) for block in blocks for line in block)
        told: dict[int, int] = {}
        sizes: dict[int, float] = {}
        for place, block in enumerate(blocks):
            depth = _depth(block, entries)
            if depth is not None:
                told[place] = depth
            elif _looks_so(block, body, strong):
                sizes[place] = block[0].size + (0.01 if block[0].bold else 0)
        ranks = _ranks(blocks, told)
        classes = sorted({*ranks.values(), *(_snapped(size, ranks.values()) for size in sizes.values())}, reverse=True)
        merged = _merged(classes)
        own = {place: ranks[depth] for place, depth in told.items()}
        own |= {place: _snapped(size, ranks.values()) for place, size in sizes.items()}
        levels = {id(blocks[place]): min(6, merged[size]) for place, size in own.items()}
        first = [blocks[place] for place in sorted(own) if blocks[place][0].page == blocks[0][0].page]
        return cls(levels, max(first, key=lambda block: block[0].size, default=()))

    def level(self, block: Sequence[Line]) -> int:
        """Return a block's level from 1; 0 where it is no heading."""
        return self.levels.get(id(block), 0)


def _depth(block: Sequence[Line], entries: Mapping[str, Sequence[Entry]]) -> int | None:
    """Return how deep a heading is, where the tags or the outline tell."""
    if block[0].row or len(block) > _LINES:
        return None
    if found := re.fullmatch(r"H([1-6])", block[0].tag.kind):
        return int(found[1]) - 1
    words = _bare(joined(line.text for line in block))
    for key in (words, re.sub(r"^[\d.]+", "", words)):
        for entry in entries.get(key, ()):
            if abs(entry.page - block[0].page) <= 1:
                return entry.depth
    return None


def _bare(words: str) -> str:
    return re.sub(r"[\s\u00ad]+", "", words)


def _looks_so(block: Sequence[Line], body: float, strong: bool) -> bool:
    """Tell whether a block looks like a heading: large, or bold where the text is not, and short."""
    line = block[0]
    words = joined(one.text for one in block)
    if line.row or line.fixed or len(block) > _LINES or len(re.findall(r"[^\W\d_]", words)) < 2:
        return False
    if line.size >= _LARGER * body:
        return len(words) <= _LONGEST and not _SENTENCE.search(words)
    item = LABEL.match(words)
    return (
        strong
        and line.bold
        and line.size > 0.95 * body
        and len(block) == 1
        and len(words) <= _LONGEST_BOLD
        and not _RUNNING.search(words)
        and not (item and item["bullet"])
    )


def _ranks(blocks: Sequence[Sequence[Line]], told: Mapping[int, int]) -> dict[int, float]:
    """Return a size for each depth, smaller the deeper."""
    sizes: dict[int, list[float]] = defaultdict(list)
    for place, depth in told.items():
        sizes[depth].append(blocks[place][0].size)
    ranks: dict[int, float] = {}
    deeper = 0.0
    for depth in sorted(sizes, reverse=True):
        deeper = ranks[depth] = max(statistics.median(sizes[depth]), deeper * (1 + 2 * _ALIKE))
    return ranks


def _snapped(size: float, ranks: Iterable[float]) -> float:
    """Return the size of a depth that is told, if this is nearly that."""
    return next((rank for rank in ranks if abs(rank - size) < _ALIKE * size), size)


def _merged(classes: Sequence[float]) -> dict[float, int]:
    """Return the level of each size, from the largest; sizes that differ hardly share one."""
    levels: dict[float, int] = {}
    level, top = 0, float("inf")
    for size in classes:
        if size < top * (1 - _ALIKE) or level == 0:
            level, top = level + 1, size
        levels[size] = level
    return levels
