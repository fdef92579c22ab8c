"""A turn of a conversation: its question made whole, and what later turns may refer to."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.answer import Quote
from assistant.conversation.parsed import Parsed
from assistant.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Completed:
    """A follow-up as it is answered."""

    text: str  # the question made whole, or as it was written
    follows: bool  # something was taken from an earlier turn
    besides: tuple[Quote, ...] = ()  # what earlier answers quoted already, where further ones are asked for


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question made whole."""

    completed: Completed
    parsed: Parsed  # of the text made whole
    topic: str  # what it is about; "" where it names nothing
    personal: bool = False  # the topic is a person

    @property
    def question(self) -> Question:
        return self.parsed.question

    @property
    def bare(self) -> str:
        """The question as it is written, without the marks at its end."""
        return self.parsed.written(0, self.parsed.end)
