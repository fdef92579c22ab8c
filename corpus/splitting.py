"""Document -> passages along headings and sentences; every span is exact in the document's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.document import Document, Passage

PASSAGE_LENGTH = 400  # characters; measured in benchmarks/README.md, "Defaults"
LONG_SENTENCE = 120  # characters; a longer sentence is cut further at ；， where that leaves sense
LONGEST_SENTENCE = 200  # characters; no candidate is ever longer

Span = tuple[int, int]


def within(span: Span, spans: Iterable[Span]) -> bool:
    """Tell whether a span lies inside one of several."""
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def overlaps(span: Span, spans: Iterable[Span]) -> bool:
    """Tell whether a span has a character in common with one of several."""
    return any(start < span[1] and span[0] < end for start, end in spans)


# What stands inside these marks stays in one sentence: 《你好，李焕英！》, （见下文。）, “好。”
_ENCLOSED = re.compile(
    r"《[^《》\n]{1,80}》|（[^（）\n]{1,110}）|\([^()\n]{1,110}\)"
    r"|“[^“”\n]{1,110}”|「[^「」\n]{1,110}」|『[^『』\n]{1,110}』"
)
_CLOSERS = "”’」』）)\"'】》"
_END = re.compile(
    rf"[。！？!?]+[{_CLOSERS}]*"  # a sentence end with the quotation marks that close after it
    rf"|\.[{_CLOSERS}]*(?=\s|$|[\u4e00-\u9fff])"  # a Western full stop: not in 1.0, fast.ai or U.S.A
    r"|\n+"
)
_CLAUSE = re.compile(r"[；;][”’」』]*")
_COMMA = re.compile(r"[，,：:、][”’」』]*|\s+")
_ABBREVIATION = re.compile(
    r"(?:^|[^\w.+#-]|[\u4e00-\u9fff])"
    r"(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|Inc|Ltd|Co|Corp|Jr|Sr|e\.g|i\.e|al|Fig|Vol|pp)\.$"
    r"|(?:^|[\s(（])\d{1,3}\.$"
)
_LIST_NUMBER = re.compile(r"^\s*\d{1,3}\.$")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the spans of the sentences in `text[start:end]`, trimmed, in order; at most LONGEST_SENTENCE each."""
    end = len(text) if end is None else end
    spans: list[Span] = []
    for span in _with_lists(text, _whole_sentences(text, start, end)):
        spans.extend(_shorten(text, *span))
    return spans


def _with_lists(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Join a line that announces a list, as its colon tells, with the items on the lines below, while they fit."""
    lead: Span | None = None
    for start, end in spans:
        if lead and _is_item(text, lead, start, end):
            lead = (lead[0], end)
            continue
        if lead:
            yield lead
        lead = (start, end) if text[end - 1] in "：:" else None
        if not lead:
            yield (start, end)
    if lead:
        yield lead


def _is_item(text: str, lead: Span, start: int, end: int) -> bool:
    between = text[lead[1] : start]
    return between.count("\n") == 1 and end - lead[0] <= LONG_SENTENCE and text[end - 1] not in "。！？!?：:"


def _whole_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    enclosed = [found.span() for found in _ENCLOSED.finditer(text, start, end)]
    place, inside = start, 0
    for mark in _END.finditer(text, start, end):
        while inside < len(enclosed) and enclosed[inside][1] < mark.end():
            inside += 1
        if inside < len(enclosed) and enclosed[inside][0] < mark.start():
            if mark.end() != enclosed[inside][1] or not _ends_quotation(text, mark.end(), end):
                continue
        elif not _is_end(text, place, mark, end):
            continue
        if trimmed := _trim(text, place, mark.end()):
            yield trimmed
        place = mark.end()
    if trimmed := _trim(text, place, end):
        yield trimmed


def _ends_quotation(text: str, place: int, end: int) -> bool:
    """Tell whether a mark at a quotation's end ends the sentence around it: “好。”他说 does, “好？”他问 does not."""
    if text[place - 1] in "）)》":
        return False
    return place >= end or text[place] == "\n" or text[place - 2] == "。"


def _is_end(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    first = mark[0][0]
    if first == ".":
        before = text[max(start, mark.start() - 8) : mark.start() + 1]
        return not _ABBREVIATION.search(before) and not _LIST_NUMBER.match(text[start : mark.start() + 1])
    if first in "!?" and mark.end() < end:  # a question mark in an address, an exclamation mark in code
        following = text[mark.end()]
        return following.isspace() or ord(following) >= 0x2E80
    return True


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _shorten(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut an over-long sentence at semicolons, then at commas, then anywhere."""
    if end - start <= LONG_SENTENCE:
        yield (start, end)
        return
    for part in _pack(text, start, end, _CLAUSE, LONG_SENTENCE):
        if part[1] - part[0] <= LONG_SENTENCE:
            yield part
            continue
        for piece in _pack(text, *part, _COMMA, LONG_SENTENCE):
            while piece[1] - piece[0] > LONGEST_SENTENCE:
                yield (piece[0], piece[0] + LONGEST_SENTENCE)
                piece = (piece[0] + LONGEST_SENTENCE, piece[1])
            if trimmed := _trim(text, *piece):
                yield trimmed


def _pack(text: str, start: int, end: int, mark: re.Pattern[str], room: int) -> Iterator[Span]:
    """Cut `text[start:end]` after marks into as few parts as hold at most `room` characters each, where marks allow."""
    place, last = start, start
    cuts = [found.end() for found in mark.finditer(text, start, end)]
    for cut in [*cuts, end]:
        if cut - place > room and last > place:
            if trimmed := _trim(text, place, last):
                yield trimmed
            place = last
        last = cut
    if trimmed := _trim(text, place, end):
        yield trimmed


def split(document: Document, *, length: int = PASSAGE_LENGTH) -> list[Passage]:
    """Cut a document into passages of whole sentences, none across two sections, at most `length` characters each
    (one sentence always fits).
    """
    passages: list[Passage] = []
    for section in document.sections:
        for start, end in _gather(sentences(document.text, section.start, section.end), length):
            passages.append(
                Passage(
                    document=document.id,
                    title=document.title,
                    source=document.source,
                    date=document.date,
                    section=section.path,
                    text=document.text[start:end],
                    start=start,
                    end=end,
                    page=section.page,
                )
            )
    return passages


def _gather(spans: list[Span], length: int) -> Iterator[Span]:
    if not spans:
        return
    start, end = spans[0]
    for first, last in spans[1:]:
        if last - start > length:
            yield (start, end)
            start = first
        end = last
    yield (start, end)
