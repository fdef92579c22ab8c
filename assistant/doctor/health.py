"""Whether an index is whole, and finds what it holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.assistant import builds_itself, is_shipped
from assistant.doctor.finding import Finding, State, exists, is_readable, is_writable, listed, mebibytes, nearest, pairs
from assistant.doctor.installation import remembered
from assistant.render import excerpt
from assistant.settings import Settings
from corpus.errors import AssistantError, IndexMissingError, IndexUnusableError, StorageError
from corpus.messages import message
from corpus.words import Segmenter
from index.dense import VECTORS, DenseIndex
from index.embedding import Embedder
from index.search import Query
from index.store import LOCK, Opened, Store

ASKED = 100  # characters of a passage that are asked as a known question, before the whole of it is
DEEP = 1000  # passages among which its document must be: many may share a title and begin alike


def of_index(settings: Settings, store: Store, segmenter: Segmenter, embedder: Embedder | None) -> Iterator[Finding]:
    """Check the index that the settings name."""
    try:
        store.current()
    except IndexMissingError as error:
        yield _missing(settings, store, error)
        yield _leftovers(store)
        return
    except AssistantError as error:
        if isinstance(error, StorageError):  # a file stands in the folder's place
            yield Finding("index", State.ERROR, str(store.folder), str(error))
            return
    finding, opened = _opened(store, segmenter, embedder)
    yield finding
    yield _checksums(store)
    if opened is not None:
        try:
            if not opened.fault:
                yield _counts(store, opened)
                yield _known_question(store, opened, segmenter)
        finally:
            opened.searcher.close()
    if sources := remembered(store).sources:
        yield _sources(store, sources)
    yield _leftovers(store)


def _missing(settings: Settings, store: Store, error: IndexMissingError) -> Finding:
    found = message("doctor-index-none", path=store.folder)
    if settings.named or not builds_itself(store):
        return Finding("index", State.ERROR, found, str(error))
    return Finding("index", State.WARNING, found, message("doctor-index-first"))


def _opened(store: Store, segmenter: Segmenter, embedder: Embedder | None) -> tuple[Finding, Opened | None]:
    name = "index"
    if embedder is None:
        return Finding(name, State.ERROR, message("doctor-index-closed"), message("doctor-model-first")), None
    try:
        opened = store.open(segmenter, embedder)
    except Exception as error:  # whatever a damaged file raises
        told = _told(store, error)
        return Finding(name, State.ERROR, _reason(told), str(told)), None
    if opened.fault:
        found = message("doctor-index-older", generation=opened.generation.name)
        return Finding(name, State.ERROR, found, opened.fault), opened
    made = opened.manifest
    counts = {"created": made.created, "documents": made.documents, "passages": made.passages}
    found = message("doctor-index-open", path=store.folder, generation=opened.generation.name, **counts)
    return Finding(name, State.OK, found), opened


def _checksums(store: Store) -> Finding:
    name = "checksums"
    try:
        current = store.current()
    except AssistantError as error:
        return Finding(name, State.ERROR, _reason(error), str(error))
    state, found, advice, files, size = State.OK, [], [], 0, 0
    kept = sorted({current, *store.generations()}, reverse=True)
    for generation in kept:
        if generation != current and not exists(generation):
            continue  # a build has removed it meanwhile
        if fault := _fault(store, generation):
            older = message("doctor-older-damaged", path=generation)
            found.append(f"{generation.name}: {fault[0]}")
            advice.append(fault[1] if generation == current else older)
            state = State.ERROR if generation == current else max(state, State.WARNING, key=list(State).index)
            continue
        sizes = [size for size, _ in store.manifest(generation).files.values()]
        files, size = files + len(sizes), size + sum(sizes)
    whole = message("doctor-checksums-whole", files=files, size=mebibytes(size), generations=len(kept) - len(found))
    return Finding(name, state, "; ".join([*found, whole] if files else found), "\n".join(advice))


def _fault(store: Store, generation: Path) -> tuple[str, str] | None:
    """Return what is wrong with a generation's files, and what to do if it is the current one."""
    try:
        manifest = store.manifest(generation)
        store.check_whole(generation, manifest, most=None)
    except Exception as error:  # whatever a damaged manifest raises
        told = _told(store, error)
        return _reason(told), str(told)
    return None


