"""What all parts of the server share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import render
from assistant.web.shelf import Shelf

if TYPE_CHECKING:
    from assistant.feedback import Feedback
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

    def log(self, question: str) -> None:
        """Write a question down where that was asked for; usually no question is kept by the server."""
        if self.logs_questions:
            self.shelf.note(f"{render.time_of_day()} {render.dump(question)}")
