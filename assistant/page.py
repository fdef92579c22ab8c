"""Answers, reports and documents as HTML in which nothing that a document or a user wrote is more than text."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote as percent

from assistant.answer import Answer, Quote
from assistant.render import NEAR, excerpt
from corpus.document import Document
from corpus.messages import message
from index.catalog import Entry
from index.store import Report

SURE = 0.8  # the confidence from which on an answer is called certain
LISTED = 200  # documents or changed files shown at once
READER_STYLE = (Path(__file__).parent / "reader.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(READER_STYLE.encode()).digest()).decode()
READER_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)

# the opening quotation mark of a Chinese text
ICON = (
    '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E'
    "%3Crect width=%2216%22 height=%2216%22 rx=%223%22 fill=%22%23a3372b%22/%3E"
    '%3Cpath d=%22M6 13V5h6M9 13V8h3%22 fill=%22none%22 stroke=%22%23fffaf2%22 stroke-width=%221.6%22/%3E%3C/svg%3E">'
)

Span = tuple[int, int]


def literal(text: str) -> str:
    """Return `text` so that HTML, Markdown and LaTeX show it as it is, on one line of source.

    The chat runs its messages through a Markdown parser, in which every ASCII mark may mean something and an
    empty line ends a block of HTML; as a numeric entity none does. A lone surrogate is no character: shown as U+FFFD.
    """
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    return re.sub(r"[^0-9A-Za-z \u0080-\U0010ffff]", lambda mark: f"&#{ord(mark[0])};", text)


# -- the chat


def question_html(question: str) -> str:
    """Return what the user asked."""
    return f'<div class="asked">{literal(question)}</div>'


def note_html(text: str) -> str:
    """Return a message that is no answer."""
    return f'<div class="answer"><p class="note">{literal(text)}</p></div>'


def answer_html(answer: Answer, *, shown: int | None = None) -> str:
    """Return the answer; with `shown`, only its first quotes, as it is while it is being written."""
    quotes = answer.quotes[:shown]
    lines = [_understood(answer)]
    lines += [_quote(quote, number) for number, quote in enumerate(quotes, start=1)]
    if shown is None:
        lines += [_message(answer), _near(answer), _sources(quotes), _confidence(answer)]
    return f'<div class="answer">{"".join(lines)}</div>'


def address(quote: Quote) -> str:
    """Return where the reader shows the quote; `is` lets it tell whether the text there still is the quote's."""
    return f"{document_address(quote.document)}?at={quote.start}-{quote.end}&is={digest(quote.text)}#mark"


def document_address(id: str) -> str:
    """Return where the reader shows a document, relative to the chat."""
    return "read/" + percent(id, safe="/")


