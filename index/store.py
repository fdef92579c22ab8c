"""An index on disk: generations written beside each other, a manifest with checksums, one atomic switch, one writer."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import filelock
import numpy as np

from corpus.document import Document, Passage
from corpus.errors import IndexMissingError, IndexUnusableError, InputError, StorageError
from corpus.messages import message
from corpus.reading import Skipped, read
from corpus.splitting import split
from corpus.words import Segmenter, embedding_terms, search_terms
from index.catalog import Catalog, CatalogWriter
from index.dense import DenseIndex
from index.embedding import SHIPPED, Embedder, StaticModel
from index.lexical import LexicalIndex, LexicalWriter
from index.manifest import FORMAT, Manifest
from index.search import Searcher
from index.vocabulary import Vocabulary, VocabularyWriter

KEPT = 3  # generations on disk, the current one included
_CONTENT = "CONTENT"  # the file that lists the ids of the current generation's documents
_CURRENT = "CURRENT"  # the file that names the current generation
_MANIFEST = "manifest.json"
_WORDS = "words.txt"  # the file of the words that a generation was cut with, one a line
_GENERATION = re.compile(r"generation-\d{6,}")
_BATCH = 256  # passages embedded at once

Progress = Callable[[str, int, int], None]
"""Called with the step ("read", "index"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build changed, by document ids."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    documents: int
    passages: int


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
            name = (self.folder / _CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise IndexMissingError("index-missing", path=self.folder) from None
        except NotADirectoryError:
            raise StorageError("index-not-a-folder", path=self.folder) from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
        if not _GENERATION.fullmatch(name):
            raise IndexUnusableError("index-damaged", path=self.folder, reason=f"{_CURRENT}: {name[:40]!r}")
        return self.folder / name

    def manifest(self, generation: Path | None = None) -> Manifest:
        """Return the manifest of a generation (the current one by default)."""
        generation = generation or self.current()
        try:
            text = (generation / _MANIFEST).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
        try:
            return Manifest.from_json(text)
        except json.JSONDecodeError as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=f"{_MANIFEST}: {error}") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise IndexUnusableError("index-format", path=self.folder, reason=error) from error

    def remembered(self) -> tuple[tuple[Path, ...], str] | None:
        """Return the sources and the model of the newest generation whose manifest tells them, whatever its format."""
        newest = list(reversed(self._generations()))
        with suppress(IndexMissingError, IndexUnusableError):
            newest.insert(0, self.current())
        for generation in newest:
            try:
                facts = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
                return tuple(map(Path, facts["sources"])), str(facts["model"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return None

    def open(self, segmenter: Segmenter, embedder: Embedder) -> Opened:
        """Open the current generation; where its files are damaged, the newest older one that is whole."""
        current: Path | None = None
        try:
            current = self.current()
            return self._open(current, segmenter, embedder, thorough=False)
        except IndexUnusableError as error:
            if error.key != "index-damaged" or (content := self._content()) is None:
                raise
            for generation in reversed(self._generations()):
                if generation == current:
                    continue
                try:
                    older = self._open(generation, segmenter, embedder, thorough=True, only=content)
                except IndexUnusableError:
                    continue
                return replace(older, fault=message("index-older", fault=error))
            raise

    def _content(self) -> frozenset[str] | None:
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
        self._check_whole(generation, manifest, thorough=thorough)
        kept = self._words(generation, manifest, segmenter)
        try:
            lexical = LexicalIndex.load(generation / "lexical")
            dense = DenseIndex.load(generation / "vectors.faiss")
            catalog = Catalog.load(generation / "catalog.sqlite", only=only)
            vocabulary = Vocabulary.load(generation / "vocabulary.sqlite")
        except (OSError, ValueError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
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
            words = frozenset((generation / _WORDS).read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
        if manifest.words_fingerprint != segmenter.fingerprint_with(words):
            raise IndexUnusableError("index-words", path=self.folder)
        return words

    def _check_whole(self, generation: Path, manifest: Manifest, *, thorough: bool) -> None:
        for name, (size, digest) in manifest.files.items():
            path = generation / name
            try:
                found = path.stat().st_size
                whole = found == size and (not thorough or _digest(path) == digest)
            except OSError as error:
                raise IndexUnusableError("index-damaged", path=self.folder, reason=error) from error
            if not whole:
                raise IndexUnusableError("index-damaged", path=self.folder, reason=f"{name}: {found} / {size}")

    def _generations(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.glob("generation-*") if _GENERATION.fullmatch(path.name))
        except OSError:  # a folder above that may not be searched
            return []

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
            lock = filelock.FileLock(self.folder / "lock")
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                if waiting:
                    waiting()
                lock.acquire(timeout=wait)
        except filelock.Timeout:
            raise StorageError("index-locked", path=self.folder) from None
        except OSError as error:
            raise _storage_error(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()

    def build(
        self,
        sources: Sequence[Path],
        segmenter: Segmenter,
        embedder: Embedder,
        *,
        model: str = "",
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Make what lies under `sources` the index's whole content; call it inside `writing()`.

        The new generation is written beside the old ones and becomes the current one by one rename. InputError
        for a missing path or where nothing readable lies under the paths, StorageError if the disk refuses; the
        old generation then stays the current one.
        """
        step = progress or (lambda *_: None)
        reading = read(sources, progress=lambda done, total: step("read", done, total))
        if not reading.documents and not dry_run:
            raise InputError("build-nothing", paths=" ".join(map(str, sources)), skipped=len(reading.skipped))
        known = self._known()
        fresh = {document.id: document.sha256 for document in reading.documents}
        report = Report(
            added=tuple(id for id in fresh if id not in known),
            changed=tuple(id for id in fresh if id in known and known[id] != fresh[id]),
            removed=tuple(id for id in known if id not in fresh),
            unchanged=tuple(id for id in fresh if known.get(id) == fresh[id]),
            skipped=reading.skipped,
            documents=len(fresh),
            passages=0,
        )
        if dry_run:
            return report
        try:
            workshop = self._workshop()
            count = _write(workshop, reading.documents, segmenter, embedder, step)
            manifest = Manifest(
                format=FORMAT,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                model=model,
                model_fingerprint=embedder.fingerprint,
                words_fingerprint=segmenter.fingerprint,
                sources=tuple(str(path.resolve()) for path in sources),
                documents=len(reading.documents),
                passages=count,
                files=_seal(workshop),
            )
            self._publish(workshop, manifest, sorted(fresh))
        except (OSError, ValueError, MemoryError, sqlite3.Error) as error:
            shutil.rmtree(self.folder / ".building", ignore_errors=True)
            raise _storage_error(self.folder, error) from error
        return replace(report, passages=count)

    def _known(self) -> dict[str, str]:
        """Return the ids and hashes of the current generation's documents, as far as it can be read."""
        try:
            catalog = Catalog.load(self.current() / "catalog.sqlite")
        except (IndexMissingError, IndexUnusableError, ValueError):
            return {}
        try:
            return {entry.id: entry.sha256 for entry in catalog.documents()}
        except ValueError:
            return {}
        finally:
            catalog.close()

    def _workshop(self) -> Path:
        """Return an empty folder to build in; what a killed build left there is removed."""
        workshop = self.folder / ".building"
        shutil.rmtree(workshop, ignore_errors=True)
        workshop.mkdir()
        return workshop

    def _publish(self, workshop: Path, manifest: Manifest, content: Sequence[str]) -> None:
        """Make the finished folder the current generation, and remove the oldest ones."""
        _write_durably(workshop / _MANIFEST, manifest.to_json())
        _sync(workshop)
        generations = self._generations()
        last = int(generations[-1].name.split("-")[1]) if generations else 0
        generation = self.folder / f"generation-{last + 1:06d}"
        workshop.rename(generation)
        # the content first: between the two an older generation hides what is about to go
        for name, text in ((_CONTENT, json.dumps(content)), (_CURRENT, generation.name + "\n")):
            _write_durably(self.folder / (name + ".new"), text)
            (self.folder / (name + ".new")).replace(self.folder / name)
            _sync(self.folder)
        for old in self._generations()[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _write(
    folder: Path, documents: Sequence[Document], segmenter: Segmenter, embedder: Embedder, progress: Progress
) -> int:
    """Write all files of an index of the documents into `folder`; return the number of passages."""
    catalog = CatalogWriter(folder / "catalog.sqlite")
    lexical = LexicalWriter(folder / "lexical")
    vectors = _Vectors(embedder)
    vocabulary = VocabularyWriter(segmenter.lexicon)
    try:
        for done, document in enumerate(documents, start=1):
            passages = split(document)
            cut = [segmenter.words(passage.text) for passage in passages]
            catalog.add(document, passages, cut)
            for name in (document.title, *document.aliases):
                vocabulary.name(name)
            for passage, words in zip(passages, cut, strict=True):
                above = "\n".join((document.title, *document.aliases, *passage.section))
                context = segmenter.words(above)
                vocabulary.add(above, context)
                vocabulary.add(passage.text, words)
                lexical.add(search_terms(context) + search_terms(words))
                vectors.add(passage, embedding_terms(context) + embedding_terms(words))
            progress("index", done, len(documents))
        lexical.finish()
        catalog.finish()
    except BaseException:
        catalog.abandon()
        raise
    DenseIndex.from_vectors(vectors.finish()).save(folder / "vectors.faiss")
    vocabulary.save(folder / "vocabulary.sqlite")
    (folder / _WORDS).write_text("".join(word + "\n" for word in sorted(segmenter.kept)), encoding="utf-8")
    return catalog.passages


class _Vectors:
    """Collects passages and embeds them batch by batch."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._texts: list[str] = []
        self._terms: list[list[str]] = []
        self._done: list[np.ndarray[tuple[int, int], np.dtype[np.float32]]] = []

    def add(self, passage: Passage, terms: list[str]) -> None:
        self._texts.append("\n".join((passage.title, *passage.section, passage.text)))
        self._terms.append(terms)
        if len(self._texts) == _BATCH:
            self._embed()

    def _embed(self) -> None:
        if isinstance(self._embedder, StaticModel):  # the words are cut already
            self._done.append(self._embedder.encode_terms(self._terms))
        else:
            self._done.append(self._embedder.encode_passages(self._texts))
        self._texts, self._terms = [], []

    def finish(self) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        if self._texts:
            self._embed()
        empty = np.empty((0, self._embedder.dimension), np.float32)
        return np.concatenate([empty, *self._done])


def _seal(folder: Path) -> dict[str, tuple[int, str]]:
    """Flush every file below `folder` to the disk and return its size and checksum."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".tantivy"):
            _sync(path)
            files[path.relative_to(folder).as_posix()] = (path.stat().st_size, _digest(path))
    for path in folder.rglob("*"):
        if path.is_dir():
            _sync(path)
    return files


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage_error(folder: Path, error: BaseException) -> StorageError:
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in {errno.ENOSPC, errno.EDQUOT} or "No space left" in text or "disk is full" in text:
        return StorageError("storage-full", path=folder)
    if number in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StorageError("storage-readonly", path=folder)
    return StorageError("storage-failed", path=folder, reason=text)
