"""Who sends a request, and the pages where people log in and out."""

from __future__ import annotations

import base64
import html
import logging
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode
from urllib.parse import quote as percent

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from assistant.web.gate.access import Access, name_of
from assistant.web.gate.sessions import LASTING, Clock, Failures, Sessions
from assistant.web.html import Style
from corpus.messages import message

STYLE = Style.load(Path(__file__).parent / "login.css", forms="'self'")
LONGEST_NEXT = 4000  # characters
_WRITTEN = re.compile(r"/[\x21-\x5b\x5d-\x7e]*")  # printable ASCII without the backslash, which browsers read as /
_ELSEWHERE = re.compile(r"/[/\\\x00-\x20]")  # how the address of another host may begin

_logger = logging.getLogger(__name__)


class Proof(Enum):
    """How a request shows whose it is."""

    NOT_NEEDED = auto()
    SESSION = auto()  # by a cookie, which a browser sends also where a page of another site asks it to
    PASSWORD = auto()
    MISSING = auto()
    WRONG = auto()
    WAITING = auto()  # the password was not looked at


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request."""

    account: str | None  # None: nobody who may ask
    proof: Proof
    wait: int = 0  # seconds until a password is looked at again


class Login:
    """Recognises accounts, and lets browsers log in and out."""

    def __init__(self, access: Access, *, clock: Clock = time.monotonic) -> None:
        """Take who has which right; the clock is for tests."""
        self._access = access
        self._sessions = Sessions(clock=clock)
        self._failures = Failures(clock=clock)

    def visitor(self, request: HTTPConnection) -> Visitor:
        """Tell who sends a request: by HTTP Basic, else by the cookie of a session."""
        if not self._access.asks_password:
            return Visitor("", Proof.NOT_NEEDED)
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            return self._checked(request, *_decoded(credentials))
        account = self._sessions.account(request.cookies.get(_cookie(request), ""))
        return Visitor(account, Proof.MISSING if account is None else Proof.SESSION)

    async def respond(self, request: Request, visitor: Visitor) -> Response:
        """Answer a request to /login or /logout."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return refusal_page(message("access-method"), 405, headers={"allow": "GET, HEAD, POST"})
        if not self._access.asks_password:
            return RedirectResponse(home_of(request), 303)
        if route_of(request.scope) == "/logout":
            return self._log_out(request) if request.method == "POST" else _logout_page(request, visitor)
        if request.method == "POST":
            return await self._log_in(request)
        next = local(request.query_params.get("next", ""))
        if visitor.account is not None:
            return RedirectResponse(next or home_of(request), 303)
        return _login_page(request, next)

    async def _log_in(self, request: Request) -> Response:
        given = _form(await request.body())
        next = local(given.get("next", ""))
        visitor = self._checked(request, given.get("username", ""), given.get("password", ""))
        if visitor.account is None:
            told, status = message("access-wrong"), 400
            if visitor.proof is Proof.WAITING:
                told, status = message("access-wait", seconds=visitor.wait), 429
            return _login_page(request, next, told=told, name=given.get("username", ""), status=status, visitor=visitor)
        self._sessions.end(request.cookies.get(_cookie(request), ""))
        answer = RedirectResponse(next or home_of(request), 303)
        answer.set_cookie(
            _cookie(request),
            self._sessions.begin(visitor.account),
            max_age=LASTING,
            path=_root(request) or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    def _log_out(self, request: Request) -> Response:
        self._sessions.end(request.cookies.get(_cookie(request), ""))
        answer = RedirectResponse(_root(request) + "/login", 303)
        answer.delete_cookie(_cookie(request), path=_root(request) or "/", httponly=True, samesite="lax")
        return answer

    def _checked(self, request: HTTPConnection, name: str, password: str) -> Visitor:
        """Look at a password, unless too many were wrong; nothing waits in between, so none slips through at once."""
        address, name = request.client.host if request.client else "", name_of(name)
        if wait := self._failures.wait(address, name):
            return Visitor(None, Proof.WAITING, math.ceil(wait))
        account = self._access.account(name, password)
        if account is None:
            self._failures.failed(address, name)
            # not the name: people write passwords into its field
            _logger.warning("a login from %r failed", address)
            return Visitor(None, Proof.WRONG)
        self._failures.proved(address, name)
        return Visitor(account, Proof.PASSWORD)


def local(next: str) -> str:
    """Return an address of this server, as a path; "" for any other that a browser might make of it."""
    if len(next) > LONGEST_NEXT or not _WRITTEN.fullmatch(next) or _ELSEWHERE.match(unquote(next)):
        return ""
    return next


def login_address(request: HTTPConnection) -> str:
    """Return the address of the login that leads back to where a request wanted to go."""
    wanted = _root(request) + percent(route_of(request.scope), safe="/")
    if request.url.query:
        wanted += "?" + request.url.query
    return f"{_root(request)}/login?{urlencode({'next': local(wanted)})}"


def route_of(scope: Scope) -> str:
    """Return the path below the one that the server was put at."""
    path, root = str(scope["path"]), str(scope.get("root_path", "")).rstrip("/")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def home_of(request: HTTPConnection) -> str:
    """Return the address of the chat."""
    return _root(request) + "/"


def _root(request: HTTPConnection) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _cookie(request: HTTPConnection) -> str:
    """Return the cookie's name; browsers do not tell apart the cookies of two ports of a host."""
    return f"yinju-session-{(request.scope.get('server') or ('', 0))[1] or 0}"


def _decoded(credentials: str) -> tuple[str, str]:
    """Return name and password of HTTP Basic (RFC 7617); empty ones, which are nobody's, where they are malformed."""
    try:
        name, _, password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return name, password


def _form(body: bytes) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return {}


# -- the pages


def refusal_page(text: str, status: int, *, home: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """Return a page that says why a request is not answered."""
    link = f'<p><a href="{html.escape(home)}" target="_top">{html.escape(message("web-home"))}</a></p>' if home else ""
    return _page(
        f'<h1>{html.escape(message("web-title"))}</h1><p role="alert">{html.escape(text)}</p>{link}', status, headers
    )


def _login_page(
    request: Request, next: str, *, told: str = "", name: str = "", status: int = 200, visitor: Visitor | None = None
) -> Response:
    alert = f'<p role="alert">{html.escape(told)}</p>' if told else ""
    hidden = f'<input type="hidden" name="next" value="{html.escape(next)}">' if next else ""
    headers = {"retry-after": str(visitor.wait)} if visitor and visitor.wait else {}
    return _page(
        f"<h1>{html.escape(message('web-title'))}</h1><p>{html.escape(message('access-login'))}</p>{alert}"
        f'<form method="post" action="{html.escape(_root(request))}/login">{hidden}'
        f'<label for="username">{html.escape(message("access-name"))}</label>'
        f'<input id="username" name="username" value="{html.escape(name[:100])}" autocomplete="username"'
        ' autocapitalize="none" spellcheck="false" required autofocus>'
        f'<label for="password">{html.escape(message("access-password"))}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        f"<button>{html.escape(message('access-log-in'))}</button></form>",
        status,
        headers,
    )


def _logout_page(request: Request, visitor: Visitor) -> Response:
    """Ask first: a page of another site could else log people out by a link."""
    if visitor.account is None:
        return RedirectResponse(_root(request) + "/login", 303)
    return _page(
        f"<h1>{html.escape(message('web-title'))}</h1>"
        f"<p>{html.escape(message('access-logged-in', name=visitor.account))}</p>"
        f'<form method="post" action="{html.escape(_root(request))}/logout">'
        f"<button>{html.escape(message('access-log-out'))}</button></form>"
        f'<p><a href="{html.escape(home_of(request))}">{html.escape(message("web-home"))}</a></p>'
    )


def _page(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return STYLE.response(STYLE.page(message("web-title"), f"<main>{body}</main>"), status, headers)
