"""Questions in, answers with quotes out."""

from assistant.answering.answer import Answer, Quote
from assistant.assistant import Assistant

__all__ = ["Answer", "Assistant", "Quote"]
