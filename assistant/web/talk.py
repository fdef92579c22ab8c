"""A conversation of the web chat: its questions, and what stands below each of them while it is answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.answering.answer import Answer
from assistant.live import Live
from assistant.web import page
from corpus.errors import AssistantError
from corpus.messages import message

Chat = list[dict[str, Any]]
"""Messages as gradio wants them."""

_logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Exchange:
    """A question and, as HTML, what has come of it so far."""

    question: str
    as_written: bool = False
    answer: str = ""
    suggestions: str = ""


@dataclass(slots=True)
class Talk:
    """The exchanges of a conversation, to which several questions may be adding at the same time."""

    exchanges: list[Exchange] = field(default_factory=list)

    def ask(self, live: Live, question: str, *, as_written: bool = False) -> Iterator[Chat]:
        """Give the chat after each step: question, answer quote by quote, questions to go on with.

        What goes wrong is shown in the answer's place.
        """
        earlier = [one.question for one in self.exchanges if one.question.strip()]
        now = Exchange(question, as_written)
        self.exchanges.append(now)
        yield self.chat()
        try:
            with live.use() as assistant:
                answer = assistant.ask(question, earlier, as_written=as_written, explained=True)
                for now.answer in _steps(answer):
                    yield self.chat()
                if self._is_newest(now):
                    now.suggestions = page.suggestions_html(assistant.suggest(answer, earlier).suggestions)
        except AssistantError as error:
            now.answer = now.answer or page.note_html(str(error))
        except Exception:  # the page goes on, whatever it was
            _logger.exception("a question failed")
            now.answer = now.answer or page.note_html(message("web-failed"))
        yield self.chat()

    def chat(self) -> Chat:
        """Return all of the conversation; questions to go on with stand below the newest answer only."""
        messages = []
        for one in self.exchanges:
            if one.question.strip():
                messages.append(_said("user", page.question_html(one.question, as_written=one.as_written)))
            if one.answer:
                messages.append(_said("assistant", one.answer))
            if one.suggestions and self._is_newest(one):
                messages.append(_said("assistant", one.suggestions))
        return messages

    def _is_newest(self, one: Exchange) -> bool:
        return self.exchanges[-1:] == [one]


def _steps(answer: Answer) -> Iterator[str]:
    if answer.table is None:
        for shown in range(1, len(answer.quotes)):
            yield page.answer_html(answer, shown=shown)
    yield page.answer_html(answer)


def _said(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}
