"""What all parts of the server share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant import render
from assistant.web.api.metrics import Metrics

if TYPE_CHECKING:
    from assistant.answering.answer import Answer
    from assistant.feedback import Feedback
    from assistant.shelf import Shelf
    from assistant.web.api.jobs import Jobs
    from assistant.web.gate.access import Access


@dataclass(frozen=True, slots=True)
class Site:
    """A server's collections, who may change them, and what it keeps of questions."""

    shelf: Shelf
    access: Access
    feedback: Feedback | None  # None: no thumbs are kept
    jobs: Jobs
    keeps_history: bool = True  # in the browser
    logs_questions: bool = False
    metrics: Metrics = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", Metrics(self.shelf, self.jobs))

    def ask(self, question: str, history: Sequence[str] = (), *, collection: str = "", **how: Any) -> Answer:  # noqa: ANN401 - options of Assistant.ask
        """Answer a question; it is counted, and written down where that was asked for."""
        self.log(question)
        try:
            with self.shelf.live(collection).use() as assistant:
                answer = assistant.ask(question, history, **how)
        except Exception:
            self.metrics.failed()
            raise
        self.metrics.asked(answered=answer.answered, milliseconds=answer.milliseconds)
        return answer

    def suggest(self, answer: Answer, history: Sequence[str] = (), *, collection: str = "") -> Answer:
        """Return the answer with questions to go on with."""
        with self.shelf.live(collection).use() as assistant:
            return assistant.suggest(answer, history)

    def heard(self, question: str, facts: Mapping[str, Any]) -> None:
        """Count a question that was answered elsewhere, with the facts of `--json`; what was only searched is none."""
        self.log(question)
        if "answered" in facts:
            self.metrics.asked(answered=facts["answered"], milliseconds=facts["milliseconds"])

    def log(self, question: str) -> None:
        """Write a question down where that was asked for; usually no question is kept by the server."""
        if self.logs_questions:
            self.shelf.note(f"{render.time_of_day()} {json.dumps(question, ensure_ascii=False)}")
