"""Which lines of a text without marks are headings, and of which level.

A numbered line is a heading where text stands between it and the next number; numbers that follow one another line by
line are a list. Levels are relative: a kind of number that is new lies below the one before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

LONGEST = 40  # characters of a heading, without its number
LONGEST_QUESTION = 80
PARAGRAPH = 20  # characters; a line as long, with a sentence's end, is a paragraph

_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {"〇": 0, "两": 2, **{character: value for value, character in enumerate("零一二三四五六七八九")}}
_HAN = "".join((*_DIGITS, *_UNITS))
_NUMBER = re.compile(
    rf"第\s?(?P<chapter>\d{{1,4}}|[{_HAN}]{{1,7}})\s?"
    r"(?:(?P<unit>[章节節编編篇卷])|(?P<loose>部分|单元|[部回集讲講课課条條])(?=[\s:：、]|$))\s*[:：、.]?"
    rf"|(?P<han>[{_HAN}]{{1,3}})\s?[、．.](?!\d)"
    rf"|[(（]\s?(?P<inhan>[{_HAN}]{{1,3}})\s?[)）]、?"
    r"|(?P<deep>\d{1,2}(?:[.．]\d{1,2}){1,4})[.．、]?(?:\s+|(?=[\u4e00-\u9fff]))"
    r"|(?P<point>\d{1,3})\s?[.．、](?![\d.])"
    r"|[(（]\s?(?P<round>\d{1,2})\s?[)）]、?"
    r"|(?P<half>\d{1,2})[)）]"
    r"|(?P<ring>[①-⑳])"
    r"|(?P<letter>[A-Z])[.．、](?![A-Z]\.)"
    r"|(?P<question>(?:[QＱ]|问题?|問題?)\s?\d{0,3})\s?[:：.、]"
    r"|(?P<bare>\d{1,2})\s+(?=[A-Za-z\u4e00-\u9fff])"
)
_START = re.compile(rf"\s*[第{_HAN}(（\d①-⑳A-ZＱ问問]")  # no number begins otherwise
_ANSWER = re.compile(r"[AＡ]\s?\d{0,3}\s?[:：.、]|答(?:案|复|覆)?\s?[:：]")
_INSIDE = re.compile(r"[。；！!;]|[？?].|\.\s[A-Z]|https?://|www\.")
_END = re.compile(r"[。！？!?…；;.][”’」』）)\"'】]*$")
_NO_HEADING = re.compile(r"[。；！!？?;，,：:…@|｜=<>{}\\\t]|\d[:：]\d|\d{4}[-/.年]\d|\.\w{2,4}$|https?|^[\W\d_]")
_NO_TITLE = re.compile(
    r"[。；;…@|｜=<>{}\\\t]|[，,：:、]$|^[^：:]{1,4}[：:]|\d[:：]\d|\d{4}[-/.年]\d|https?|^[\W\d_]*$"
)
_ROW = re.compile(r"\t|\s[|｜]\s")  # what stands between the cells of a table
_INTRODUCES = re.compile(r".{7}[：:]$")  # a line before a listing
_VERSION = re.compile(r"[vV]?\d{1,3}\.\d{1,3}\.\d{1,4}(?:[-.]?\w{1,6})?")
_ENTRY = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.、]?\s|[▪•·●○■◦-]\s?)\s*(?P<words>\S.{1,30})")  # of a table of contents
_OUTER = (
    "卷",
    "部",
    "部分",
    "编",
    "編",
    "篇",
    "集",
    "单元",
    "章",
    "回",
    "讲",
    "講",
    "课",
    "課",
    "节",
    "節",
    "条",
    "條",
)
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?:\s|$)")


class Outline(NamedTuple):
    """The headings of a text."""

    levels: list[int]  # of each line, from 1, the outermost; 0 for what is no heading
    title: str = ""  # what stands alone at the top, if anything does; it has level 1 then


@dataclass(slots=True)
class _Numbered:
    """A line with a number before it."""

    place: int  # among the lines that are not blank
    kind: str
    value: int
    fits: bool  # it is as short and unfinished as a heading


class _Text(NamedTuple):
    """The lines that are not blank, stripped, and what is known of all of them."""

    lines: list[str]
    numbered: dict[int, _Numbered]  # by place
    words: list[int]  # how many lines before each place are no numbered lines that could be headings
    counts: Counter[str]  # how often each short line stands in the text
    apart: list[bool]  # whether a blank line stands before each place

    def between(self, place: int, following: int) -> bool:
        """Tell whether text stands between two places."""
        return self.words[following] > self.words[place + 1]


def outline(lines: Sequence[str]) -> Outline:
    """Tell the level of each line of a text; a paragraph is best given as one line, blank lines may stand or not."""
    places = [place for place, line in enumerate(lines) if line and not line.isspace()]
    text = _read(
        [lines[place].strip() for place in places], [here > above + 1 for above, here in pairwise([-1, *places])]
    )
    groups = _groups(text.numbered.values())
    found = [group for group in groups if _are_headings(group, text)]
    kinds = {item.place: item.kind for group in found for item in group if item.fits}
    often = Counter(group[0].kind for group in found)
    lists = {group[0].place for group in groups if len(group) > 2 and group[0].place not in kinds}
    entries, announced = _contents(text)
    kinds = {place: kind for place, kind in kinds.items() if place not in entries}
    kinds |= dict.fromkeys(announced, "") | dict.fromkeys(_versions(text), "version")
    title = _title(text, kinds)
    for place in range(1 if title else 0, len(text.lines)):
        if place not in kinds and place not in entries and _stands_above(place, text, kinds, lists):
            kinds[place] = ""
    levels = [0] * len(lines)
    for place, level in _levels(kinds, 2 if title else 1, {kind for kind in often if often[kind] == 1}):
        levels[places[place]] = level
    if title:
        levels[places[0]] = 1
    return Outline(levels, title)


def _read(lines: list[str], apart: list[bool]) -> _Text:
    numbered = {
        place: item for place, line in enumerate(lines) if _START.match(line) and (item := _number(place, line))
    }
    words = [0, *accumulate(not (place in numbered and numbered[place].fits) for place in range(len(lines)))]
    return _Text(lines, numbered, words, Counter(line for line in lines if len(line) <= LONGEST), apart)


def _number(place: int, line: str) -> _Numbered | None:
    found = _NUMBER.match(line)
    if not found or not found.lastgroup:
        return None
    kind = found.lastgroup
    written = found[kind]
    if kind in {"unit", "loose"}:
        kind, written = written, found["chapter"]
    elif kind == "deep":
        *above, written = re.split(r"[.．]", written)
        kind = "." * len(above)
    value = 0 if kind == "question" else _value(written)
    return _Numbered(place, kind, value, _fits(line[found.end() :].strip(), kind))


def _value(written: str) -> int:
    """Return the number that is written in digits, Chinese numerals, as a letter or in a ring."""
    if written.isdecimal():
        return int(written)
    if "A" <= written <= "Z":
        return ord(written) - ord("A") + 1
    if "①" <= written <= "⑳":
        return ord(written) - ord("①") + 1
    total = digit = 0
    for character in written:
        if unit := _UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _fits(words: str, kind: str) -> bool:
    """Tell whether words after a number are a heading's: short, and no sentence but a question."""
    if not words:
        return (len(kind) == 1 and kind != ".") or kind in {"部分", "单元"}
    if words[-1] in "？?":
        return len(words) <= LONGEST_QUESTION and not _INSIDE.search(words)
    return (
        len(words) <= LONGEST
        and words[-1] not in "。；;，,、…！!.．—"
        and not words[0].isdigit()
        and any(map(str.isalpha, words))
        and words.count("，") + words.count(",") < 3
        and not _INSIDE.search(words)
    )


