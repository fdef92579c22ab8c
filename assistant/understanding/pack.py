"""The language pack as its files are now, and the names that documents give themselves: what a question is cut with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from corpus.errors import InputError
from corpus.lexicon import FILES, Lexicon, Line, fold, lines
from corpus.messages import message
from corpus.words import Segmenter, stretches
from index.catalog import Named
from index.store import Opened

LONGEST = 40  # characters of a document's name that a question may hold
LISTED = 10  # words that a note names
READ = 500  # characters of a question in which names are looked for

Stamps = tuple[tuple[int, int] | None, ...]
"""Size and time of change (nanoseconds) of each file of the pack; None for a missing one."""


def stamps(folders: Sequence[Path]) -> Stamps:
    """Return what tells whether a file of the pack has changed, in some ten microseconds."""
    return tuple(_stamp(folder / name) for folder in folders for name in FILES)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns


class Pack:
    """Reads the pack's files again when they have changed, between two questions; safe to use from several threads.

    The documents stay cut as the index has them. A question is cut with the index's word list and with all names that
    the pack has now, so that a new name is known at once.
    """

    def __init__(
        self,
        opened: Opened,
        segmenter: Segmenter,
        *,
        folders: Sequence[Path] = (),
        seen: Stamps = (),
        note: Callable[[str], None] | None = None,
    ) -> None:
        """Take an index, the segmenter with the pack as it was read, and the folders that it was read from.

        `seen` are their stamps from before they were read; without folders, the pack never changes.
        """
        self._opened = opened
        self._folders = tuple(folders)
        self._note = note or (lambda _: None)
        self._lock = threading.Lock()
        self._seen = seen
        self._told: tuple[str, ...] | None = None  # the words of the last note
        self._entries: dict[str, list[Line]] = {}  # of the files when `_entries_of` was their stamps
        self._entries_of: Stamps | None = None
        self.changes = 0  # how often the pack has changed
        self._last: tuple[str, Segmenter, Segmenter] | None = None  # the last question, with what, and what cuts it
        self._segmenter = _for_questions(segmenter, segmenter.lexicon, opened.words)

    def segmenter(self, question: str) -> Segmenter:
        """Return what cuts this question; DamagedError where the index's names cannot be read."""
        self._refresh()
        last, segmenter = self._last, self._segmenter
        if last is None or last[0] != question or last[1] is not segmenter:  # a question is cut several times
            last = self._last = question, segmenter, self._knowing(question, segmenter)
        return last[2]

    def _knowing(self, question: str, segmenter: Segmenter) -> Segmenter:
        folded = " ".join(fold(question[:READ]).split())
        found = self._opened.searcher.catalog.named(stretches(folded, longest=LONGEST))
        if not found:
            return segmenter
        groups = {named.names for documents in found.values() for named in documents}
        return segmenter.knowing(groups, filter(self._is_whole, found))

    def named(self, name: str) -> list[Named]:
        """Return the documents that the folded name is a title or alias of."""
        return self._opened.searcher.catalog.named([name]).get(name, [])

    def is_name(self, folded: str) -> bool:
        """Tell whether the pack, or the front matter of a document, knows a folded text as a name."""
        return self._segmenter.lexicon.is_name(folded) or bool(self.named(folded))

    def entries(self, name: str) -> list[Line]:
        """Return the lines of a file that take effect; those of the former pack while it cannot be read."""
        if self._entries_of != self._seen:
            self._entries_of = self._seen
            with suppress(InputError):
                self._entries = {
                    file: [line for folder in self._folders for line in lines(folder / file) if not line.fault]
                    for file in FILES
                }
        return self._entries.get(name, [])

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the pack's files lie."""
        return self._folders

    def _is_whole(self, name: str) -> bool:
        """Tell whether a document's name is kept whole in a question: a title such as 怎么选框架 asks, and is not."""
        words = {word.folded for word in self._segmenter.words(name)}
        return len(name) > 1 and not words & self._segmenter.lexicon.stopwords

    def _refresh(self) -> None:
        """Read the files again if they have changed, unless another thread is at it, and tell what takes a rebuild."""
        now = stamps(self._folders)
        if (now == self._seen and self._told is not None) or not self._lock.acquire(blocking=False):
            return
        try:
            if now != self._seen:
                self._seen = now  # set first: a file that cannot be read is told once
                self.changes += 1
                lexicon = Lexicon.load(*self._folders)
                self._segmenter = _for_questions(self._segmenter, lexicon, self._opened.words)
            self._tell(tuple(filter(self._is_held, pending(self._segmenter, self._opened.words))))
        except InputError as error:
            self._note(message("pack-former", reason=error))
        finally:
            self._lock.release()

    def _is_held(self, word: str) -> bool:
        """Tell whether a document may hold the word: only then a rebuild changes anything."""
        return self._opened.searcher.held(word)[1] > 0

    def _tell(self, words: tuple[str, ...]) -> None:
        if words and words != self._told:
            shown = ", ".join(words[:LISTED]) + (" …" if len(words) > LISTED else "")
            path = self._opened.generation.parent
            self._note(message("pack-pending", count=len(words), words=shown, path=path))
        self._told = words


def _for_questions(segmenter: Segmenter, lexicon: Lexicon, words: frozenset[str]) -> Segmenter:
    kept = words.union(*lexicon.aliases)
    return segmenter if segmenter.lexicon is lexicon and segmenter.kept == kept else segmenter.changed(lexicon, kept)


def pending(segmenter: Segmenter, words: frozenset[str]) -> tuple[str, ...]:
    """Return the words, new in the pack or gone from it, that would cut a text otherwise than the index's list does."""
    lexicon = segmenter.lexicon
    if lexicon.words == words:
        return ()
    before, after = segmenter.changed(lexicon, words), segmenter.changed(lexicon, lexicon.words)

    def differs(word: str) -> bool:
        return [found.folded for found in before.words(word)] != [found.folded for found in after.words(word)]

    return tuple(sorted(filter(differs, lexicon.words ^ words)))
