"""The web API: what the command line can do, for programs that speak HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from prometheus_client import CONTENT_TYPE_LATEST

from assistant import render
from assistant.answering.answer import Answer
from assistant.web.api import manual, resources, schema
from assistant.web.api.failures import Route, Unrouted, answered, logger
from assistant.web.api.manual import EVENTS
from assistant.web.api.metrics import Counting, Metrics
from assistant.web.api.routing import PREFIX, REFUSALS, Collection
from assistant.web.site import Site
from corpus.errors import AssistantError

PROBE = "引据是什么？"  # what is asked to see whether questions can be
_UNDERSTOOD = ("question", "understood", "completed", "corrections")  # fields of the first event


def install(app: FastAPI, site: Site) -> None:
    """Add the API, its documentation and the metrics to an application."""
    routes = router(site)
    app.include_router(routes)
    described = manual.Described(routes.routes, version=version())
    app.openapi = described.spoken  # type: ignore[method-assign]

    @app.get(PREFIX + "/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return answered(described.spoken())

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        return manual.respond(described.spoken(), base=str(request.base_url))

    @app.get("/metrics", include_in_schema=False)
    def exposition() -> Response:
        return _exposition(site.metrics)

    app.mount(PREFIX, Unrouted(routes.routes))
    app.add_middleware(Counting, metrics=site.metrics)


def router(site: Site) -> APIRouter:
    """Return the routes of the API."""
    routes = APIRouter(
        prefix=PREFIX, route_class=Route, responses=REFUSALS, generate_unique_id_function=lambda route: route.name
    )
    _add_asking(routes, site)
    resources.add_documents(routes, site)
    resources.add_jobs(routes, site)
    resources.add_collections(routes, site)
    resources.add_feedback(routes, site)
    _add_service(routes, site)
    return routes


def version() -> str:
    """Return the version that is installed."""
    try:
        return metadata.version("yinju")
    except metadata.PackageNotFoundError:
        return "0"


# -- asking


def _add_asking(routes: APIRouter, site: Site) -> None:
    stream = {"schema": {"type": "string"}, "example": "event: understood\ndata: {…}\n\n"}

    @routes.post(
        "/ask",
        tags=["api-tag-ask"],
        summary="api-op-ask",
        description="api-op-ask-more",
        response_model=schema.Answer,
        response_description="api-ok",
        responses={200: {"content": {EVENTS: stream}}},
    )
    def ask(request: Request, asked: schema.Question) -> Response:
        answer = _answer(site, asked)
        if wants_events(request.headers.get("accept", "")):
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second: nginx passes it on at once
            return StreamingResponse(_events(site, asked, answer), headers=headers, media_type=EVENTS)
        return answered(render.answer_facts(_suggested(site, asked, answer) if asked.suggest else answer))

    @routes.get(
        "/search",
        tags=["api-tag-ask"],
        summary="api-op-search",
        response_model=schema.Found,
        response_description="api-ok",
    )
    def search(
        q: Annotated[schema.Asked, Query(min_length=1, description="api-query", examples=["动态图"])],
        top: Annotated[int, Query(ge=1, le=schema.MOST, description="api-top")] = 5,
        collection: Collection = "",
    ) -> Response:
        site.log(q)
        with site.shelf.live(collection).use() as assistant:
            found = assistant.ask(q, top=top)
        return answered(render.found_facts(q, found))


def _answer(site: Site, asked: schema.Question) -> Answer:
    how = {"top": asked.top, "as_written": asked.as_written, "explained": asked.explain}
    return site.ask(asked.question, asked.history, collection=asked.collection, **how)


def _suggested(site: Site, asked: schema.Question, answer: Answer) -> Answer:
    return site.suggest(answer, asked.history, collection=asked.collection)


def _events(site: Site, asked: schema.Question, answer: Answer) -> Iterator[bytes]:
    """Give the answer step by step; what it is made of is known, but suggestions take longer than all the rest."""
    facts = render.answer_facts(answer)
    yield _event("understood", {name: facts[name] for name in _UNDERSTOOD})
    for quote in facts["quotes"]:
        yield _event("quote", quote)
    if asked.suggest:
        try:
            facts = render.answer_facts(_suggested(site, asked, answer))
        except Exception:  # the answer stands without them, and its status has been sent
            logger.exception("suggesting failed")
    yield _event("answer", facts)


def _event(name: str, facts: object) -> bytes:
    return format_sse_event(event=name, data_str=render.dump(facts))


def wants_events(accept: str) -> bool:
    """Tell whether an Accept header prefers a stream of events to JSON (RFC 9110, 12.5.1)."""
    weights: dict[str, float] = {}
    for part in accept[:1000].lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        given = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        weights[name] = float(given) if given.replace(".", "", 1).isdecimal() else 0.0
    return weights.get(EVENTS, 0.0) > weights.get("application/json", 0.0)


# -- the server itself


def _add_service(routes: APIRouter, site: Site) -> None:
    @routes.get(
        "/health",
        tags=["api-tag-service"],
        summary="api-op-health",
        description="api-op-health-more",
        response_model=schema.Health,
        response_description="api-ok",
    )
    def health() -> Response:
        try:
            with site.shelf.live().use() as assistant:
                assistant.ask(PROBE, top=1)
        except Exception as error:  # it tells everybody, so no reason; the log has it
            logger.error("questions cannot be answered: %s", error)
            raise AssistantError("api-unavailable") from error
        return answered({"status": "ok", "version": version()})

    @routes.get(
        "/metrics",
        name="metrics",
        tags=["api-tag-service"],
        summary="api-op-metrics",
        response_description="api-ok",
        response_class=_Exposition,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def exposition() -> Response:
        return _exposition(site.metrics)


class _Exposition(Response):
    media_type = "text/plain"


def _exposition(metrics: Metrics) -> Response:
    return Response(metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})
