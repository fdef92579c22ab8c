"""The collections that a server has open, by name."""

from __future__ import annotations

import threading

from assistant.assistant import Note
from assistant.library import collections
from assistant.live import Live
from assistant.settings import Settings
from corpus.errors import AssistantError, IndexMissingError, InputError
from index.manifest import Manifest
from index.store import Store


class Shelf:
    """Opens each collection when it is first asked; "" is the index that the server was started with."""

    def __init__(self, settings: Settings, *, note: Note) -> None:
        """Open the index that the settings name."""
        self.settings = settings
        self.note = note
        self._lock = threading.Lock()
        self._open = {"": Live(settings, note=note)}

    def names(self) -> list[str]:
        """Return the names of the collections, "" first."""
        return ["", *collections.names(self.settings)]

    def manifest(self, name: str = "") -> Manifest:
        """Return what the index of a collection says of itself, without opening it; AssistantError where it cannot."""
        settings = collections.chosen(self.settings, name) if name else self.settings
        return Store(settings.index).manifest()

    def size(self, name: str = "") -> tuple[int, int] | None:
        """Return how many documents and passages a collection holds; None where that cannot be read."""
        try:
            manifest = self.manifest(name)
        except IndexMissingError:
            return 0, 0
        except AssistantError:
            return None
        return manifest.documents, manifest.passages

    def live(self, name: str = "") -> Live:
        """Return a collection; InputError where there is none of this name."""
        if name:
            try:
                settings = collections.found(self.settings, name)
            except InputError:  # another process may have deleted it
                self._forget(name)
                raise
        with self._lock:
            if name not in self._open:
                self._open[name] = Live(settings, note=self.note, may_be_empty=True)
            return self._open[name]

    def create(self, name: str) -> Live:
        """Make an empty collection."""
        collections.create(self.settings, name)
        return self.live(name)

    def delete(self, name: str) -> None:
        """Delete a collection and its files; questions that are being answered go on."""
        collections.delete(self.settings, name)
        self._forget(name)

    def _forget(self, name: str) -> None:
        with self._lock:
            gone = self._open.pop(name, None)
        if gone:
            gone.close()

    def close(self) -> None:
        """Close all of them."""
        for live in self._open.values():
            live.close()
