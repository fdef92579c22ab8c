"""The language that a browser or a program is answered in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.messages import LANGUAGES, speaking

COOKIE = "yinju_lang"  # what the person chose on the page


class _Asking(Protocol):
    """A request of starlette's or gradio's."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def cookies(self) -> Mapping[str, str]: ...


def language_of(request: _Asking) -> str:
    """Return the language that was chosen on the page, else the first known one that the browser asks for, else ""."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wanted = request.headers.get("accept-language", "")
    return next((tag for tag in _by_preference(wanted) if tag in LANGUAGES), "")


def _by_preference(header: str) -> list[str]:
    """Return the primary tags of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    wanted = []
    for part in header[:500].lower().split(","):
        found = re.fullmatch(r"\s*([a-z]{2,3})(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", part)
        if found and float(found[2] or 1) > 0:
            wanted.append((-float(found[2] or 1), found[1]))
    return [tag for _, tag in sorted(wanted, key=lambda one: one[0])]  # stable: as written where as wanted


class Speaking:
    """Lets whatever answers a request speak its language."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application behind."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        with speaking(language_of(HTTPConnection(scope))):
            await self._app(scope, receive, send)
