"""The index that a long-running server answers from, replaced between two questions by a newer generation."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant, Note, build
from assistant.settings import Settings
from corpus.errors import AssistantError, IndexMissingError
from corpus.messages import message
from index.report import Progress, Report
from index.store import MANIFEST, Store


@dataclass(slots=True)
class _Lease:
    """An assistant and how many questions are using it."""

    assistant: Assistant
    users: int = 0
    retired: bool = False


class Live:
    """Lends the assistant of the newest generation; one that is replaced is closed by its last user."""

    def __init__(self, settings: Settings, *, note: Note, may_be_empty: bool = False) -> None:
        """Open the index that the settings name, which is built first where that is due.

        With `may_be_empty` there need not be one yet: a question raises IndexMissingError until there is.
        """
        self.settings = settings
        self._note = note
        self._may_be_empty = may_be_empty
        self._closed = False
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._store = Store(settings.index)
        self._seen = self._current()  # before it is opened: a build may end meanwhile
        self._lease: _Lease | None = None
        if self._seen or not may_be_empty:
            self._lease = _Lease(Assistant.from_settings(settings, note=note))

    @contextmanager
    def use(self) -> Iterator[Assistant]:
        """Lend the assistant; a rebuild, also one by another process, shows at the next loan."""
        self._refresh(wait=False)
        with self._lock:
            lease = self._lease
            if lease is None:
                raise IndexMissingError("collection-empty")
            lease.users += 1
        try:
            yield lease.assistant
        finally:
            with self._lock:
                lease.users -= 1
                idle = lease.retired and lease.users == 0
            if idle:
                lease.assistant.close()

    def close(self) -> None:
        """Close the index's files once nobody uses them; nothing may be asked any more."""
        self._closed = True
        self._swap(None)

    def rebuild(self, progress: Progress) -> Report:
        """Build the index again from the sources it remembers; questions are answered meanwhile."""
        if self._lease is None:
            raise IndexMissingError("collection-empty")  # a build would fill it with the shipped documents
        return self.change(lambda settings: build(settings, progress=progress))

    def change(self, update: Callable[[Settings], Report]) -> Report:
        """Update the index; what it then holds shows at the next loan. IndexMissingError where it was deleted."""
        if self._may_be_empty and not self.settings.index.is_dir():
            raise IndexMissingError("index-missing", path=self.settings.index)  # an update would bring it back
        report = update(self.settings)
        self._refresh(wait=True)
        return report

    def _current(self) -> tuple[Path, int, int] | None:
        """Return what tells the newest generation from others: an index that is made anew has the same names."""
        try:
            generation = self._store.current()
            status = (generation / MANIFEST).stat()
        except (AssistantError, OSError):
            return None
        return generation, status.st_ino, status.st_mtime_ns

    def _refresh(self, *, wait: bool) -> None:
        """Open the newest generation, unless another thread is at it: the question then asks the former one."""
        if self._closed or self._current() == self._seen or not self._opening.acquire(blocking=wait):
            return
        try:
            newest = self._current()
            if newest != self._seen:
                self._seen = newest  # set first: one that cannot be opened is not tried at every question
                self._swap(Assistant.from_settings(self.settings, note=self._note))
        except (AssistantError, OSError) as error:
            self._note(message("web-older", reason=error))
        finally:
            self._opening.release()

    def _swap(self, assistant: Assistant | None) -> None:
        """Put an assistant in the place of the former one, which its last user closes."""
        with self._lock:
            former, self._lease = self._lease, _Lease(assistant) if assistant else None
            if former:
                former.retired = True
            idle = former and former.users == 0
        if former and idle:
            former.assistant.close()
