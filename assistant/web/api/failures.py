"""What goes wrong in a request of the web API -> a status and one shape of JSON, in the caller's language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from assistant import render
from corpus.errors import AssistantError, IndexUnusableError, ModelError, StorageError
from corpus.messages import message

AGAIN = 5  # seconds after which to try again where another process updates the index
_TOLD = 3  # faults of a request that are told
_SHOWN = 40  # characters of a name or a path of the caller's that are repeated

_BY_KEY = {
    403: ("api-forbidden",),
    404: (
        "document-missing",
        "collection-unknown",
        "remove-unknown",
        "index-missing",
        "api-job-missing",
        "api-vote-missing",
        "api-feedback-off",
        "api-address",
    ),
    405: ("api-method",),
    409: (
        "collection-exists",
        "collection-empty",
        "remove-several",
        "remove-last",
        "add-clash",
        "build-forgotten",
        "path-missing",
        "index-locked",
    ),
    413: ("api-body-large", "api-files-many", "api-file-large", "fetch-large"),
    415: ("api-body-type",),
    422: ("api-invalid",),
    500: ("api-failed",),
    503: ("api-unavailable",),
    507: ("storage-full", "feedback-full"),
}
_STATUSES = {key: status for status, keys in _BY_KEY.items() for key in keys}
_FAULTS = {  # pydantic's names
    "missing": "api-invalid-missing",
    "extra_forbidden": "api-invalid-unknown",
    "json_invalid": "api-invalid-json",
    "string_too_short": "api-invalid-short",
    "too_short": "api-invalid-short",
    "string_too_long": "api-invalid-long",
    "too_long": "api-invalid-long",
    "greater_than_equal": "api-invalid-small",
    "less_than_equal": "api-invalid-large",
}
_LIMITS = {"max_length": "most", "le": "most", "ge": "least"}  # pydantic's -> the messages'
_LIMITED = frozenset({"api-invalid-long", "api-invalid-small", "api-invalid-large"})
_GENERAL = {400: "api-body", 413: "api-body-large"}

logger = logging.getLogger("assistant.web.api")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """A route of the web API, which never answers in another shape."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except AssistantError as error:
                return refusal(error)
            except RequestValidationError as error:
                return refusal(invalid(error.errors()))
            except HTTPException as error:
                return _general(error)
            except OSError as error:
                return refusal(StorageError("error-system", reason=error.strerror or error))
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it
            except Exception:  # told to who runs the server; the caller learns nothing of its inside
                logger.exception("a request failed")
                return refusal(AssistantError("api-failed"))

        return handled


class Unrouted:
    """Answers what no route of the API takes: another method, or another address."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        """Take the routes that there are."""
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed: set[str] = set()
        for route in self._routes:
            if route.matches({**scope, "root_path": "", "app_root_path": ""})[0] is Match.PARTIAL:
                allowed |= getattr(route, "methods", None) or set()
        if allowed:
            names = ", ".join(sorted(allowed))
            error = AssistantError("api-method", method=str(scope["method"])[:_SHOWN], allowed=names)
            response = refusal(error, {"Allow": names})
        else:
            response = refusal(AssistantError("api-address", path=str(scope["path"])[: 2 * _SHOWN]))
        await response(scope, receive, send)


def answered(facts: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return facts as an answer; no cache keeps it."""
    return raw(render.dump(facts), status, headers)


def raw(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return ready JSON as an answer."""
    return Response(
        text.encode("ascii"), status, {"Cache-Control": "no-store", **(headers or {})}, media_type="application/json"
    )


def facts_of(error: AssistantError) -> dict[str, str]:
    """Return what is told of an error."""
    return {"code": error.key, "message": str(error)}


def refusal(error: AssistantError, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as an answer."""
    status = status_of(error)
    if status >= 500:
        logger.error("%s: %s", error.key, error)
    again = {"Retry-After": str(AGAIN)} if error.key in {"index-locked", "feedback-busy"} else {}
    return answered({"error": facts_of(error)}, status, {**again, **(headers or {})})


def status_of(error: AssistantError) -> int:
    """Return the status that tells of an error."""
    if error.key in _STATUSES:
        return _STATUSES[error.key]
    return 503 if isinstance(error, StorageError | IndexUnusableError | ModelError) else 400


def invalid(faults: Sequence[Any]) -> AssistantError:
    """Return what pydantic finds wrong, without what was given: it may be huge or no text at all."""
    told = [_fault(fault) for fault in faults[:_TOLD]]
    return AssistantError("api-invalid", faults="; ".join([*told, "…"] if len(faults) > _TOLD else told))


def _fault(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part)[:_SHOWN] for part in fault["loc"])
    kind = fault["type"]
    alike = "api-invalid-type" if kind.endswith(("_type", "_parsing", "_from_float")) else "api-invalid-other"
    key = _FAULTS.get(kind, alike)
    limits = {_LIMITS[name]: value for name, value in fault.get("ctx", {}).items() if name in _LIMITS}
    return f"{place} {message(key, **limits if key in _LIMITED else {})}"


def _general(error: HTTPException) -> Response:
    """Return what FastAPI or a middleware refused; their words are English and for developers."""
    if (key := _GENERAL.get(error.status_code)) is None:
        facts = {"code": "api-request", "message": message("api-request", status=error.status_code)}
    else:
        facts = {"code": key, "message": message(key)}
    return answered({"error": facts}, error.status_code, error.headers)
