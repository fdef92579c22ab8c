"""Lines of printed pages -> the blocks of a text: paragraphs, items, rows and programs."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.formats.pdf.lines import LABEL, Line
from corpus.formats.pdf.page import CJK, NO_TAG
from corpus.formats.pdf.tables import LEADER
from corpus.formats.pdf.words import MARKS

_APART = 1.3  # of the usual distance between two lines: where a paragraph ends
_PITCH = 1.5  # sizes: the distance between two lines, where no paragraph tells it
ENDED = re.compile(r"[。！？!?；;：:….][”’」』）)\"']*$")
# what many programs keep together
_WORD = re.compile(f"[\u2e80-\u2fff\u3040-\ufaff]?(?:[^\\s\u2e80-\uffef]|[{MARKS}])*")

_BROKEN = re.compile(r"[A-Za-z][-\u00ad]$")  # in the middle of a word


@dataclass(frozen=True, slots=True)
class Spacing:
    """The usual distances of a document's lines: what is wider parts two paragraphs."""

    body: float  # size of most of the text
    pitches: Mapping[float, float]  # size -> distance between the lines of a paragraph
    parted: bool  # by space: a line may be short because the next word is long

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Spacing:
        """Measure lines: those that reach the right edge go on below."""
        sizes: Counter[float] = Counter()
        drops: dict[float, list[float]] = defaultdict(list)
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
        for last, line in itertools.pairwise(lines):
            size = round(line.size * 2) / 2
            drop = last.base - line.base
            if _beside(last, line) and 0.9 * size < drop < 3 * size and last.edges[1] - last.right < 1.5 * size:
                drops[size].append(drop)
        body = sizes.most_common(1)[0][0] if sizes else 1.0
        found = cls(body, {size: statistics.median_low(all_) for size, all_ in drops.items() if len(all_) > 2}, False)
        return replace(found, parted=found._parted(lines))

    def _parted(self, lines: Sequence[Line]) -> bool:
        """Tell whether space stands behind most paragraphs, as their last lines show: short, with a sentence's end."""
        wide = count = 0
        for last, line in itertools.pairwise(lines):
            drop = last.base - line.base
            if _beside(last, line) and drop > 0 and ENDED.search(last.text) and _is_short(last, line, last.edges[1]):
                count += 1
                wide += drop > _APART * self.pitch(line.size)
        return count > 1 and wide > 0.8 * count

    def pitch(self, size: float) -> float:
        """Return the distance between two lines of a size in one paragraph."""
        size = round(size * 2) / 2
        return self.pitches.get(size) or size * self.pitches.get(self.body, _PITCH * self.body) / self.body


def _beside(a: Line, b: Line) -> bool:
    """Tell whether two lines stand in one column and look alike."""
    return a.page == b.page and a.edges == b.edges and abs(a.size - b.size) < 0.08 * a.size and not a.row and not b.row


def blocks_of(lines: Sequence[Line]) -> tuple[list[list[Line]], Spacing]:
    """Return the blocks in reading order, and the spacing that told them apart."""
    spacing = Spacing.of(lines)
    return _with_notes_first(list(_blocks(lines, spacing)), spacing), spacing


def _blocks(lines: Sequence[Line], spacing: Spacing) -> Iterator[list[Line]]:
    """Gather the lines of each paragraph; a row of a table is one by itself, a program keeps together."""
    typewritten = sum(len(line.text) for line in lines if line.fixed) > 0.5 * sum(len(line.text) for line in lines)
    for line in lines if typewritten else ():
        line.fixed = False
    if not _are_sound(lines, spacing):
        for line in lines:
            line.tag = NO_TAG
    _mark_programs(lines, spacing)
    rights = _rights(lines, spacing)
    block: list[Line] = []
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        if block and not _goes_on(block, line, after, rights[place - 1], spacing):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _are_sound(lines: Sequence[Line], spacing: Spacing) -> bool:
    """Tell whether the tags part paragraphs: some programs put every line into a block of its own."""
    full = broken = 0
    for last, line in itertools.pairwise(lines):
        close = 0 < last.base - line.base < _APART * spacing.pitch(line.size)
        if _beside(last, line) and close and last.tag.block and not _is_short(last, line, last.edges[1]):
            full += 1
            broken += last.tag.block != line.tag.block and not ENDED.search(last.text)
    return broken <= 0.3 * full


