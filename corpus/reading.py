"""Files -> documents: each by the reader of its format, and those that may hang or eat memory in another process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath

from corpus.archive import Archive
from corpus.aside import Aside
from corpus.document import Document
from corpus.draft import Draft
from corpus.encoding import check_whole
from corpus.errors import UnreadableError
from corpus.finding import File, Skipped, find
from corpus.formats.kind import SUFFIXES, Format, kind_of
from corpus.messages import message

MODULES = {  # below corpus.formats
    Format.PLAIN: "plain",
    Format.MARKDOWN: "markdown",
    Format.HTML: "web.html",
    Format.MHTML: "web.mhtml",
    Format.PDF: "pdf.reader",
    Format.DOCX: "office.docx",
    Format.EPUB: "web.epub",
    Format.CSV: "csv",
    Format.XLSX: "office.xlsx",
    Format.JSONL: "jsonl",
}
_Job = tuple[bytes, str, bool]  # the content, the id, and whether the text is wanted raw
_AT_ONCE = 8 << 10  # bytes up to which Markdown is read in this process: its parser takes seconds for some larger ones


@dataclass(frozen=True, slots=True)
class Reading:
    """What lay under the paths: documents in order of their ids, and the files that were skipped."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def read(paths: Sequence[Path], *, raw: bool = False, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Read all files under `paths` (files and folders); InputError if a path is missing.

    `raw` keeps what else is left out as clutter. `progress` is called with the number of files read and their total.
    """
    files, skipped = find(paths)
    documents: list[Document] = []
    reader = Reader(raw=raw)
    try:
        for count, file in enumerate(files, start=1):
            found = reader.read(file)
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                documents.append(found)
            if progress:
                progress(count, len(files))
    finally:
        reader.close()
    return Reading(tuple(documents), tuple(skipped))


class Reader:
    """Reads one file after another."""

    def __init__(self, *, raw: bool = False) -> None:
        """Keep, with `raw`, what else is left out as clutter."""
        self._raw = raw
        self._aside: Aside[_Job, Document | Skipped] | None = None
        self._archive: Archive | None = None

    def close(self) -> None:
        """End the other process, and close the archive that was read last."""
        if self._aside:
            self._aside.close()
        if self._archive:
            self._archive.close()
        self._aside = self._archive = None

    def read(self, file: File) -> Document | Skipped:
        """Return the document that a file holds."""
        data = self.content(file)
        return data if isinstance(data, Skipped) else self.document(file, data)

    def content(self, file: File) -> bytes | Skipped:
        """Return what stands in a file."""
        try:
            return self._opened(file.path).read(file.member) if file.member else Path(file.path).read_bytes()
        except OSError as error:
            return Skipped(file.id, message("skip-unreadable", reason=error.strerror or error))
        except UnreadableError as error:
            return Skipped(file.id, str(error))
        except MemoryError:
            return Skipped(file.id, message("skip-memory", megabytes=file.size >> 20))

    def _opened(self, path: str) -> Archive:
        if self._archive is None or self._archive.path != path:
            if self._archive:
                self._archive.close()
            self._archive = None
            self._archive = Archive(path)
        return self._archive

    def document(self, file: File, data: bytes) -> Document | Skipped:
        """Return the document that a file with this content holds."""
        kind = kind_of(data, PurePosixPath(file.id).suffix)
        if kind is Format.PLAIN or (kind is Format.MARKDOWN and len(data) <= _AT_ONCE):
            try:
                return _parsed(kind, data, file.id, raw=self._raw)
            except MemoryError:
                return Skipped(file.id, message("skip-memory", megabytes=file.size >> 20))
        self._aside = self._aside or Aside(parse_aside)
        return self._aside.call((data, file.id, self._raw), size=len(data), failed=lambda why: Skipped(file.id, why))


def parse_aside(job: _Job) -> Document | Skipped:
    """Do what another process is asked for."""
    data, id, raw = job
    return parse(data, id, raw=raw)


def parse(data: bytes, id: str, *, raw: bool = False) -> Document | Skipped:
    """Return the document `id` that a file with this content is; its suffix tells the format where that does not."""
    return _parsed(kind_of(data, PurePosixPath(id).suffix) or Format.PLAIN, data, id, raw=raw)


def _parsed(kind: Format, data: bytes, id: str, *, raw: bool) -> Document | Skipped:
    name = PurePosixPath(id)
    if not data.strip():
        return Skipped(id, message("skip-empty"))
    try:
        if kind not in MODULES:
            packed = SUFFIXES.get(name.suffix.lower()) in {Format.DOCX, Format.XLSX, Format.EPUB}
            raise UnreadableError("skip-cut" if packed else "skip-binary")
        document = _draft(kind, data, raw=raw).document(id, named=name.stem)
        if not document.text.strip():
            raise UnreadableError("skip-empty")
        check_whole(document.text)
    except UnreadableError as error:
        return Skipped(id, str(error))
    return document


def _draft(kind: Format, data: bytes, *, raw: bool) -> Draft:
    reader = import_module(f"corpus.formats.{MODULES[kind]}")  # lazily: the libraries of some take long to import
    try:
        draft = reader.read(data, raw=raw)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # a library met what its authors did not foresee
        raise UnreadableError("skip-damaged", reason=f"{type(error).__name__}: {error}") from error
    assert isinstance(draft, Draft)
    return draft
