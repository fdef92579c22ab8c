"""How much two texts have in common, character by character."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping

SLACK = 5  # characters at the beginning of a run that may be left out


def shared_run(one: str, other: str) -> float:
    """Return the length of the longest run of `one` that stands in `other`, as a share of `one`."""
    longest, start = 0, 0
    while start + longest < len(one):
        if one[start : start + longest + 1] in other:
            longest += 1
        else:
            start += 1
    return longest / max(len(one), 1)


def character_bits(text: str) -> dict[str, int]:
    """Return for each character of a text where it stands there, one bit each."""
    bits: dict[str, int] = {}
    for place, character in enumerate(text):
        bits[character] = bits.get(character, 0) | 1 << place
    return bits


def common_length(bits: Mapping[str, int], other: str) -> int:
    """Return the length of the longest common subsequence of two texts, one given as its `character_bits`.

    Bit-parallel (Hyyrö 2004): a zero bit of `state` stands where the subsequence grew by one. Bits above the text's
    length carry nothing that is counted.
    """
    whole = functools.reduce(operator.or_, bits.values(), 0)
    state = whole
    for character in other:
        matches = state & bits.get(character, 0)
        state = (state + matches | state - matches) & whole
    return (whole & ~state).bit_count()


def alike(common: float, asked: float, length: float) -> float:
    """Return how alike question and sentence are, 0..1: twice their longest common subsequence (`common`, as a
    share of the question's `asked` characters) over both lengths, the Dice coefficient of their characters in order.
    """
    return 2 * common * asked / (asked + length)


def longest_run(run: str, text: str) -> int:
    """Return how long a run of `run`, that begins among its first characters, stands in `text`."""
    longest = 0
    for start in range(min(SLACK, len(run))):
        while start + longest < len(run) and run[start : start + longest + 1] in text:
            longest += 1
    return longest
