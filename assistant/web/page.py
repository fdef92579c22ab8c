"""Answers, reports and documents as HTML in which nothing that a document or a user wrote is more than text."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote as percent

from assistant.answering.answer import Answer, Quote, Table
from assistant.ranking.ranking import Elsewhere
from assistant.render import NEAR, changes, excerpt, explanation_lines, summary
from corpus.messages import message
from index.catalog import Entry
from index.report import Report

SURE = 0.8  # the confidence from which on an answer is called certain
LISTED = 200  # documents, changed files or lines of an explanation shown at once

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


# -- the chat


def question_html(question: str, *, as_written: bool = False) -> str:
    """Return what the user asked, and that the words were to be taken as they are written."""
    tag = f'<p class="tag">{literal(message("web-written"))}</p>' if as_written else ""
    return f'<div class="asked">{literal(question)}</div>{tag}'


def note_html(text: str) -> str:
    """Return a message that is no answer."""
    return f'<div class="answer"><p class="note">{literal(text)}</p></div>'


def answer_html(answer: Answer, *, shown: int | None = None) -> str:
    """Return the answer; with `shown`, only its first quotes, as it is while it is being written."""
    lines = [_understood(answer), _message(answer)]
    if answer.table:
        lines.append(_compared(answer.quotes, answer.table))
    else:
        lines += [_quote(quote, number) for number, quote in enumerate(answer.quotes[:shown], start=1)]
    if shown is None:
        lines += [_near(answer), _sources(answer.quotes), _foot(answer)]
    return f'<div class="answer">{"".join(lines)}</div>'


def suggestions_html(questions: Sequence[str]) -> str:
    """Return questions to go on with as buttons, which page.js asks; empty where there are none."""
    buttons = "".join(_asking("suggestion", question, question) for question in questions)
    label = literal(message("answer-suggestions"))
    return f'<div class="suggestions"><p class="label">{label}</p>{buttons}</div>' if questions else ""


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
    """Return title, headings and page of a quote, without the heading that repeats the title."""
    page = [message("web-page", page=quote.page)] if quote.page else []
    return " › ".join((quote.title, *(heading for heading in quote.section if heading != quote.title), *page))


def _understood(answer: Answer) -> str:
    """Say what was asked in the question's place, and offer to ask the question itself."""
    if not (answer.completed or answer.corrections):
        return ""
    told = literal(message("answer-understood", question=excerpt(answer.understood, 120)))
    mended = "".join(f"<span>{literal(f'“{one.written}” → “{one.meant}”')}</span>" for one in answer.corrections)
    button = _asking("as-written", answer.question, message("web-as-written"))
    return f'<div class="understood"><p>{told}</p>{mended}{button}</div>'


def _asking(name: str, question: str, label: str) -> str:
    return f'<button type="button" class="{name}" value="{literal(question)}">{literal(label)}</button>'


def _compared(quotes: Sequence[Quote], table: Table) -> str:
    """Return the quotes of a comparison: those that no cell holds, and the table below them."""
    numbered = [_quote(quote, number) for number, quote in enumerate(quotes, start=1)]
    above = "".join(text for place, text in enumerate(numbered) if place not in table.quoted)
    nothing = f'<p class="nothing">{literal(message("table-nothing"))}</p>'
    heads = "".join(f'<th scope="col">{literal(name)}</th>' for name in (message("web-aspect"), *table.columns))
    rows = "".join(
        f'<tr><th scope="row">{literal(row.aspect)}</th>'
        + "".join(
            # the name stands in the cell too: on a phone there is no room for a head
            f'<td><p class="column">{literal(name)}</p>{"".join(numbered[place] for place in cell) or nothing}</td>'
            for name, cell in zip(table.columns, row.cells, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = literal(message("web-compared", names="、".join(table.columns)))
    return (
        f'{above}<div class="compared"><table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


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
        + "</a>"
        + "".join(_also(quote, place) for place in quote.also)
        + "</li>"
    )


def _also(quote: Quote, place: Elsewhere) -> str:
    """Return a link to the same words in another document."""
    link = address(replace(quote, document=place.document, start=place.start, end=place.end))
    told = message("web-also", title=place.title, document=place.document)
    return f'<a class="open also" href="{literal(link)}"><span class="where">{literal(told)}</span></a>'


def _foot(answer: Answer) -> str:
    """Say how sure the answer is; opened, why it is what it is."""
    if not answer.hits:
        return ""
    word = ("sure" if answer.confidence >= SURE else "likely") if answer.answered else "unsaid"
    hint = literal(message("web-confidence", percent=round(100 * answer.confidence)))
    sure = f'<span class="confidence {word}" title="{hint}">{literal(message("web-" + word))}</span>'
    told = [*explanation_lines(answer)]
    if not told:
        return f'<p class="foot">{sure}</p>'
    label = literal(message("web-why" if answer.answered else "web-why-not"))
    if len(told) > LISTED:
        told = [*told[:LISTED], message("web-more", count=len(told) - LISTED)]
    return (
        f'<details class="foot"><summary>{sure}<span class="why">{label}</span></summary>'
        f'<div class="told">{_told(told)}</div></details>'
    )


def _told(lines: Sequence[str]) -> str:
    """Return lines as paragraphs, those that begin with a hyphen as the items of lists."""
    parts = []
    for listed, group in itertools.groupby(lines, key=lambda line: line.startswith("- ")):
        tag = "li" if listed else "p"
        made = "".join(f"<{tag}>{literal(line.removeprefix('- '))}</{tag}>" for line in group)
        parts.append(f"<ul>{made}</ul>" if listed else made)
    return "".join(parts)


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
    lines = [f'<p class="note">{literal(summary(report))}</p>']
    lines += [_changes(label, ids) for label, ids in changes(report)]
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
