"""A request on its way through the gate: how much it may bring, how long it may take, what its answer carries."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.gate.login import route_of
from assistant.web.gate.refusal import Refusal

MEBIBYTE = 1 << 20

# Gradio's page builds its parts with inline scripts and `new Function`; what matters here is that the browser
# refuses whatever would come from, or go to, another host.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'"
    "; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'"
    "; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {  # of every answer that has not its own
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer the forms of our own pages would come with `Origin: null`
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_KEPT = re.compile(r"/(?:assets|static|svelte)/.*|/favicon\.ico|/manifest\.json|/(?:gradio_api/)?theme\.css", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a request may bring, and how long it may wait for the beginning of its answer."""

    body: int  # bytes
    seconds: float | None


USUAL = Limits(1 * MEBIBYTE, 60)
FILES = Limits(256 * MEBIBYTE, 600)
LIMITS = (
    (re.compile(r"/log(?:in|out)"), Limits(MEBIBYTE // 64, 20)),
    (re.compile(r"/gradio_api/queue/join|/chat/.*"), Limits(8 * MEBIBYTE, 60)),  # what the page holds comes back
    (re.compile(r"/api/v1/(?:.*/)?documents(?:/.*)?", re.DOTALL), Limits(16 * MEBIBYTE, 600)),  # a text in JSON
    (re.compile(r"/api/v1/(?:.*/)?rebuild(?:/.*)?", re.DOTALL), Limits(1 * MEBIBYTE, None)),
)
_TAKES_FILES = re.compile(r"/gradio_api/upload|/api/v1/(?:.*/)?documents", re.DOTALL)


def limits_of(scope: Scope) -> Limits:
    """Return the limits of a request."""
    route = route_of(scope)
    # the files of a form go to the disk; any other body is held in memory
    if _TAKES_FILES.fullmatch(route) and Headers(scope=scope).get("content-type", "").startswith("multipart/form-data"):
        return FILES
    return next((limits for pattern, limits in LIMITS if pattern.fullmatch(route)), USUAL)


def too_large(limits: Limits) -> Refusal:
    """Return the refusal of a request that brings more."""
    return Refusal(413, "too-large", {"kilobytes": limits.body >> 10})


class Transit:
    """Counts what a request brings, watches the time until its answer begins, and adds headers to the answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take what an ASGI application is called with."""
        self._scope, self._receive, self._send = scope, receive, send
        self._limits = limits_of(scope)
        self._brought = 0
        self._begun = False  # the answer
        self._closed = False  # by a refusal: to the application the client is gone
        self._timer: asyncio.Timeout = asyncio.timeout(self._limits.seconds)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer in the place of the application, unless its answer has begun."""
        self._closed = True
        if not self._begun:
            self._begun = True
            await refusal.answer(HTTPConnection(self._scope))(self._scope, self._receive, self._send_with_headers)

    async def through(self, app: ASGIApp) -> None:
        """Let the application answer, unless that takes too long or the request brings too much."""
        if _announced(Headers(scope=self._scope)) > self._limits.body:
            await self.refuse(too_large(self._limits))
            return
        try:
            async with self._timer:
                await app(self._scope, self._receive_counted, self._send_in_time)
        except Exception as error:
            if isinstance(error, TimeoutError) and self._timer.expired():
                await self.refuse(Refusal(504, "too-slow", {"seconds": round(self._limits.seconds or 0)}))
            elif not self._closed:
                raise

    async def _receive_counted(self) -> Message:
        if self._closed:
            return {"type": "http.disconnect"}
        event = await self._receive()
        if event["type"] == "http.request":
            self._brought += len(event.get("body", b""))
            if self._brought > self._limits.body:
                await self.refuse(too_large(self._limits))
                return {"type": "http.disconnect"}
        return event

    async def _send_in_time(self, event: Message) -> None:
        if self._closed or self._timer.expired():
            return
        if not self._begun:
            self._begun = True
            self._timer.reschedule(None)  # an answer that has begun may take its time: streams of events last
        await self._send_with_headers(event)

    async def _send_with_headers(self, event: Message) -> None:
        if event["type"] == "http.response.start":
            event = {**event, "headers": _with_ours(event.get("headers", []), route_of(self._scope))}
        await self._send(event)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length[:20]) if length.isdecimal() else 0


def _with_ours(given: list[tuple[bytes, bytes]], route: str) -> list[tuple[bytes, bytes]]:
    # Gradio lets the pages of other sites read what it answers
    headers = MutableHeaders(raw=[pair for pair in given if not pair[0].lower().startswith(b"access-control-")])
    for name, value in HEADERS.items():
        if name != "cache-control" or not _KEPT.fullmatch(route):
            headers.setdefault(name, value)
    return headers.raw
