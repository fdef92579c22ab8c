"""Where the article of a saved page lies, as far as its paragraphs tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.signs import SAID, SIGNS, TOLD, Kind, Line

PROOF = 3  # so many signs, of two kinds at least, prove a page
OFTEN = 3  # a label that stands so often in a page belongs to it
NEAR = 6  # lines before a title that may be of the article too
PARAGRAPH = 40  # characters of a line that is hardly a remark


def article(seen: Sequence[Line]) -> tuple[int, int]:
    """Return where the article lies, as far as its paragraphs tell."""
    start, end = _densest(seen)
    if prose(seen[end:]) + prose(seen[:start]) > prose(seen[start:end]) / 2:  # answers, say: none is the article
        long = [place for place, line in enumerate(seen) if line.kind is Kind.PROSE and line.length >= PARAGRAPH]
        long += _posts(seen, end)
        start, end = min([start, *long]), max([end - 1, *long]) + 1
    return start, _beyond(seen, end)


def _beyond(seen: Sequence[Line], end: int) -> int:
    """Return where the article ends if a label or two and a listing's numbers stand above its last paragraphs."""
    signs = 0
    for place in range(end, len(seen)):
        line = seen[place]
        signs += line.kind in SIGNS
        if signs >= PROOF or (line.kind in SIGNS and line.kind is not Kind.LINKS):
            break
        if line.kind is Kind.PROSE and line.length >= PARAGRAPH / 2:
            end, signs = place + 1, 0
    return end


def _posts(seen: Sequence[Line], end: int) -> list[int]:
    """Return the sentences near the times when they were put on the web, where these follow one another."""
    shapes = Counter(
        line.shape for line in seen if line.kind in TOLD and ("day" in line.shape or "stamp" in line.shape)
    )
    shape, count = max(shapes.items(), key=lambda item: item[1], default=("", 0))
    if count < OFTEN:
        return []
    times = [place for place, line in enumerate(seen) if line.shape == shape]
    if times[0] >= end:  # remarks below an article
        return []
    reach = range(max(0, times[0] - NEAR), min(len(seen), times[-1] + NEAR))
    return [place for place in reach if seen[place].kind is Kind.PROSE or seen[place].shape == SAID]


def _densest(seen: Sequence[Line]) -> tuple[int, int]:
    """Return the run of lines with the greatest sum of scores."""
    best, span = 0.0, (0, 0)
    total, start = 0.0, 0
    for place, line in enumerate(seen):
        if total <= 0:
            total, start = 0.0, place
        total += line.score
        if total > best:
            best, span = total, (start, place + 1)
    return span


def prose(seen: Sequence[Line]) -> int:
    """Return how many characters of paragraphs there are."""
    return sum(line.length for line in seen if line.kind is Kind.PROSE)
