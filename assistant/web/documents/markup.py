"""The documents of a collection as HTML in which nothing that a document, a file or a user wrote is more than text."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.answer import Quote
from assistant.library.folder import FOLDER
from assistant.render import changes, excerpt, summary
from assistant.web.documents.atlas import POINTS, Atlas
from assistant.web.documents.listing import PAGE, Order, Row, State, View
from assistant.web.html import literal
from assistant.web.page.markup import address, where
from assistant.web.reader.permalink import Permalink
from corpus.lexicon import fold
from corpus.messages import message
from index.report import Report
from index.search import Hit

LISTED = 200  # changed files of one kind that a report names
_BEFORE, _AROUND = 40, 160  # characters of a passage before the first of the words that it was found by, and in all
_COLUMNS = (
    ((Order.TITLE, "docs-title"), (Order.ID, "docs-id")),
    ((Order.CHARACTERS, "docs-characters"),),
    ((Order.PASSAGES, "docs-passages"),),
    ((Order.DATE, "docs-date"),),
    ((Order.STATE, "docs-state"),),
)
_STATES = {
    State.HELD: "docs-held",
    State.SHORTENED: "docs-shortened",
    State.BARE: "docs-bare",
}


def document_address(id: str, collection: str = "") -> str:
    """Return where the reader shows a document, relative to the page."""
    return Permalink(collection=collection).address(id)


# -- the table


def table_html(rows: Sequence[Row], view: View, *, collection: str = "", may_change: bool = False) -> str:
    """Return the table of the rows that the view shows; who may change them gets a button for each document."""
    shown, count = view.of(rows)
    view = view.last(count)
    caption = literal(_caption(rows, count, view))
    if not shown:
        return f'<p class="note" role="status">{literal(message("docs-none"))}</p>'
    gone = f'<th scope="col"><span class="unseen">{literal(message("docs-remove"))}</span></th>' if may_change else ""
    heads = "".join(_head(column, view) for column in _COLUMNS)
    lines = "".join(_line(row, collection, may_change) for row in shown)
    return (
        f"<table><caption>{caption}</caption><thead><tr>{heads}{gone}</tr></thead><tbody>{lines}</tbody></table>"
        + _pages(view, count)
        + (_confirmation() if may_change else "")
    )


def _caption(rows: Sequence[Row], count: int, view: View) -> str:
    indexed = sum(row.state.is_indexed for row in rows)
    if count == len(rows) == indexed:
        told = message("docs-caption", total=count)
    elif count == len(rows):
        told = message("docs-caption-out", total=indexed, out=count - indexed)
    else:
        told = message("docs-caption-some", count=count, total=len(rows))
    first, last = 1 + PAGE * view.page, min(count, PAGE * (view.page + 1))
    return f"{told} {message('docs-caption-part', first=first, last=last)}" if count > PAGE else told


def _head(column: Sequence[tuple[Order, str]], view: View) -> str:
    sorted_by = [order for order, _ in column if order is view.order]
    sort = f' aria-sort="{"descending" if view.falling else "ascending"}"' if sorted_by else ""
    buttons = "".join(_sorting(order, message(key), view) for order, key in column)
    return f'<th scope="col"{sort}>{buttons}</th>'


def _sorting(order: Order, name: str, view: View) -> str:
    arrow = ("↓" if view.falling else "↑") if order is view.order else ""
    sign = f'<span class="sign" aria-hidden="true">{arrow}</span>'
    hint = literal(message("docs-sort", name=name))
    return (
        f'<button type="button" class="view" data-key="{order}" value="{literal(str(view.by(order)))}" '
        f'aria-label="{hint}">{literal(name)}{sign}</button>'
    )


def _line(row: Row, collection: str, may_change: bool) -> str:
    if not row.state.is_indexed:
        head = f'<span class="title">{literal(row.id)}</span>'
    else:
        link = literal(document_address(row.id, collection))
        head = f'<a class="open" href="{link}">{literal(row.title)}</a><span class="id">{literal(row.id)}</span>'
    cells = "".join(
        f'<td class="{order}"><span class="label">{literal(message(key))}</span>{literal(text)}</td>'
        for ((order, key), *_), text in zip(_COLUMNS[1:], _facts(row), strict=True)
    )
    return f'<tr class="{row.state}"><th scope="row">{head}</th>{cells}{_removal(row) if may_change else ""}</tr>'


def _facts(row: Row) -> tuple[str, str, str, str]:
    if not row.state.is_indexed:
        told = message("docs-skipped", reason=row.other) if row.state is State.SKIPPED else message("docs-out")
        return "—", "—", "—", told
    told = message("docs-copy", document=row.other) if row.state is State.COPY else message(_STATES[row.state])
    return f"{row.characters:,}", f"{row.passages:,}" if row.state is not State.COPY else "—", row.date or "—", told


def _removal(row: Row) -> str:
    if row.state is State.SKIPPED:
        return "<td></td>"
    if row.state is State.OUT:
        label = literal(message("docs-restore-one", document=row.id))
        return (
            f'<td class="gone"><button type="button" class="restore" value="{literal(row.id)}" '
            f'aria-label="{label}">{literal(message("docs-restore"))}</button></td>'
        )
    label = literal(message("docs-remove-one", title=excerpt(row.title, 60)))
    return (
        f'<td class="gone"><button type="button" class="remove" value="{literal(row.id)}" '
        f'data-title="{literal(row.title)}" aria-label="{label}">{literal(message("docs-remove"))}</button></td>'
    )


def _pages(view: View, count: int) -> str:
    pages = max(0, count - 1) // PAGE + 1
    if pages == 1:
        return ""
    told = literal(message("docs-page", page=view.page + 1, pages=pages))
    turns = (("docs-former", view.page - 1), ("docs-next", view.page + 1))
    former, following = (
        f'<button type="button" class="view" data-key="{key}" value="{literal(_at(view, page))}"'
        f"{'' if 0 <= page < pages else ' disabled'}>{literal(message(key))}</button>"
        for key, page in turns
    )
    return (
        f'<nav class="pages" aria-label="{literal(message("docs-pages"))}">{former}<span>{told}</span>{following}</nav>'
    )


def _at(view: View, page: int) -> str:
    return str(View(order=view.order, falling=view.falling, page=max(0, page)))


def _confirmation() -> str:
    """Return the dialogue that documents.js opens before a document is taken out."""
    return (
        '<dialog class="confirm" aria-labelledby="docs-sure"><form method="dialog">'
        f'<p id="docs-sure">{literal(message("docs-remove-sure"))}</p><p class="which"></p>'
        f'<p class="note">{literal(message("docs-remove-note"))}</p><div class="choice">'
        f'<button value="no" autofocus>{literal(message("docs-cancel"))}</button>'
        f'<button value="yes" class="yes">{literal(message("docs-remove"))}</button></div></form></dialog>'
    )


# -- what stands in the texts


def found_html(hits: Sequence[Hit], wanted: str, collection: str = "") -> str:
    """Return the passages that hold the words, each as a link to its place."""
    if not hits:
        return f'<p class="note" role="status">{literal(message("docs-found-none", wanted=excerpt(wanted, 60)))}</p>'
    told = literal(message("docs-found", count=len(hits), wanted=excerpt(wanted, 60)))
    items = "".join(_found(hit, collection) for hit in hits)
    return f'<p class="label" role="status">{told}</p><ul class="found">{items}</ul>'


def _found(hit: Hit, collection: str) -> str:
    quote = Quote.of_hit(hit)
    return (
        f'<li><a class="open" href="{literal(address(quote, collection))}"><span class="where">{literal(where(quote))}'
        f'</span><span class="excerpt">{_marked(hit.passage.text, hit.reasons.matched)}</span></a></li>'
    )


def _marked(text: str, words: Sequence[str]) -> str:
    """Return the part of a text around the first of the words, which are folded, all of them in it marked."""
    folded = fold(text)
    spans = sorted((at, at + len(word)) for word in words for at in _places(folded, word))
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    end = min(len(text), start + _AROUND)
    parts, place = ["…" if start else ""], start
    for first, last in spans:
        if place <= first and last <= end:
            parts += [literal(_line_of(text[place:first])), f"<mark>{literal(text[first:last])}</mark>"]
            place = last
    return "".join((*parts, literal(_line_of(text[place:end])), "…" if end < len(text) else ""))


def _places(text: str, word: str) -> list[int]:
    found, at = [], text.find(word)
    while word and at >= 0:
        found.append(at)
        at = text.find(word, at + len(word))
    return found


def _line_of(text: str) -> str:
    return text.replace("\n", " ")


# -- changing them


def limits_html(files: int, megabytes: int) -> str:
    """Return how much may be brought at once."""
    return f'<p class="note">{literal(message("docs-limits", files=files, megabytes=megabytes))}</p>'


def sources_html(sources: Sequence[str]) -> str:
    """Return what a rebuild would read; the folder of what users bring, which lies in the index's own, by its name."""
    own = literal(message("docs-added"))
    items = "".join(f"<li>{own if source == FOLDER else f'<code>{literal(source)}</code>'}</li>" for source in sources)
    return f'<p class="note">{literal(message("docs-sources"))}</p><ul class="paths">{items}</ul>'