def digest(text: str) -> str:
    """Return a short checksum of a quote."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def where(quote: Quote) -> str:
    """Return title and headings of a quote."""
    return path_text(quote.title, quote.section)


def path_text(title: str, section: Sequence[str]) -> str:
    """Return a title and the headings below it, without the heading that repeats the title."""
    return " › ".join((title, *(heading for heading in section if heading != title)))


def _understood(answer: Answer) -> str:
    if answer.understood == " ".join(answer.question.split()) or not answer.understood:
        return ""
    text = message("answer-understood", question=excerpt(answer.understood, 120))
    return f'<p class="understood">{literal(text)}</p>'


def _quote(quote: Quote, number: int) -> str:
    hint = literal(message("web-open-quote", where=where(quote)))
    link = f'<a class="cite" href="{literal(address(quote))}" title="{hint}">{number}</a>'
    joiner = "&#8288;"  # keeps the number on the line of the last word
    before, span, behind = map(literal, quote.pieces)
    words = f"{before}<strong>{span}</strong>{behind}" if span else before
    return f'<p class="quote"><span class="words">{words}</span>{joiner}{link}</p>'


def _message(answer: Answer) -> str:
    return f'<p class="note">{literal(answer.message)}</p>' if answer.message else ""


def _near(answer: Answer) -> str:
    if answer.answered or not answer.hits:
        return ""
    items = "".join(_source(Quote.of_hit(hit), "–", excerpt(hit.passage.text)) for hit in answer.hits[:NEAR])
    return f'<p class="label">{literal(message("answer-near"))}</p><ul class="sources near">{items}</ul>'


def _sources(quotes: Sequence[Quote]) -> str:
    items = "".join(_source(quote, str(number)) for number, quote in enumerate(quotes, start=1))
    return f'<ul class="sources">{items}</ul>' if items else ""


def _source(quote: Quote, sign: str, text: str = "") -> str:
    date = message("answer-date", date=quote.date) if quote.date else ""
    return (
        f'<li><a class="open" href="{literal(address(quote))}">'
        f'<span class="sign">{literal(sign)}</span><span class="where">{literal(where(quote))}</span>'
        + (f'<span class="date">{literal(date)}</span>' if date else "")
        + (f'<span class="excerpt">{literal(text)}</span>' if text else "")
        + "</a></li>"
    )


def _confidence(answer: Answer) -> str:
    if not answer.hits:
        return ""
    word = ("sure" if answer.confidence >= SURE else "likely") if answer.answered else "unsaid"
    hint = literal(message("web-confidence", percent=round(100 * answer.confidence)))
    return f'<p class="confidence {word}" title="{hint}"><span>{literal(message("web-" + word))}</span></p>'


# -- documents and rebuilding


def heading_html(documents: int, passages: int) -> str:
    """Return the head of the page."""
    facts = message("web-facts", documents=documents, passages=passages)
    return (
        f'<header class="head"><h1>{literal(message("web-title"))}</h1>'
        f'<p>{literal(message("web-tagline"))}</p><p class="facts">{literal(facts)}</p></header>'
    )


def reader_panel_html() -> str:
    """Return the panel beside the chat, in which page.js opens the citations."""
    close, tab = literal(message("web-close")), literal(message("web-new-tab"))
    title = literal(message("web-reader"))
    return (
        f'<aside class="reader" aria-label="{title}"><div class="bar"><h2>{title}</h2>'
        f'<a class="tab" href="#" target="_blank" rel="noopener" hidden>{tab}</a>'
        f'<button type="button" class="close" aria-label="{close}" title="{close}" hidden>✕</button></div>'
        f'<p class="hint">{literal(message("web-reader-hint"))}</p>'
        f'<iframe title="{title}" hidden></iframe></aside>'
    )


def documents_html(entries: Sequence[Entry], wanted: str = "") -> str:
    """Return the list of the documents whose title or id holds `wanted`."""
    sought = wanted.strip().casefold()
    found = [entry for entry in entries if sought in entry.title.casefold() or sought in entry.id.casefold()]
    if not found:
        return f'<p class="note">{literal(message("web-list-none"))}</p>'
    items = "".join(map(_entry, found[:LISTED]))
    cut = message("web-list-cut", shown=LISTED, total=len(found)) if len(found) > LISTED else ""
    return f'<ul class="documents">{items}</ul><p class="note">{literal(cut)}</p>'


def _entry(entry: Entry) -> str:
    size = message("web-size", characters=entry.characters, passages=entry.passages)
    return (
        f'<li><a class="open" href="{literal(document_address(entry.id))}">'
        f'<span class="title">{literal(entry.title)}</span><span class="id">{literal(entry.id)}</span>'
        f'<span class="size">{literal(size)}</span><span class="date">{literal(entry.date)}</span></a></li>'
    )


def rebuild_html(sources: Sequence[str]) -> str:
    """Return what a rebuild would read."""
    items = "".join(f"<li><code>{literal(source)}</code></li>" for source in sources)
    return f'<p>{literal(message("web-rebuild-hint"))}</p><ul class="paths">{items}</ul>'


def report_html(report: Report) -> str:
    """Return what a rebuild changed; skipped files with their reasons."""
    names = ("added", "changed", "removed", "unchanged", "skipped")
    counts = {name: len(getattr(report, name)) for name in names}
    text = message("build-report", documents=report.documents, **counts)
    lines = [f'<p class="note">{literal(text)}</p>']
    for name in ("added", "changed", "removed"):
        lines.append(_changes(message("label-" + name), getattr(report, name)))
    skipped = [f"{file.path}：{file.reason}" for file in report.skipped]
    lines.append(_changes(message("label-skipped"), skipped))
    return f'<div class="report">{"".join(lines)}</div>'


def _changes(label: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    lines = [*names[:LISTED]]
    if len(names) > LISTED:
        lines.append(message("web-more", count=len(names) - LISTED))
    items = "".join(f"<li>{literal(line)}</li>" for line in lines)
    return f'<p class="label">{literal(label)}</p><ul class="paths">{items}</ul>'


# -- the reader: a page of its own, so that a link to a quote outlives the chat


def reader_page(document: Document, span: Span | None, warning: str = "") -> str:
    """Return a page with the whole document, the span marked, and a warning where one is due."""
    headings = _headings_at(document, span[0]) if span else ()
    facts = [
        f"<h1>{html.escape(document.title)}</h1>",
        f'<p class="path">{html.escape(path_text("", headings).removeprefix(" › "))}</p>' if headings else "",
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
        f"<style>{READER_STYLE}</style></head><body>{body}</body></html>"
    )


def _headings_at(document: Document, place: int) -> tuple[str, ...]:
    found = [section.path for section in document.sections if section.start <= place < section.end]
    return tuple(heading for heading in found[-1] if heading != document.title) if found else ()


def _blocks(document: Document, span: Span) -> Iterator[str]:
    """Give the text section by section; what stands between two sections is a heading."""
    place, unmarked = 0, True
    for start, end in [*((section.start, section.end) for section in document.sections), (len(document.text),) * 2]:
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
