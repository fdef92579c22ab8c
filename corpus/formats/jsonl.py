"""Records in JSON: one a line (.jsonl), one after the other, or a list of them (.json)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from corpus.draft import Draft
from corpus.encoding import text_of
from corpus.errors import UnreadableError
from corpus.formats.rows import bare_name, lines_of, write_record

_BETWEEN = re.compile(r"[\s,]*")
_SOURCES = frozenset({"source", "url", "来源", "出处", "链接", "网址"})
_DATES = frozenset({"date", "日期", "发布日期", "发布时间"})
_WORDS = {True: "是", False: "否", None: ""}
_SENTENCE = re.compile(r"[。！？!?.]$")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)  # numbers as written: 1.0 stays 1.0


class _Value(NamedTuple):
    """A value, or a line that is none."""

    raw: str
    found: Any = None
    sound: bool = True


@dataclass(slots=True)
class _Record:
    """An object, flattened; without names, a bare text."""

    level: int
    names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def told(self, names: frozenset[str]) -> set[str]:
        """Return the values under any of these names."""
        return {
            value for name, value in zip(self.names, self.values, strict=False) if value and bare_name(name) in names
        }


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return each object under its title or question, or as a sentence of its keys and values; a line that is no JSON
    stays as it is. UnreadableError where no line is JSON.
    """
    draft = Draft()
    good = bad = 0
    sources: Counter[str] = Counter()
    dates: Counter[str] = Counter()
    named = False  # the last one was an object, and what follows begins a passage
    for value in _values(text_of(data)):
        records = _sound_records(value)
        good, bad = good + (records is not None), bad + (records is None)
        for record in [_Record(1, values=[value.raw])] if records is None else records:
            if named and not record.names:
                draft.part()
            named = bool(record.names)
            _write(draft, record)
            sources.update(record.told(_SOURCES))
            dates.update(record.told(_DATES))
    if bad and not good:
        raise UnreadableError("skip-damaged", reason=f"JSON 0/{bad}")
    draft.part()
    draft.source, draft.date = _common(sources, good), _common(dates, good)
    return draft


def _sound_records(value: _Value) -> list[_Record] | None:
    """Return the records of a value; None for a line that is none, or that is too deep to follow."""
    try:
        return list(_records(value.found, 1)) if value.sound else None
    except RecursionError:
        return None


def _common(told: Counter[str], count: int) -> str:
    """Return what all of so many records tell alike."""
    return next(iter(told)) if len(told) == 1 and told.total() == count else ""


def _write(draft: Draft, record: _Record) -> None:
    if record.names:
        write_record(draft, tuple(record.names), record.values, level=record.level)
        return
    for value in record.values:
        for line in lines_of(value):
            draft.line(line)


def _values(text: str) -> Iterator[_Value]:
    """Yield the values one by one, of a list or one after the other, and the lines that are none."""
    place = _past(text, 0)
    listed = text.startswith("[", place) and not _is_line(text, place)
    place += listed
    sound = True
    while (place := _past(text, place, listed=listed)) < len(text):
        if listed and text[place] == "]":
            listed = False
            place += 1
            continue
        end = _end(text, place)
        # After a line that is no value, one that goes on below the line is not looked for: in a file of unclosed
        # brackets each would be followed to its end.
        source, start = (text, place) if sound else (text[place:end], 0)
        try:
            found, after = _DECODER.raw_decode(source, start)
            after += place - start
            sound = listed or _past(text, after) >= _end(text, after)
        except (ValueError, RecursionError):
            sound = False
        yield _Value(text[place:after], found) if sound else _Value(text[place:end].strip(), sound=False)
        place = after if sound else end


def _is_line(text: str, place: int) -> bool:
    """Tell whether a list stands on a line of its own, with more lines below it: then it is one value of several."""
    end = _end(text, place)
    if _past(text, end) == len(text):
        return False
    try:
        return _past(text, _DECODER.raw_decode(text[:end], place)[1]) >= end
    except (ValueError, RecursionError):
        return False


def _past(text: str, place: int, *, listed: bool = False) -> int:
    """Return the place after white space, and in a list after commas."""
    if listed:
        found = _BETWEEN.match(text, place)
        return found.end() if found else place
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _end(text: str, place: int) -> int:
    return text.find("\n", place) + 1 or len(text)


def _records(value: Any, level: int) -> Iterator[_Record]:  # noqa: ANN401 - whatever JSON can hold
    """Yield the records of a value: an object's own, then those of the objects in its lists."""
    match value:
        case dict():
            record = _Record(level)
            below: list[Any] = []
            _flatten(value, "", record, below)
            if any(record.values):
                yield record
            for one in below:
                yield from _records(one, level + 1)
        case list() if any(isinstance(one, dict | list) for one in value):
            for one in value:
                yield from _records(one, level)
        case _:
            yield _Record(level, values=[_text(value)])


def _flatten(value: Mapping[str, Any], prefix: str, record: _Record, below: list[Any]) -> None:
    """Add the keys and values of an object to a record, those inside as 键.子键; lists of objects go `below`."""
    for key, one in value.items():
        if isinstance(one, dict):
            _flatten(one, f"{prefix}{key}·", record, below)
        elif isinstance(one, list) and any(isinstance(item, dict | list) for item in one):
            below.append(one)
        else:
            record.names.append(prefix + key)
            record.values.append(_text(one))


def _text(value: Any) -> str:  # noqa: ANN401
    """Return what a value says; the items of a list on lines of their own where they are sentences."""
    if isinstance(value, list):
        items = [text for item in value if (text := _text(item))]
        return ("\n" if any(_SENTENCE.search(item) for item in items) else "、").join(items)
    return value if isinstance(value, str) else _WORDS[value]
