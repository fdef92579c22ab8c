"""A turn of a conversation: its question made whole, and what later turns may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.answer import Quote
from assistant.conversation.chatter import without_chatter

if TYPE_CHECKING:  # a question without a conversation does not wait for its patterns
    from assistant.conversation.parsed import Parsed
    from assistant.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Completed:
    """A follow-up as it is answered."""

    text: str  # the question made whole, or as it was written
    follows: bool  # something was taken from an earlier turn
    besides: tuple[Quote, ...] = ()  # what earlier answers quoted already, where further ones are asked for

    @classmethod
    def alone(cls, text: str) -> Completed:
        """Take a question by itself, without the thanks before it; as it was written where nothing else is said."""
        rest = without_chatter(text)
        return cls(rest if rest and rest != text.strip() else text, follows=False)


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
