"""Enumerations: what a sentence lists, and the lines of a list joined with the one that announces it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.ranking.ranking import Sentence
from corpus.lexicon import fold
from corpus.splitting import Span

MOST_CHARACTERS = 400  # of a list that is quoted whole; a longer one ends with the last item that fits

_RUN = re.compile(r"[^，,。；;：:\n!?！？]*、[^。；;：:\n!?！？]*")
_PAIR = re.compile(r"[^，,。；;：:\n、和与及]{1,16}(?:和|与|以及|及)[^，,。；;：:\n、和与及]{1,16}")
_LEAD = re.compile(r".*(?:包括|包含|分别是|分别为|分别有|分别|例如|比如|有|是|为|含|即|如|由|给|把|同|用|以|对|在|从)")
_PARTED = re.compile(r"、|，|,|以及|和|与|及")
_TAIL = re.compile(r"(?:等等?|等.{0,8}|两个.*|[三四五六七八九十]个.*)$")
_NUMBERED = re.compile(
    r"\s*(?:[(（]?\d{1,2}[).、）]|[(（]?[一二三四五六七八九十]{1,3}[)、）]|第[一二三四五六七八九十]{1,3})"
)
_END = re.compile(r"[。！？!?][”’」』）)]*$")


def members(text: str) -> tuple[str, ...]:
    """Return what a text enumerates, folded: the lines below one that ends in a colon, or what 、 parts."""
    folded = fold(text)
    lead, *lines = folded.split("\n")
    if lines and lead.endswith(":"):
        return tuple(line.strip() for line in lines if line.strip())
    runs = [found[0] for found in _RUN.finditer(folded)] or [found[0] for found in _PAIR.finditer(folded)]
    if not runs:
        return ()
    first, *rest = _PARTED.split(max(runs, key=lambda run: run.count("、")))
    items = (_LEAD.sub("", first), *rest)
    return tuple(item for item in (_TAIL.sub("", item).strip() for item in items) if item)


def whole(sentence: Sentence) -> Sentence:
    """Return the list, from the line that announces it to its last item, that a sentence is a part of; else itself."""
    passage = sentence.hit.passage
    start, end = sentence.start - passage.start, sentence.end - passage.start
    for first, last in blocks(passage.text):
        if first <= start and end <= last:
            return replace(
                sentence, text=passage.text[first:last], start=passage.start + first, end=passage.start + last
            )
    return sentence


def blocks(text: str) -> list[Span]:
    """Return the lists of a passage: a line that ends in a colon, and the lines alike below it, none left out."""
    lines = [found.span() for found in re.finditer(r"[^\n]*\n?", text) if found[0]]
    found: list[Span] = []
    number = 0
    while number < len(lines):
        start, end = lines[number]
        items = _items(text, lines[number + 1 :], start) if text[start:end].rstrip().endswith(("：", ":")) else []
        if len(items) > 1:
            found.append((start, items[-1][0] + len(text[slice(*items[-1])].rstrip())))
        number += len(items) + 1
    return found


def _items(text: str, lines: Sequence[Span], start: int) -> list[Span]:
    """Return the lines below an announcement that are its items: all numbered or none, all sentences or none."""
    items: list[Span] = []
    for first, last in lines:
        line = text[first:last].strip()
        if not line or last - start > MOST_CHARACTERS or line.endswith(("：", ":")):
            break
        if items and _shape(line) != _shape(text[slice(*items[0])].strip()):
            break
        items.append((first, last))
    return items


def _shape(line: str) -> tuple[bool, bool]:
    numbered = _NUMBERED.match(line) is not None
    return numbered, _END.search(line) is not None and not numbered
