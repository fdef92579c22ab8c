"""Answers and documents as JSON and as text for a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answering.answer import Answer, Quote, Table
from assistant.answering.explanation import Explanation
from assistant.understanding.words import Taken
from corpus.document import Document, Dropped
from corpus.finding import Skipped
from corpus.messages import message
from index.catalog import Entry
from index.report import Report
from index.search import Hit

LISTED = 20  # changed documents of one kind that a report names
NAMED = 3  # changes that a report of one line names
NEAR = 2  # passages shown under a decline
BOLD = ("\x1b[1m", "\x1b[22m")
REVERSED = ("\x1b[7m", "\x1b[27m")

Marks = tuple[str, str]
"""What a terminal is sent before and after a stretch of text."""


def answer_json(answer: Answer, id: object = None) -> str:
    """Return the answer as one line of ASCII; the fields are a contract (DESIGN.md, "--json")."""
    return dump(answer_facts(answer, id))


def answer_facts(answer: Answer, id: object = None) -> dict[str, Any]:
    """Return the fields of the answer as `--json` has them."""
    return {
        "id": id,
        "question": answer.question,
        "understood": answer.understood,
        "kind": answer.kind,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "text": answer.text,
        "message": answer.message,
        "quotes": [_quote(quote) for quote in answer.quotes],
        "table": _table(answer.table),
        "candidates": [_quote(quote) for quote in answer.candidates],
        "passages": [_passage(hit) for hit in answer.hits],
        "corrections": [
            {"written": one.written, "meant": one.meant, "reason": one.reason} for one in answer.corrections
        ],
        "completed": answer.completed,
        "suggestions": answer.suggestions,
        **({"explanation": _explanation(answer.explanation)} if answer.explanation else {}),
        "milliseconds": round(answer.milliseconds, 2),
    }


def found_facts(query: str, answer: Answer) -> dict[str, Any]:
    """Return the fields of a search: of an answer, the passages that were found for it."""
    facts = answer_facts(answer)
    return {"query": query, **{name: facts[name] for name in ("understood", "passages", "milliseconds")}}


def dump(value: object) -> str:
    """Return one line of ASCII-escaped JSON, so that no character inside can break the line."""
    return json.dumps(value, ensure_ascii=True)


def document_json(document: Document) -> str:
    """Return a document as one line of JSON; offsets of quotes count in its text."""
    return dump(
        {
            "document": document.id,
            "title": document.title,
            "source": document.source,
            "sha256": document.sha256,
            "text": document.text,
        }
    )


def dropped_json(dropped: Dropped) -> str:
    """Return what was left out of a text as one line of JSON; `at` is where in the text it stood."""
    return dump({"at": dropped.at, "reason": dropped.reason, "text": dropped.text})


def dropped_text(dropped: Dropped) -> str:
    """Return what was left out of a text on a line: where it stood, why, and what it says."""
    return f"{dropped.at}\t{message('drop-' + dropped.reason)}\t{' '.join(dropped.text.split())}"


def entry_json(entry: Entry) -> str:
    """Return one line of the list of documents as JSON."""
    return dump(entry_facts(entry))


def entry_facts(entry: Entry) -> dict[str, Any]:
    """Return what the list of documents tells of one of them."""
    return {
        "document": entry.id,
        "title": entry.title,
        "source": entry.source,
        "date": entry.date,
        "sha256": entry.sha256,
        "characters": entry.characters,
        "passages": entry.passages,
        "same_as": entry.original,
    }


def report_json(report: Report) -> str:
    """Return a build's report as JSON."""
    return dump(report_facts(report))


def report_facts(report: Report) -> dict[str, Any]:
    """Return the fields of a build's report as `--json` has them."""
    return {
        "added": report.added,
        "changed": report.changed,
        "renamed": [{"from": before, "to": now} for before, now in report.renamed],
        "removed": report.removed,
        "unchanged": report.unchanged,
        "skipped": [{"path": skipped.path, "reason": skipped.reason} for skipped in report.skipped],
        "documents": report.documents,
        "passages": report.passages,
    }


def answer_text(answer: Answer, *, marks: Marks = ("", "")) -> str:
    """Return the answer for a terminal: the quotes, each with a number, then where they stand.

    `marks` go around what answers inside a quote.
    """
    lines: list[str] = []
    if answer.completed or answer.corrections:
        lines.append(message("answer-understood", question=answer.understood))
    if answer.message:
        lines.append(answer.message)
    if answer.answered:
        lines += _laid_out(answer, marks)
        lines.append("")
        lines += [f"[{number}] {citation(quote)}" for number, quote in enumerate(answer.quotes, start=1)]
    elif answer.hits:
        lines += ["", message("answer-near")]
        for hit in answer.hits[:NEAR]:
            quote = Quote.of_hit(hit)
            lines += [f"- {citation(quote)}", "  " + excerpt(quote.text)]
    if answer.suggestions:
        lines += ["", message("answer-suggestions"), *(f"- {question}" for question in answer.suggestions)]
    if answer.explanation:
        lines += ["", *explanation_lines(answer)]
    return "\n".join(lines)


def _laid_out(answer: Answer, marks: Marks) -> list[str]:
    """Return the quotes, one a line; those of a table under their aspect, each behind the name of its column."""
    shown = [f"{_shown(quote, marks)} [{number}]" for number, quote in enumerate(answer.quotes, start=1)]
    if answer.table is None:
        return shown
    lines = [line for place, line in enumerate(shown) if place not in answer.table.quoted]
    for row in answer.table.rows:
        lines += [*[""] * bool(lines), f"【{row.aspect}】"]
        for column, cell in zip(answer.table.columns, row.cells, strict=True):
            lines += [
                f"  {column}：{quote}" for quote in [shown[place] for place in cell] or [message("table-nothing")]
            ]
    return lines


