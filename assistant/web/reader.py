"""The reader: a document as a page of its own, so that a link to a quote outlives the chat."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.document import Document, Section
from corpus.messages import message
from corpus.splitting import Span

STYLE = (Path(__file__).parent / "reader.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def document_page(document: Document, span: Span | None, warning: str = "") -> str:
    """Return a page with the whole document, the span marked, and a warning where one is due."""
    path = _path_at(document, span[0]) if span else ""
    facts = [
        f"<h1>{html.escape(document.title)}</h1>",
        f'<p class="path">{html.escape(path)}</p>' if path else "",
        f"<p>{_linked(message('web-source', source=document.source))}</p>" if document.source else "",
        f"<p>{html.escape(message('answer-date', date=document.date))}</p>" if document.date else "",
        f"<p>{html.escape(message('web-id', document=document.id))}</p>",
    ]
    alert = f'<p class="warning" role="alert">{html.escape(warning)}</p>' if warning else ""
    text = "".join(_blocks(document, span or (0, 0)))
    return _page(document.title, f"<header>{''.join(facts)}</header>{alert}<article>{text}</article>")


def message_page(text: str, *, home: str) -> str:
    """Return a page that says one thing and leads to the chat."""
    link = f'<p><a href="{html.escape(home)}" target="_top">{html.escape(message("web-home"))}</a></p>'
    return _page(message("web-title"), f'<p class="warning" role="alert">{html.escape(text)}</p>{link}')


def span_of(at: str, length: int) -> Span | None:
    """Return the span that START-END names in a text of this length; None where it names none."""
    found = re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", at)
    if found is None or not int(found[1]) < int(found[2]) <= length:
        return None
    return int(found[1]), int(found[2])


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{message("web-language")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )


def _path_at(document: Document, place: int) -> str:
    """Return the headings above a place, and its page."""
    found = next((section for section in document.sections if section.start <= place < section.end), None)
    if found is None:
        return ""
    headings = [heading for heading in found.path if heading != document.title]
    return " › ".join((*headings, *[message("web-page", page=found.page)] * bool(found.page)))


def _blocks(document: Document, span: Span) -> Iterator[str]:
    """Give the text section by section; what stands between two sections is a heading."""
    place, unmarked, page = 0, True, 0
    rest = Section((), len(document.text), len(document.text))
    for section in [*document.sections, rest]:
        start, end = section.start, section.end
        if section.page not in {0, page}:
            page = section.page
            yield f'<div class="page">{html.escape(message("web-page", page=page))}</div>'
        for kind, first, last in (("heading", place, start), ("body", max(place, start), end)):
            if first >= last:
                continue
            text, marked = _marked(document.text, first, last, span, named=unmarked)
            unmarked = unmarked and not marked
            if kind == "heading" and document.text[first:last].strip() == document.title and not marked:
                kind = "title"  # stands above the text already
            yield f'<div class="{kind}">{text}</div>'
        place = max(place, end)


def _marked(text: str, first: int, last: int, span: Span, *, named: bool) -> tuple[str, bool]:
    """Return `text[first:last]` with its part of the span marked, and whether there is one."""
    start, end = max(first, span[0]), min(last, span[1])
    if start >= end:
        return html.escape(text[first:last]), False
    before, inside, after = (html.escape(piece) for piece in (text[first:start], text[start:end], text[end:last]))
    name = ' id="mark"' if named else ""
    return f"{before}<mark{name}>{inside}</mark>{after}", True


def _linked(source: str) -> str:
    """Return a source with its web address as a link; no other scheme becomes one."""
    found = re.search(r"https?://[^\s<>\"'，。；）]+$", source)
    if found is None:
        return html.escape(source)
    link = html.escape(found[0])
    return (
        f'{html.escape(source[: found.start()])}<a href="{link}" rel="noopener noreferrer" target="_blank">{link}</a>'
    )