def _mark_programs(lines: Sequence[Line], spacing: Spacing) -> None:
    """Take a line for a program's if it stands between such lines, and none for one that stands in a paragraph."""
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        if above.fixed and below.fixed and _beside(above, line) and line.left > above.edges[0] - 1 and not line.fixed:
            line.fixed = above.tag.block == line.tag.block and above.base - below.base < 5 * spacing.pitch(line.size)
    alone = [
        line
        for above, line, below in zip([None, *lines], lines, [*lines[1:], None], strict=False)
        if line.fixed
        and not (above and above.fixed)
        and not (below and below.fixed)
        and above
        and above.tag.block == line.tag.block
        and above.page == line.page
        and 0 < above.base - line.base < _APART * spacing.pitch(line.size)
        and not ENDED.search(above.text)
    ]
    for line in alone:
        line.fixed = False


def _rights(lines: Sequence[Line], spacing: Spacing) -> list[float]:
    """Return for each line how far to the right the lines of its own stretch, without wider space, reach."""
    rights: list[float] = []
    start = 0
    for place, line in enumerate(lines):
        if place and not (
            _beside(lines[place - 1], line)
            and 0 < lines[place - 1].base - line.base < _APART * spacing.pitch(line.size)
        ):
            rights += [max(one.right for one in lines[start:place])] * (place - start)
            start = place
    return rights + [max((one.right for one in lines[start:]), default=0.0)] * (len(lines) - start)


def _goes_on(block: Sequence[Line], line: Line, after: Line | None, right: float, spacing: Spacing) -> bool:
    """Tell whether a line goes on with the paragraph of a block."""
    last = block[-1]
    if last.row or line.row or last.fixed != line.fixed:
        return False
    if last.page == line.page and last.tag.block and line.tag.block:
        return last.tag.block == line.tag.block
    drop = last.base - line.base
    flows = last.page != line.page or last.edges != line.edges  # over a page's or a column's end
    if line.fixed:
        return flows or 0 < drop < 4 * spacing.pitch(line.size)
    if abs(last.size - line.size) > 0.08 * max(last.size, line.size) or LEADER.search(last.text):
        return False
    if line.tag.kind.startswith("H") or (flows and line.size > 1.1 * spacing.body):
        return False
    if not flows and not 0 < drop < (
        _APART * spacing.pitch(line.size) if line.size < 1.1 * spacing.body else 1.9 * line.size
    ):
        return False
    return not _begins(block, line, after, right, flows, spacing)


def _begins(block: Sequence[Line], line: Line, after: Line | None, right: float, flows: bool, spacing: Spacing) -> bool:
    """Tell whether a line that stands close below a paragraph begins a new one."""
    last, size = block[-1], line.size
    if _BROKEN.search(last.text) and line.text[:1].islower():
        return False
    ended = bool(ENDED.search(last.text))
    short = _is_short(last, line, last.edges[1]) and (ended or flows or _is_short(last, line, right))
    very_short = last.right - last.edges[0] < 0.6 * (last.edges[1] - last.edges[0])
    if short and not flows and spacing.parted and not ended and re.match("[A-Za-z]", line.text):
        short = False
    if short and (ended or very_short or not flows):
        return True
    item = LABEL.match(block[0].text)
    label = LABEL.match(line.text)
    if label and (label["bullet"] or short or ended or item):
        return True
    if last.bold != line.bold and (short or ended or (len(block) == 1 and last.bold)):
        return True
    indent, before = line.left - line.edges[0], last.left - last.edges[0]
    if item and len(block) == 1:
        return indent < before - 0.5 * size or indent > before + 5 * size
    if indent > before + 0.8 * size:
        return True
    goes_back = after is not None and after.page == line.page and after.left - after.edges[0] < indent - 0.8 * size
    return goes_back and ended and 0.8 * size < indent < 5 * size and abs(indent - before) < 0.3 * size


def _is_short(line: Line, following: Line, right: float) -> bool:
    """Tell whether the next line's first word would have found room behind this one."""
    word = _WORD.match(following.text)
    first = word[0] if word else ""
    width = sum(1.0 if CJK.match(character) else 0.5 for character in first)
    return right - line.right > (max(width, 1.0) + 1.2) * line.size


def _with_notes_first(blocks: list[list[Line]], spacing: Spacing) -> list[list[Line]]:
    """Put the footnotes of a page before its last paragraph, if that goes on overleaf."""
    place = 1
    while place < len(blocks):
        start = place
        while (
            start and blocks[start - 1][-1].page == blocks[place][0].page - 1 and _is_note(blocks[start - 1], spacing)
        ):
            start -= 1
        if start and start < place and not _is_note(blocks[place], spacing):
            body, line = blocks[start - 1], blocks[place][0]
            if body[-1].page == line.page - 1 and _goes_on(body, line, None, body[-1].edges[1], spacing):
                blocks[start - 1 : place + 1] = [*blocks[start:place], [*body, *blocks[place]]]
                place -= 1
        place += 1
    return blocks


def _is_note(block: Sequence[Line], spacing: Spacing) -> bool:
    return block[0].size < 0.93 * spacing.body and not block[0].row
