"""What the models of other programs can call: to ask, to search and to read; each with what it takes and gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant import render
from assistant.answering.answer import Quote
from assistant.assistant import Assistant
from assistant.web.api import schema
from assistant.web.api.schema import TURNS, Asked, Model
from corpus.errors import InputError
from corpus.messages import CATALOGUE, LANGUAGES, message, speaking
from corpus.splitting import Span

PAGE = 3000  # characters that are read at a time
TOP = 5  # passages that are found, where nothing else is said
MOST = 20  # that are found at all

Result = tuple[str, dict[str, Any]]
"""What a tool gives: as text, and as fields."""


def both(key: str, **values: object) -> str:
    """Return a message in every language: a model's own is not known."""
    texts = []
    for language in LANGUAGES:
        with speaking(language):
            texts.append(message(key, **values))
    return "\n".join(texts)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its names, what it takes and gives as models of pydantic, and what it does."""

    name: str
    title: str
    description: str
    takes: type[Taken]
    gives: type[BaseModel]
    run: Callable[[Assistant, Any], Result]

    @property
    def input_schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        return self.takes.model_json_schema()

    @property
    def output_schema(self) -> dict[str, Any]:
        """What it gives, as JSON Schema in the language that is spoken."""
        worded: dict[str, Any] = _worded(self.gives.model_json_schema(mode="serialization"))
        return worded


def _worded(node: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema whose descriptions are texts: in assistant/web/api/schema.py they are keys of the catalogue."""
    if isinstance(node, list):
        return [_worded(one) for one in node]
    if not isinstance(node, dict):
        return node
    worded = {key: _worded(value) for key, value in node.items()}
    told = worded.get("description")
    return {**worded, "description": message(told)} if isinstance(told, str) and told in CATALOGUE else worded


# -- what they take


class Taken(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(extra="forbid")  # a model that mistakes a name is told so

    collection: str = Field("", description=both("mcp-collection"))


def _listed(given: object) -> object:
    """Return a list that came as its JSON, as some clients send it, or a text as the only one of a list."""
    if not isinstance(given, str):
        return given
    try:
        value = json.loads(given)
    except (ValueError, RecursionError):
        value = given
    return value if isinstance(value, list) else [given]


class Ask(Taken):
    """A question."""

    question: Asked = Field(description=both("mcp-question"))
    history: Annotated[list[Asked], BeforeValidator(_listed)] = Field(
        [], max_length=TURNS, description=both("mcp-history")
    )


class Search(Taken):
    """A search."""

    query: Asked = Field(description=both("mcp-query"))
    top: int = Field(TOP, ge=1, le=MOST, description=both("mcp-top"))


class Read(Taken):
    """A place in a document."""

    document: str = Field(description=both("mcp-document"))
    start: int = Field(0, ge=0, description=both("mcp-start"))
    end: int | None = Field(None, description=both("mcp-end"))


# -- what they do


def _ask(assistant: Assistant, taken: Ask) -> Result:
    answer = assistant.ask(taken.question, taken.history, top=TOP)
    return render.answer_text(answer), render.answer_facts(answer)


def _search(assistant: Assistant, taken: Search) -> Result:
    answer = assistant.ask(taken.query, top=taken.top)
    quotes = [Quote.of_hit(hit) for hit in answer.hits]
    lines = [f"[{number}] {render.citation(quote)}\n{quote.text}" for number, quote in enumerate(quotes, start=1)]
    return "\n\n".join(lines) or message("mcp-nothing"), render.found_facts(taken.query, answer)


def _read(assistant: Assistant, taken: Read) -> Result:
    try:
        document = assistant.document(taken.document)
    except InputError as error:  # a model cannot run a command to see them all
        raise InputError("mcp-missing", document=taken.document) from error
    text, length = document.text, len(document.text)
    start, end = window(text, taken.start, taken.end)
    facts = {
        "document": document.id,
        "title": document.title,
        "source": document.source,
        "date": document.date,
        "sha256": document.sha256,
        "length": length,
        "start": start,
        "end": end,
        "text": text[start:end],
        "quote": None if taken.end is None else text[taken.start : min(taken.end, end)],
        "previous": max(0, start - PAGE) if start else None,
        "next": end if end < length else None,
    }
    names = ("title", "document", "start", "end", "length")
    lines = [message("mcp-part", **{name: facts[name] for name in names}), "", text[start:end]]
    lines += ["", message("mcp-next", start=end)] if end < length else []
    return "\n".join(lines), facts


def window(text: str, start: int, end: int | None) -> Span:
    """Return which part of a text is shown: the quote in the midst of a page, or without `end` the page from `start`.

    A page begins and ends with a line, where one does so nearby. InputError where the quote does not lie in the text.
    """
    length = len(text)
    if not (start < length or start == length == 0) or (end is not None and not start < end <= length):
        raise InputError("mcp-span", start=start, end="—" if end is None else end, length=length)
    if end is None or end - start >= PAGE:
        last = min(start + PAGE, length)
        return start, last if last == length else _line_end(text, start + PAGE // 2, last)
    first = max(0, min(start - (PAGE - (end - start)) // 2, length - PAGE))
    last = min(first + PAGE, length)
    if first:
        first = max(first, text.find("\n", first - 1, start) + 1)
    return first, last if last == length else _line_end(text, end, last)


def _line_end(text: str, least: int, most: int) -> int:
    return text.rfind("\n", least, most) + 1 or most


# -- what they give: an answer and what was found are those of the web API


class Part(Model):
    """A part of a document's text, and where to read on."""

    document: str
    title: str
    source: str
    date: str
    sha256: str
    length: int
    start: int
    end: int
    text: str
    quote: str | None
    previous: int | None
    next: int | None


def tools() -> list[Tool]:
    """Return them all."""
    return [
        Tool("ask", _title("mcp-ask-title"), both("mcp-ask"), Ask, schema.Answer, _ask),
        Tool("search", _title("mcp-search-title"), both("mcp-search"), Search, schema.Found, _search),
        Tool("read", _title("mcp-read-title"), both("mcp-read", length=PAGE), Read, Part, _read),
    ]


def _title(key: str) -> str:
    return both(key).replace("\n", " ")