def _groups(numbered: Iterable[_Numbered]) -> list[list[_Numbered]]:
    """Return the numbered lines that count on from one another, also across other counts inside them."""
    groups: list[list[_Numbered]] = []
    waiting: dict[
        tuple[str, int], list[list[_Numbered]]
    ] = {}  # by the number that would go on with them, innermost last
    for item in numbered:
        going_on = waiting.get((item.kind, item.value))
        if going_on and item.kind != "question":
            group = going_on.pop()
        else:
            group = []
            groups.append(group)
        group.append(item)
        waiting.setdefault((item.kind, item.value + 1), []).append(group)
    return groups


def _are_headings(group: list[_Numbered], text: _Text) -> bool:
    """Tell whether numbered lines are headings rather than a list's items."""
    first, last = group[0], group[-1]
    if last.place + 1 == len(text.lines) and len(group) == 1:
        return False
    if first.kind == "question":
        following = text.lines[first.place + 1]
        return first.fits and (text.lines[first.place][-1] in "？?" or bool(_ANSWER.match(following)))
    if first.kind not in _OUTER and (first.value != 1 or len(group) == 1):
        return False
    if sum(item.fits for item in group) < 0.7 * len(group):
        return False
    filled = sum(text.between(here.place, below.place) for here, below in pairwise(group))
    return 2 * filled >= len(group) - 1


