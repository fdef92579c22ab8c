"""How a document's writer puts words together, and what its lines broke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats.pdf.lines import Line
from corpus.formats.pdf.page import CJK, HYPHEN

MARKS = r"\u00b7\u2014\u2018-\u201d\u2026\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"  # Chinese
_MARK = re.compile(f"[{MARKS}]")
_MIXED = re.compile(r"[\u4e00-\u9fff](?=[A-Za-z0-9])|[A-Za-z0-9](?=[\u4e00-\u9fff])")
_MIXED_SPACED = re.compile(r"[\u4e00-\u9fff] (?=[A-Za-z0-9])|[A-Za-z0-9] (?=[\u4e00-\u9fff])")
_START = re.compile(r"[A-Za-z]+")
_END = re.compile(r"([A-Za-z]+)([-\u00ad]?)\Z")
_INNER = re.compile(r"(?<=.)(?<![A-Za-z])[A-Za-z]+(?:-[A-Za-z]+)*(?![A-Za-z-])(?=.)")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the middle of a document's lines: it tells what stood where they end."""

    spaced: bool  # between Chinese and Latin letters
    latin: frozenset[str]  # words, some with hyphens

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Words:
        """Gather them."""
        text = "\n".join(line.text for line in lines)
        spaced = len(_MIXED_SPACED.findall(text)) >= len(_MIXED.findall(text))
        return cls(spaced, frozenset(_INNER.findall(text)))

    def joined(self, block: Sequence[Line]) -> tuple[str, list[int]]:
        """Return the lines of a paragraph as one, and where in it each begins."""
        pieces: list[str] = []
        starts, length, last = [], 0, ""
        for line in block:
            text = line.text.replace(HYPHEN, "") if not line.text.endswith(HYPHEN) else line.text
            if pieces:
                kept, between = self._seam(last, text)
                length += len(kept) + len(between) - len(last)
                pieces[-1:] = kept, between
            pieces.append(text)
            starts.append(length)
            length, last = length + len(text), text
        return "".join(pieces).removesuffix(HYPHEN), starts

    def text(self, block: Sequence[Line]) -> str:
        """Return the lines of a paragraph as one, words that a line's end broke made whole."""
        return self.joined(block)[0]

    def _seam(self, last: str, line: str) -> tuple[str, str]:
        """Return what is kept of a line and what stood behind it before the next was set below."""
        end, start = _END.search(last[-80:]), _START.match(line)
        if not end or not start:
            return last.removesuffix(HYPHEN), " " if self._is_space(last[-1:], line[:1]) else ""
        word, hyphen = end.groups()
        if not hyphen:
            return last, "" if word + start[0] in self.latin and word not in self.latin else " "
        return last[:-1], "-" if f"{word}-{start[0]}" in self.latin or not start[0].islower() else ""

    def _is_space(self, before: str, after: str) -> bool:
        if _MARK.match(before) or _MARK.match(after):
            return False
        chinese = bool(CJK.match(before)) + bool(CJK.match(after))
        return chinese == 0 or (chinese == 1 and self.spaced)
