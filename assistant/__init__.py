"""Questions in, answers with quotes out."""

from assistant.answer import Answer, Quote
from assistant.assistant import Assistant

__all__ = ["Answer", "Assistant", "Quote"]
