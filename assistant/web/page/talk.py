"""A turn of the chat: the answer as HTML for talk.js, first the quotes, then questions to go on with."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel, Field

from assistant import render
from assistant.assistant import Assistant
from assistant.web.api.failures import Route
from assistant.web.api.schema import TURNS, Asked
from assistant.web.page import markup, transcript
from assistant.web.site import Site
from corpus.errors import AssistantError, IndexMissingError
from corpus.messages import message
from index.catalog import Entry

EXAMPLES = 6  # questions offered on an empty page
TRIED = 40  # candidates for them that are asked
KEPT = (
    "question",
    "understood",
    "kind",
    "answered",
    "confidence",
    "quotes",
    "table",
    "message",
    "completed",
    "corrections",
)

_logger = logging.getLogger(__name__)

_offers: WeakKeyDictionary[Assistant, list[str]] = WeakKeyDictionary()  # the example questions of each generation


class Turn(BaseModel):
    """A question of a conversation whose earlier ones the browser keeps."""

    question: Asked
    history: list[Asked] = Field([], max_length=TURNS)
    as_written: bool = False
    collection: str = ""


class Exchange(BaseModel):
    """A question and what `--json` says of its answer."""

    question: str
    answer: dict[str, Any] | None = None


class Talk(BaseModel):
    """A conversation to export."""

    exchanges: list[Exchange] = Field(max_length=TURNS)
    title: str = ""
    collection: str = ""


def router(site: Site) -> APIRouter:
    """Return what talk.js calls."""
    routes = APIRouter(prefix="/chat", route_class=Route, include_in_schema=False)

    @routes.post("/turn")
    def turn(turn: Turn) -> StreamingResponse:
        lines = (json.dumps(step) + "\n" for step in steps(site, turn))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @routes.get("/hello")
    def hello(collection: str = "") -> HTMLResponse:
        try:
            return HTMLResponse(markup.hello_html(_offered(site, collection)))
        except IndexMissingError:
            return HTMLResponse(markup.hello_html((), is_empty=True))
        except AssistantError:
            return HTMLResponse(markup.hello_html(()))

    @routes.post("/export")
    def export(talk: Talk, request: Request) -> PlainTextResponse:
        base = str(request.base_url).rstrip("/")
        told = [(one.question, one.answer) for one in talk.exchanges if one.answer]
        text = transcript.markdown(told, title=talk.title, base=base, collection=talk.collection)
        return PlainTextResponse(text, media_type="text/markdown")

    return routes


def steps(site: Site, turn: Turn) -> Iterator[dict[str, Any]]:
    """Give what the page shows of an answer: `html` with its facts, then `suggestions`.

    What goes wrong is shown in the answer's place.
    """
    earlier = [one for one in turn.history if one.strip()]
    try:
        answer = site.ask(
            turn.question, earlier, collection=turn.collection, as_written=turn.as_written, explained=True
        )
        html = markup.answer_html(answer, collection=turn.collection)
        yield {"html": html, "answer": _kept(render.answer_facts(answer))}
    except AssistantError as error:
        yield {"html": markup.note_html(str(error))}
        return
    except Exception:  # the page goes on, whatever it was
        _logger.exception("a question failed")
        yield {"html": markup.note_html(message("web-failed"))}
        return
    try:
        further = site.suggest(answer, earlier, collection=turn.collection).suggestions
        yield {"suggestions": markup.suggestions_html(further)}
    except Exception:  # the answer stays
        _logger.exception("suggestions failed")
        yield {}


def _kept(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what the browser remembers of an answer: enough to export it and to vote on it."""
    found = facts["quotes"] or facts["passages"]
    return {**{name: facts[name] for name in KEPT}, "near": [one["document"] for one in found]}


def _offered(site: Site, collection: str) -> list[str]:
    """Return questions that the index answers, made from the titles of its longest documents."""
    with site.shelf.live(collection).use() as assistant:
        if assistant not in _offers:
            _offers[assistant] = list(islice(_defined(assistant), EXAMPLES))
        return _offers[assistant]


def _defined(assistant: Assistant) -> Iterator[str]:
    """Give questions whose answer begins with the name: a title that names no thing makes an odd question."""
    for entry in sorted(assistant.documents(), key=lambda entry: -entry.characters)[:TRIED]:
        answer = assistant.ask(question := _what_is(entry))
        if answer.answered and answer.quotes[0].text.startswith(entry.title):
            yield question


def _what_is(entry: Entry) -> str:
    gap = " " if entry.title[-1:].isascii() else ""
    return f"{entry.title}{gap}是什么？"  # Chinese in either language: so are the documents
