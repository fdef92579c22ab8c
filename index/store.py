"""An index on disk: generations written beside each other, a manifest with checksums, one atomic switch, one writer."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import filelock

from corpus.errors import IndexMissingError, IndexUnusableError, InputError, StorageError
from corpus.messages import message
from corpus.words import Segmenter
from index.catalog import Catalog
from index.dense import VECTORS, DenseIndex
from index.embedding import SHIPPED, Embedder, StaticModel
from index.files import checksum, flush, put, remove, write
from index.lexical import LexicalIndex
from index.manifest import FORMAT, FormatError, Manifest, Origin
from index.search import Searcher
from index.vocabulary import VOCABULARY, Vocabulary

KEPT = 3  # generations on disk, the current one included
CHECKED_AT_ONCE = 64 << 20  # bytes of an index whose checksums are compared when it is opened, in some 10 ms
_FULL = 1 << 20  # bytes left on a disk that count as none
_CONTENT = "CONTENT"  # the file that lists the ids of the current generation's documents
_CURRENT = "CURRENT"  # the file that names the current generation
WORDS = "words.txt"  # the file of the words that a generation was cut with, one a line
MANIFEST = "manifest.json"
_WORKSHOP = ".building"
LOCK = "lock"  # the file that the one writer holds
_GENERATION = re.compile(r"generation-\d{6,}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation ready for questions; `fault` tells why it is not the newest one, where it is not."""

    searcher: Searcher
    manifest: Manifest
    generation: Path
    words: frozenset[str]  # that its texts were cut with
    fault: str = ""