def _title(text: _Text, kinds: dict[int, str]) -> str:
    """Return the line at the top if it stands above the whole text, at most a line or two about the author between."""
    lines = text.lines
    if not lines or 0 in text.numbered or len(lines[0]) > LONGEST or text.counts[lines[0]] > 1:
        return ""
    if _NO_TITLE.search(lines[0]) or not any(map(str.isalpha, lines[0])):
        return ""
    for place in range(1, min(4, len(lines))):
        if place in kinds or _is_paragraph(lines[place]):
            return lines[0]
        if len(lines[place]) > 20 or place in text.numbered or _SENTENCE.search(lines[place]):
            break
    return ""


def _contents(text: _Text) -> tuple[set[int], set[int]]:
    """Return the entries of a table of contents and the headings that they announce: three or more lines that stand
    again further below, each alone on its line.
    """
    entries: dict[str, int] = {}
    for place, line in enumerate(text.lines):
        if len(line) <= LONGEST and (found := _ENTRY.fullmatch(line)) and text.counts[found["words"]] == 1:
            entries.setdefault(found["words"], place)
    if not entries:
        return set(), set()
    announced = {place for place, line in enumerate(text.lines) if entries.get(line, place) < place}
    if len(announced) < 3 or max(entries[text.lines[place]] for place in announced) > min(announced):
        return set(), set()
    return {entries[text.lines[place]] for place in announced}, announced


def _versions(text: _Text) -> list[int]:
    """Return the numbers of versions that stand alone above what changed: two or more, all different."""
    found = [place for place, line in enumerate(text.lines) if _VERSION.fullmatch(line) and text.counts[line] == 1]
    above = [place for place in found if place + 1 < len(text.lines) and not _VERSION.fullmatch(text.lines[place + 1])]
    return above if len(above) > 1 and len(above) == len(found) else []


def _is_paragraph(line: str) -> bool:
    return len(line) >= PARAGRAPH and bool(_SENTENCE.search(line))


def _stands_above(place: int, text: _Text, kinds: dict[int, str], lists: set[int]) -> bool:
    """Tell whether a line without a number is a heading: short, unlike all others, with a paragraph or list below it
    and above it a sentence's end, a heading, or a block of lines that a blank line ends.
    """
    line, lines = text.lines[place], text.lines
    if not 2 <= len(line) <= LONGEST or place in text.numbered or place + 1 == len(lines):
        return False
    if text.counts[line] > 1 or _NO_HEADING.search(line) or (line.isascii() and line[0].islower()):
        return False  # the last of them: a command of a program
    alone = text.apart[place] and text.apart[place + 1]
    row = bool(_ROW.search(lines[place + 1]))
    if place + 1 in kinds:
        return alone and kinds[place + 1] == "question" and place - 1 not in kinds  # below a question it is the answer
    if not (place + 1 in lists or row or _is_paragraph(lines[place + 1]) or _INTRODUCES.search(lines[place + 1])):
        return False
    if place == 0 or place - 1 in kinds or _END.search(lines[place - 1]):
        return True
    if _ROW.search(lines[place - 1]):
        return not row
    return alone and not text.apart[place - 1]


def _levels(kinds: dict[int, str], outermost: int, once: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the place and level of each heading; `once` are the kinds of number that never begin anew."""
    path: list[str] = []
    for place, kind in sorted(kinds.items()):
        if kind in path:
            del path[path.index(kind) + 1 :]
        else:
            while path and (_rank(path[-1]) > _rank(kind) or (not path[-1] and kind in once)):
                path.pop()
            path.append(kind)
        yield place, outermost + len(path) - 1


def _rank(kind: str) -> int:
    """Return how far out a kind of heading lies, where its name alone tells that."""
    return _OUTER.index(kind) if kind in _OUTER else len(_OUTER)
