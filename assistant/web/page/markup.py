"""Answers and the parts around them as HTML in which nothing that a document or a user wrote is more than text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.answer import Answer, Quote, Table
from assistant.feedback import Fault
from assistant.ranking.ranking import Elsewhere
from assistant.render import NEAR, excerpt, explanation_lines
from assistant.web.html import literal
from assistant.web.reader.permalink import Permalink
from corpus.messages import LANGUAGES, language, message, speaking

SURE = 0.8  # the confidence from which on an answer is called certain
LISTED = 200  # lines of an explanation that are shown


# -- the chat


def note_html(text: str) -> str:
    """Return a message that is no answer."""
    return f'<div class="answer"><p class="note">{literal(text)}</p></div>'


def answer_html(answer: Answer, *, collection: str = "") -> str:
    """Return the answer, whose citations open documents of the collection."""
    quotes = [_quote(quote, number, collection) for number, quote in enumerate(answer.quotes, start=1)]
    lines = [_understood(answer), _message(answer)]
    lines += [_compared(quotes, answer.table)] if answer.table else quotes
    lines += [_near(answer, collection), _sources(answer.quotes, collection), _foot(answer)]
    return f'<div class="answer">{"".join(lines)}</div>'


def suggestions_html(questions: Sequence[str]) -> str:
    """Return questions to go on with as buttons, which talk.js asks; empty where there are none."""
    buttons = "".join(_asking("suggestion", question, question) for question in questions)
    label = literal(message("answer-suggestions"))
    return f'<div class="suggestions"><p class="label">{label}</p>{buttons}</div>' if questions else ""


def address(quote: Quote, collection: str = "") -> str:
    """Return where the reader shows the quote."""
    return Permalink.to(quote.text, (quote.start, quote.end), collection=collection).address(quote.document)


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


def _compared(quotes: Sequence[str], table: Table) -> str:
    """Return the quotes of a comparison: those that no cell holds, and the table below them."""
    above = "".join(text for place, text in enumerate(quotes) if place not in table.quoted)
    nothing = f'<p class="nothing">{literal(message("table-nothing"))}</p>'
    heads = "".join(f'<th scope="col">{literal(name)}</th>' for name in (message("web-aspect"), *table.columns))
    rows = "".join(
        f'<tr><th scope="row">{literal(row.aspect)}</th>'
        + "".join(
            # the name stands in the cell too: on a phone there is no room for a head
            f'<td><p class="column">{literal(name)}</p>{"".join(quotes[place] for place in cell) or nothing}</td>'
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


def _quote(quote: Quote, number: int, collection: str) -> str:
    hint = literal(message("web-open-quote", where=where(quote)))
    link = f'<a class="cite" href="{literal(address(quote, collection))}" title="{hint}">{number}</a>'
    joiner = "&#8288;"  # keeps the number on the line of the last word
    before, span, behind = map(literal, quote.pieces)
    words = f"{before}<strong>{span}</strong>{behind}" if span else before
    return f'<p class="quote"><span class="words">{words}</span>{joiner}{link}</p>'


def _message(answer: Answer) -> str:
    return f'<p class="note">{literal(answer.message)}</p>' if answer.message else ""


def _near(answer: Answer, collection: str) -> str:
    if answer.answered or not answer.hits:
        return ""
    near = [(Quote.of_hit(hit), excerpt(hit.passage.text)) for hit in answer.hits[:NEAR]]
    items = "".join(_source(quote, "–", collection, text) for quote, text in near)
    return f'<p class="label">{literal(message("answer-near"))}</p><ul class="sources near">{items}</ul>'


def _sources(quotes: Sequence[Quote], collection: str) -> str:
    items = "".join(_source(quote, str(number), collection) for number, quote in enumerate(quotes, start=1))
    return f'<ul class="sources">{items}</ul>' if items else ""


def _source(quote: Quote, sign: str, collection: str, text: str = "") -> str:
    date = message("answer-date", date=quote.date) if quote.date else ""
    return (
        f'<li><a class="open" href="{literal(address(quote, collection))}">'
        f'<span class="sign">{literal(sign)}</span><span class="where">{literal(where(quote))}</span>'
        + (f'<span class="date">{literal(date)}</span>' if date else "")
        + (f'<span class="excerpt">{literal(text)}</span>' if text else "")
        + "</a>"
        + "".join(_also(quote, place, collection) for place in quote.also)
        + "</li>"
    )


def _also(quote: Quote, place: Elsewhere, collection: str) -> str:
    """Return a link to the same words in another document."""
    link = address(replace(quote, document=place.document, start=place.start, end=place.end), collection)
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


# -- around the chat


def heading_html(documents: int, passages: int, *, account: str = "", keeps_history: bool = True) -> str:
    """Return the head of the page; who has an account may leave."""
    facts = message("web-facts", documents=documents, passages=passages)
    label = literal(message("web-history"))
    button = f'<button type="button" class="past-talks" aria-expanded="false">{label}</button>'
    history = button if keeps_history else ""
    leave = f'<a class="leave" href="logout">{literal(message("web-leave", account=account))}</a>' if account else ""
    other = LANGUAGES[1 - LANGUAGES.index(language())]
    with speaking(other):
        name, tag = message("web-language-name"), message("web-language")
    return (
        f'<header class="head"><h1>{literal(message("web-title"))}</h1>'
        f'<p>{literal(message("web-tagline"))}</p><p class="facts">{literal(facts)}</p>'
        f"{history}"
        f'<button type="button" class="language" value="{other}" lang="{tag}">{literal(name)}</button>{leave}</header>'
    )


def hello_panel_html() -> str:
    """Return the place of what an empty conversation shows, and what talk.js tells those who do not see the page."""
    return '<div class="hello"></div><p id="told" role="status" aria-live="polite"></p>'


def hello_html(questions: Sequence[str], *, is_empty: bool = False) -> str:
    """Return what an empty conversation shows: questions to begin with, or that there are no documents."""
    buttons = "".join(_asking("suggestion", question, question) for question in questions)
    told = message("web-hello-empty" if is_empty else "web-hello")
    return f'<p class="note">{literal(told)}</p><div class="examples">{buttons}</div>'


def history_panel_html() -> str:
    """Return the panel of earlier conversations, which talk.js fills."""
    close, search = literal(message("web-close")), literal(message("web-history-search"))
    return (
        f'<aside class="history" aria-label="{literal(message("web-history"))}" hidden>'
        f'<div class="bar"><h2>{literal(message("web-history"))}</h2>'
        f'<button type="button" class="close" aria-label="{close}" title="{close}">✕</button></div>'
        f'<input type="search" placeholder="{search}" aria-label="{search}">'
        f'<ul></ul><p class="none">{literal(message("web-history-none"))}</p><div class="acts">'
        f'<button type="button" class="forget-all">{literal(message("web-forget-all"))}</button></div></aside>'
    )


def reasons_dialog_html() -> str:
    """Return the dialog in which one says what is wrong with an answer."""
    choices = "".join(
        f'<label><input type="radio" name="reason" value="{reason.value}" required> '
        f"{literal(message('feedback-' + reason.value))}</label>"
        for reason in Fault
    )
    return (
        f'<dialog class="reasons" aria-labelledby="reasons-title"><form method="dialog">'
        f'<h2 id="reasons-title">{literal(message("web-reasons"))}</h2>{choices}'
        f"<label>{literal(message('web-comment'))}"
        '<textarea name="comment" rows="2" maxlength="1000"></textarea></label>'
        f'<div class="acts"><button value="send">{literal(message("web-send"))}</button>'
        f'<button value="" formnovalidate>{literal(message("web-cancel"))}</button></div></form></dialog>'
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