class Store:
    """The folder of an index."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is read or written yet."""
        self.folder = folder

    # -- reading

    def current(self) -> Path:
        """Return the folder of the current generation; IndexMissingError if there is none."""
        try:
            name, *checksum = (self.folder / _CURRENT).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            raise IndexMissingError("index-missing", path=self.folder) from None
        except NotADirectoryError:
            raise StorageError("index-not-a-folder", path=self.folder) from None
        except (OSError, ValueError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=f"{_CURRENT}: {error}") from error
        # the checksum, since another one's name would bring back what was removed; before format 3 there was none
        known = _GENERATION.fullmatch(name) and checksum in ([self._checksum(self.folder / name)], [])
        if not known or (not checksum and self._is_of_this_format(self.folder / name)):
            raise IndexUnusableError(
                "index-damaged", path=self.folder, reason=f"{_CURRENT}: {name[:40]!r}, {MANIFEST}: CRC"
            )
        return self.folder / name

    @staticmethod
    def _is_of_this_format(generation: Path) -> bool:
        try:
            return bool(json.loads((generation / MANIFEST).read_text(encoding="utf-8"))["format"] == FORMAT)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return False

    @staticmethod
    def _checksum(generation: Path) -> str:
        """Return the CRC-32 of a generation's manifest, by which its name is told from another one's."""
        try:
            return f"{checksum(generation / MANIFEST):08x}"
        except OSError:
            return ""

    def manifest(self, generation: Path | None = None) -> Manifest:
        """Return the manifest of a generation (the current one by default)."""
        generation = generation or self.current()
        try:
            text = (generation / MANIFEST).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
        try:
            return Manifest.from_json(text)
        except FormatError as error:
            raise IndexUnusableError("index-format", path=self.folder, reason=error) from error
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=f"{MANIFEST}: {error}") from error

    def as_stored(self, source: Path) -> Path:
        """Return a source as the manifest has it: what lies in the index's own folder moves with it."""
        found, folder = source.resolve(), self.folder.resolve()
        return found.relative_to(folder) if found.is_relative_to(folder) else found

    def remembered(self) -> Origin | None:
        """Return what the newest generation was made from whose manifest tells, whatever its format."""
        newest = list(reversed(self.generations()))
        with suppress(IndexMissingError, IndexUnusableError):
            newest.insert(0, self.current())
        for generation in newest:
            if origin := self._origin(generation):
                return origin._replace(sources=tuple(self.folder.resolve() / source for source in origin.sources))
        return None

    def _origin(self, generation: Path) -> Origin | None:
        try:
            return self.manifest(generation).origin
        except IndexUnusableError as error:
            if error.key == "index-damaged":
                return None
        try:  # another format
            facts = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
            sources, excluded = map(Path, facts["sources"]), map(str, facts.get("excluded", ()))
            return Origin(tuple(sources), str(facts["model"]), tuple(excluded), facts.get("raw") is True)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def open(self, segmenter: Segmenter, embedder: Embedder) -> Opened:
        """Open the current generation; where its files are damaged, the newest older one that is whole."""
        current: Path | None = None
        try:
            current = self.current()
            return self._open(current, segmenter, embedder, thorough=False)
        except IndexUnusableError as error:
            if error.key != "index-damaged" or (content := self.content()) is None:
                raise
            for generation in reversed(self.generations()):
                if generation == current:
                    continue
                try:
                    older = self._open(generation, segmenter, embedder, thorough=True, only=content)
                except IndexUnusableError:
                    continue
                return replace(older, fault=message("index-older", fault=error))
            raise

    def content(self) -> frozenset[str] | None:
        """Return the ids that the current generation holds: an older one in its place shows no document removed since.

        None where they cannot be read; then no older generation may answer.
        """
        try:
            return frozenset(json.loads((self.folder / _CONTENT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _open(
        self,
        generation: Path,
        segmenter: Segmenter,
        embedder: Embedder,
        *,
        thorough: bool,
        only: frozenset[str] | None = None,
    ) -> Opened:
        manifest = self.manifest(generation)
        self._check_made_alike(manifest, embedder)
        self.check_whole(generation, manifest, most=None if thorough else CHECKED_AT_ONCE)
        kept = self._words(generation, manifest, segmenter)
        with ExitStack() as opened:
            try:
                lexical = LexicalIndex.load(generation / "lexical", manifest.bases)
                opened.callback(lexical.close)
                dense = DenseIndex.load(generation / VECTORS)
                catalog = Catalog(generation, manifest, only=only)
                opened.callback(catalog.close)
                vocabulary = Vocabulary.load(generation / VOCABULARY)
            except (OSError, ValueError, KeyError) as error:
                raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
            opened.pop_all()
        words = embedder if isinstance(embedder, StaticModel) else StaticModel.load(SHIPPED, segmenter)
        return Opened(Searcher(catalog, lexical, dense, embedder, words, vocabulary), manifest, generation, kept)

    def _check_made_alike(self, manifest: Manifest, embedder: Embedder) -> None:
        if manifest.format != FORMAT:
            reason = f"{manifest.format} != {FORMAT}"
            raise IndexUnusableError("index-format", path=self.folder, reason=reason)
        if manifest.model_fingerprint != embedder.fingerprint:
            made, given = manifest.model or "static", embedder.name
            raise IndexUnusableError("index-model", path=self.folder, made=made, given=given)

    def _words(self, generation: Path, manifest: Manifest, segmenter: Segmenter) -> frozenset[str]:
        """Return the words that a generation was cut with; they may differ from the segmenter's, its rules may not."""
        try:
            words = frozenset((generation / WORDS).read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
        if manifest.words_fingerprint != segmenter.fingerprint_with(words):
            raise IndexUnusableError("index-words", path=self.folder)
        return words

    def check_whole(self, generation: Path, manifest: Manifest, *, most: int | None) -> None:
        """Compare every file's size, and the checksums of `most` bytes of them (None: of all), the small ones first.

        The texts of a part are compared when they are first read (index/passages.py).
        """
        read = 0
        for name, (size, expected) in sorted(manifest.files.items(), key=lambda file: file[1][0]):
            path = generation / name
            try:
                found = path.stat().st_size
                looked = found == size and (most is None or (read + size <= most and not name.startswith("parts/")))
                whole = found == size and (not looked or checksum(path) == expected)
            except OSError as error:
                raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
            if not whole:
                reason = f"{name}: {found} / {size}" if found != size else f"{name}: CRC"
                raise IndexUnusableError("index-damaged", path=self.folder, reason=reason)
            read += size if looked else 0

    def generations(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.glob("generation-*") if _GENERATION.fullmatch(path.name))
        except OSError:  # a folder above that may not be searched
            return []

    def leftovers(self) -> list[Path]:
        """Return the folders in which builds write, or wrote until they were killed."""
        return sorted(self.folder.glob(_WORKSHOP + "*"))

    # -- writing

    @contextmanager
    def writing(self, *, wait: float = 0, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold the index's one writer's lock; the system frees it when its holder dies, and no reader needs it."""
        if (self.folder / "__init__.py").exists():
            raise StorageError("index-is-source", path=self.folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise StorageError("index-not-a-folder", path=self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / LOCK)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                if waiting and wait:
                    waiting()
                lock.acquire(timeout=wait)
        except filelock.Timeout:
            raise StorageError("index-locked", path=self.folder) from None
        except OSError as error:
            raise storage_error(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def workshop(self, *, dry: bool = False) -> Iterator[Path]:
        """Lend an empty folder to build in, which is gone afterwards, as is what a killed build left.

        StorageError where the disk refuses.
        """
        workshop = self.folder / f"{_WORKSHOP}-{os.getpid()}-{time.time_ns()}"
        try:
            if not dry:
                for left in self.leftovers():
                    remove(left)
                for name in ("parts", "lexical"):
                    (workshop / name).mkdir(parents=True)
            yield workshop
        except (OSError, ValueError, MemoryError, sqlite3.Error) as error:
            raise storage_error(self.folder, error) from error
        finally:
            if not dry:
                remove(workshop)

    def publish(self, workshop: Path, manifest: Manifest, content: Sequence[str]) -> None:
        """Make the finished folder the current generation, and remove the oldest ones."""
        write(workshop / MANIFEST, manifest.to_json())
        flush(workshop)
        generations = self.generations()
        last = int(generations[-1].name.split("-")[1]) if generations else 0
        generation = self.folder / f"generation-{last + 1:06d}"
        try:
            before = [one for one in generations if one.name <= self.current().name]
        except (IndexMissingError, IndexUnusableError):
            before = generations
        workshop.rename(generation)
        flush(self.folder)
        self._make_current(generation, content)
        # what a rollback left behind goes, and what was never current
        for old in {*generations} - {*before[-(KEPT - 1) :]}:
            remove(old)

    def tell_content(self, content: Sequence[str]) -> None:
        """Write which documents the current generation holds, for an older one that may have to answer in its place."""
        if self.content() != frozenset(content):
            put(self.folder / _CONTENT, json.dumps(content))

    def _make_current(self, generation: Path, content: Sequence[str]) -> None:
        self.tell_content(content)  # first: between the two an older generation hides what is about to go
        put(self.folder / _CURRENT, f"{generation.name} {self._checksum(generation)}\n")

    def rollback(self) -> Manifest:
        """Make the generation before the current one the current one, and return its manifest; inside `writing()`.

        InputError where there is none that is whole.
        """
        current = self.current()
        for generation in reversed([one for one in self.generations() if one.name < current.name]):
            try:
                manifest = self.manifest(generation)
                self.check_whole(generation, manifest, most=None)
                with closing(Catalog(generation, manifest)) as catalog:
                    content = [facts.id for facts in catalog.facts()]
            except (IndexUnusableError, ValueError, KeyError, StopIteration):
                continue
            try:
                self._make_current(generation, content)
            except OSError as error:
                raise storage_error(self.folder, error) from error
            return manifest
        raise InputError("rollback-none", path=self.folder)


def _is_full(folder: Path) -> bool:
    """Tell whether hardly anything fits on the disk: tantivy tells of its thread only that it ended."""
    try:
        return shutil.disk_usage(folder).free < _FULL
    except OSError:
        return False


def storage_error(folder: Path, error: BaseException) -> StorageError:
    """Return what to tell the user where the disk refused to write in `folder`."""
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in {errno.ENOSPC, errno.EDQUOT} or "No space left" in text or "disk is full" in text or _is_full(folder):
        return StorageError("storage-full", path=folder)
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StorageError("storage-readonly", path=folder)
    return StorageError("storage-failed", path=folder, reason=text)
