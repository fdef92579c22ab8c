"""An index that follows its sources: built again whenever their files change."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import watchfiles

from assistant.assistant import build
from assistant.library.folder import FOLDER
from assistant.settings import Settings
from corpus.errors import AssistantError, StorageError
from corpus.finding import Skipped
from corpus.messages import message
from index.report import Report
from index.store import Store

WAIT = 600.0  # seconds for which another process may hold the index
AGAIN = 10.0  # seconds after which a build that failed is tried again, since its reason may go without a file's change
_TICK = 1000  # milliseconds from one look at what no notice tells of to the next
_QUIET = 200  # milliseconds without a change after which a build begins
_LONGEST = 3000  # milliseconds after which it begins in any case


Marks = Mapping[Path, tuple[int, ...]]
"""What tells each source from another file or folder in its place; () where there is none."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Whom the watching tells."""

    built: Callable[[Report, Sequence[Skipped]], None]  # with the files that were not passed over before
    failed: Callable[[AssistantError], None]  # once for each reason
    note: Callable[[str], None]


def watch(settings: Settings, first: Report, follower: Follower, *, stop: threading.Event | None = None) -> None:
    """Build the index again whenever its sources change, until `stop` is set or the user interrupts.

    `first` is the report of the build before. Builds that change nothing are not told; what goes wrong is told, and
    tried again later.
    """
    store, skipped, fault = Store(settings.index), first.skipped, ""
    due, earliest = False, 0.0
    for changed in _wakings(store, follower.note, stop or threading.Event()):
        due, earliest = due or changed, 0.0 if changed else earliest
        if not due or time.monotonic() < earliest:
            continue
        try:
            report = build(settings, wait=WAIT)
        except AssistantError as error:
            earliest = time.monotonic() + AGAIN
            if str(error) != fault:
                follower.failed(error)
            fault = str(error)
            continue
        due, fault, fresh = False, "", [one for one in report.skipped if one not in skipped]
        skipped = report.skipped
        if fresh or report.added or report.changed or report.renamed or report.removed:
            follower.built(report, fresh)


def sources(store: Store) -> tuple[Path, ...]:
    """Return the files and folders that an index is made from."""
    return known.sources if (known := store.remembered()) else ()


def _wakings(store: Store, note: Callable[[str], None], stop: threading.Event) -> Iterator[bool]:
    """Yield each second or as soon as something may have changed, and then True.

    The system tells of changes below what is watched, but not of a file or folder that another one replaces, that
    comes back, or that becomes a source: these are looked at each second, and then all is watched anew.
    """
    poll: bool | None = None  # as the environment and the library say
    while not stop.is_set():
        marks = _marks(store)
        try:
            with closing(_changes(store, marks, poll, stop)) as found:
                for number, changed in enumerate(found):
                    yield changed or number == 0  # it may have changed before it was watched
                    if _marks(store) != marks:
                        break
        except FileNotFoundError:
            stop.wait(1)  # it went away just now
        except (OSError, RuntimeError) as error:  # the library's own errors are RuntimeErrors
            if poll:
                raise StorageError("storage-failed", path=store.folder, reason=error) from error
            poll = True
            note(message("watch-polling", reason=error))


def _changes(store: Store, marks: Marks, poll: bool | None, stop: threading.Event) -> Generator[bool, None, None]:
    """Watch what there is of the sources, and yield each second whether something in them has changed."""
    there = [str(path) for path, mark in marks.items() if mark]
    index, library = (str(path.resolve()) + os.sep for path in (store.folder, store.folder / FOLDER))

    def matters(_: watchfiles.Change, path: str) -> bool:
        """Pass over hidden files, as reading does, and what builds write where the index lies in a source."""
        below = [path.removeprefix(root) for root in there if path.startswith(root)]
        seen = any(os.sep + "." not in rest for rest in below)
        return seen and (path.startswith(library) or not path.startswith(index))

    for found in watchfiles.watch(
        *there,
        watch_filter=matters,
        debounce=_LONGEST,
        step=_QUIET,
        stop_event=stop,
        rust_timeout=_TICK,
        yield_on_timeout=True,
        force_polling=poll,
        ignore_permission_denied=True,
    ):
        yield bool(found)


def _marks(store: Store) -> Marks:
    return {path: _mark(path) for path in sources(store)}


def _mark(path: Path) -> tuple[int, ...]:
    try:
        facts = path.stat()
    except OSError:
        return ()
    return (facts.st_dev, facts.st_ino, *((facts.st_mtime_ns, facts.st_size) if path.is_file() else ()))
