"""The head of the page: our style and scripts, which stand before gradio's own."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.gate.login import route_of
from assistant.web.html import ICON
from assistant.web.site import Site
from corpus.messages import LANGUAGES, language, message, speaking

_WEB = Path(__file__).parent.parent
_STYLES = ("page/page.css", "documents/documents.css")
_SCRIPTS = (
    *("page/spoken.js", "page/store.js", "page/talk.js", "page/history.js", "page/page.js"),
    "documents/documents.js",
)
_SPOKEN = (  # what talk.js says
    *("copy", "copied", "right", "wrong", "retry", "edit", "stop", "stopped", "waiting", "written"),
    *("failed", "unreachable", "thanks", "withdrawn", "export", "full", "forget-one", "forget-all-sure"),
    *("forget", "not-found", "history-none"),
)
_CARDS = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')  # they name other hosts, and gradio


def head_html(site: Site) -> tuple[str, str]:
    """Return our part of the page's head: before and after the name of the account, a text of JavaScript.

    As gradio's `head` it would come after gradio has read the browser's language, as its `css` with other selectors.
    """
    style, script = ("\n".join((_WEB / name).read_text("utf-8") for name in names) for names in (_STYLES, _SCRIPTS))
    facts = {
        "languages": {spoken: _spoken(spoken) for spoken in LANGUAGES},
        "otherwise": language(),
        "keeps": site.keeps_history,
        "votes": site.feedback is not None,
    }
    before = f"{ICON}<style>{style}</style><script>window.yinju = {_script(facts)};\nwindow.yinju.account = "
    return before, f";\n{script}</script>"


def _script(value: object) -> str:
    """Return a value for a script inside a page."""
    return json.dumps(value).replace("<", "\\u003c")


def _spoken(spoken: str) -> dict[str, str]:
    with speaking(spoken):
        return {name: message("web-" + name) for name in _SPOKEN}


class Opening:
    """Puts something at the beginning of the head of the page that an application serves at its root."""

    def __init__(self, app: ASGIApp, *, head: tuple[str, str]) -> None:
        """Take the application and what is to be put in, before and after the account's name."""
        self._app = app
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], route_of(scope)) != ("GET", "/"):
            await self._app(scope, receive, send)
            return
        head = _script(scope.get("state", {}).get("account", "")).join(self._head)
        start: Message = {}
        body = b""

        async def hold(event: Message) -> None:
            nonlocal start, body
            if event["type"] == "http.response.start":
                start = event
                return
            body += event.get("body", b"")
            if event.get("more_body"):
                return
            headers = MutableHeaders(raw=list(start["headers"]))
            if headers.get("content-type", "").startswith("text/html"):
                body = _CARDS.sub(b"", body).replace(b"<head>", b"<head>" + head.encode(), 1)
                headers["content-length"] = str(len(body))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, hold)
