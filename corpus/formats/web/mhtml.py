"""MHTML (RFC 2557): a web page in one file with its pictures, as Chromium, Internet Explorer and Word write it."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from corpus.draft import Draft
from corpus.errors import UnreadableError
from corpus.formats.web.html import draft_of
from corpus.formats.web.markup import text_of_page

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)  # Word names a file instead


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the article of the page; with `raw`, all that the page shows."""
    try:
        file = message_from_bytes(data)
        page = _root(file)
    except RecursionError as error:  # parts inside parts inside parts
        raise UnreadableError("skip-damaged", reason="multipart") from error
    if page is None:
        raise UnreadableError("skip-empty")
    content = page.get_payload(decode=True)
    text = text_of_page(content if isinstance(content, bytes) else b"", charset=page.get_content_charset(""))
    places = [str(place).strip() for place in (file.get("Snapshot-Content-Location"), page.get("Content-Location"))]
    draft = draft_of(text, address=next(filter(_ADDRESS.fullmatch, places), ""), raw=raw)
    draft.title = draft.title or _words(str(file.get("Subject", "")))
    return draft


def _root(file: Message) -> Message | None:
    """Return the part that the others belong to: the one that is named as the start, else the first page."""
    pages = [part for part in file.walk() if part.get_content_type() in _HTML]
    start = str(file.get_param("start", "")).strip()
    named = (part for part in pages if start and str(part.get("Content-ID", "")).strip() == start)
    return next(named, next(iter(pages), None))


def _words(header: str) -> str:
    """Return what an encoded header says."""
    try:
        return " ".join(str(make_header(decode_header(header))).split())
    except (MessageError, LookupError, ValueError):
        return ""
