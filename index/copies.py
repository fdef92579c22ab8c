"""Documents of one text, of which one is searched and the others are named beside it; passages nearly alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage

ALIKE = 0.8  # two passages with this share of their stretches in common are one text, copied with small changes
_STRETCH = 5  # characters
_SLOTS = 128  # of a signature: the share in common is told to some 0.04
_BITS = 7  # that choose the slot
_NONE = np.iinfo(np.uint64).max  # of a slot without a stretch
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
_MULTIPLIERS = np.array(_ODD, np.uint64)  # without a pattern, one for each character of a stretch


@dataclass(frozen=True)
class Copies:
    """The documents of a catalogue that have their text in common with others."""

    originals: dict[str, str] = field(
        default_factory=dict
    )  # id of each copy -> id of the document searched in its place
    others: dict[str, tuple[int, ...]] = field(default_factory=dict)  # id of that one -> numbers of its copies
    _starts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # passages of the copies
    _ends: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, documents: Iterable[tuple[int, int, str, int, int]]) -> Copies:
        """Take the documents whose text others have, in their order: (one number for those of one text, its own number,
        id, first passage, passages). The first of them is searched.
        """
        first: dict[int, str] = {}
        originals: dict[str, str] = {}
        others: dict[str, list[int]] = {}
        spans = []
        for text, number, id, passage, passages in documents:
            if (original := first.setdefault(text, id)) != id:
                originals[id] = original
                others.setdefault(original, []).append(number)
                spans.append((passage, passage + passages))
        starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
        return cls(originals, {id: tuple(found) for id, found in others.items()}, starts, ends)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.originals)

    def holds(self, passages: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of each passage, by its number in the index, whether it is a copy's."""
        place = np.searchsorted(self._starts, passages, side="right") - 1
        inside: NDArray[np.bool_] = (place >= 0) & (passages < self._ends[place])
        return inside


def signature(text: str) -> NDArray[np.uint64]:
    """Return the MinHash of a text's stretches, by one permutation: the least hash in each slot (Li, Owen & Zhang, "One
    permutation hashing", 2012); two texts agree in as large a share of their slots as they have stretches in common.
    """
    codes = np.frombuffer("".join(text.split()).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = len(codes) - _STRETCH + 1
    least = np.full(_SLOTS, _NONE, np.uint64)
    if count > 0:
        hashes = np.zeros(count, np.uint64)
        for place, multiplier in enumerate(_MULTIPLIERS):
            hashes += codes[place : place + count] * multiplier  # modulo 2^64
        hashes ^= hashes >> np.uint64(29)
        hashes *= _MULTIPLIERS[0]
        np.minimum.at(least, (hashes >> np.uint64(64 - _BITS)).astype(np.intp), hashes)
    return least


def likeness(one: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return about which share of the stretches of a text each of others has in common with it (Jaccard).

    Shapes: `one` (slots,), `others` (n, slots); the result (n,).
    """
    used = (one != _NONE) | (others != _NONE)
    shares: NDArray[np.float64] = ((one == others) & used).sum(axis=1) / np.maximum(used.sum(axis=1), 1)
    return shares


def repeated(passages: Sequence[Passage]) -> dict[int, int]:
    """Return which passages, best first, are nearly one of another document before them: place -> place of that one."""
    signatures = np.empty((len(passages), _SLOTS), np.uint64)
    found: dict[int, int] = {}
    for place, passage in enumerate(passages):
        signatures[place] = signature(passage.text)
        for same in np.flatnonzero(likeness(signatures[place], signatures[:place]) >= ALIKE):
            if int(same) not in found and passages[int(same)].document != passage.document:
                found[place] = int(same)
                break
    return found
