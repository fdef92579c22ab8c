"""Plain text: what a saved page carries around it is left out, headings without marks become sections."""

from __future__ import annotations

from itertools import compress

from corpus.cleaning import clutter
from corpus.document import Reason
from corpus.draft import Draft
from corpus.encoding import text_of
from corpus.headings import outline

MOST_LINES = 1_000_000  # a text of more is kept as one section: its lines would take more memory than it is worth


def read(data: bytes, *, raw: bool = False) -> Draft:
    """Return the text as it stands, without clutter."""
    draft = Draft()
    text = text_of(data)
    if not 1 < text.count("\n") < MOST_LINES:
        draft.write(text)
        return draft
    lines = text.split("\n")
    reasons: list[Reason | None] = [None] * len(lines) if raw else clutter(lines)
    kept = [not reason for reason in reasons]
    found = outline(lines if all(kept) else list(compress(lines, kept)))
    draft.title = found.title
    levels = iter(found.levels)
    waiting: list[str] = []  # lines of one section
    for line, reason in zip(lines, reasons, strict=True):
        level = 0 if reason else next(levels)
        if waiting and (reason or level):
            draft.write("\n".join(waiting) + "\n")
            waiting = []
        if reason:
            if line.strip():
                draft.drop(line.strip(), reason)
        elif level:
            draft.heading(" ".join(line.split()), level, written=line + "\n")
        else:
            waiting.append(line)
    if waiting:
        draft.write("\n".join(waiting))
    return draft
