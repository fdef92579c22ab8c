"""The reader: a document as a page of its own, so that a link to a sentence outlives the chat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from fastapi.responses import HTMLResponse

from assistant.assistant import Assistant
from assistant.shelf import Shelf
from assistant.web.html import Style, escaped
from assistant.web.reader.permalink import Permalink
from assistant.web.reader.sheet import SHOWN, Sheet, lang_of
from corpus.document import Document
from corpus.errors import AssistantError, IndexMissingError, InputError
from corpus.messages import message

SEARCHED = 300_000  # characters of other documents in which a sentence is looked for whose document is gone
LISTED = 1_000  # documents up to which that is done

STYLE = Style.load(Path(__file__).parent / "reader.css")


# -- what is answered


def respond(shelf: Shelf, document_id: str, query: Mapping[str, str], *, home: str) -> HTMLResponse:
    """Return the page of a document of the query's `collection`, the sentence marked that its `at` and `sha` tell."""
    link = Permalink.from_query(query)
    try:
        with shelf.live(link.collection).use() as assistant:
            try:
                document = assistant.document(document_id)
            except InputError:
                return _without_document(assistant, document_id, link, home)
    except AssistantError as error:
        return refuse(error, home=home)
    return STYLE.response(document_page(document, link, part=_number(query.get("part", "")), home=home))


def refuse(error: AssistantError, *, home: str) -> HTMLResponse:
    """Return the page that tells why there is no document to show."""
    status = 404 if isinstance(error, InputError | IndexMissingError) else 503
    return STYLE.response(message_page(str(error), home=home), status)


def _without_document(assistant: Assistant, id: str, link: Permalink, home: str) -> HTMLResponse:
    """Say that the document is gone, and where else its sentence stands if that is soon found."""
    found = _elsewhere(assistant, id, link) if link.sha else None
    below = ""
    if found:
        document, now = found
        address = home + now.address(document.id)
        name = escaped(f"{document.title}（{document.id}）")
        below = f'<p>{escaped(message("reader-elsewhere"))}<a href="{escaped(address)}">{name}</a></p>'
    text = message("reader-document-gone", document=id)
    return STYLE.response(message_page(text, home=home, below=below), 404)


def _elsewhere(assistant: Assistant, id: str, link: Permalink) -> tuple[Document, Permalink] | None:
    """Return the first document that holds the sentence, those with the same file name first."""
    if assistant.manifest.documents > LISTED:
        return None
    name, room = PurePosixPath(id).name, SEARCHED
    for entry in sorted(assistant.documents(), key=lambda entry: PurePosixPath(entry.id).name != name):
        room -= entry.characters
        if room < 0:
            return None
        document = assistant.document(entry.id)
        if span := link.find_in(document.text):
            return document, Permalink.to(document.text[slice(*span)], span, collection=link.collection)
    return None


def _number(part: str) -> int | None:
    return int(part) if re.fullmatch(r"[0-9]{1,9}", part) else None


# -- the pages


def document_page(document: Document, link: Permalink, *, part: int | None = None, home: str = "/") -> str:
    """Return a page with the document and its sentence marked; of a long one, around that or from a part on."""
    sheet = Sheet.of(document, link.place_in(document.text), part=part)
    now = _as_it_is_now(sheet, link)
    told = sheet.place.told
    alert = f'<p class="warning" role="alert">{escaped(message(told))}</p>' if told else ""
    text = "".join(sheet.blocks())
    body = (
        f"<header>{_links(sheet, now, home)}{_facts(sheet, now)}</header><main>{alert}{_earlier(sheet, now)}"
        f"<article{lang_of(text)}>{text}</article>{_later(sheet, now)}</main>"
    )
    return STYLE.page(f"{document.title} · {message('web-title')}", body)


