"""The gate in front of everything that the server answers."""

from __future__ import annotations

import re
import time

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.gate.access import Access
from assistant.web.gate.limits import Transit
from assistant.web.gate.login import Login, Proof, Visitor, route_of
from assistant.web.gate.origin import is_browsers, is_foreign, is_told, split_host
from assistant.web.gate.refusal import Refusal
from assistant.web.gate.sessions import Clock

PAGES = frozenset({"/login", "/logout"})  # which the gate answers itself
# browsers ask for the last two, which tell the page's title and show Gradio's mark, without cookies
PUBLIC = PAGES | {"/api/v1/health", "/manifest.json", "/static/img/logo_nosize.svg"}
UPLOAD = "/gradio_api/upload"

# Of what Gradio serves, what its page asks for. The rest, above all `file=`, `proxy=`, `stream`, `component_server`,
# `call`, `run`, `process_recording`, `deep_link` and `dev`, reads files, fetches addresses or calls functions.
_OPEN = re.compile(
    r"/gradio_api/(?:info|app_id|startup-events|theme\.css|queue/(?:join|data|status)|cancel|reset"
    r"|upload|upload_progress|heartbeat/[A-Za-z0-9_-]{1,64})"
)
_CLOSED = re.compile(r"/(?:gradio_api|monitoring)(?:/.*)?", re.DOTALL)


class Gate:
    """Lets a request through to the application behind, or answers it itself, in the language that is spoken.

    The application finds whose request it is in `scope["state"]["account"]`: "" where no password is asked for, and
    at the public paths.
    """

    def __init__(self, app: ASGIApp, *, access: Access, clock: Clock = time.monotonic) -> None:
        """Take the application and who has which right; the clock is for tests."""
        self._app = app
        self._access = access
        self._login = Login(access, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        visitor, refused = self._judge(HTTPConnection(scope))
        scope = {**scope, "state": {**scope.get("state", {}), "account": visitor.account or ""}}
        if scope["type"] == "http":
            transit = Transit(scope, receive, send)
            await (transit.refuse(refused) if refused else transit.through(self._behind(visitor)))
        elif refused:
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    def _judge(self, connection: HTTPConnection) -> tuple[Visitor, Refusal | None]:
        """Tell who sends a request, and why it is refused where it is; what others may not send tells nothing first."""
        nobody = Visitor(None, Proof.MISSING)
        headers, route = connection.headers, route_of(connection.scope)
        # a web socket has no method, but may do as much as a POST
        reads = connection.scope.get("method", "") in {"GET", "HEAD", "OPTIONS"}
        if not self._is_ours(headers):
            return nobody, Refusal(421, "host")
        if _is_closed(route):
            return nobody, Refusal(404, "not-found")
        if not reads and is_foreign(headers):
            return nobody, Refusal(403, "foreign")
        visitor = self._login.visitor(connection)
        if not reads and _may_be_foreign(visitor, headers):
            return visitor, Refusal(403, "foreign")
        return visitor, self._missing_right(visitor, route)

    def _is_ours(self, headers: Headers) -> bool:
        if self._access.hosts is None:
            return True
        hosts = headers.getlist("host")
        split = split_host(hosts[0]) if len(hosts) == 1 else None
        return split is not None and split[0] in self._access.hosts

    def _missing_right(self, visitor: Visitor, route: str) -> Refusal | None:
        if visitor.account is None and route not in PUBLIC:
            if visitor.wait:
                return Refusal(429, "wait", {"seconds": visitor.wait}, wait=visitor.wait)
            return Refusal(401, "wrong" if visitor.proof is Proof.WRONG else "login")
        if route == UPLOAD and not self._access.may_change(visitor.account):
            return Refusal(403, "no-right")
        return None

    def _behind(self, visitor: Visitor) -> ASGIApp:
        """Return what answers those who may pass."""

        async def behind(scope: Scope, receive: Receive, send: Send) -> None:
            if route_of(scope) in PAGES:
                answer = await self._login.respond(Request(scope, receive), visitor)
                await answer(scope, receive, send)
            else:
                await self._app(scope, receive, send)

        return behind


def _is_closed(route: str) -> bool:
    # the `$` of a router also matches before a line's end, so that /upload has a second spelling
    return route.endswith("\n") or bool(_CLOSED.fullmatch(route) and not _OPEN.fullmatch(route))


def _may_be_foreign(visitor: Visitor, headers: Headers) -> bool:
    """Tell whether another site's page may have sent a request that does not say which page did."""
    if is_told(headers):
        return False
    return visitor.proof is Proof.SESSION or (visitor.proof is Proof.NOT_NEEDED and is_browsers(headers))
