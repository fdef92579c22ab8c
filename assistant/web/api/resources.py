"""The web API's documents, jobs, collections and votes: what is there, and what may be done with it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path as Folder
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant import feedback, render
from assistant.feedback import Feedback, Quoted
from assistant.library import library
from assistant.library.naming import Given
from assistant.shelf import Shelf
from assistant.web.api import schema
from assistant.web.api.failures import answered, facts_of, raw
from assistant.web.api.jobs import Job
from assistant.web.api.routing import PREFIX, Collection, editors_only
from assistant.web.api.uploads import BODY, received
from assistant.web.site import Site
from corpus.errors import AssistantError, IndexMissingError
from index.catalog import Entry, named
from index.report import Report

PAGE = 100  # documents listed where no limit is given

DocumentId = Annotated[str, Path(description="api-document", examples=["guide.md"])]
JobId = Annotated[str, Path(max_length=100, description="api-job")]
Name = Annotated[str, Path(description="api-collection-name", examples=["手册"])]
VoteKey = Annotated[str, Path(max_length=100, description="api-vote-key")]


# -- documents


def add_documents(routes: APIRouter, site: Site) -> None:
    """Add the routes that list, show, add and delete documents."""
    told: dict[str, Any] = {"tags": ["api-tag-documents"], "response_description": "api-ok"}
    changing: dict[str, Any] = {**told, "dependencies": [editors_only(site)], "response_model": schema.Report}

    @routes.get("/documents", summary="api-op-documents", response_model=schema.Documents, **told)
    def documents(
        q: Annotated[str, Query(max_length=500, description="api-filter")] = "",
        offset: Annotated[int, Query(ge=0, description="api-offset")] = 0,
        limit: Annotated[int, Query(ge=1, le=schema.LISTED, description="api-limit")] = PAGE,
        collection: Collection = "",
    ) -> Response:
        found = named(_entries(site.shelf, collection), q)
        page = [render.entry_facts(entry) for entry in found[offset : offset + limit]]
        return answered({"documents": page, "total": len(found), "offset": offset, "limit": limit})

    @routes.get("/documents/{id:path}", summary="api-op-document", response_model=schema.Document, **told)
    def document(id: DocumentId, collection: Collection = "") -> Response:
        with site.shelf.live(collection).use() as assistant:
            return raw(render.document_json(assistant.document(id)))

    @routes.post(
        "/documents",
        summary="api-op-add",
        description="api-op-add-more",
        openapi_extra={"requestBody": BODY},
        **changing,
    )
    async def add(request: Request, collection: Collection = "") -> Response:
        live = await run_in_threadpool(site.shelf.live, collection)  # told before the files are read

        def put(given: Sequence[Given]) -> Report:
            return live.change(lambda settings: library.add(settings, given))

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            given = await received(request, Folder(folder))
            return answered(render.report_facts(await run_in_threadpool(put, given)))

    @routes.delete("/documents/{id:path}", summary="api-op-delete", **changing)
    def delete(id: DocumentId, collection: Collection = "") -> Response:
        live = site.shelf.live(collection)
        with live.use() as assistant:
            assistant.document(id)  # this very one: take_out knows others by parts of their names
        return answered(render.report_facts(live.change(lambda settings: library.take_out(settings, [id]))))


def _entries(shelf: Shelf, collection: str) -> list[Entry]:
    try:
        with shelf.live(collection).use() as assistant:
            return assistant.documents()
    except IndexMissingError:
        return []  # an empty collection


# -- jobs


def add_jobs(routes: APIRouter, site: Site) -> None:
    """Add the routes that rebuild an index and tell how far that is."""
    told: dict[str, Any] = {"tags": ["api-tag-jobs"]}

    @routes.post(
        "/rebuild",
        summary="api-op-rebuild",
        description="api-op-rebuild-more",
        status_code=202,
        response_model=schema.Job,
        response_description="api-accepted",
        dependencies=[editors_only(site)],
        **told,
    )
    def rebuild(request: Request, collection: Collection = "") -> Response:
        live = site.shelf.live(collection)
        with live.use():
            pass  # an empty collection is told at once
        job = site.jobs.start(collection, live.rebuild)
        return answered(_job(job), 202, {"Location": f"{request.scope.get('root_path', '')}{PREFIX}/jobs/{job.id}"})

    @routes.get("/jobs", summary="api-op-jobs", response_model=schema.Jobs, response_description="api-ok", **told)
    def jobs() -> Response:
        return answered({"jobs": [_job(job) for job in site.jobs.all()]})

    @routes.get("/jobs/{id}", summary="api-op-job", response_model=schema.Job, response_description="api-ok", **told)
    def job(id: JobId) -> Response:
        if (found := site.jobs.get(id)) is None:
            raise AssistantError("api-job-missing", id=id)
        return answered(_job(found))


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "collection": job.collection,
        "state": job.state,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "report": render.report_facts(job.report) if job.report else None,
        "error": facts_of(job.error) if job.error else None,
    }


# -- collections


def add_collections(routes: APIRouter, site: Site) -> None:
    """Add the routes that list, make and delete collections."""
    told: dict[str, Any] = {"tags": ["api-tag-collections"]}
    changing = [editors_only(site)]

    @routes.get(
        "/collections",
        summary="api-op-collections",
        response_model=schema.Collections,
        response_description="api-ok",
        **told,
    )
    def list_collections() -> Response:
        return answered({"collections": [_collection(site.shelf, name) for name in site.shelf.names()]})

    @routes.post(
        "/collections",
        summary="api-op-create",
        status_code=201,
        response_model=schema.Collection,
        response_description="api-created",
        dependencies=changing,
        **told,
    )
    def create(new: schema.NewCollection) -> Response:
        site.shelf.create(new.name)
        return answered(_collection(site.shelf, new.name), 201)

    @routes.delete(
        "/collections/{name}",
        summary="api-op-drop",
        status_code=204,
        response_class=Response,
        response_description="api-gone",
        dependencies=changing,
        **told,
    )
    def drop(name: Name) -> Response:
        site.shelf.delete(name)
        return Response(status_code=204)


def _collection(shelf: Shelf, name: str) -> dict[str, Any]:
    documents, passages = shelf.size(name) or (None, None)
    return {"name": name, "documents": documents, "passages": passages}


# -- votes


def add_feedback(routes: APIRouter, site: Site) -> None:
    """Add the routes that take votes and give them out."""
    told: dict[str, Any] = {"tags": ["api-tag-feedback"]}

    @routes.post(
        "/feedback",
        summary="api-op-vote",
        status_code=201,
        response_model=schema.Key,
        response_description="api-created",
        **told,
    )
    def vote(new: schema.NewVote) -> Response:
        kept = _kept(site)
        answered_so = bool(new.quotes) if new.answered is None else new.answered
        facts = {**dict(new), "history": tuple(new.history), "reason": str(new.reason), "answered": answered_so}
        facts["index"] = new.index or _made(site, new.collection)
        quotes = tuple(Quoted(one.document, one.start, one.end, one.text) for one in new.quotes)
        return answered({"key": kept.add(feedback.Vote(**{**facts, "quotes": quotes}))}, 201)

    @routes.delete(
        "/feedback/{key}",
        summary="api-op-unvote",
        status_code=204,
        response_class=Response,
        response_description="api-gone",
        **told,
    )
    def unvote(key: VoteKey) -> Response:
        if not _kept(site).take_back(key):
            raise AssistantError("api-vote-missing")
        return Response(status_code=204)

    @routes.get(
        "/feedback",
        summary="api-op-votes",
        description="api-op-votes-more",
        response_model=schema.Votes,
        response_description="api-ok",
        dependencies=[editors_only(site)],
        **told,
    )
    def votes(collection: Annotated[str | None, Query(description="api-votes-of")] = None) -> Response:
        return raw(f'{{"votes": [{", ".join(map(feedback.as_json, _kept(site).votes(collection)))}]}}')


def _made(site: Site, collection: str) -> str:
    """Return when the index of a collection was made, "" where there is none."""
    try:
        return site.shelf.manifest(collection).created
    except AssistantError:
        return ""


def _kept(site: Site) -> Feedback:
    if site.feedback is None:
        raise AssistantError("api-feedback-off")
    return site.feedback
