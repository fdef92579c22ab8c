"""What all pages share: text that is nothing but text, the icon, and the frame of those without scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import HTMLResponse

from corpus.messages import message

# the opening quotation mark of a Chinese text
ICON = (
    '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E'
    "%3Crect width=%2216%22 height=%2216%22 rx=%223%22 fill=%22%23a3372b%22/%3E"
    '%3Cpath d=%22M6 13V5h6M9 13V8h3%22 fill=%22none%22 stroke=%22%23fffaf2%22 stroke-width=%221.6%22/%3E%3C/svg%3E">'
)


def literal(text: str) -> str:
    """Return `text` so that HTML, Markdown and LaTeX show it as it is, on one line of source.

    The chat runs its messages through a Markdown parser, in which every ASCII mark may mean something and an
    empty line ends a block of HTML; as a numeric entity none does. A lone surrogate is no character: shown as U+FFFD.
    """
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return re.sub(r"[^0-9A-Za-z \u0080-\U0010ffff]", lambda mark: f"&#{ord(mark[0])};", text)


def escaped(text: str) -> str:
    """Return text for HTML; what no page can hold shows as U+FFFD, and a carriage return stays one."""
    return html.escape(re.sub("[\0\ud800-\udfff]", "\ufffd", text)).replace("\r", "&#13;")


@dataclass(frozen=True, slots=True)
class Style:
    """The style of pages without scripts, and the policy by which a browser loads nothing beside it."""

    text: str
    policy: str

    @classmethod
    def load(cls, file: Path, *, forms: str = "'none'", frames: str = "'self'") -> Style:
        """Read the style; `forms` is where the pages' forms may be sent, `frames` whose pages may show them."""
        text = file.read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        allowed = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'"
        return cls(text, f"{allowed}; form-action {forms}; frame-ancestors {frames}")

    def page(self, title: str, body: str) -> str:
        """Return a page; the title is text, the body HTML."""
        return (
            f'<!doctype html><html lang="{message("web-language")}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta name="color-scheme" content="light dark"><title>{escaped(title)}</title>{ICON}'
            f"<style>{self.text}</style></head><body>{body}</body></html>"
        )

    def response(self, page: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """Return a page as an answer, of which the browser keeps nothing."""
        kept = {"content-security-policy": self.policy, "cache-control": "no-store", **(headers or {})}
        return HTMLResponse(page.encode("utf-8", "replace"), status, kept)
