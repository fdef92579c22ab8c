"""What people do with the documents of a collection on the page: look them over, search them, change them."""

from __future__ import annotations

import functools
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from assistant.assistant import Assistant
from assistant.library import fetching, library
from assistant.library.naming import Given
from assistant.live import Live
from assistant.web.api.uploads import FILES, LARGEST
from assistant.web.documents import atlas, markup
from assistant.web.documents.listing import Row, View, rows_of
from assistant.web.site import Site
from assistant.web.spoken import language_of
from corpus.errors import AssistantError, IndexMissingError, InputError
from corpus.finding import Skipped, find
from corpus.messages import message, speaking
from index.overview import shortened
from index.report import Progress, Report
from index.store import Store

TOGETHER = 4 * LARGEST  # bytes of all of them
FOUND = 20  # passages that a search in the texts shows
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
_NAME = 40  # characters of a first line that become a name

_logger = logging.getLogger(__name__)


class Asking(Protocol):
    """A request of gradio's: whose it is, and what tells the language."""

    username: str | None
    headers: Any
    cookies: Any


class Shown(NamedTuple):
    """What the tab says of a collection, as HTML."""

    table: str
    sources: str
    limits: str
    may_change: bool


class _Told(NamedTuple):
    """What came of a change, as HTML; `done` tells whether it was made."""

    text: str
    done: bool = True


def _telling(change: Callable[..., str]) -> Callable[..., _Told]:
    """Let a change speak the language of who asks, refuse who may not, and tell what goes wrong."""

    @functools.wraps(change)
    def tell(self: Keeper, request: Asking, *given: Any, **more: Any) -> _Told:  # noqa: ANN401 - the change's own
        with speaking(language_of(request)):
            try:
                if not self.may_change(request):
                    raise InputError("docs-forbidden")
                return _Told(change(self, request, *given, **more))
            except AssistantError as error:
                told = message("docs-busy") if error.key == "index-locked" else str(error)
            except Exception:  # the former index goes on answering
                _logger.exception("a change of the documents failed")
                told = message("docs-failed")
            return _Told(markup.told_html(told, failed=True), done=False)

    return tell


