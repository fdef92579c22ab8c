"""A conversation as Markdown, in which nothing that a document or a user wrote is more than text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.answering.answer import Quote, Row, Table
from assistant.ranking.ranking import Elsewhere
from assistant.render import citation
from assistant.web.reader.permalink import Permalink
from corpus.errors import InputError
from corpus.messages import message

_BASE = re.compile(r"https?://[A-Za-z0-9._~:/\[\]@%+-]+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&()*+,;=%-]+$")  # whose every mark is text between < and >
_FARTHEST = 10**12  # characters; no document is so long

# Whatever some dialect of Markdown takes for more than text: as an entity it is text in all of them. Not behind a
# backslash: \( begins a formula in some. Left as they are: , ; ? %, a dot in a number, a hyphen in a word, one slash.
_MARKS = re.compile(
    r"[!\"#$&'()*+:<=>@\[\\\]^_`{|}~\t\u2028\u2029]"
    r"|(?<![0-9])\.|\.(?![0-9])|(?<![0-9A-Za-z])-|-(?![0-9A-Za-z])|(?<=/)/|/(?=/)"
    r"|^\s+|\s+$"  # a parser strips them
)
_LINE = re.compile(r"\r\n|\r|\n")


def markdown(
    exchanges: Iterable[tuple[str, Mapping[str, Any]]], *, title: str, base: str = "", collection: str = ""
) -> str:
    """Return questions and their answers, which are as in `--json`; below each answer its sources.

    `base`, the web chat's address, makes every number a link to the sentence in its document. InputError where an
    answer is not of that shape, or `base` no address of the web.
    """
    if base and not _BASE.fullmatch(base):
        raise InputError("transcript-base", base=literal(base))
    blocks = [f"# {_one_line(title)}"] * bool(title.strip()) + [message("transcript-note")]
    for number, (question, facts) in enumerate(exchanges, start=1):
        blocks.append("## " + (_one_line(question) or message("transcript-blank")))
        try:
            blocks += _answer(facts, base=base, collection=collection)
        except _ShapeError as error:
            raise InputError("transcript-facts", number=number, field=error) from None
    return "\n\n".join(blocks) + "\n"


def literal(line: str) -> str:
    """Return a line so that every renderer of Markdown shows it as it is.

    A character that cannot be shown (half a one, a control character) becomes U+FFFD.
    """
    return _MARKS.sub(lambda found: "".join(f"&#{ord(mark)};" for mark in found[0]), "".join(map(_shown, line)))


def link(quote: Quote, *, base: str, collection: str = "") -> str:
    """Return the address of a quote in its document."""
    there = Permalink.to(quote.text, (quote.start, quote.end), collection=collection)
    return f"{base.rstrip('/')}/{there.address(quote.document)}"


def _shown(one: str) -> str:
    hidden = unicodedata.category(one) in {"Cc", "Cs"} and one != "\t"
    return "\ufffd" if hidden else one


def _one_line(text: str) -> str:
    return literal(" ".join(text.split()))


def _paragraphs(text: str) -> list[list[str]]:
    """Return the lines of a text as they are shown, paragraph by paragraph; blank lines part these."""
    found: list[list[str]] = [[]]
    for line in _LINE.split(text):
        if line.strip():
            found[-1].append(literal(line))
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def _plain(text: str) -> str:
    return "\n\n".join("  \n".join(lines) for lines in _paragraphs(text))


def _quoted(text: str, sign: str) -> str:
    """Return a quote, the number of its source behind its last word."""
    paragraphs = ["  \n> ".join(lines) for lines in _paragraphs(text)]
    return "> " + "\n>\n> ".join(paragraphs) + f" {sign}"


# -- an answer


def _answer(facts: Mapping[str, Any], *, base: str, collection: str) -> Iterator[str]:
    """Give the parts of an answer."""
    _require(isinstance(facts, Mapping), "answer")
    quotes = tuple(map(_quote, _items(facts, "quotes")))
    table = _table(facts["table"], len(quotes)) if facts.get("table") else None
    if facts.get("completed") or facts.get("corrections"):
        yield _plain(message("answer-understood", question=_text(facts, "understood")))
    told = [message("transcript-unsaid")] * (not facts.get("answered")) + [_plain(_text(facts, "message", ""))]
    if any(told):
        yield "  \n".join(filter(None, told))
    signs = [
        f"[{number}]({link(quote, base=base, collection=collection)})" if base else f"[{number}]"
        for number, quote in enumerate(quotes, start=1)
    ]
    shown = [_quoted(quote.text, sign) for quote, sign in zip(quotes, signs, strict=True)]
    yield from _laid_out(shown, table) if table else shown
    if quotes:
        yield "\n".join(f"- {sign} {_source(quote)}" for quote, sign in zip(quotes, signs, strict=True))


def _laid_out(shown: Sequence[str], table: Table) -> Iterator[str]:
    """Give the quotes of a comparison: those that no cell holds, then the others below their aspect and column."""
    yield from (one for place, one in enumerate(shown) if place not in table.quoted)
    for row in table.rows:
        yield "### " + _one_line(row.aspect)
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield "#### " + _one_line(column)
            yield from [shown[place] for place in cell] or [message("table-nothing")]


def _source(quote: Quote) -> str:
    """Return where a quote stands, and where its document is from; an address of the web there is a link."""
    told = _one_line(citation(quote))
    source = " ".join(quote.source.split())
    if not source:
        return told
    found = _ADDRESS.search(source)
    shown = literal(source) if found is None else f"{literal(source[: found.start()])}<{found[0]}>"
    return f"{told}　{message('transcript-source', source=shown)}"


# -- what a browser sends back


class _ShapeError(ValueError):
    """The name of what is missing, or not of its type."""


def _require(is_so: bool, name: str) -> None:
    if not is_so:
        raise _ShapeError(name)


def _text(facts: Mapping[str, Any], name: str, otherwise: str | None = None) -> str:
    value = facts.get(name, otherwise)
    if not isinstance(value, str):
        raise _ShapeError(name)
    return value


def _number(facts: Mapping[str, Any], name: str) -> int:
    value = facts.get(name) or 0
    if not isinstance(value, int) or not 0 <= value <= _FARTHEST:
        raise _ShapeError(name)
    return value


def _items(facts: Mapping[str, Any], name: str) -> list[Any]:
    value = facts.get(name) or []
    if not isinstance(value, list | tuple):
        raise _ShapeError(name)
    return [*value]


def _quote(facts: Any) -> Quote:  # noqa: ANN401 - whatever was sent
    _require(isinstance(facts, Mapping), "quotes")
    section = _items(facts, "section")
    _require(all(isinstance(heading, str) for heading in section), "section")
    return Quote(
        text=_text(facts, "text"),
        document=_text(facts, "document"),
        title=_text(facts, "title"),
        source=_text(facts, "source", ""),
        date=_text(facts, "date", ""),
        section=tuple(section),
        start=_number(facts, "start"),
        end=_number(facts, "end"),
        score=0.0,
        page=_number(facts, "page"),
        also=tuple(map(_elsewhere, _items(facts, "also"))),
    )


def _elsewhere(facts: Any) -> Elsewhere:  # noqa: ANN401
    _require(isinstance(facts, Mapping), "also")
    return Elsewhere(_text(facts, "document"), _text(facts, "title"), _number(facts, "start"), _number(facts, "end"))


def _table(facts: Any, quotes: int) -> Table:  # noqa: ANN401
    """Return how that many quotes are laid out."""
    _require(isinstance(facts, Mapping), "table")
    columns = _items(facts, "columns")
    _require(all(isinstance(name, str) for name in columns), "columns")
    return Table(tuple(columns), tuple(_row(row, len(columns), quotes) for row in _items(facts, "rows")))


def _row(facts: Any, columns: int, quotes: int) -> Row:  # noqa: ANN401
    _require(isinstance(facts, Mapping), "rows")
    cells = _items(facts, "cells")
    _require(len(cells) == columns and all(isinstance(cell, list | tuple) for cell in cells), "cells")
    places = [place for cell in cells for place in cell]
    _require(all(isinstance(place, int) and 0 <= place < quotes for place in places), "cells")
    return Row(_text(facts, "aspect"), tuple(map(tuple, cells)))