def message_page(text: str, *, home: str, below: str = "") -> str:
    """Return a page that says one thing and leads to the chat; `below` is HTML."""
    link = f'<p><a href="{escaped(home)}" target="_top">{escaped(message("web-home"))}</a></p>'
    title = message("web-title")
    alert = f'<p class="warning" role="alert">{escaped(text)}</p>'
    return STYLE.page(title, f"<main><h1>{escaped(title)}</h1>{alert}{below}{link}</main>")


def _as_it_is_now(sheet: Sheet, given: Permalink) -> Permalink:
    """Return the link to the sentence where it stands now; to the document if it stands nowhere."""
    span = sheet.place.span
    if span is None:
        return Permalink(collection=given.collection)
    return Permalink.to(sheet.document.text[slice(*span)], span, collection=given.collection)


def _links(sheet: Sheet, now: Permalink, home: str) -> str:
    if sheet.place.span:
        permalink = escaped(now.query() + "#mark")
    else:
        permalink = escaped(now.query(part=sheet.first + 1 if sheet.first else None))
    away = sheet.place.span and not sheet.shows_the_sentence
    back = f'<a href="{permalink}">{escaped(message("reader-to-sentence"))}</a>' if away else ""
    return (
        f'<nav aria-label="{escaped(message("reader-links"))}">{back}'
        f'<a class="permalink" href="{permalink}" target="_blank" rel="bookmark noopener">'
        f"{escaped(message('reader-permalink'))}</a>"
        f'<a href="{escaped(home)}" target="_top">{escaped(message("web-home"))}</a></nav>'
    )


def _facts(sheet: Sheet, now: Permalink) -> str:
    """Return the title, the headings above the sentence, and where the document comes from."""
    document = sheet.document
    path = _path_at(document, sheet.place.span[0]) if sheet.place.span else ""
    facts = [
        f"<h1{lang_of(document.title)}>{escaped(document.title)}</h1>",
        f'<p class="path"{lang_of(path)}>{escaped(path)}</p>' if path else "",
        f"<p>{_linked(message('reader-source', source=document.source))}</p>" if document.source else "",
        f"<p>{escaped(message('answer-date', date=document.date))}</p>" if document.date else "",
        f"<p>{escaped(message('reader-id', document=document.id))}</p>",
    ]
    if now.collection:
        facts.append(f"<p>{escaped(message('reader-collection', collection=now.collection))}</p>")
    if len(sheet.parts) > SHOWN:
        told = message("reader-parts", first=sheet.first + 1, last=sheet.last, total=len(sheet.parts))
        facts.append(f"<p>{escaped(told)}</p>")
    return "".join(facts)


def _earlier(sheet: Sheet, now: Permalink) -> str:
    part = max(1, sheet.first + 1 - SHOWN)
    return _turning("reader-earlier", now.query(part=part) + "#end") if sheet.first else ""


def _later(sheet: Sheet, now: Permalink) -> str:
    more = sheet.last < len(sheet.parts)
    turning = _turning("reader-later", now.query(part=sheet.last + 1)) if more else ""
    return f'<div id="end">{turning}</div>'


def _turning(key: str, address: str) -> str:
    label = escaped(message(key))
    return f'<nav class="turning" aria-label="{label}"><a href="{escaped(address)}">{label}</a></nav>'


def _path_at(document: Document, place: int) -> str:
    """Return the headings above a place, and its page."""
    found = next((section for section in document.sections if place < section.end), None)
    if found is None:
        return ""
    headings = [heading for heading in found.path if heading != document.title]
    return " › ".join((*headings, *[message("web-page", page=found.page)] * bool(found.page)))


def _linked(source: str) -> str:
    """Return a source with its web address as a link; no other scheme becomes one."""
    found = re.search(r"https?://[^\s<>\"'，。；）]+$", source)
    if found is None:
        return escaped(source)
    link = escaped(found[0])
    return f'{escaped(source[: found.start()])}<a href="{link}" rel="noopener noreferrer" target="_blank">{link}</a>'
