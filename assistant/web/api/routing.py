"""What the routes of the web API share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.params import Depends

from assistant.web.api import schema
from assistant.web.site import Site
from corpus.errors import AssistantError

PREFIX = "/api/v1"
REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": schema.Error, "description": "api-refused"},
    "5XX": {"model": schema.Error, "description": "api-broken"},
}

Collection = Annotated[str, Query(description="api-collection")]


def editors_only(site: Site) -> Depends:
    """Return what lets a route be used by those alone who may change documents."""

    async def check(request: Request) -> None:
        if not site.access.may_change(request.scope["state"]["account"]):
            raise AssistantError("api-forbidden")

    return Depends(check)