def told_html(text: str, *, failed: bool = False) -> str:
    """Return what came of a change, or why nothing did."""
    return f'<p class="{"fault" if failed else "note"}" role="{"alert" if failed else "status"}">{literal(text)}</p>'


def report_html(report: Report, notes: Sequence[str] = ()) -> str:
    """Return what an update changed; skipped files with their reasons."""
    lines = [told_html(text) for text in (*notes, summary(report))]
    lines += [_changes(label, ids) for label, ids in changes(report)]
    skipped = [f"{file.path}：{file.reason}" for file in report.skipped]
    lines.append(_changes(message("label-skipped"), skipped))
    return f'<div class="report">{"".join(lines)}</div>'


def _changes(label: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    lines = [*names[:LISTED]]
    if len(names) > LISTED:
        lines.append(message("docs-more", count=len(names) - LISTED))
    items = "".join(f"<li>{literal(line)}</li>" for line in lines)
    return f'<p class="label">{literal(label)}</p><ul class="paths">{items}</ul>'


# -- the picture


def atlas_html(atlas: Atlas, lit: Sequence[str], collection: str = "") -> str:
    """Say in words what the picture shows: how many documents, and which are nearest to each one that is lit."""
    count = len(atlas.ids)
    told = message("atlas-told", count=count)
    if count > POINTS:
        told += " " + message("atlas-sampled", drawn=POINTS)
    lines = [f'<p class="note">{literal(told)}</p>']
    places = atlas.lit(lit)
    if not places:
        lines.append(f'<p class="note">{literal(message("atlas-unlit"))}</p>')
    for place in places:
        near = atlas.neighbours(place)
        label = literal(message("atlas-near", title=excerpt(atlas.titles[place], 60)))
        items = "".join(f"<li>{_link(atlas, one, collection)}</li>" for one in near)
        lines.append(f'<p class="label">{label}</p><ul class="near">{items}</ul>' if near else "")
    return "".join(lines)


def _link(atlas: Atlas, place: int, collection: str) -> str:
    link = literal(document_address(atlas.ids[place], collection))
    return f'<a class="open" href="{link}">{literal(excerpt(atlas.titles[place], 60))}</a>'
