"""What is answered where a request is refused: to programs as JSON, to people as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.web.gate.login import home_of, login_address, refusal_page, route_of
from assistant.web.gate.origin import is_browsers
from corpus.messages import message

# what programs and scripts of the page ask for
_PROGRAMS = re.compile(r"/(?:api|chat|gradio_api|mcp)(?:/.*)?|/metrics|/config|/openapi\.json", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    code: str  # "access-" and the code is the key of the message
    values: dict[str, object] = field(default_factory=dict)  # of the message
    wait: int = 0  # seconds until it may be tried again

    def answer(self, connection: HTTPConnection) -> Response:
        """Return what is answered in the place of the application."""
        told = message("access-" + self.code, **self.values)
        headers = {"retry-after": str(self.wait)} if self.wait else {}
        if _PROGRAMS.fullmatch(route_of(connection.scope)):
            # a browser would open a dialog of its own above the page
            if self.status == 401 and not is_browsers(connection.headers):
                headers["www-authenticate"] = 'Basic realm="Yinju", charset="UTF-8"'
            return JSONResponse({"error": {"code": "access-" + self.code, "message": told}}, self.status, headers)
        if self.code == "login" and connection.scope["method"] in {"GET", "HEAD"}:
            return RedirectResponse(login_address(connection), 303)
        home = "" if self.code == "host" else home_of(connection)
        return refusal_page(told, self.status, home=home, headers=headers)