@dataclass(frozen=True, slots=True)
class Keeper:
    """Does what the tab's buttons say; texts come in the language of who asks."""

    site: Site
    _reports: WeakKeyDictionary[Live, Report] = field(default_factory=WeakKeyDictionary)  # of the last change
    _shortened: WeakKeyDictionary[Assistant, frozenset[str]] = field(default_factory=WeakKeyDictionary)

    def may_change(self, request: Asking) -> bool:
        """Tell whether who asks may change documents."""
        return self.site.access.may_change(request.username or "")

    # -- looking

    def show(self, request: Asking, name: str, view: View) -> Shown:
        """Return the table as the view has it, what a rebuild would read, and what may be brought."""
        with speaking(language_of(request)):
            may_change, sources = self.may_change(request), ""
            try:
                live = self.site.shelf.live(name)
                with live.use() as assistant:
                    rows = self._rows(live, assistant)
                    table = markup.table_html(rows, view, collection=name, may_change=may_change)
                    sources = markup.sources_html(assistant.manifest.sources)
            except AssistantError as error:
                told = message("docs-empty") if isinstance(error, IndexMissingError) else str(error)
                table = markup.told_html(told)
            limits = markup.limits_html(FILES, LARGEST >> 20)
            return Shown(table, sources, limits, True) if may_change else Shown(table, "", "", False)

    def _rows(self, live: Live, assistant: Assistant) -> list[Row]:
        if (cut := self._shortened.get(assistant)) is None:
            cut = self._shortened[assistant] = shortened(Store(live.settings.index))
        skipped: Sequence[Skipped] = report.skipped if (report := self._reports.get(live)) else ()
        return rows_of(assistant.documents(), cut, assistant.manifest.excluded, skipped)

    def find(self, request: Asking, name: str, wanted: str) -> str:
        """Return the passages that hold the words, those that hold most of them first; "" where nothing is sought."""
        with speaking(language_of(request)):
            if not wanted.strip():
                return ""
            try:
                with self.site.shelf.live(name).use() as assistant:
                    hits = assistant.ask(wanted, top=FOUND, as_written=True).hits
            except AssistantError as error:
                return markup.told_html(str(error))
            held = sorted((hit for hit in hits if hit.reasons.matched), key=lambda hit: -len(hit.reasons.matched))
            return markup.found_html(held, wanted.strip(), name)

    def draw(self, request: Asking, name: str, lit: object) -> tuple[str, str]:
        """Return the picture, as plotly's JSON, and what it says in words; "" for a picture that there is not."""
        ids = [id for id in lit if isinstance(id, str)][:FOUND] if isinstance(lit, list) else []
        with speaking(language_of(request)):
            try:
                found = atlas.atlas_of(self.site.shelf.live(name))
            except AssistantError as error:
                told = message("docs-empty") if isinstance(error, IndexMissingError) else str(error)
                return "", markup.told_html(told)
            return atlas.figure(found, ids), markup.atlas_html(found, ids, name)

    # -- changing

    @_telling
    def upload(self, request: Asking, name: str, given: Sequence[Given], progress: Progress) -> str:
        """Put files in that were uploaded to this machine, where they do not stay."""
        try:
            if len(given) > FILES:
                raise InputError("docs-many", count=len(given), most=FILES)
            sizes = [_size(one.content) for one in given]
            if large := [one.name for one, size in zip(given, sizes, strict=True) if size > LARGEST]:
                raise InputError("docs-large", name=large[0], megabytes=LARGEST >> 20)
            if sum(sizes) > TOGETHER:
                raise InputError("docs-large-together", megabytes=TOGETHER >> 20)
            return self._add(name, given, progress)
        finally:
            for one in given:
                if isinstance(one.content, Path):
                    one.content.unlink(missing_ok=True)

    @_telling
    def paste(self, request: Asking, name: str, title: str, text: str, progress: Progress) -> str:
        """Put a text in as a file of this name."""
        if not text.strip():
            raise InputError("docs-blank")
        return self._add(name, [Given(_file_name(title, text), text.encode("utf-8", "replace"))], progress)

    @_telling
    def fetch(self, request: Asking, name: str, url: str, progress: Progress) -> str:
        """Put in what lies at an address of the public network."""
        fetched = fetching.fetch(url, private=False)
        return self._add(name, [Given(fetched.name, fetched.data)], progress)

    def _add(self, name: str, given: Sequence[Given], progress: Progress) -> str:
        notes: list[str] = []
        show = throttled(progress)
        return self._changed(
            name, lambda live: live.change(lambda to: library.add(to, given, progress=show, note=notes.append)), notes
        )

    @_telling
    def take_out(self, request: Asking, name: str, id: str, progress: Progress) -> str:
        """Take a document out, and delete its file if it was brought."""
        with self.site.shelf.live(name).use() as assistant:
            if all(entry.id != id for entry in assistant.documents()):  # a part of an id would name another one
                raise InputError("docs-gone", document=id)
        show = throttled(progress)
        return self._changed(name, lambda live: live.change(lambda to: library.take_out(to, [id], progress=show)))

    @_telling
    def restore(self, request: Asking, name: str, id: str, progress: Progress) -> str:
        """Take a document in again that was taken out of one of the sources."""
        known = Store(self.site.shelf.live(name).settings.index).remembered()
        found = find(known.sources)[0] if known and id in known.excluded else []
        paths = [Path(file.path) for file in found if file.id == id]
        if not paths:
            raise InputError("docs-gone-for-good", document=id)
        return self._add(name, [Given(path.name, path) for path in paths], progress)

    @_telling
    def rebuild(self, request: Asking, name: str, progress: Progress) -> str:
        """Read the sources again."""
        return self._changed(name, lambda live: live.rebuild(throttled(progress)))

    def _changed(self, name: str, change: Callable[[Live], Report], notes: Sequence[str] = ()) -> str:
        live = self.site.shelf.live(name)
        report = change(live)
        known = Store(live.settings.index).remembered()
        out = {*known.excluded} if known else set()  # no news, and their rows tell it
        report = replace(report, skipped=tuple(one for one in report.skipped if one.path not in out))
        self._reports[live] = report
        return markup.report_html(report, notes)

    @_telling
    def create(self, request: Asking, name: str) -> str:
        """Make an empty collection."""
        self.site.shelf.create(name)
        return markup.told_html(message("docs-created", name=name))

    @_telling
    def delete(self, request: Asking, name: str, typed: str) -> str:
        """Delete the collection that is chosen, if its name was typed."""
        if not name:
            raise InputError("docs-delete-default")
        if typed.strip() != name:
            raise InputError("docs-delete-typed", name=name)
        self.site.shelf.delete(name)
        return markup.told_html(message("docs-deleted", name=name))


def throttled(progress: Progress, every: float = 0.1) -> Progress:
    """Return what tells of the files and of the end of each step, at most once in so many seconds."""
    last = 0.0

    def show(step: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if step != "bytes" and (now - last >= every or done == total):
            last = now
            progress(step, done, total)

    return show


def _size(content: Path | bytes) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _file_name(title: str, text: str) -> str:
    """Return the name of a pasted text's file: as it was given, or the first line; Markdown where it has headings."""
    name = title.strip() or text.strip().splitlines()[0].lstrip("#").strip()[:_NAME].rstrip(".").replace("/", "_")
    known = PurePosixPath(name).suffix.lower() in {".md", ".txt"}
    return name if known else name + (".md" if _HEADING.search(text) else ".txt")
