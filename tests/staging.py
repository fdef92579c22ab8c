"""Answers made by hand, and a site whose one collection gives them."""

import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from assistant.answering.answer import Answer, Quote, Row, Table
from assistant.answering.explanation import Explanation
from assistant.settings import Settings
from assistant.understanding.kind import Kind
from assistant.understanding.spelling import Correction, Reason
from assistant.web.api.jobs import Jobs
from assistant.web.gate.access import Access
from assistant.web.site import Site
from corpus.document import Passage
from index.search import Hit, Reasons
from tests.browsing import MARKS, SIGNS


def quote(text="甲是乙。", date="2021-05", answers=None):
    return Quote(text, "夹/甲 #1?.md", "甲", "", date, ("甲", "乙"), 3, 3 + len(text), 0.9, answers)


def answer(**facts):
    usual = {"question": "甲？", "understood": "甲？", "kind": Kind.OTHER, "answered": True, "confidence": 0.9}
    return Answer(**{**usual, "quotes": (quote(),), "message": "", "candidates": (), "hits": (hit(),), **facts})


def hit(heading="甲"):
    return Hit(Passage("d", "题", "", "", (heading,), "甲是乙。", 0, 4), 0.5, Reasons(1, None, 1.0, 0.1, ()), [0, 4])


def explained(subject="甲"):
    why = Explanation.of("who", [subject], (), [("first_look", 0.5, 0.25)])
    return answer(hits=(hit(subject),), explanation=why)


class Staged:
    """A live index whose one quote says what was asked: the question, how many before it, and whether as written."""

    def __init__(self, **facts):
        self.facts = facts
        self.manifest = SimpleNamespace(documents=1, passages=1, sources=())
        self.settings = Settings(Path("missing"), Path("missing"), named=True)

    @contextmanager
    def use(self):
        yield self

    def documents(self):
        return []

    def ask(self, question, history=(), *, as_written, explained):
        assert explained
        time.sleep(1.5 * ("慢" in question))
        usual = {"question": question, "quotes": (quote(f"{question}|{'、'.join(history)}|{as_written}"),)}
        return answer(**usual, **({} if as_written else self.facts))

    def suggest(self, answer, earlier=()):
        return replace(answer, suggestions=("乙是什么？", MARKS + SIGNS))


def stage():
    """Return a site that mends every question, compares hostile names, and explains."""
    table = Table((MARKS + SIGNS, "乙"), (Row(MARKS + SIGNS, ((0,), ())),))
    facts = explained(MARKS + SIGNS)
    corrections = (Correction(MARKS + SIGNS, "甲", Reason.TYPO),)
    return site(
        understood="所懂的",
        corrections=corrections,
        table=table,
        hits=facts.hits,
        explanation=facts.explanation,
    )


def site(live=None, **facts):
    """Return a site with one collection: `live`, or one that answers with these facts."""
    staged = live or Staged(**facts)
    shelf = SimpleNamespace(live=lambda name="": staged, names=lambda: [""], size=lambda name="": (1, 1), note=print)
    return Site(shelf, Access(), None, Jobs())