def explanation_lines(answer: Answer) -> Iterator[str]:
    """Give the explanation for people, a line each; nothing where the answer has none."""
    explanation = answer.explanation
    if explanation is None:
        return
    yield message("explain-kind", kind=message("kind-" + explanation.kind))
    if explanation.subjects:
        yield message("explain-subjects", names="、".join(explanation.subjects))
    for correction in answer.corrections:
        why = message("correction-" + correction.reason)
        yield message("explain-correction", written=correction.written, meant=correction.meant, reason=why)
    for word in explanation.words:
        yield "- " + _word_line(word)
    for number, hit in enumerate(answer.hits, start=1):
        yield message("explain-passage", number=number, place=_hit_title(hit), **_ranks(hit))
    if explanation.reasons:
        yield message("explain-reasons")
        for reason in explanation.reasons:
            value, odds = f"{reason.value:.2f}", f"{reason.odds:.2f}"
            yield message("explain-reason", feature=reason.words, value=value, odds=odds)


def citation(quote: Quote) -> str:
    """Return where a quote stands: title, headings, date, and the command's words that show it."""
    path = " › ".join((quote.title, *(heading for heading in quote.section if heading != quote.title)))
    date = f"（{message('answer-date', date=quote.date)}）" if quote.date else ""
    page = message("answer-page", page=quote.page) if quote.page else ""
    also = message("answer-also", documents="、".join(one.document for one in quote.also)) if quote.also else ""
    return f"{path}{date}{page} {quote.document} {quote.start}:{quote.end} {also}".rstrip()


def excerpt(text: str, length: int = 80) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"


def report_text(report: Report) -> str:
    """Return a build's report for a terminal; skipped files with their reasons."""
    lines = [f"{message('label-skipped')} {skipped.path}：{skipped.reason}" for skipped in report.skipped]
    for label, ids in changes(report):
        if 0 < len(ids) <= LISTED:
            lines += [f"{label} {id}" for id in ids]
    lines.append(summary(report))
    return "\n".join(lines)


def changes(report: Report) -> list[tuple[str, Sequence[str]]]:
    """Return what a build changed, document by document, each kind of change with its label."""
    renamed = [f"{before} → {now}" for before, now in report.renamed]
    named = (("added", report.added), ("changed", report.changed), ("renamed", renamed), ("removed", report.removed))
    return [(message("label-" + name), ids) for name, ids in named]


def summary(report: Report) -> str:
    """Return a build's report in one line."""
    names = ("added", "changed", "renamed", "removed", "unchanged", "skipped")
    counts = {name: len(getattr(report, name)) for name in names}
    return message("build-report", documents=report.documents, **counts)


def report_line(report: Report, fresh: Sequence[Skipped]) -> str:
    """Return a report on one line: the time, some of what changed, and the numbers."""
    told = [f"{message('label-skipped')} {one.path}：{one.reason}" for one in fresh]
    told += [f"{label} {id}" for label, ids in changes(report) for id in ids]
    shown = [*told[:NAMED], "……"] if len(told) > NAMED else told
    return f"{time_of_day()} {'，'.join(shown)}　{summary(report)}"


def time_of_day() -> str:
    """Return the time, as a line of a report begins."""
    return time.strftime("%H:%M:%S")


def marked(text: str, start: int, end: int, marks: Marks) -> str:
    """Return `text` with marks around the span."""
    return text[:start] + marks[0] + text[start:end] + marks[1] + text[end:]


def _shown(quote: Quote, marks: Marks) -> str:
    before, span, behind = quote.pieces
    return f"{before}{marks[0]}{span}{marks[1]}{behind}" if span else before


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "document": quote.document,
        "title": quote.title,
        "section": quote.section,
        "start": quote.start,
        "end": quote.end,
        "answer_span": quote.answer_span,
        "score": round(quote.score, 4),
        "source": quote.source,
        "date": quote.date,
        "page": quote.page or None,
        "also": [
            {"document": one.document, "title": one.title, "start": one.start, "end": one.end} for one in quote.also
        ],
    }


def _table(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    return {
        "columns": table.columns,
        "rows": [{"aspect": row.aspect, "cells": row.cells} for row in table.rows],
    }


def _passage(hit: Hit) -> dict[str, Any]:
    reasons = hit.reasons
    why = {
        "lexical_rank": reasons.lexical_rank,
        "dense_rank": reasons.dense_rank,
        "matched": reasons.matched,
    }
    return {**_quote(Quote.of_hit(hit)), "why": why}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation for JSON."""
    return {
        "kind": explanation.kind,
        "subjects": explanation.subjects,
        "words": [
            {
                "text": word.text,
                "taken": word.origin,
                "aliases": [name.name for name in word.aliases],
                "synonyms": [name.name for name in word.synonyms],
                "passages": word.least,
            }
            for word in explanation.words
        ],
        "reasons": [
            {"feature": reason.feature, "value": round(reason.value, 4), "odds": round(reason.odds, 4)}
            for reason in explanation.reasons
        ],
    }


def _word_line(word: Taken) -> str:
    others = list(dict.fromkeys(name.name for name in (*word.aliases, *word.synonyms)))
    also = "　" + message("explain-others", names="、".join(others)) if others else ""
    held = message("words-held", count=word.least) if word.most else message("words-absent")
    return f"{word.text}　{message('words-' + word.origin)}　{held}{also}"


def _hit_title(hit: Hit) -> str:
    return " › ".join((hit.passage.title, *hit.passage.section[-1:]))


def _ranks(hit: Hit) -> dict[str, str]:
    names = ("lexical_rank", "dense_rank")
    return {name: str(getattr(hit.reasons, name) or "—") for name in names}
