"""Every text that users read, in Chinese and English; each module beside this one holds those of one subject."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from corpus.messages import answers, api, checks, commands, documents, faults, feedback, help, mcp, reader, reading, web

CATALOGUE: dict[str, tuple[str, str]] = {
    key: texts
    for module in (answers, api, checks, commands, documents, faults, feedback, help, mcp, reader, reading, web)
    for key, texts in module.CATALOGUE.items()
}
LANGUAGES = ("zh", "en")

_spoken: ContextVar[str] = ContextVar("spoken", default="")  # of the person a server answers; "": ASSISTANT_LANG's


def message(key: str, **values: object) -> str:
    """Return the message in the language that is spoken, with `values` filled in."""
    return CATALOGUE[key][LANGUAGES.index(language())].format(**values)


def language() -> str:
    """Return the language of messages, `zh` or `en`: that of `speaking`, or else ASSISTANT_LANG (zh by default)."""
    chosen = _spoken.get() or os.environ.get("ASSISTANT_LANG", "zh")
    return "en" if chosen.lower().startswith("en") else "zh"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let this thread or task speak a language; "" leaves it to ASSISTANT_LANG."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)
