"""Documents that a request brings: uploaded files, a text, or an address."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from assistant.library.fetching import fetch
from assistant.library.naming import Given, told_apart
from assistant.web.api.schema import NewAddress, NewText
from corpus.errors import InputError
from corpus.formats.kind import SUFFIXES
from index.store import storage_error

FILES = 100  # in one request
LARGEST = 50 << 20  # bytes of a file
LARGEST_TEXT = 8 << 20  # bytes of one that comes as JSON, which is read whole
FIELD = "files"
BODY: dict[str, Any] = {  # as OpenAPI describes it, since FastAPI describes bodies of one type only
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    FIELD: {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "minItems": 1,
                        "maxItems": FILES,
                        "description": "api-files",
                    }
                },
                "required": [FIELD],
            }
        },
        "application/json": {"schema": {"anyOf": [model.model_json_schema() for model in (NewText, NewAddress)]}},
    },
}
_SHOWN = 80  # characters of a file's name that a message repeats

_FORM, _JSON = "multipart/form-data", "application/json"


async def received(request: Request, folder: Path) -> list[Given]:
    """Return what a request brings; its files, which no memory has to hold, are kept in the folder.

    InputError or RequestValidationError where it is too much, or cannot be read.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given == _FORM:
        async with request.form() as form:
            files = [one for one in form.getlist(FIELD) if isinstance(one, UploadFile)]
            return await run_in_threadpool(_kept, files, folder)
    if given == _JSON:
        return [await run_in_threadpool(_written, await _body(request))]
    raise InputError("api-body-type", given=given[:_SHOWN] or "—")


def pasted(name: str, text: str) -> Given:
    """Return a text as a file; it is plain text where the name does not say otherwise."""
    known = PurePosixPath(name).suffix.lower() in SUFFIXES
    return Given(name if known else name + ".txt", text.encode("utf-8", "replace"))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_TEXT:
            raise InputError("api-body-large")
    return bytes(body)


def _kept(files: Sequence[UploadFile], folder: Path) -> list[Given]:
    if not files:
        raise InputError("api-files-none")
    if len(files) > FILES:
        raise InputError("api-files-many", most=FILES, count=len(files))
    for file in files:
        if (file.size or 0) > LARGEST:
            raise InputError("api-file-large", name=(file.filename or "")[:_SHOWN], megabytes=LARGEST >> 20)
    # told apart here: the library would take the folders that they are kept in into their names
    names = told_apart([Given(file.filename or "", b"") for file in files])
    return [
        _copied(file, name, folder / str(number)) for number, (file, name) in enumerate(zip(files, names, strict=True))
    ]


def _copied(file: UploadFile, name: str, target: Path) -> Given:
    try:
        with target.open("xb") as copy:
            shutil.copyfileobj(file.file, copy, 1 << 20)
    except OSError as error:
        raise storage_error(target.parent, error) from error
    return Given(name, target)


def _written(body: bytes) -> Given:
    """Return the document that a JSON object gives, fetched where it gives an address."""
    try:
        facts = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "ctx": {}}]) from error
    try:
        if isinstance(facts, dict) and "url" in facts:
            found = fetch(NewAddress.model_validate(facts).url, private=False)
            return Given(found.name, found.data)
        new = NewText.model_validate(facts)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from error
    return pasted(new.name, new.text)
