"""Everything that can go wrong and that a user can mend; only the command line, the API and the page show it."""

from __future__ import annotations

from corpus.messages import message


class AssistantError(Exception):
    """A failure told in the user's language: what, where, and what to do next."""

    def __init__(self, key: str, **values: object) -> None:
        """Take the catalogue key of the message (see `corpus.messages`) and the values that it names."""
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return message(self.key, **self.values)


class InputError(AssistantError):
    """What the user gave (a path, a question file, an option) cannot be used."""


class UnreadableError(InputError):
    """A file holds no text that can be read; its message, which follows the file's name, tells why."""


class IndexMissingError(AssistantError):
    """No index lies where one was named."""


class IndexUnusableError(AssistantError):
    """The index is damaged, or was made with another model, dictionary or format."""


class StorageError(AssistantError):
    """The disk or a permission stands in the way."""


class ModelError(AssistantError):
    """The embedding model or the reranker cannot be loaded."""