def _counts(store: Store, opened: Opened) -> Finding:
    name, manifest, searcher = "counts", opened.manifest, opened.searcher
    try:
        entries = searcher.catalog.documents()
        documents = {
            "manifest": manifest.documents,
            "parts": sum(part.documents for part in manifest.parts),
            "catalog": len(entries),
        }
        passages = {
            "manifest": manifest.passages,
            "parts": sum(part.passages for part in manifest.parts),
            "catalog": sum(facts.passages for facts in searcher.catalog.facts()),
            "lexical": len(searcher),
            "vectors": len(DenseIndex.load(opened.generation / VECTORS)),
        }
    except Exception as error:  # whatever a damaged file raises
        told = _told(store, error)
        return Finding(name, State.ERROR, _reason(told), str(told))
    found = message("doctor-counts-agree", documents=len(entries), passages=len(searcher))
    if len(set(documents.values())) > 1 or len(set(passages.values())) > 1:
        shown = message("doctor-counts-differ", documents=pairs(documents), passages=pairs(passages))
        return Finding(name, State.ERROR, shown, message("doctor-anew", path=store.folder))
    if store.content() != frozenset(entry.id for entry in entries):
        advice = message("doctor-content", path=store.folder)
        return Finding(name, State.WARNING, f"{found}; CONTENT", advice)
    return Finding(name, State.OK, found)


def _known_question(store: Store, opened: Opened, segmenter: Segmenter) -> Finding:
    name = "known-question"
    try:
        tried = list(_tries(opened, segmenter.changed(segmenter.lexicon, opened.words)))
    except Exception as error:  # whatever a damaged file raises
        told = _told(store, error)
        return Finding(name, State.ERROR, _reason(told), str(told))
    if not tried:
        return Finding(name, State.OK, message("doctor-known-none"))
    question, document, rank = next((one for one in tried if one[2]), tried[0])
    facts = {"question": excerpt(question), "document": document, "rank": rank}
    if rank:
        return Finding(name, State.OK, message("doctor-known-found", **facts))
    return Finding(name, State.ERROR, message("doctor-known-lost", **facts), message("doctor-anew", path=store.folder))


def _tries(opened: Opened, segmenter: Segmenter) -> Iterator[tuple[str, str, int]]:
    """Ask for a document by its title, its beginning and its first passage: yield question, document and rank.

    It is the first document whose title or text has words. The rank is 0 where its words do not find it; vectors are
    near to anything. Another document that says the same counts too.
    """
    searcher = opened.searcher
    for entry in searcher.catalog.documents():
        first = searcher.catalog.passages_of(entry.id)[0].text if entry.passages else ""
        asked = [text for text in dict.fromkeys((entry.title, first[:ASKED], first)) if segmenter.words(text)]
        for text in asked:
            query = Query(text, tuple((word, 1.0) for word in segmenter.words(text)))
            hits = [hit for hit in searcher.search(query, k=DEEP) if hit.reasons.lexical_rank]
            passages = [hit.passage for hit in hits]
            right = (rank for rank, one in enumerate(passages, 1) if entry.id == one.document or first == one.text)
            yield text, entry.id, next(right, 0)
        if asked:
            return


def _sources(store: Store, sources: Sequence[Path]) -> Finding:
    gone = [str(path) for path in sources if not is_shipped(path) and not exists(path)]
    if not gone:
        return Finding("sources", State.OK, message("doctor-sources-there", count=len(sources)))
    found = message("doctor-sources-gone", paths=", ".join(listed(gone)))
    return Finding("sources", State.WARNING, found, message("doctor-sources-mend", path=store.folder))


def _leftovers(store: Store) -> Finding:
    name = "leftovers"
    left = [path.name for path in store.leftovers()] if is_readable(store.folder) else []
    if not left:
        return Finding(name, State.OK, message("doctor-leftovers-none"))
    if _is_building(store):
        return Finding(name, State.OK, message("doctor-building"))
    found = message("doctor-leftovers-found", names=", ".join(listed(left)))
    return Finding(name, State.WARNING, found, message("doctor-leftovers-mend", path=store.folder))


def _is_building(store: Store) -> bool:
    """Tell whether another process is writing; the lock is held for an instant to see it, and not made anew."""
    if not (store.folder / LOCK).exists():
        return False
    try:
        with store.writing():
            return False
    except StorageError as error:
        return error.key == "index-locked"


def space(store: Store) -> Finding:
    """Tell how much fits on the index's disk, and whether it may be written."""
    name, size = "space", 0
    with suppress(AssistantError, OSError):
        size = sum(path.stat().st_size for path in store.current().rglob("*") if path.is_file())
    folder = nearest(store.folder)
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(name, State.WARNING, str(folder), message("error-system", reason=error))
    found = message("doctor-space-found", path=folder, free=mebibytes(free), size=mebibytes(size))
    advice = []
    if free < 2 * size:
        advice.append(message("doctor-space-low", path=folder))
    if not is_writable(folder):
        advice.append(message("storage-readonly", path=store.folder))
    return Finding(name, State.WARNING if advice else State.OK, found, "\n".join(advice))


def _told(store: Store, error: Exception) -> AssistantError:
    if isinstance(error, AssistantError):
        return error
    return IndexUnusableError("index-damaged", path=store.folder, reason=error)


def _reason(error: AssistantError) -> str:
    return str(error.values.get("reason") or error.values.get("path") or error.key)
