"""A file of questions, each with what counts as its answer and where that stands: SQuAD layout or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.encoding import decode
from corpus.errors import InputError
from corpus.lexicon import fold
from corpus.messages import message


def plain(text: str) -> str:
    """Return what is compared: the text in one script, width and case, without white space."""
    return "".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a file, what counts as its answer, and where that stands."""

    id: str | int
    turns: tuple[str, ...]  # the conversation; the last one is the question
    answerable: bool  # False: it must be declined
    answers: tuple[tuple[str, ...], ...] = ()  # alternatives, each of strings that must all occur; () if none is given
    document: str = ""  # the id of the document that answers; "" if none is named
    paragraph: str = ""  # the paragraph that answers, `plain`; "" if none is named
    judged: bool = True  # False: its answer was wrong, and nobody knows what is right, so it is passed over

    def answered_by(self, text: str) -> bool:
        """Tell whether the text holds all strings of one alternative."""
        held = plain(text)
        return any(all(plain(string) in held for string in alternative) for alternative in self.answers)


def load(path: Path) -> tuple[Asked, ...]:
    """Read a question file: SQuAD layout (blank questions are left out), or one JSON object a line (blank lines too).

    InputError tells the file, the place in it and what to do.
    """
    text = _read(path)
    whole = _json(text)
    squad = isinstance(whole, dict) and "data" in whole
    asked = tuple(_from_squad(whole, path) if squad else _from_lines(text, path))
    if not asked:
        raise InputError("eval-empty", path=path)
    return asked


class _EntryError(ValueError):
    """What is wrong with an entry of a question file, as a key of the catalogue."""


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds, None where it holds none; InputError where it cannot be read."""
    return _json(_read(path))


def _read(path: Path) -> str:
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise InputError("eval-unreadable", path=path, reason=error.strerror or error) from error
    if text is None:
        raise InputError("eval-unreadable", path=path, reason=message("skip-encoding"))
    return text


def _json(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_lines(text: str, path: Path) -> Iterator[Asked]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _from_line(_json(line), number)
        except _EntryError as fault:
            raise InputError("eval-line", path=path, line=number, reason=message(str(fault))) from None


def _from_line(facts: object, number: int) -> Asked:
    """Read an object of our own layout; `number` is its id where it has none."""
    if not isinstance(facts, dict):
        raise _EntryError("eval-fault-object")
    turns = facts.get("turns", [facts.get("question")])
    if not isinstance(turns, list) or not turns or not all(map(_is_text, turns)):
        raise _EntryError("eval-fault-question")
    document, given = facts.get("document") or "", facts.get("answers")
    if not isinstance(document, str):
        raise _EntryError("eval-fault-document")
    if given is None and facts.get("right") is False:  # a thumb down (feedback.py)
        return Asked(_id(facts, number), tuple(turns), answerable=True, judged=False)
    if given is None and not document:
        raise _EntryError("eval-fault-answers")
    answers = _alternatives(given)
    return Asked(_id(facts, number), tuple(turns), given is None or bool(answers), answers, document=document)


def _from_squad(facts: dict[str, Any], path: Path) -> Iterator[Asked]:
    number = 0
    for article_place, article in _items(facts, "data", "", path):
        for place, paragraph in _items(article, "paragraphs", article_place, path):
            context = paragraph.get("context")
            if not isinstance(context, str) or not context.strip():
                raise _misplaced(path, place + ".context")
            for entry_place, entry in _items(paragraph, "qas", place, path):
                number += 1
                question = entry.get("question")
                if isinstance(question, str) and not question.strip():
                    continue  # public sets hold some
                try:
                    yield _from_entry(entry, plain(context), number)
                except _EntryError as fault:
                    raise _misplaced(path, entry_place, str(fault)) from None


def _from_entry(facts: dict[str, Any], paragraph: str, number: int) -> Asked:
    """Read an entry of `qas`; where `is_impossible` is not there, an empty list of answers says the same."""
    given, impossible = facts.get("answers"), facts.get("is_impossible")
    if not _is_text(facts.get("question")):
        raise _EntryError("eval-fault-question")
    if impossible not in (None, True, False) or not (given is None or _holds_objects(given)):
        raise _EntryError("eval-fault-layout")
    answers = () if impossible or given is None else _alternatives([answer.get("text") for answer in given])
    answerable = (given is None or bool(answers)) if impossible is None else not impossible
    return Asked(_id(facts, number), (facts["question"],), answerable, answers, paragraph=paragraph)


def _items(holder: Mapping[str, Any], name: str, place: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects in the list `name` of a JSON object, each with the name of its place."""
    place = f"{place}.{name}".lstrip(".")
    items: Any = holder.get(name)
    if not _holds_objects(items):
        raise _misplaced(path, place)
    yield from ((f"{place}[{number}]", item) for number, item in enumerate(items))


def _holds_objects(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _misplaced(path: Path, place: str, key: str = "eval-fault-layout") -> InputError:
    return InputError("eval-squad", path=path, place=place, reason=message(key))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _id(facts: dict[str, Any], number: int) -> str | int:
    id = facts.get("id")
    if not isinstance(id, str | int | None):
        raise _EntryError("eval-fault-id")
    return number if id is None else id


def _alternatives(given: object) -> tuple[tuple[str, ...], ...]:
    """Read a list of strings, each an answer by itself, or of lists of strings that must all occur."""
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _EntryError("eval-fault-answers")
    found = tuple(tuple(one) if isinstance(one, list) else (one,) for one in given)
    if not all(alternative and all(map(_is_text, alternative)) for alternative in found):
        raise _EntryError("eval-fault-answers")
    return found
