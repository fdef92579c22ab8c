"""What files held when they were last read, by what the file system tells of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.finding import File
from index import files

STAMPS = "STAMPS"  # the file's name in the folder of an index
_TICK = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use (FAT)


class Stamps:
    """What the files held when they were last read, by their stamps: a file with the same one is not read again."""

    def __init__(self, path: Path) -> None:
        """Take the file that remembers it; one that is missing or damaged costs reading everything once more."""
        self._path = path
        self._known: dict[str, list[str]] = {}
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            self._known = known if isinstance(known, dict) else {}
        except (OSError, ValueError, RecursionError):
            pass

    def forget(self) -> None:
        """Have every file read."""
        self._known.clear()

    def content(self, file: File) -> bytes | None:
        """Return the digest of the file's content, if it is known."""
        try:
            stamp, content = self._known[file.id]
            return bytes.fromhex(content) if stamp == file.stamp.hex() else None
        except (KeyError, ValueError, TypeError):
            return None

    def save(self, found: Sequence[File], read: Mapping[str, tuple[bytes, bytes]], started: int) -> None:
        """Remember what was `read` since `started` (nanoseconds), id -> (stamp, content), and what was known.

        Nothing is remembered of a file that was being written about that time.
        Such a one may have changed again within the same tick of the file system's clock.
        """
        known = {}
        for file in found:
            if file.changed > started - _TICK:
                continue
            if file.id in read:
                stamp, content = read[file.id]
                known[file.id] = [stamp.hex(), content.hex()]
            elif file.id in self._known:
                known[file.id] = self._known[file.id]
        if known != self._known:
            files.put(self._path, json.dumps(known))
